"""Opens the file of a track by the track's id.

Takes one short query, and a thread of the file's disk to open it. If there is only one music
folder, the same thread does both.
"""

import errno
import logging
import os
import re
from collections.abc import Callable
from datetime import datetime
from functools import partial
from http import HTTPStatus
from typing import NamedTuple, TypeVar
from unicodedata import combining, normalize

from django.conf import settings
from django.utils.http import content_disposition_header

from asgi.files.disks import DiskHangs
from asgi.files.media_file import MediaFile, media_file
from asgi.files.respond import RETRY_AFTER
from asgi.look_ups import LookUps, with_own_connection
from library.media.disks import disk_of
from library.media.library_files import (
    NotInLibrary,
    ScannedStat,
    open_library_file,
)
from library.media.types import BEGINNING_BYTES, media_type_of
from library.models.catalogue import Track
from library.queries.prepared import PreparedQuery, given
from library.queries.tombstones import find_living

T = TypeVar("T")

logger = logging.getLogger(__name__)
look_ups = LookUps("tracks", threads=4)
"""The threads for queries to the database. Files are opened in threads of their disk instead."""

# Errors which say that there is no such file, or, as of a link that leads to itself, cannot be one.
GONE = {errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG}

_LARGEST_ID = 2**63 - 1  # what a database's integer column holds
_MOST_DIGITS = 19  # Python refuses to convert thousands of digits


def track_id_of(digits: str) -> int:
    """The id that stands in a URL. 0, which no track has, for a number that cannot be one."""
    track_id = int(digits) if len(digits) <= _MOST_DIGITS else 0
    return track_id if track_id <= _LARGEST_ID else 0


class TrackFile(NamedTuple):
    """The open file of a track. `place`: see `LibraryFile`."""

    media: MediaFile
    place: tuple[int, str] | None
    found: "FoundTrack"

    @property
    def file_name(self) -> str:
        """The name of the file as text."""
        return os.fsencode(os.path.basename(self.found.path)).decode(errors="replace")


class TrackUnavailable(Exception):
    """The track's file cannot be sent now. The text is shown to listeners and names no path."""

    def __init__(self, status: HTTPStatus, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        return [RETRY_AFTER] if self.status == HTTPStatus.SERVICE_UNAVAILABLE else []


async def open_track(track_id: int, answer: Callable[[TrackFile], T]) -> T:
    """Open the file of the track with this id; the result of `answer`, which has to close the file.

    `answer` is called in the thread of the disk that opened the file. Raises TrackUnavailable.
    """
    if len(settings.MUSIC_DIRS) == 1:
        # Nothing else waits for this disk, so one visit to its thread does all of the work.
        disk = disk_of(str(settings.MUSIC_DIRS[0]))
        work = partial(_find_and_open, track_id, answer)
    else:
        track = await look_ups.find(find_track, track_id)
        disk = disk_of(track.root)
        work = partial(_open_and_answer, track_id, track, answer)
    try:
        return await disk.begin(work)
    except DiskHangs:
        logger.warning("Track %d cannot be streamed: its disk hangs.", track_id)
        raise unreadable() from None


def _find_and_open(track_id: int, answer: Callable[[TrackFile], T]) -> T:
    track = with_own_connection(partial(find_track, track_id))
    return _open_and_answer(track_id, track, answer)


def _open_and_answer(track_id: int, track: "FoundTrack", answer: Callable[[TrackFile], T]) -> T:
    """Raises TrackUnavailable. Blocks."""
    try:
        return answer(_open(track))
    except (NotInLibrary, OSError) as error:
        logger.warning("Track %d cannot be streamed: %s", track_id, error)
        if isinstance(error, NotInLibrary) or error.errno in GONE:
            raise missing(track.title) from None
        raise unreadable(f": {track.title}") from None


class FoundTrack(NamedTuple):
    """The columns of a track that are needed to open and describe its file."""

    root: str
    path: str
    title: str
    codec: str
    missing_since: datetime | None
    mtime_ns: int
    size_bytes: int
    inode: int
    duration_s: float
    bitrate_kbps: int
    sample_rate_hz: int
    bit_depth: int
    channels: int


_track = PreparedQuery(
    lambda: Track.objects.filter(pk=given()).order_by().values_list(*FoundTrack._fields)
)


def find_track(track_id: int) -> FoundTrack:
    """Raises TrackUnavailable. Blocks."""
    row = find_living(Track, track_id, lambda pk: next(iter(_track.rows(pk)), None))
    if row is None:
        message = "There is no track of this id."
        raise TrackUnavailable(HTTPStatus.NOT_FOUND, "track_not_found", message)
    track = FoundTrack(*row)
    if track.missing_since:
        raise missing(track.title)
    return track


def _open(track: FoundTrack) -> TrackFile:
    """Raises NotInLibrary and OSError. Blocks."""
    scanned = ScannedStat(track.mtime_ns, track.size_bytes, track.inode)
    opened = open_library_file(track.root, track.path, scanned)
    # Only the browser may cache the file, and it has to ask each time, so that the login is checked
    # each time.
    headers = ((b"cache-control", b"private, no-cache"),)
    beginning = os.pread(opened.file.fileno(), BEGINNING_BYTES, 0)
    media_type = media_type_of(track.path, track.codec, beginning)
    file = media_file(opened.file, media_type, headers, disk=disk_of(track.root))
    return TrackFile(file, opened.place, track)


def disposition(file_name: str, *, is_attachment: bool) -> tuple[bytes, bytes]:
    """The header Content-Disposition: whether the client stores the file, and under which name.

    Some clients read `filename` alone, which has to be ASCII. So a name in other letters is sent
    twice, as RFC 6266 advises: first the next best in ASCII, then in `filename*` the name itself.
    """
    value = content_disposition_header(is_attachment, file_name) or "inline"
    kind, encoded, name = value.partition("; filename*=")
    if encoded:
        value = f'{kind}; filename="{_in_ascii(file_name)}"{encoded}{name}'
    return (b"content-disposition", value.encode())


def _in_ascii(name: str) -> str:
    """Letters without their accents; `_` for what is no ASCII or means something in a header."""
    letters = (each for each in normalize("NFKD", name) if not combining(each))
    return re.sub(r"[^ \w.,()\[\]&+-]", "_", "".join(letters), flags=re.ASCII)


def missing(title: str) -> TrackUnavailable:
    message = f"The file is missing: {title}. A scan takes it up again when it is back."
    return TrackUnavailable(HTTPStatus.NOT_FOUND, "file_missing", message)


def unreadable(which: str = "") -> TrackUnavailable:
    message = f"The file cannot be read at the moment{which}."
    return TrackUnavailable(HTTPStatus.SERVICE_UNAVAILABLE, "file_unreadable", message)
