"""A version names one state of the code."""

import subprocess
from pathlib import Path

from runtime.version import RELEASE, VERSION, commit_beside


def git(folder: Path, *arguments: str) -> str:
    author = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org")
    command = ["git", "-C", str(folder), *author, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def test_a_checkout_that_is_no_release_names_its_commit(tmp_path: Path) -> None:
    assert commit_beside("1.0.0", tmp_path) == ""
    git(tmp_path, "init", "--quiet")
    assert commit_beside("1.0.0", tmp_path) == ""  # nothing is committed yet
    git(tmp_path, "commit", "--quiet", "--allow-empty", "--message", "One")
    first = git(tmp_path, "rev-parse", "HEAD")
    assert commit_beside("1.0.0", tmp_path) == first[:8]
    git(tmp_path, "tag", "--annotate", "v1.0.0", "--message", "A release")
    assert commit_beside("1.0.0", tmp_path) == ""
    assert commit_beside("1.1.0", tmp_path) == first[:8]
    git(tmp_path, "commit", "--quiet", "--allow-empty", "--message", "Two")
    assert commit_beside("1.0.0", tmp_path) == git(tmp_path, "rev-parse", "HEAD")[:8]


def test_the_version_begins_with_the_release() -> None:
    assert VERSION.partition("+")[0] == RELEASE
