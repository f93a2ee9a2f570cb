"""The rows of tracks that have a sound, by its digest, with what is compared of them."""

import os
import stat as stats
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Q

from library.files.listings import file_stat
from library.models.catalogue import Track
from library.models.folding import fold
from library.models.paths import path_of_file
from library.scanning.agreement import StatedTags, stated_tags
from library.scanning.matching import Candidate, Known, Shown, Traits
from library.scanning.transactions import retried

FRESH = timedelta(days=1)
"""So long a copy may have other tags and still not count as another recording."""
HAS_DIGEST = " AND audio_digest > ''"
"""The condition of the index of digests, for `library.scanning.lookup`."""
NO_DIGEST = ("", "0" * 32)
_DIGESTS_AT_ONCE = 500
_COLUMNS = (
    *("id", "root", "path", "device", "inode", "mtime_ns", "size_bytes", "audio_digest"),
    *("title", "artist", "album_title", "musicbrainz_recording_id", "track_number"),
    *("codec", "sample_rate_hz", "channels", "duration_s"),
    *("added_by_scan", "added_at", "missing_since"),
)


class SoundRow(NamedTuple):
    """The columns of a track. `path` may be one that no file has (`library.models.paths`)."""

    track_id: int
    root: str
    path: str
    device: int
    inode: int
    mtime_ns: int
    size_bytes: int
    digest: str
    title: str
    artist: str
    album: str
    recording_id: str
    track_number: int | None
    codec: str
    sample_rate_hz: int
    channels: int
    duration_s: float
    added_by_scan: int
    added_at: datetime
    missing_since: datetime | None

    @property
    def file_path(self) -> str:
        """Below the music folder."""
        return path_of_file(self.path)

    @property
    def file_name(self) -> str:
        return os.path.basename(self.path)

    @property
    def shown(self) -> Shown:
        return fold(self.title), fold(self.artist)

    @property
    def stated(self) -> StatedTags:
        return stated_tags(self.file_path, self.title, self.artist, self.album, self.recording_id)

    def is_fresh(self, now: datetime) -> bool:
        return now - self.added_at < FRESH

    def as_candidate(self) -> Candidate:
        traits = Traits(
            *(self.root, self.file_path, self.device, self.inode, self.mtime_ns, self.size_bytes),
            *(digest_or_none(self.digest), self.stated, self.track_number),
            (self.codec, self.sample_rate_hz, self.channels),
            self.duration_s,
        )
        return Candidate(self.track_id, traits, self.added_by_scan)

    def as_known(self, now: datetime) -> Known:
        return Known(self.digest, self.shown, self.added_by_scan, self.is_fresh(now))


def rows_with(digests: Collection[str]) -> Iterator[SoundRow]:
    """The tracks with these digests, present or missing. Only reads the database."""
    wanted = sorted(digests)
    for start in range(0, len(wanted), _DIGESTS_AT_ONCE):
        some = wanted[start : start + _DIGESTS_AT_ONCE]
        yield from rows_where(Q(audio_digest__in=some, audio_digest__gt=""))


def rows_where(condition: Q) -> list[SoundRow]:
    rows = Track.objects.filter(condition).order_by().values_list(*_COLUMNS)
    return retried(lambda: [SoundRow(*row) for row in rows.iterator()])


def digest_or_none(stored: str) -> str:
    """FLAC files whose digest was never set have one of zeros, which is none: then empty."""
    return "" if stored in NO_DIGEST else stored


def version_on_disk(row: SoundRow) -> tuple[int, int] | None:
    """The modification time and the size of the file at the track's path; None if there is none, or
    if it cannot be seen."""
    try:
        stat = os.stat(f"{row.root}/{row.path}")
    except OSError:
        return None
    _, mtime_ns, size_bytes, *_ = file_stat(row.path, stat)
    return (mtime_ns, size_bytes) if stats.S_ISREG(stat.st_mode) else None
