"""What every test may need: the pages' scripts and styles, music folders of its own, and a look
into the database."""

from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from pytest_django.fixtures import Settings

import library


@pytest.fixture(scope="session", autouse=True)
def static_files() -> None:
    """Collected anew where a source is younger than what was collected."""
    collected = django_settings.STATIC_ROOT / "staticfiles.json"
    sources = (Path(library.__file__).parent / "static").rglob("*")
    newest = max(source.stat().st_mtime for source in sources)
    if not collected.exists() or collected.stat().st_mtime < newest:
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)


@pytest.fixture
def music(tmp_path: Path, settings: Settings) -> Path:
    """An empty music folder, the only one there is."""
    folder = tmp_path / "music"
    folder.mkdir()
    settings.MUSIC_DIRS = (folder,)
    return folder


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory: pytest.TempPathFactory) -> None:
    """SQLite in a file, as installations have it: in memory there is no WAL and no locking."""
    default = django_settings.DATABASES["default"]
    if default["ENGINE"] == "django.db.backends.sqlite3":
        default.setdefault("TEST", {})["NAME"] = str(tmp_path_factory.mktemp("db") / "test.sqlite3")
