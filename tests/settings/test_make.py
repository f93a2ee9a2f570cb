"""What `make` does beyond starting programs."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from musproject.environment import PROJECT_DIR

LEFT_OUT = shutil.ignore_patterns(
    *(".*", "__pycache__", "data", "music", "tests", "docs", "bench", "soak", "screenshots"),
)


def test_to_install_makes_neither_data_nor_music(tmp_path: Path) -> None:
    """Who installs is often root, whose folders and secret key mus could not read later."""
    project = tmp_path / "mus"
    shutil.copytree(PROJECT_DIR, project, ignore=LEFT_OUT)
    (project / ".venv").symlink_to(sys.prefix)
    before = set(os.listdir(project))
    # The virtual environment is not made anew: it is that of the tests.
    installed = subprocess.run(
        ["make", "--old-file=.venv/installed", "install"],
        cwd=project,
        env={"PATH": os.environ["PATH"], "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert installed.returncode == 0, installed.stderr
    assert (project / ".static" / "staticfiles.json").exists()
    assert set(os.listdir(project)) - before - {"__pycache__"} == {".static"}
    assert set(os.listdir(tmp_path)) == {"mus"}
