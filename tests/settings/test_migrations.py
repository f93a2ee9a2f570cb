"""What docs/upgrading.md says of migrations: they leave the version before running."""

import pytest
from django.apps import apps
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.models import NOT_PROVIDED

OWN_APPS = ("accounts", "events", "library", "listening", "operations", "web")
RELEASED = {"library": "0008", "events": "0001", "listening": "0001"}
"""The last migration of each app that was made before this rule."""
REMOVING = (
    migrations.RemoveField,
    migrations.RenameField,
    migrations.DeleteModel,
    migrations.RenameModel,
    migrations.AlterModelTable,
)


def later_migrations() -> list[migrations.Migration]:
    loaded = MigrationLoader(None).disk_migrations.values()
    return [
        migration
        for migration in loaded
        if migration.app_label in OWN_APPS
        and migration.name[:4] > RELEASED.get(migration.app_label, "")
    ]


def operations_of(migration: migrations.Migration) -> list[Operation]:
    """Those that change the database."""
    found: list[Operation] = []
    for operation in migration.operations:
        if isinstance(operation, migrations.SeparateDatabaseAndState):
            found += operation.database_operations
        else:
            found.append(operation)
    return found


def objection_to(operation: Operation) -> str:
    if isinstance(operation, REMOVING):
        return operation.describe()
    if isinstance(operation, migrations.AddField):
        field = operation.field
        if not (field.null or field.many_to_many or field.db_default is not NOT_PROVIDED):
            return f"{operation.describe()}, without a default in the database"
    return ""


def is_of_older_table(operation: Operation, new: set[str]) -> bool:
    """The version before writes nothing to tables that are `new` to it."""
    return getattr(operation, "model_name_lower", "") not in new


def new_tables(found: list[migrations.Migration]) -> set[str]:
    return {
        operation.name_lower
        for migration in found
        for operation in operations_of(migration)
        if isinstance(operation, migrations.CreateModel)
    }


def objections(migration: migrations.Migration) -> list[str]:
    new = new_tables([migration])
    found = (
        objection_to(operation)
        for operation in operations_of(migration)
        if is_of_older_table(operation, new)
    )
    return [f"{migration}: {objection}" for objection in found if objection]


def test_the_version_before_runs_on_after_each_migration() -> None:
    later = later_migrations()
    assert later
    assert [each for migration in later for each in objections(migration)] == []


@pytest.mark.parametrize(
    ("operation", "is_allowed"),
    [
        (migrations.AddField("Track", "bpm", models.FloatField(default=0)), False),
        (migrations.AddField("Track", "bpm", models.FloatField(default=0, db_default=0)), True),
        (migrations.AddField("Track", "bpm", models.FloatField(null=True)), True),
        (migrations.RemoveField("Track", "year"), False),
        (migrations.RenameField("Track", "year", "released"), False),
        (migrations.DeleteModel("Scan"), False),
        (migrations.SeparateDatabaseAndState([], [migrations.DeleteModel("Scan")]), True),
    ],
)
def test_the_rule_finds_what_would_stop_it(operation: Operation, is_allowed: bool) -> None:  # noqa: FBT001
    migration = type("Migration", (migrations.Migration,), {"operations": [operation]})
    assert (objections(migration("0099", "library")) == []) is is_allowed


@pytest.mark.django_db
def test_each_column_that_was_added_can_be_left_out_of_an_insert() -> None:
    """As the database itself has it."""
    new = new_tables(later_migrations())
    added = {
        (operation.model_name_lower, operation.name)
        for migration in later_migrations()
        for operation in operations_of(migration)
        if isinstance(operation, migrations.AddField) and is_of_older_table(operation, new)
    }
    for model in apps.get_models():
        names = {name for model_name, name in added if model_name == model._meta.model_name}
        if not names:
            continue
        columns = {each.column for each in model._meta.concrete_fields if each.name in names}
        with connection.cursor() as cursor:
            described = connection.introspection.get_table_description(cursor, model._meta.db_table)
        needed = {each.name for each in described if not (each.null_ok or each.default)}
        assert not needed & columns
