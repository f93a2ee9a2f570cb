"""The version of mus.

`RELEASE` is the same as in pyproject.toml (a test compares them). A checkout of git that is not the
commit of that release names its own commit as well, as in `0.2.0+1a2b3c4d` (a local version by the
specification of Python's version specifiers), so that two states of the code have two names.
"""

import os
import subprocess
from pathlib import Path

RELEASE = "0.2.0"
_ROOT = Path(__file__).resolve().parent.parent
_WITHIN_SECONDS = 5


def commit_beside(release: str, folder: Path) -> str:
    """The first characters of the commit that is checked out in `folder`. Empty if that is the
    commit with the tag of the release, or if `folder` is no checkout, or there is no git."""
    if not (folder / ".git").exists():
        return ""
    asked = ("describe", "--tags", "--always", "--abbrev=8", "--match", f"v{release}")
    # The checkout may belong to another user than the one who runs mus.
    command = ("git", "-c", f"safe.directory={folder}", "-C", str(folder), *asked)
    environment = {name: each for name, each in os.environ.items() if not name.startswith("GIT_")}
    try:
        answer = subprocess.run(  # no part of it comes from outside
            command, env=environment, capture_output=True, check=True, timeout=_WITHIN_SECONDS
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    described = answer.stdout.decode().strip()
    return "" if described == f"v{release}" else described.rpartition("-g")[2]


def _version() -> str:
    commit = commit_beside(RELEASE, _ROOT)
    return f"{RELEASE}+{commit}" if commit else RELEASE


VERSION = _version()
