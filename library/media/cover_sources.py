"""From a track's id to its picture: which one the database names, and its bytes as they are now."""

import logging
import os
from http import HTTPStatus
from io import BufferedReader
from typing import NamedTuple

from asgi.files.disks import DiskHangs
from library.covers import folder_cover_id
from library.covers.making import Picture
from library.covers.rendering import MAX_SOURCE_BYTES, UnusablePicture
from library.media.disks import disk_of
from library.media.embedded_covers import ReaderFailed, embedded_covers_of
from library.media.library_files import NotInLibrary, ReadFacts, open_library_file
from library.media.streams import LONGEST_ID
from library.media.tracks import TrackUnavailable, look_ups
from library.models.catalogue import Track
from library.tags.native_tags import cover_id
from library.tags.reader import UnreadableAudio

logger = logging.getLogger(__name__)

_GONE = (FileNotFoundError, NotADirectoryError, NotInLibrary, UnreadableAudio)


class CoverSource(NamedTuple):
    """What the last scan knew of a track's picture; `facts` are those of the audio file."""

    track_id: int
    cover_id: str
    cover_file_name: str
    root: str
    path: str
    facts: ReadFacts

    async def read(self) -> Picture:
        """The picture as it is now, whose `cover_id` may be another one.

        Raises TrackUnavailable, and UnusablePicture where reading it would fail again.
        """
        read = self._folder_picture if self.cover_file_name else self._embedded_picture
        try:
            return await disk_of(self.root).begin(read)
        except DiskHangs:
            logger.warning("The cover of track %d: the disk of %r hangs.", self.track_id, self.root)
            raise _unreadable() from None
        except ReaderFailed as error:
            logger.warning("The cover of track %d cannot be read: %s", self.track_id, error)
            raise UnusablePicture(str(error)) from None
        except _GONE as error:
            logger.warning("The cover of track %d cannot be read: %s", self.track_id, error)
            message = "The picture is not where the last scan found it. The next scan looks again."
            raise TrackUnavailable(HTTPStatus.NOT_FOUND, "cover_missing", message) from None
        except OSError as error:
            logger.warning("The cover of track %d cannot be read: %s", self.track_id, error)
            raise _unreadable() from None

    def _folder_picture(self) -> Picture:
        path = os.path.join(os.path.dirname(self.path), self.cover_file_name)
        seen = os.stat(f"{self.root}/{path}")
        # By the identity alone it is known to be the file that the scan saw, behind a link too.
        is_as_seen = _identity(self.root, path, seen) == self.cover_id
        known = ReadFacts(seen.st_mtime_ns, seen.st_size, seen.st_ino) if is_as_seen else None
        with BufferedReader(open_library_file(self.root, path, known).file) as file:
            before = os.fstat(file.fileno())
            # All of it, or so much that it is too much.
            source = file.read(min(before.st_size, MAX_SOURCE_BYTES) + 1)
            after = os.fstat(file.fileno())
        identities = {_identity(self.root, path, facts) for facts in (before, after)}
        return Picture(identities.pop() if len(identities) == 1 else "", source)

    def _embedded_picture(self) -> Picture:
        suffix = os.path.splitext(self.path)[1]
        with open_library_file(self.root, self.path, self.facts).file as file:
            source = embedded_covers_of(self.root).read(file, suffix)
        if source is None:
            raise FileNotFoundError(f"there is no picture in {self.path!r} any more")
        return Picture(cover_id(source), source)


async def find_cover(digits: str) -> CoverSource:
    """The source of the cover of the track with this id. Raises TrackUnavailable."""
    return await look_ups.find(_find_cover, digits)


def _find_cover(digits: str) -> CoverSource:
    """Raises TrackUnavailable where there is no such track, or it has no cover. Blocks."""
    columns = ("cover_id", "cover_file_name", "root", "path", *ReadFacts._fields)
    tracks = Track.objects.values_list("pk", *columns, named=True)
    row = tracks.filter(pk=digits).first() if len(digits) <= LONGEST_ID else None
    if row is None:
        message = "There is no track of this id."
        raise TrackUnavailable(HTTPStatus.NOT_FOUND, "track_not_found", message)
    if not row.cover_id:
        message = "This track has no cover."
        raise TrackUnavailable(HTTPStatus.NOT_FOUND, "cover_not_found", message)
    facts = ReadFacts(row.mtime_ns, row.size_bytes, row.inode)
    return CoverSource(row.pk, row.cover_id, row.cover_file_name, row.root, row.path, facts)


def _unreadable() -> TrackUnavailable:
    message = "The picture cannot be read at the moment."
    return TrackUnavailable(HTTPStatus.SERVICE_UNAVAILABLE, "cover_unreadable", message)


def _identity(root: str, path: str, facts: os.stat_result) -> str:
    return folder_cover_id(root, path, facts.st_mtime_ns, facts.st_size)
