"""What is costly to make and the same for every test: made once in a run, whichever of the
processes of pytest-xdist comes first."""

import fcntl
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.databases import IS_POSTGRESQL


def made_once(
    tmp_path_factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]
) -> Path:
    """A folder that `make` filled. Tests copy what is in it and never change it.

    On PostgreSQL each process makes its own: it drops its databases at its end, when others may
    still copy them.
    """
    base = tmp_path_factory.getbasetemp()
    is_shared = base.name.startswith("popen-") and not IS_POSTGRESQL  # below the run's folder
    folder = (base.parent if is_shared else base) / f"once-{name}"
    folder.mkdir(exist_ok=True)
    made = folder / "made"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            make(folder)
            made.touch()
    return folder
