"""A library of its own on SQLite, scanned by `manage.py scan_tracks`."""

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

from bench.contenders import mus
from bench.measure import Figures, Outcome

PRESENT = "SELECT root || '/' || path, id FROM library_track WHERE missing_since IS NULL"
ROWS = "SELECT 'tracks', count(*) FROM library_track"


class ScannedLibrary:
    """Its folders may be others for each scan."""

    def __init__(self, roots: Sequence[Path], data: Path) -> None:
        self.roots = list(roots)
        self._data = data
        data.mkdir(mode=0o700, parents=True)
        self._manage("migrate", "--verbosity=0")

    def measured_scan(self, *options: str) -> Figures:
        """Scan everything; the report's figures are in `facts`. Raises CommandFailed."""
        return mus.scanned(self._manage("scan_tracks", "--json", *options))

    def scan(self) -> Mapping[str, int]:
        counts: Mapping[str, int] = self.measured_scan().facts["counts"]
        return counts

    def present(self) -> dict[str, int]:
        """The ids of all tracks whose files are there, by their absolute paths."""
        return self._query(PRESENT)

    def rows(self) -> int:
        return self._query(ROWS)["tracks"]

    def _manage(self, *arguments: str) -> Outcome:
        outcome = mus.manage(":".join(map(str, self.roots)), self._data, *arguments)
        outcome.require_success(3)
        return outcome

    def _query(self, sql: str) -> dict[str, int]:
        with closing(sqlite3.connect(self._data / "mus.sqlite3")) as database:
            return dict(database.execute(sql))
