"""Installations with something in them, and empty ones for it to go to."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.audio_files import make_audio
from tests.library.scanning.conftest import Installation, ended, installation

__all__ = ["ended", "installation"]

USER = "from django.contrib.auth.models import User; User.objects.create_superuser('ada')"

NewInstallation = Callable[[str], Installation]

REFUSED, FAILED = 4, 6
"""Exit codes of a restore."""


def database(installation: Installation) -> Path:
    return installation.data / "mus.sqlite3"


def backup(installation: Installation) -> Path:
    path = installation.data.parent / "backup.tar.gz"
    done = installation.manage("backup_library", str(path))
    assert done.returncode == 0, done.stderr
    return path


@pytest.fixture
def empty(tmp_path: Path, migrated_data: Path) -> NewInstallation:
    """Makes another installation, migrated and empty."""

    def make(name: str) -> Installation:
        made = Installation(tmp_path / name)
        shutil.copytree(migrated_data, made.data, ignore=shutil.ignore_patterns("secret_key"))
        return made

    return make


@pytest.fixture(scope="session")
def filled_once(tmp_path_factory: pytest.TempPathFactory, migrated_data: Path) -> Installation:
    made = Installation(tmp_path_factory.mktemp("filled") / "installation")
    shutil.copytree(migrated_data, made.data)
    for number in range(3):
        make_audio(made.music / f"{number}.flac", title=f"Track {number}")
    (made.music / "broken.mp3").write_bytes(b"no sound")
    assert made.scan()["exit_code"] == 3
    assert made.manage("shell", "--no-imports", "-c", USER).returncode == 0
    return made


@pytest.fixture
def filled(filled_once: Installation, tmp_path: Path) -> Installation:
    """Three tracks, one failure, one user."""
    made = Installation(tmp_path / "filled")
    shutil.copytree(filled_once.data, made.data)
    return made
