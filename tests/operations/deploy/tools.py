"""Programs that are not Python's, found or asked for."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

PROJECT_DIR = Path(__file__).resolve().parents[3]
DEPLOY = PROJECT_DIR / "deploy"
SBIN = "/usr/sbin:/usr/local/sbin:/sbin"  # not in everybody's PATH


def tool(name: str, package: str) -> str:
    """The path of a program; without it the test is skipped, in continuous integration failed."""
    path = shutil.which(name, path=f"{os.environ['PATH']}:{SBIN}")
    if path:
        return path
    reason = f"{name} is not installed: apt install {package}"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def run(
    *command: str | Path, variables: dict[str, str] | None = None, folder: Path | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        list(map(str, command)),
        cwd=folder,
        env=None if variables is None else {**os.environ, **variables},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def substituted(text: str, substitutions: dict[str, str]) -> str:
    """`text` with what depends on a machine replaced; each of these has to be there."""
    for old, new in substitutions.items():
        assert old in text, f"{old} is not in the file any more"
        text = text.replace(old, new)
    return text
