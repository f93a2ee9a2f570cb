"""Reader processes load what they need and nothing of Django, which would cost each its start; nor
does the scan's own process load what only they need."""

import subprocess
import sys
from pathlib import Path

from tests.audio_files import make_audio
from tests.library.scanning.conftest import Installation

PROJECT_DIR = Path(__file__).resolve().parents[3]
# As a reader process does: what the fork server loads, and the main program under another name.
LOAD = """
import runpy, sys
import library.tags.file, library.workers.processes
runpy.run_path("manage.py", run_name="__mp_main__")
print(sorted({name.partition(".")[0] for name in sys.modules} & {"django", "musproject"}))
"""


def test_a_reader_loads_neither_django_nor_the_settings() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOAD], cwd=PROJECT_DIR, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


# The whole command, in a process that can be asked afterwards.
SCAN = """
import sys
from musproject.command_line import main
sys.argv = ["manage.py", "scan_tracks", "--quiet"]
main()
print(sorted(sys.modules.keys() & {"mutagen", "jwt.api_jwt", "pubcontrol", "requests"}))
"""


def test_a_scan_loads_neither_what_reads_nor_what_signs_or_calls_others(
    installation: Installation,
) -> None:
    make_audio(installation.music / "a.mp3", title="A")
    done = subprocess.run(
        [sys.executable, "-c", SCAN],
        cwd=PROJECT_DIR, env=installation.environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == "[]"
    assert installation.query("SELECT title FROM library_track") == [("A",)]
