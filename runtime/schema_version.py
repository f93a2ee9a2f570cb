"""Whether a database is newer than this code, which would spoil what it does not know."""

from importlib import import_module
from pkgutil import iter_modules

from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

APPS = ("events", "library")


def unknown_migration() -> str | None:
    """A step of the schema that the database has taken and this code does not know."""
    recorder = MigrationRecorder(connection)
    if not recorder.has_table():
        return None
    taken = recorder.migration_qs.filter(app__in=APPS).values_list("app", "name")
    known = {(app, name) for app in APPS for name in _known_to(app)}
    return next((f"{app}.{name}" for app, name in sorted(set(taken) - known)), None)


def refusal(migration: str) -> str:
    return (
        f"The database belongs to a newer version of mus: this one does not know {migration}. "
        "Install that version again, or restore a backup made with this one."
    )


def _known_to(app: str) -> list[str]:
    package = import_module(f"{app}.migrations")
    return [module.name for module in iter_modules(package.__path__)]
