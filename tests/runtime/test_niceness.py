"""mus may be started at any niceness: what it lowers in priority is lowered from there, and nothing
fails where the system refuses a smaller number."""

import os
import subprocess
import sys
from pathlib import Path

from runtime.niceness import read_autogroup, session_niceness
from tests.audio_files import JPEG
from tests.library.scanning.conftest import PROJECT_DIR

NICED = ("nice", "-n", "15")
# Root may lower its niceness; people who start a server may not.
WITHOUT_RIGHTS = ("setpriv", "--bounding-set=-sys_nice") if os.geteuid() == 0 else ()
NICENESS = "os.getpriority(os.PRIO_PROCESS, {})"

READER = f"""
import os
from library.workers import processes
processes.begin(5)
print({NICENESS.format(0)})
"""
SCAN_CHILD = f"""
import os, subprocess, sys
from runtime.niceness import raise_by, raise_session_by
child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=-1, start_new_session=True)
raise_by(10, child.pid)
raise_session_by(10, child.pid)
print({NICENESS.format("child.pid")})
child.communicate()
"""
COVER = f"""
import asyncio, os, sys, threading
from pathlib import Path
from library.covers.making import CoverMaker, Picture
from library.covers.size import CoverSize
async def read():
    return Picture("c" * 32, Path(sys.argv[1]).read_bytes())
async def make():
    maker = CoverMaker(Path(sys.argv[2]), 10**9)
    cover = await maker.make("c" * 32, CoverSize.SQUARE_160, read)
    own = maker._threads.submit(lambda: {NICENESS.format("threading.get_native_id()")})
    return cover, own.result()
cover, niceness = asyncio.run(make())
assert cover.content.startswith(b"RIFF")
print(niceness)
"""


def niced(code: str, *arguments: str) -> str:
    done = subprocess.run(
        [*NICED, *WITHOUT_RIGHTS, sys.executable, "-c", code, *arguments],
        cwd=PROJECT_DIR,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "musproject.settings"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def own() -> int:
    return os.getpriority(os.PRIO_PROCESS, 0)


def test_a_reader_that_is_nicer_already_stays_so() -> None:
    assert niced(READER) == str(min(own() + 15, 19))


def test_a_process_in_its_own_session_is_nicer_than_the_one_that_starts_it() -> None:
    assert niced(SCAN_CHILD) == str(min(own() + 15 + 10, 19))


def test_a_process_of_no_session_of_its_own_has_the_niceness_0() -> None:
    """In some containers the file is empty; scans did not start there."""
    assert read_autogroup("") == 0
    assert read_autogroup("/autogroup-25 nice -3\n") == -3
    if Path("/proc/self/autogroup").exists():
        assert session_niceness("self") in range(-20, 20)


def test_covers_are_made_at_a_niceness_above_the_servers(tmp_path: Path) -> None:
    (tmp_path / "cover.jpg").write_bytes(JPEG)
    made = niced(COVER, str(tmp_path / "cover.jpg"), str(tmp_path / "covers"))
    if sys.platform == "linux":
        assert made == str(min(own() + 15 + 10, 19))
