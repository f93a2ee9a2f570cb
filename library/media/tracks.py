"""From a track's id to its open file, in one thread and with one short query."""

import errno
import logging
import os
from http import HTTPStatus
from typing import NamedTuple

from channels.db import database_sync_to_async
from django.utils.http import content_disposition_header

from library.media.library_files import (
    LibraryFile,
    NotInLibrary,
    ReadFacts,
    open_library_file,
)
from library.media.media_file import MediaFile, media_file
from library.media.threads import executor
from library.media.types import media_type_of
from library.models import Track

logger = logging.getLogger(__name__)

# There is nothing of that name, or, as of a link that leads to itself, cannot be.
_GONE = {errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG}


class TrackFile(NamedTuple):
    """An open track; `place` as `LibraryFile` has it."""

    media: MediaFile
    place: tuple[int, str] | None


class TrackUnavailable(Exception):
    """There is no file for this id. The text is for people and names no path."""

    def __init__(self, status: HTTPStatus, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code


def _open_track(track_id: int) -> TrackFile:
    """Raises TrackUnavailable. Blocks."""
    columns = ("root", "path", "title", "codec", "missing_since", *ReadFacts._fields)
    track = Track.objects.filter(pk=track_id).values_list(*columns, named=True).first()
    if track is None:
        message = "There is no track of this id."
        raise TrackUnavailable(HTTPStatus.NOT_FOUND, "track_not_found", message)
    if track.missing_since:
        raise _missing(track.title)
    try:
        facts = ReadFacts(track.mtime_ns, track.size_bytes, track.inode)
        opened = open_library_file(track.root, track.path, facts)
    except (NotInLibrary, OSError) as error:
        logger.warning("Track %d cannot be streamed: %s", track_id, error)
        if isinstance(error, NotInLibrary) or error.errno in _GONE:
            raise _missing(track.title) from None
        raise _unreadable(track.title) from None
    return _track_file(opened, track.path, track.codec)


open_track = database_sync_to_async(_open_track, thread_sensitive=False, executor=executor)
"""Await it with a track's id for its `TrackFile`. Raises TrackUnavailable."""


def _track_file(opened: LibraryFile, path: str, codec: str) -> TrackFile:
    name = os.fsencode(os.path.basename(path)).decode(errors="replace")
    disposition = content_disposition_header(False, name) or "inline"  # noqa: FBT003
    headers = (
        # Kept by the browser of who is logged in, who is asked for again each time.
        (b"cache-control", b"private, no-cache"),
        (b"content-disposition", disposition.encode()),
    )
    return TrackFile(media_file(opened.file, media_type_of(path, codec), headers), opened.place)


def _missing(title: str) -> TrackUnavailable:
    message = f"The file is missing: {title}. A scan takes it up again when it is back."
    return TrackUnavailable(HTTPStatus.NOT_FOUND, "file_missing", message)


def _unreadable(title: str) -> TrackUnavailable:
    message = f"The file cannot be read at the moment: {title}."
    return TrackUnavailable(HTTPStatus.SERVICE_UNAVAILABLE, "file_unreadable", message)
