"""What the library knows of the files in a folder, and what a found file is in that light."""

import time
from collections.abc import Iterable, Iterator
from enum import Enum, auto
from typing import NamedTuple

from django.db import connection
from django.db.models import Case, Q, When

from library.files.listings import FileStat
from library.files.walk import FoundFile, FoundFolder
from library.models.catalogue import Track
from library.models.paths import path_from_text
from library.models.scan import ScanFailure

ROWS_AT_A_TIME = 5_000
SETTLE_NS = 2_000_000_000
"""A file changed more recently than this may still be being copied."""

# Failures that lie in the file's content: they stay until the file changes. Others are tried again.
_LASTING_STAGES = (ScanFailure.Stage.READ, ScanFailure.Stage.STORE)


class KnownFile(NamedTuple):
    """A track's row, as far as comparing needs it. `folder_cover_id` is None when embedded."""

    track_id: int
    mtime_ns: int
    size_bytes: int
    folder_cover_id: str | None
    missing_since: object

    @property
    def is_missing(self) -> bool:
        return self.missing_since is not None


Row = tuple[int, int, int, str | None, object]
"""A KnownFile without its names: of most nobody asks anything but whether it is as it was."""


class Verdict(Enum):
    UNCHANGED = auto()
    NEW = auto()
    CHANGED = auto()
    RESTORED = auto()
    """It was missing and is back as it was."""
    COVER_CHANGED = auto()
    """Unchanged but for the picture in its folder."""
    STILL_FAILING = auto()


class Scope(NamedTuple):
    """A part of the disk to scan: a root, and the folder in it ("" for all of the root)."""

    root: str
    folder: str

    @property
    def prefix(self) -> str:
        return f"{self.folder}/" if self.folder else ""


class KnownFailure(NamedTuple):
    """`facts` is (mtime_ns, size_bytes) of what failed for good, None for what is worth a retry."""

    failure_id: int
    facts: tuple[int, int] | None


class KnownFiles:
    """The files the library knows in a scope; what is found is taken off, the rest is gone."""

    def __init__(self, scope: Scope, *, full: bool) -> None:
        self.full = full
        self.files = _load_tracks(scope)
        self.failures = dict(_load_failures(scope))

    def changes(self, folder: FoundFolder) -> Iterator[tuple[FoundFile, Verdict, KnownFile | None]]:
        """The folder's files that may not be as they were: what each is, and its row, if any."""
        folder_cover_id, _ = folder.cover
        for stat in folder.files:
            path, mtime_ns, size_bytes, _, _ = stat
            row = self.files.pop(path, None)
            if row is not None and not self.full and path not in self.failures:
                _, known_mtime_ns, known_size_bytes, cover_id, missing_since = row
                is_same_file = mtime_ns == known_mtime_ns and size_bytes == known_size_bytes
                is_same_cover = cover_id is None or cover_id == folder_cover_id
                if is_same_file and is_same_cover and missing_since is None:
                    continue
            found = folder.found_file(stat)
            known = None if row is None else KnownFile._make(row)
            yield found, self._verdict(found, known), known

    def unchanged(self, files: Iterable[FileStat]) -> Iterator[tuple[int, tuple[int, int]]]:
        """Of present tracks whose files are as they were: the id, and device and inode now."""
        for path, mtime_ns, size_bytes, device, inode in files:
            row = self.files.get(path)
            if row is None:
                continue
            track_id, known_mtime_ns, known_size_bytes, _, missing_since = row
            is_same_file = mtime_ns == known_mtime_ns and size_bytes == known_size_bytes
            if is_same_file and missing_since is None:
                yield track_id, (device, inode)

    def _verdict(self, found: FoundFile, known: KnownFile | None) -> Verdict:
        facts = (found.mtime_ns, found.size_bytes)
        failure = self.failures.get(found.path)
        if failure and failure.facts == facts and not self.full:
            self.keep_failure(found.path)
            return Verdict.STILL_FAILING
        if known is None:
            return Verdict.NEW
        if self.full or facts != (known.mtime_ns, known.size_bytes):
            return Verdict.CHANGED
        if known.is_missing:
            return Verdict.RESTORED
        if known.folder_cover_id not in (None, found.cover_id):
            return Verdict.COVER_CHANGED
        return Verdict.UNCHANGED

    def leave(self, path: str) -> None:
        """Take off all at or below `path`: it cannot be looked at, so it stays as it was."""
        below = f"{path}/" if path else ""
        for left in [each for each in self.files if each == path or each.startswith(below)]:
            del self.files[left]
        for left in [each for each in self.failures if each == path or each.startswith(below)]:
            self.keep_failure(left)

    def keep_failure(self, path: str) -> None:
        """The failure stands: what is in `failures` at the end was read, is unchanged, or gone."""
        self.failures.pop(path, None)

    def gone(self) -> dict[str, int]:
        """Paths and ids of tracks that were present and whose files were not found."""
        rows = ((path, KnownFile._make(row)) for path, row in self.files.items())
        return {path: known.track_id for path, known in rows if not known.is_missing}


def is_settled(mtime_ns: int) -> bool:
    """Whether a file of this mtime has been left alone for two seconds.

    A time in the future says nothing about copying (a clock that is off, a tag editor's whim) and
    counts as settled; otherwise such a file would never be taken.
    """
    return not 0 <= time.time_ns() - mtime_ns < SETTLE_NS


def _load_tracks(scope: Scope) -> dict[str, Row]:
    tracks = Track.objects.filter(root=scope.root)
    if scope.folder:
        tracks = tracks.filter(path__below=scope.folder)
    is_embedded = When(~Q(cover_id=""), cover_file_name="", then=None)
    rows = tracks.order_by().values_list(
        "path", "id", "mtime_ns", "size_bytes", Case(is_embedded, default="cover_id"),
        "missing_since",
    )  # fmt: skip
    # Straight from the cursor: what Django does to each value takes longer than all the rest.
    sql, parameters = rows.query.sql_with_params()
    files: dict[str, Row] = {}
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, parameters)
        while some := cursor.fetchmany(ROWS_AT_A_TIME):
            files.update({path_from_text(row[0]): row[1:] for row in some})
    return files


def _load_failures(scope: Scope) -> Iterator[tuple[str, KnownFailure]]:
    failures = ScanFailure.objects.filter(root=scope.root)
    if scope.folder:
        failures = failures.filter(path__below=scope.folder)
    columns = ("path", "id", "stage", "mtime_ns", "size_bytes")
    for path, pk, stage, mtime_ns, size in failures.values_list(*columns):
        facts = (mtime_ns, size) if stage in _LASTING_STAGES else None
        yield path, KnownFailure(pk, facts)
