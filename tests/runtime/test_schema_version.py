"""A database that a newer version of mus has migrated is found out, whichever app moved on."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from runtime.schema_version import unknown_among, unknown_migration

MIGRATED = {
    *(
        "accounts",
        "admin",
        "auth",
        "axes",
        "contenttypes",
        "django_eventstream",
        "events",
        "library",
    ),
    *("listening", "sessions"),
}
SQUASHED = """
from django.db import migrations
class Migration(migrations.Migration):
    replaces = [("listening", "0001_player_state"), ("listening", "0002_followers_lost_track")]
"""
# Of a database that this version has migrated.
QUICK = """
import sys, django
django.setup()
from runtime.schema_version import unknown_migration
assert unknown_migration() is None
print([name for name in sys.modules if ".migrations.0" in name])
"""


@pytest.mark.django_db
class TestDatabase:
    def test_one_of_this_version_holds_nothing_unknown(
        self, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        with django_assert_num_queries(2):  # whether there is the table, and what it holds
            assert unknown_migration() is None

    @pytest.mark.parametrize("app", [*sorted(MIGRATED), "brought_by_a_newer_one"])
    def test_a_migration_of_any_app_is_found(self, app: str) -> None:
        MigrationRecorder(connection).record_applied(app, "0999_later")
        assert unknown_migration() == f"{app}.0999_later"

    def test_all_apps_with_migrations_are_among_these(self) -> None:
        recorded = MigrationRecorder(connection).applied_migrations()
        assert {app for app, _ in recorded} == MIGRATED


def test_names_that_a_squashed_migration_replaces_are_known(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "squashed_migrations"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "0001_squashed_0002.py").write_text(SQUASHED)
    monkeypatch.syspath_prepend(tmp_path)
    settings.MIGRATION_MODULES = {"listening": "squashed_migrations"}
    applied = ("0001_player_state", "0002_followers_lost_track", "0001_squashed_0002", "0003_new")
    unknown = unknown_among(("listening", name) for name in applied)
    assert unknown == [("listening", "0003_new")]


def test_an_app_without_migrations_knows_none() -> None:
    without = next(app for app in apps.app_configs if app not in MIGRATED)
    assert unknown_among([(without, "0001_initial")]) == [(without, "0001_initial")]


@pytest.mark.server
def test_no_migration_is_imported_where_all_are_known(migrated: dict[str, str]) -> None:
    variables = {**migrated, "DJANGO_SETTINGS_MODULE": "musproject.settings"}
    done = subprocess.run(
        [sys.executable, "-c", QUICK],
        env=variables,
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout.strip(), done.stderr) == ("[]", "")
