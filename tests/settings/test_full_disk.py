"""A disk of DATA_DIR without room: a real one, of a few megabytes in memory."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.audio_files import make_audio
from tests.databases import IS_POSTGRESQL
from tests.library.scanning.conftest import Installation
from tests.web.served import serve

pytestmark = [
    pytest.mark.server,
    pytest.mark.skipif(
        IS_POSTGRESQL, reason="the disk is one of SQLite's, tested without a server"
    ),
]

FILES = 600
FAILED = 6


def mount(*arguments: str | Path) -> None:
    subprocess.run(["mount", *map(str, arguments)], check=True, capture_output=True)


@contextmanager
def small_disk_at(folder: Path, options: str) -> Iterator[Path]:
    if os.geteuid() != 0:
        pytest.skip("a disk of its own can be mounted by root alone: run this as root")
    folder.mkdir(parents=True)
    mount("-t", "tmpfs", "-o", options, "tmpfs", folder)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    with small_disk_at(tmp_path / "installation" / "data", "size=4m") as folder:
        yield folder


def test_a_full_disk_ends_scans_with_a_message_and_nothing_is_lost(
    small_disk: Path, tmp_path: Path
) -> None:
    installation = Installation(tmp_path / "installation")
    assert installation.manage("migrate", "--verbosity", "0").returncode == 0
    for number in range(FILES):
        long = f"{'long ' * 40}{number}"
        make_audio(installation.music / f"{number}.flac", title=long, artist=long, album=long)
    mount("-o", "remount,size=5m", small_disk)  # the empty database fills most of four
    report = installation.scan("--batch-size", "100")
    assert report["exit_code"] == FAILED
    assert "The disk that holds the database is full." in report["message"]
    assert "Traceback" not in report["stderr"]
    mount("-o", "remount,size=64m", small_disk)
    committed = installation.query("SELECT count(*) FROM library_track")[0][0]
    assert committed % 100 == 0  # whole batches
    again = installation.scan()
    assert again["exit_code"] == 0
    assert again["counts"]["added"] == FILES - committed


def test_the_health_check_and_the_log_tell_of_a_full_disk_once(
    small_disk: Path, tmp_path: Path
) -> None:
    installation = Installation(tmp_path / "installation")
    assert installation.manage("migrate", "--verbosity", "0").returncode == 0
    with serve(tmp_path / "installation", None, "--no-scan") as server:
        for _ in range(3):
            health = httpx.get(f"{server.url}/healthz")
            assert health.status_code == 200
            assert (health.json()["status"], health.json()["disk"]) == ("degraded", "full")
        assert server.output().count("finds no room on the disk of DATA_DIR") == 1
        assert httpx.get(f"{server.url}/login/").status_code == 200
        mount("-o", "remount,size=64m", small_disk)
        assert httpx.get(f"{server.url}/healthz").json()["status"] == "ok"


def test_a_backup_that_does_not_fit_leaves_no_file(
    small_disk: Path, tmp_path: Path, migrated_data: Path
) -> None:
    installation = Installation(tmp_path / "elsewhere")
    shutil.copytree(migrated_data, installation.data)
    (small_disk / "filling").write_bytes(b"\0" * 3_850_000)
    done = installation.manage("backup_library", str(small_disk))
    assert done.returncode == FAILED
    assert "full" in done.stderr or "No space left" in done.stderr
    assert "Traceback" not in done.stderr
    assert os.listdir(small_disk) == ["filling"]
