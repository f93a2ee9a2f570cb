"""Where a picture is, as the last scan found it, and how it is read; and the pictures that may be
shown instead if it cannot be shown."""

import logging
import os
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from http import HTTPStatus
from io import BufferedReader
from itertools import islice
from typing import NamedTuple, TypeVar

from asgi.files.disks import DiskHangs
from library.covers.folder import choose_artist_picture, folder_cover_id, picture_path
from library.covers.making import MAX_OTHERS, NotReadable, OtherPicture, Others, Picture
from library.covers.rendering import MAX_SOURCE_BYTES, UnusablePicture, check_size
from library.files.pictures import Cover, candidates, identified, names_at
from library.media.disks import disk_of
from library.media.embedded import ReaderFailed, embedded_readers_of
from library.media.library_files import NotInLibrary, ScannedStat, open_library_file
from library.media.tracks import GONE, TrackUnavailable
from library.tags.embedded_process import PICTURE
from library.tags.native_tags import cover_id
from library.tags.reader import UnreadableAudio

MAX_EMBEDDED = 6
"""How many pictures of an audio file are tried. Each is read by itself, so that one is in memory at
a time."""

T = TypeVar("T")

logger = logging.getLogger(__name__)

_GONE = (FileNotFoundError, NotADirectoryError, NotInLibrary, UnreadableAudio)


class PictureNotReadable(NotReadable, TrackUnavailable):
    """The picture is gone or may not be read. Told to listeners if there is no other picture."""


class AudioFile(NamedTuple):
    """An audio file with embedded pictures, as the last scan saw it."""

    path: str
    scanned: ScannedStat


class AlbumNames(NamedTuple):
    """The names by which a picture of the album may be called."""

    title: str = ""
    artist: str = ""


@dataclass(frozen=True, slots=True)
class CoverSource:
    """Where the last scan found the picture of a track, folder or artist (`what`, for the log).

    The picture is the file `file_name`, relative to `folder`, or, if `audio` is given, embedded
    there. `album` is None for the picture of an artist.
    """

    what: str
    cover_id: str
    root: str
    folder: str
    file_name: str
    album: AlbumNames | None
    audio: AudioFile | None = None

    @property
    def others(self) -> Others:
        """The pictures to show if this one cannot be shown."""
        place = (self.root, self.audio.path if self.audio else self.folder, *(self.album or "-"))
        parts = (self.cover_id, *place)
        key = blake2b(b"\0".join(map(os.fsencode, parts)), digest_size=16)
        return Others(key.hexdigest(), self._others)

    async def read(self) -> Picture:
        """Read the picture. Its `cover_id` differs from this one if the file was changed since.

        Raises PictureNotReadable, UnusablePicture if another attempt would fail as well, and
        TrackUnavailable if the disk fails.
        """
        if self.audio:
            read = partial(self._embedded, self.audio, 0)
        else:
            read = partial(self._file, self.file_name, self.cover_id)
        try:
            return await self._on_disk(read)
        except _GONE as error:
            logger.warning("The cover of %s cannot be read: %s", self.what, error)
            message = "The picture is not where the last scan found it. The next scan looks again."
            raise PictureNotReadable(HTTPStatus.NOT_FOUND, "cover_missing", message) from None
        except PermissionError as error:
            refusal = self._unreadable(error)
            raise PictureNotReadable(refusal.status, refusal.code, str(refusal)) from None

    async def _others(self) -> AsyncIterator[OtherPicture]:
        """All pictures that may be the cover in their order, of which this one may be one.

        Raises TrackUnavailable if the disk fails.
        """
        if self.audio:
            async for picture in self._other_embedded(self.audio):
                yield OtherPicture(picture.cover_id, partial(_as_it_is, picture))
        for found in await self._on_disk(self._files):
            yield OtherPicture(found.cover_id, partial(self._read_other, found))

    async def _other_embedded(self, audio: AudioFile) -> AsyncIterator[Picture]:
        for number in range(1, MAX_EMBEDDED):
            try:
                yield await self._on_disk(partial(self._embedded, audio, number))
            except (*_GONE, PermissionError, UnusablePicture):
                return  # there are no more

    async def _read_other(self, found: Cover) -> Picture:
        """Raises NotReadable, and TrackUnavailable if the disk fails."""
        try:
            return await self._on_disk(partial(self._file, found.file_name, ""))
        except (*_GONE, PermissionError) as error:
            raise NotReadable(str(error)) from None

    async def _on_disk(self, read: Callable[[], T]) -> T:
        """The result of `read`, in a thread of the disk.

        Raises TrackUnavailable, UnusablePicture, PermissionError and those of _GONE.
        """
        try:
            return await disk_of(self.root).begin(read)
        except (*_GONE, PermissionError):
            raise
        except ReaderFailed as error:
            logger.warning("The cover of %s cannot be read: %s", self.what, error)
            raise UnusablePicture(str(error)) from None
        except DiskHangs:
            raise self._unreadable(f"the disk of {self.root!r} hangs") from None
        except OSError as error:
            if error.errno in GONE:
                raise NotInLibrary(str(error)) from None
            raise self._unreadable(error) from None

    def _unreadable(self, reason: object) -> TrackUnavailable:
        logger.warning("The cover of %s cannot be read: %s", self.what, reason)
        message = "The picture cannot be read at the moment."
        return TrackUnavailable(HTTPStatus.SERVICE_UNAVAILABLE, "cover_unreadable", message)

    def _files(self) -> list[Cover]:
        """The pictures beside the tracks, the best first. Lists folders; opens no file."""
        names = islice(self._names(), MAX_OTHERS)
        found = (identified(self.root, self.folder, name) for name in names)
        return [each for each in found if each.cover_id]

    def _names(self) -> Iterator[str]:
        if self.album is not None:
            return candidates(
                self.folder,
                lambda folder: names_at(f"{self.root}/{folder}"),
                album_title=self.album.title,
                artist=self.album.artist,
                root=self.root,
            )
        return _artist_pictures([*names_at(f"{self.root}/{self.folder}").files])

    def _file(self, name: str, known_id: str) -> Picture:
        path = picture_path(self.folder, name)
        stat = os.stat(f"{self.root}/{path}")
        # A scan does not store the stat of a cover file. An equal identity proves that this is the
        # file that the scan saw; then it may be opened even if a link leads out of the library.
        is_unchanged = _identity(self.root, path, stat) == known_id
        scanned = ScannedStat(stat.st_mtime_ns, stat.st_size, stat.st_ino) if is_unchanged else None
        with BufferedReader(open_library_file(self.root, path, scanned).file) as file:
            before = os.fstat(file.fileno())
            check_size(before.st_size)
            # One byte more than allowed: `render` then sees that the picture has grown too large.
            source = file.read(min(before.st_size, MAX_SOURCE_BYTES) + 1)
            after = os.fstat(file.fileno())
        identities = {_identity(self.root, path, stat) for stat in (before, after)}
        return Picture(identities.pop() if len(identities) == 1 else "", source)

    def _embedded(self, audio: AudioFile, number: int) -> Picture:
        """The picture of this number in the audio file, of which 0 is the best."""
        path, scanned = audio
        suffix = os.path.splitext(path)[1]
        with open_library_file(self.root, path, scanned).file as file:
            source = embedded_readers_of(self.root).read(PICTURE, file, suffix, number)
        if source is None:
            raise FileNotFoundError(f"there is no picture {number} in {path!r} any more")
        return Picture(cover_id(source), source)


async def _as_it_is(picture: Picture) -> Picture:
    return picture


def _artist_pictures(names: list[str]) -> Iterator[str]:
    while (name := choose_artist_picture(names)) is not None:
        yield name
        names.remove(name)


def _identity(root: str, path: str, stat: os.stat_result) -> str:
    return folder_cover_id(root, path, stat.st_mtime_ns, stat.st_size)
