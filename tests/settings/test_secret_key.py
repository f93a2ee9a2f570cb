"""The secret key that mus makes itself, on a disk that knows no locks, as some network shares."""

import errno
import fcntl
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from musproject.environment import Environment
from musproject.secret_key import read_secret_key


@pytest.fixture(autouse=True)
def disk_without_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    """A real one takes a server in the kernel."""

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", refuse)


def test_one_key_is_made_by_all_that_start_at_once(tmp_path: Path) -> None:
    environment = Environment(data_dir=tmp_path)
    with ThreadPoolExecutor(4) as starts:
        keys = set(starts.map(read_secret_key, [environment] * 4))
    assert keys == {(tmp_path / "secret_key").read_text()}
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_an_empty_file_that_a_killed_start_left_gets_a_key(tmp_path: Path) -> None:
    (tmp_path / "secret_key").touch()
    assert read_secret_key(Environment(data_dir=tmp_path)) == (tmp_path / "secret_key").read_text()
