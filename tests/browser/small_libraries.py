"""Small libraries of a few files, each scanned into a copy of a database."""

from pathlib import Path

from tests.databases import copy_database, place_in
from tests.web.served import environment, manage


def scan_new_library(folder: Path, database: Path) -> None:
    """Scan what is in `folder`'s music folder into a copy of `database`."""
    copy_database(database, place_in(folder / "data"))
    done = manage({**environment(folder, 1), "SCAN_WORKERS": "1"}, "scan_tracks", "--quiet")
    assert done.returncode in (0, 3), done.stderr  # 3: some of the files cannot be read
