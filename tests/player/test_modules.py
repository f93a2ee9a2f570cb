"""Modules of the player that need no page, tried by `node --test`."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest


def test_modules_that_need_no_page() -> None:
    node = shutil.which("node")
    if node is None:
        if os.environ.get("CI") == "true":
            pytest.fail("node is not installed: apt install nodejs")
        pytest.skip("node is not installed")
    files = sorted(map(str, Path(__file__).parent.glob("*.test.js")))
    done = subprocess.run([node, "--test", *files], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
