"""Finds the known tracks whose files have to be read again."""

import heapq
import os
from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from library.files.lyrics_files import LyricsFile
from library.files.walk import FoundFile
from library.models.catalogue import Track
from library.models.scan import ScanFailure
from library.scanning.read_with import current_version
from library.tags.reading import READ_STAGE

FILES_AT_ONCE = 128
ABOVE_ALL_IDS = 2**63 - 1


class Known(NamedTuple):
    """A known track whose file is to be read again."""

    track_id: int
    found: FoundFile

    @property
    def absolute_path(self) -> str:
        return self.found.absolute_path

    @property
    def lyrics_path(self) -> str:
        return self.found.lyrics_path


_COLUMNS = (
    *("id", "root", "path", "mtime_ns", "size_bytes", "device", "inode"),
    *("cover_id", "cover_file_name", "lyrics_id", "lyrics_file_name"),
)


def outdated_tracks(versions: Sequence[str], below: int) -> list[Known]:
    """The next tracks to read again, the newest first. An index answers each query."""
    tracks = Track.objects.present().filter(pk__lt=below).order_by("-pk")
    rows = (
        tracks.filter(read_with=version).values_list(*_COLUMNS)[:FILES_AT_ONCE]
        for version in versions
    )
    newest = heapq.nlargest(FILES_AT_ONCE, (row for some in rows for row in some))
    return [_known(*row) for row in newest]


def tracks_with(ids: Collection[int]) -> list[Known]:
    """The tracks with these ids, of which there are few."""
    rows = Track.objects.filter(pk__in=ids).order_by("pk").values_list(*_COLUMNS)
    return [_known(*row) for row in rows]


def _known(track_id: int, *columns: Any) -> Known:
    stat = columns[:6]
    cover_id, cover_file_name, lyrics_id, lyrics_file_name = columns[6:]
    cover = (cover_id, cover_file_name) if cover_file_name else ("", "")
    lyrics = LyricsFile(lyrics_id, lyrics_file_name)
    return Known(track_id, FoundFile._make((*stat, *cover, lyrics, (), False)))


def still_failing(left: Sequence[Known]) -> list[int]:
    """The ids of those tracks whose changed files a scan of this version could not read either."""
    by_path = {(track.found.root, track.found.path): track.track_id for track in left}
    paths = list({path for _, path in by_path})
    failures = ScanFailure.objects.filter(
        path__in=paths, stage=READ_STAGE, read_with=current_version()
    )
    places = failures.values_list("root", "path") if paths else ()
    return [by_path[place] for place in places if place in by_path]


def has_entries(root: str) -> bool:
    """Whether a music folder is there and not empty. Blocks."""
    try:
        with os.scandir(root) as entries:
            return any(True for _ in entries)
    except OSError:
        return False
