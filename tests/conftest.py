"""What every test may need: music folders of its own, and a look into the database."""

from pathlib import Path

import pytest
from django.conf import settings as django_settings
from pytest_django.fixtures import Settings


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
