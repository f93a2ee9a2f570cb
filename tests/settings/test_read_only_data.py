"""A DATA_DIR on a file system that is mounted read-only, as one is after a fault of its disk."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.settings.test_full_disk import mount, small_disk_at
from tests.settings.test_start import manage

SQLITE = {"DATABASE_URL": ""}
COMMANDS = ["serve", "scan_tracks", "migrate", "check"]


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    with small_disk_at(tmp_path / "data", "size=16m") as folder:
        yield folder


@pytest.mark.parametrize("command", COMMANDS)
def test_with_a_library_on_it_each_command_names_the_folder(
    data: Path, tmp_path: Path, command: str
) -> None:
    manage(tmp_path, "migrate", "--verbosity", "0", **SQLITE).check_returncode()
    mount("-o", "remount,ro", data)
    done = manage(tmp_path, command, **SQLITE)
    assert done.returncode in {1, 69, 78}
    assert f"DATA_DIR: the folder {data} cannot be written to" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_empty_it_cannot_keep_a_secret_key(data: Path, tmp_path: Path, command: str) -> None:
    mount("-o", "remount,ro", data)
    done = manage(tmp_path, command, **SQLITE)
    assert done.returncode == 78
    assert f"SECRET_KEY cannot be kept in {data}/secret_key: Read-only file system." in done.stderr
    assert "DATA_DIR has to be a folder" in done.stderr
    assert "Traceback" not in done.stderr
