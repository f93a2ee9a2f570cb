"""Finds a track's picture: the database says where it is, and the file gives its present bytes."""

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
from library.media.embedded import ReaderFailed, embedded_readers_of
from library.media.library_files import NotInLibrary, ScannedStat, open_library_file
from library.media.tracks import TrackUnavailable, look_ups, track_id_of
from library.models.catalogue import Track
from library.queries.tombstones import find_living
from library.tags.embedded_process import PICTURE
from library.tags.native_tags import cover_id
from library.tags.reader import UnreadableAudio

logger = logging.getLogger(__name__)

_GONE = (FileNotFoundError, NotADirectoryError, NotInLibrary, UnreadableAudio)


class CoverSource(NamedTuple):
    """Where the last scan found a track's picture: in the file `cover_file_name` beside the track,
    or, if that is empty, embedded in the audio file. `scanned` describes the audio file."""

    track_id: int
    cover_id: str
    cover_file_name: str
    root: str
    path: str
    scanned: ScannedStat

    async def read(self) -> Picture:
        """Read the picture. Its `cover_id` differs from this one if the file was changed since.

        Raises TrackUnavailable, and UnusablePicture if another attempt would fail as well.
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
        stat = os.stat(f"{self.root}/{path}")
        # A scan does not store the stat of a cover file. An equal identity proves that this is the
        # file that the scan saw; then it may be opened even if a link leads out of the library.
        is_unchanged = _identity(self.root, path, stat) == self.cover_id
        scanned = ScannedStat(stat.st_mtime_ns, stat.st_size, stat.st_ino) if is_unchanged else None
        with BufferedReader(open_library_file(self.root, path, scanned).file) as file:
            before = os.fstat(file.fileno())
            # One byte more than allowed: `render` then sees that the picture is too large.
            source = file.read(min(before.st_size, MAX_SOURCE_BYTES) + 1)
            after = os.fstat(file.fileno())
        identities = {_identity(self.root, path, stat) for stat in (before, after)}
        return Picture(identities.pop() if len(identities) == 1 else "", source)

    def _embedded_picture(self) -> Picture:
        suffix = os.path.splitext(self.path)[1]
        with open_library_file(self.root, self.path, self.scanned).file as file:
            source = embedded_readers_of(self.root).read(PICTURE, file, suffix)
        if source is None:
            raise FileNotFoundError(f"there is no picture in {self.path!r} any more")
        return Picture(cover_id(source), source)


# Made once: to name the columns takes Django longer than the database needs for the row.
_tracks = Track.objects.order_by().values_list(
    *("pk", "cover_id", "cover_file_name", "root", "path"), *ScannedStat._fields, named=True
)


async def find_cover(digits: str) -> CoverSource:
    """The source of the cover of the track whose id has these `digits`. Raises TrackUnavailable."""
    return await look_ups.find(_find_cover, digits)


def _find_cover(digits: str) -> CoverSource:
    """Raises TrackUnavailable if there is no such track or it has no cover. Blocks."""
    track_id = track_id_of(digits)
    row = find_living(Track, track_id, lambda pk: next(iter(_tracks.filter(pk=pk)), None))
    if row is None:
        message = "There is no track of this id."
        raise TrackUnavailable(HTTPStatus.NOT_FOUND, "track_not_found", message)
    if not row.cover_id:
        message = "This track has no cover."
        raise TrackUnavailable(HTTPStatus.NOT_FOUND, "cover_not_found", message)
    scanned = ScannedStat(row.mtime_ns, row.size_bytes, row.inode)
    return CoverSource(row.pk, row.cover_id, row.cover_file_name, row.root, row.path, scanned)


def _unreadable() -> TrackUnavailable:
    message = "The picture cannot be read at the moment."
    return TrackUnavailable(HTTPStatus.SERVICE_UNAVAILABLE, "cover_unreadable", message)


def _identity(root: str, path: str, stat: os.stat_result) -> str:
    return folder_cover_id(root, path, stat.st_mtime_ns, stat.st_size)
