"""What the database holds that a backup is to replace, and what speaks against replacing it."""

from collections.abc import Collection, Sequence
from pathlib import Path

from django.contrib.auth.models import User
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from library.models.catalogue import Track
from runtime.schema_version import unknown_among
from runtime.version import VERSION

MIGRATIONS_TABLE = "django_migrations"


def applied_migrations() -> list[list[str]]:
    """(app, name) of each migration that this installation's database has had."""
    return sorted([app, name] for app, name in MigrationRecorder(connection).applied_migrations())


def objection_to(migrations: Sequence[Sequence[str]], made_by: str) -> str:
    """Why a backup with these migrations cannot be used here; "" where it can. `made_by`: the
    version of mus that made it."""
    newer = _unknown(migrations)
    if not newer:
        return ""
    return (
        f"The backup is of a newer version of mus, {made_by}, than this one, {VERSION}: this one "
        f"does not know {', '.join(newer)}. Install that version first."
    )


def missing_tables(tables: Collection[str], migrations: Sequence[Sequence[str]]) -> list[str]:
    """The tables that a database with these migrations has to have and that are not in `tables`."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    had = [(app, name) for app, name in migrations if (app, name) in loader.graph.nodes]
    needed = {MIGRATIONS_TABLE, User._meta.db_table, Track._meta.db_table}
    return sorted((needed | _tables_after(loader, had)) - set(tables))


def own_tables(tables: Collection[str]) -> set[str]:
    """Which of this database's tables belong to mus.

    The beginning of a name does not tell that: another program may have a table `library_loans`.
    It counts only for apps that a newer version of mus has migrated, since this one cannot know the
    names of tables made by that.
    """
    loader = MigrationLoader(connection)
    applied = set(loader.applied_migrations)
    known = _tables_after(loader, [node for node in loader.graph.nodes if node in applied])
    known |= _tables_after(loader, loader.graph.leaf_nodes()) | {MIGRATIONS_TABLE}
    newer = tuple({f"{app}_" for app, _ in unknown_among(applied)})
    return {name for name in tables if name in known or name.startswith(newer)}


def _tables_after(loader: MigrationLoader, migrations: list[tuple[str, str]]) -> set[str]:
    """The tables of a database that has had these migrations."""
    models = loader.project_state(migrations).apps.get_models(include_auto_created=True)
    return {model._meta.db_table for model in models if model._meta.managed}


def objection_of_target() -> str:
    """What would be lost here; "" where nothing would."""
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
    return [f"{app}.{name}" for app, name in unknown_among((app, name) for app, name in migrations)]


def _is_there() -> bool:
    """Whether there is a database. To open an SQLite database that is not there would make it."""
    return connection.vendor != "sqlite" or Path(connection.settings_dict["NAME"]).exists()


def _counts() -> str:
    """`2 users, 3 tracks`, without what there is none of."""
    counted = {"users": User.objects.count(), "tracks": Track.objects.count()}
    return ", ".join(f"{count:,} {name}" for name, count in counted.items() if count)


def _name() -> str:
    """The database's name, which a message may show, unlike its user and password."""
    return str(connection.settings_dict["NAME"])
