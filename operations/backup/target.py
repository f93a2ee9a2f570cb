"""What there is already where a backup is to go, and what speaks against it."""

from collections.abc import Collection, Sequence
from pathlib import Path

from django.contrib.auth.models import User
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from library.models.catalogue import Track
from runtime.version import VERSION

MIGRATIONS_TABLE = "django_migrations"


def applied_migrations() -> list[list[str]]:
    """(app, name) of each migration that this installation's database has had."""
    return sorted([app, name] for app, name in MigrationRecorder(connection).applied_migrations())


def objection_to(migrations: Sequence[Sequence[str]]) -> str:
    """Why a backup with these migrations cannot be used here, if so."""
    newer = _unknown(migrations)
    if not newer:
        return ""
    return (
        f"The backup is of a newer version of mus than this one, {VERSION}: this one does not know "
        f"{', '.join(newer)}. Install that version first."
    )


def missing_tables(tables: Collection[str], migrations: Sequence[Sequence[str]]) -> list[str]:
    """Those of which a database with these migrations has to have, and that are not there."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    had = [(app, name) for app, name in migrations if (app, name) in loader.graph.nodes]
    needed = {MIGRATIONS_TABLE, User._meta.db_table, Track._meta.db_table}
    return sorted((needed | _tables_after(loader, had)) - set(tables))


def own_tables(tables: Collection[str]) -> set[str]:
    """Which of this database's tables are mus's.

    A name's beginning does not tell: another program may have a table `library_loans`. It counts
    only for apps of which a newer version of mus has made tables whose names this one cannot know.
    """
    loader = MigrationLoader(connection)
    applied = set(loader.applied_migrations)
    known = _tables_after(loader, [node for node in loader.graph.nodes if node in applied])
    known |= _tables_after(loader, loader.graph.leaf_nodes()) | {MIGRATIONS_TABLE}
    newer = tuple({f"{app}_" for app, _ in applied - _known_migrations(loader)})
    return {name for name in tables if name in known or name.startswith(newer)}


def _tables_after(loader: MigrationLoader, migrations: list[tuple[str, str]]) -> set[str]:
    """Those of a database that has had these migrations."""
    models = loader.project_state(migrations).apps.get_models(include_auto_created=True)
    return {model._meta.db_table for model in models if model._meta.managed}


def objection_of_target() -> str:
    """What would be lost here, if anything."""
    if not _is_there():
        return ""
    tables = connection.introspection.table_names()
    if not tables:
        return ""
    if MIGRATIONS_TABLE not in tables:
        return (
            f"The database {_name()} is in use by something else: it has tables that are not mus's."
        )
    if newer := _unknown(applied_migrations()):
        return f"The database {_name()} is of a newer version of mus; it has {', '.join(newer)}."
    if Track._meta.db_table in tables and (counts := _counts()):
        return f"The database {_name()} is not empty: it has {counts}."
    return ""


def needs_migrations() -> bool:
    """Whether the database is of an older version than the code, or is not there yet."""
    if not _is_there():
        return True
    loader = MigrationLoader(connection)
    return bool(set(loader.graph.nodes) - set(loader.applied_migrations))


def _unknown(migrations: Sequence[Sequence[str]]) -> list[str]:
    known = _known_migrations(MigrationLoader(None, ignore_no_migrations=True))
    apps = {app for app, _ in known}
    # Those of apps that this version no longer has are nobody's business.
    return [f"{app}.{name}" for app, name in migrations if app in apps and (app, name) not in known]


def _known_migrations(loader: MigrationLoader) -> set[tuple[str, str]]:
    """Those of this version, and those that are replaced by one of its."""
    replaced = {old for migration in loader.replacements.values() for old in migration.replaces}
    return set(loader.disk_migrations) | replaced


def _is_there() -> bool:
    """To look into an SQLite database that is not there would make it."""
    return connection.vendor != "sqlite" or Path(connection.settings_dict["NAME"]).exists()


def _counts() -> str:
    """`2 users, 3 tracks`: what is not zero."""
    counted = {"users": User.objects.count(), "tracks": Track.objects.count()}
    return ", ".join(f"{count:,} {name}" for name, count in counted.items() if count)


def _name() -> str:
    """Never with its user or password."""
    return str(connection.settings_dict["NAME"])
