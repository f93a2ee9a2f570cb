"""Containers without a /dev/shm that can be written have no semaphores, and so no readers."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.audio_files import make_audio
from tests.library.scanning.conftest import Installation

UNSHARE = ("unshare", "--mount", *(() if os.geteuid() == 0 else ("--map-root-user",)))
READ_ONLY = 'mount -t tmpfs -o ro tmpfs /dev/shm && exec "$@"'
ABSENT = 'mount --bind "$0" /dev && exec "$@"'


@pytest.fixture
def dev(tmp_path: Path) -> Path:
    """A /dev with the little that a process needs."""
    folder = tmp_path / "dev"
    folder.mkdir()
    for name in ("null", "urandom", "random"):
        (folder / name).symlink_to(f"/proc/1/root/dev/{name}")
    return folder


def without_semaphores(script: str, dev: Path) -> tuple[str, ...]:
    before = (*UNSHARE, "sh", "-c", script, str(dev))
    tried = [*before, "python3", "-c", "import multiprocessing as m; m.Lock()"]
    done = subprocess.run(tried, capture_output=True, text=True, check=False)
    if "SemLock" not in done.stderr:
        pytest.skip("needs the right to mount in a namespace of its own (unshare)")
    return before


@pytest.mark.parametrize("script", [READ_ONLY, ABSENT])
def test_a_scan_reads_in_its_own_process_and_says_so_once(
    installation: Installation, dev: Path, script: str
) -> None:
    before = without_semaphores(script, dev)
    for number in range(3):
        make_audio(installation.music / f"{number}.mp3", title=f"{number}")
    (installation.music / "broken.mp3").write_bytes(b"no audio")
    report = installation.scan("--workers=2", before=before)
    assert (report["state"], report["exit_code"]) == ("completed", 3)
    assert (report["counts"]["added"], report["counts"]["failed"]) == (3, 1)
    assert report["stderr"].count("Files are read in the scan's own process") == 1
    assert "will end the scan" in report["stderr"]
    assert "Traceback" not in report["stderr"]
    again = installation.scan("--workers=2", before=before)
    assert again["counts"]["seen"] == 4
    assert "own process" not in again["stderr"]  # nothing had to be read
