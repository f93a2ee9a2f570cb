"""Compares the files on disk with the rows in the database: which are new, changed or gone."""

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
from library.scanning.read_with import current_version

ROWS_AT_A_TIME = 5_000
SETTLE_NS = 2_000_000_000
"""A file that was modified less than this long ago may still be being copied."""

# Stages at which a failure is due to the file's content: the file is not tried again until it
# changes. After other failures, each scan tries again.
_LASTING_STAGES = (ScanFailure.Stage.READ, ScanFailure.Stage.STORE)


class KnownFile(NamedTuple):
    """The columns of a track that are compared. `folder_cover_id`: None for an embedded cover."""

    track_id: int
    mtime_ns: int
    size_bytes: int
    folder_cover_id: str | None
    lyrics_id: str
    missing_since: object

    @property
    def is_missing(self) -> bool:
        return self.missing_since is not None


Row = tuple[int, int, int, str | None, str, object]
"""A KnownFile as a plain tuple. Most files are unchanged, and need not be made a KnownFile."""


class Verdict(Enum):
    """What a scan has to do with a file that was found."""

    UNCHANGED = auto()
    NEW = auto()
    CHANGED = auto()
    RESTORED = auto()
    """The track was missing; its file is back, unchanged."""
    COVER_CHANGED = auto()
    """The file is unchanged, but its folder has another cover file."""
    STILL_FAILING = auto()
    """An earlier scan could not read the file, and it has not changed since."""


class Scope(NamedTuple):
    """A folder to scan, with everything below it: a root, and a path in it ("" for all of it)."""

    root: str
    folder: str

    @property
    def prefix(self) -> str:
        return f"{self.folder}/" if self.folder else ""


class KnownFailure(NamedTuple):
    """A failure of an earlier scan.

    `version` is the file's (mtime_ns, size_bytes) then. None if the scan should try again: always
    after some failures, and if other readers or settings than today's failed.
    """

    failure_id: int
    version: tuple[int, int] | None


class KnownFiles:
    """The files that the database knows in a scope.

    `changes` removes each file that is found from `files`. What is left at the end is gone.
    """

    def __init__(self, scope: Scope, *, full: bool) -> None:
        self.full = full
        self.files = _load_tracks(scope)
        self.failures = dict(_load_failures(scope))

    def changes(self, folder: FoundFolder) -> Iterator[tuple[FoundFile, Verdict, KnownFile | None]]:
        """The folder's files that may have changed, each with a verdict and its row, if any."""
        folder_cover_id, _ = folder.cover
        is_titled = bool(folder.titled)  # then `titled_covers` compares the covers
        lyrics = folder.lyrics
        for stat in folder.files:
            path, mtime_ns, size_bytes, _, _ = stat
            row = self.files.pop(path, None)
            if row is not None and not self.full and path not in self.failures:
                _, known_mtime_ns, known_size_bytes, cover_id, lyrics_id, missing_since = row
                is_same_file = mtime_ns == known_mtime_ns and size_bytes == known_size_bytes
                is_same_cover = cover_id is None or is_titled or cover_id == folder_cover_id
                is_same_lyrics = lyrics_id == (lyrics[path].identity if path in lyrics else "")
                if is_same_file and is_same_cover and is_same_lyrics and missing_since is None:
                    continue
            found = folder.found_file(stat)
            known = None if row is None else KnownFile._make(row)
            yield found, self._verdict(found, known), known

    def unchanged(self, files: Iterable[FileStat]) -> Iterator[tuple[int, tuple[int, int]]]:
        """Of those `files` that are present, unchanged tracks: the id, and (device, inode) now."""
        for path, mtime_ns, size_bytes, device, inode in files:
            row = self.files.get(path)
            if row is None:
                continue
            track_id, known_mtime_ns, known_size_bytes, _, _, missing_since = row
            is_same_file = mtime_ns == known_mtime_ns and size_bytes == known_size_bytes
            if is_same_file and missing_since is None:
                yield track_id, (device, inode)

    def _verdict(self, found: FoundFile, known: KnownFile | None) -> Verdict:
        version = (found.mtime_ns, found.size_bytes)
        failure = self.failures.get(found.path)
        if failure and failure.version == version and not self.full:
            self.keep_failure(found.path)
            return Verdict.STILL_FAILING
        if known is None:
            return Verdict.NEW
        is_same_lyrics = known.lyrics_id == found.lyrics.identity
        if self.full or version != (known.mtime_ns, known.size_bytes) or not is_same_lyrics:
            return Verdict.CHANGED
        if known.is_missing:
            return Verdict.RESTORED
        if known.folder_cover_id not in (None, found.cover_id) and not found.titled:
            return Verdict.COVER_CHANGED
        return Verdict.UNCHANGED

    def leave(self, path: str) -> None:
        """Leave the rows of everything at or below `path` as they are: it cannot be read now, so
        nothing is known about it."""
        below = f"{path}/" if path else ""
        for left in [each for each in self.files if each == path or each.startswith(below)]:
            del self.files[left]
        for left in [each for each in self.failures if each == path or each.startswith(below)]:
            self.keep_failure(left)

    def keep_failure(self, path: str) -> None:
        """Keep the row of this failure. Those left in `failures` at the end are deleted."""
        self.failures.pop(path, None)

    def gone(self) -> dict[str, int]:
        """The ids, by path, of tracks that were present and whose files were not found."""
        rows = ((path, KnownFile._make(row)) for path, row in self.files.items())
        return {path: known.track_id for path, known in rows if not known.is_missing}


def is_settled(mtime_ns: int) -> bool:
    """Whether a file with this modification time has not been written to for SETTLE_NS.

    A time in the future comes from a wrong clock or a tag editor. It counts as settled, since the
    file would otherwise never be read.
    """
    return not 0 <= time.time_ns() - mtime_ns < SETTLE_NS


def _load_tracks(scope: Scope) -> dict[str, Row]:
    tracks = Track.objects.filter(root=scope.root)
    if scope.folder:
        tracks = tracks.filter(path__below=scope.folder)
    is_embedded = When(~Q(cover_id=""), cover_file_name="", then=None)
    rows = tracks.order_by().values_list(
        "path", "id", "mtime_ns", "size_bytes", Case(is_embedded, default="cover_id"),
        "lyrics_id", "missing_since",
    )  # fmt: skip
    # Read directly from the cursor: Django's conversion of each value would take longer than
    # everything else.
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
    columns = ("path", "id", "stage", "mtime_ns", "size_bytes", "read_with")
    for path, pk, stage, mtime_ns, size, read_with in failures.values_list(*columns):
        is_lasting = stage in _LASTING_STAGES and read_with == current_version()
        version = (mtime_ns, size) if is_lasting else None
        yield path, KnownFailure(pk, version)
