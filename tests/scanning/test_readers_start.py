"""Reader processes load what they need and nothing of Django, which would cost each its start."""

import subprocess
import sys
from pathlib import Path

PROJECT_DIR = Path(__file__).resolve().parents[2]
# As a reader process does: what the fork server loads, and the main program under another name.
LOAD = """
import runpy, sys
import library.folders, library.tags.file, library.worker_processes
runpy.run_path("manage.py", run_name="__mp_main__")
print(sorted({name.partition(".")[0] for name in sys.modules} & {"django", "musproject"}))
"""


def test_a_reader_loads_neither_django_nor_the_settings() -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOAD], cwd=PROJECT_DIR, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
