"""Whether a newer version of mus has migrated a database: older code could spoil its rows.

All apps count, also those of Django and of other packages. An app that is not installed counts as
one that a newer version brought: so far, no app was ever taken out of mus. When one is, its label
has to be excepted here.
"""

from collections.abc import Iterable
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules

from django.apps import apps
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

MigrationKey = tuple[str, str]
"""The label of an app, and the name of one of its migrations."""


def unknown_migration() -> str | None:
    """A migration that the database has had and this code does not know, as `app.name`."""
    recorder = MigrationRecorder(connection)
    if not recorder.has_table():
        return None
    unknown = unknown_among(recorder.migration_qs.values_list("app", "name"))
    return next((f"{app}.{name}" for app, name in unknown), None)


def unknown_among(applied: Iterable[MigrationKey]) -> list[MigrationKey]:
    """Which of these migrations this code does not know, in their order by name.

    Only names of files are read: to import all migrations takes longer than a scan that finds
    nothing new. They are imported where a name is unknown, which one that was squashed may be.
    """
    applied = set(applied)
    unknown = applied - {(app, name) for app in {app for app, _ in applied} for name in _names(app)}
    return sorted(unknown - _replaced({app for app, _ in unknown})) if unknown else []


def refusal(migration: str) -> str:
    return (
        f"The database belongs to a newer version of mus: this one does not know {migration}. "
        "Install that version again, or restore a backup made with this one."
    )


def _names(app_label: str) -> list[str]:
    """The names of an app's migrations, as Django's loader finds them."""
    package = _package(app_label)
    spec = find_spec(package) if package else None
    places = (spec.submodule_search_locations if spec else None) or ()
    return [module.name for module in iter_modules(places) if module.name[0] not in "_~"]


def _package(app_label: str) -> str | None:
    """The module that holds an app's migrations; None where the app is not installed."""
    if app_label not in apps.app_configs:
        return None
    package, _ = MigrationLoader.migrations_module(app_label)
    return package


def _replaced(app_labels: Iterable[str]) -> set[MigrationKey]:
    """The migrations that squashed ones of these apps replace: there are no files of them left."""
    modules = (
        import_module(f"{_package(app)}.{name}") for app in app_labels for name in _names(app)
    )
    return {replaced for module in modules for replaced in module.Migration.replaces}
