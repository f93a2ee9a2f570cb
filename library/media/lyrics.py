"""`GET /api/v1/tracks/<id>/lyrics`: a track's lyrics, read from its files when they are asked for.

Lyrics come from the file beside the track that the last scan found, and from the track's tags.
Synced lyrics come first, then those of the file.
"""

import logging
import os
from http import HTTPStatus
from io import BufferedReader
from typing import NamedTuple

from pydantic_core import to_json

from asgi.files.conditions import Outcome, Validators, evaluate
from asgi.files.disks import DiskHangs
from asgi.files.respond import METHODS
from asgi.responses import Receive, Scope, Send, send_error, send_response
from library.covers import folder_cover_id
from library.files.lyrics_files import is_lyrics, language_of
from library.lyrics.decoding import decode
from library.lyrics.lyrics import Lyrics
from library.lyrics.text import lines_of
from library.media.disks import disk_of
from library.media.embedded import ReaderFailed, embedded_readers_of
from library.media.library_files import NotInLibrary, ScannedStat, open_library_file
from library.media.tracks import TrackUnavailable, look_ups, missing, track_id_of, unreadable
from library.models.catalogue import Track
from library.queries.tombstones import find_living
from library.tags.embedded_process import LYRICS, lyrics_of
from library.tags.lyrics_text import SYNCED
from library.tags.reader import UnreadableAudio

MAX_FILE_BYTES = 1024 * 1024
"""What is read of a file of lyrics. The longest songs have some 50 KiB."""
_ALWAYS_NEWER = 2**63
"""Instead of a time of the last change: lyrics have two files, so that only the ETag tells."""

logger = logging.getLogger(__name__)


class TrackLyrics(NamedTuple):
    """The lyrics of a track, the best first."""

    title: str
    artist: str
    lyrics: list[Lyrics]


class LyricsSource(NamedTuple):
    """The columns of a track that say where its lyrics are."""

    root: str
    path: str
    title: str
    missing_since: object
    lyrics_kind: str
    lyrics_id: str
    lyrics_file_name: str
    mtime_ns: int
    size_bytes: int
    inode: int
    artist: str

    @property
    def etag(self) -> str:
        """Changes whenever a scan has found another audio file or another file of lyrics."""
        return f'"{self.mtime_ns:x}-{self.size_bytes:x}-{self.lyrics_id}"'

    def read(self) -> list[Lyrics]:
        """Raises TrackUnavailable if the audio file cannot be read. Blocks."""
        found = [*self._of_file(), *self._embedded()]
        return sorted(found, key=lambda each: each.kind != SYNCED)

    def _of_file(self) -> list[Lyrics]:
        if not self.lyrics_file_name:
            return []
        path = os.path.join(os.path.dirname(self.path), self.lyrics_file_name)
        try:
            data = self._content(path)
        except (NotInLibrary, OSError) as error:
            # The lyrics in the tags may still be read; the next scan looks for the file again.
            logger.warning("The lyrics %r cannot be read: %s", path, error)
            return []
        return _as_lyrics(decode(data), language_of(self.lyrics_file_name, self.path), "file")

    def _content(self, path: str) -> bytes:
        """Raises NotInLibrary and OSError. As for covers, an equal identity proves that the file is
        the one that the scan saw, also behind a link out of the library. Any file could pass for a
        text, so a link out of the library must lead to a file that is named as one of lyrics."""
        stat = os.stat(f"{self.root}/{path}")
        identity = folder_cover_id(self.root, path, stat.st_mtime_ns, stat.st_size)
        is_unchanged = identity == self.lyrics_id
        scanned = ScannedStat(stat.st_mtime_ns, stat.st_size, stat.st_ino) if is_unchanged else None
        found = open_library_file(self.root, path, scanned)
        with BufferedReader(found.file) as file:
            if found.place is None and not is_lyrics(found.real_path):
                raise NotInLibrary(f"{path!r} leads to a file that is not named as lyrics.")
            return file.read(MAX_FILE_BYTES)

    def _embedded(self) -> list[Lyrics]:
        if not self.lyrics_kind:
            return []
        suffix = os.path.splitext(self.path)[1]
        scanned = ScannedStat(self.mtime_ns, self.size_bytes, self.inode)
        try:
            with open_library_file(self.root, self.path, scanned).file as file:
                content = embedded_readers_of(self.root).read(LYRICS, file, suffix)
        except (FileNotFoundError, NotADirectoryError, NotInLibrary) as error:
            logger.warning("The lyrics of %r cannot be read: %s", self.path, error)
            raise missing(self.title) from None
        except (UnreadableAudio, ReaderFailed) as error:
            logger.warning("The lyrics of %r cannot be read: %s", self.path, error)
            return []
        texts = lyrics_of(content or b"")
        return [each for text in texts for each in _as_lyrics(text.text, text.language, "embedded")]


async def send_lyrics(scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG001
    """The ASGI application of the URL above; see `LyricsList` of the OpenAPI document."""
    if scope["method"] not in METHODS:
        allow = [(b"allow", b"GET, HEAD")]
        await send_error(send, 405, "method_not_allowed", "Use GET or HEAD.", allow)
        return
    try:
        track_id = track_id_of(scope["url_route"]["kwargs"]["track_id"])
        source = await look_ups.find(_find_source, track_id)
        headers = [(b"etag", source.etag.encode()), (b"cache-control", b"private, no-cache")]
        if evaluate(scope, Validators(source.etag, _ALWAYS_NEWER)) is Outcome.NOT_MODIFIED:
            await send_response(send, 304, headers)
            return
        body = to_json({"lyrics": [_as_dict(each) for each in await _read(source)]})
    except TrackUnavailable as problem:
        await send_error(send, problem.status, problem.code, str(problem), problem.headers)
        return
    headers.append((b"content-type", b"application/json"))
    await send_response(send, 200, headers, body)  # the server leaves the body of HEAD out


async def read_lyrics(track_id: int) -> TrackLyrics:
    """Raises TrackUnavailable."""
    source = await look_ups.find(_find_source, track_id)
    return TrackLyrics(source.title, source.artist, await _read(source))


async def _read(source: LyricsSource) -> list[Lyrics]:
    """Raises TrackUnavailable."""
    try:
        return await disk_of(source.root).begin(source.read)
    except (DiskHangs, OSError) as error:
        logger.warning("The lyrics of %r cannot be read: %s", source.path, error)
        raise unreadable(f": {source.title}") from None


_sources = Track.objects.order_by().values_list(*LyricsSource._fields)


def _find_source(track_id: int) -> LyricsSource:
    """Raises TrackUnavailable. Blocks."""
    row = find_living(Track, track_id, lambda pk: next(iter(_sources.filter(pk=pk)), None))
    if row is None:
        message = "There is no track of this id."
        raise TrackUnavailable(HTTPStatus.NOT_FOUND, "track_not_found", message)
    source = LyricsSource(*row)
    if source.missing_since:
        raise missing(source.title)
    return source


def _as_lyrics(text: str, language: str, source: str) -> list[Lyrics]:
    """The lyrics in a text; none if it says nothing."""
    kind, lines = lines_of(text)
    return [Lyrics(kind, language, source, lines)] if lines else []


def _as_dict(lyrics: Lyrics) -> dict[str, object]:
    lines = [{"text": line.text, "start_s": line.start_s} for line in lyrics.lines]
    return {**lyrics._asdict(), "lines": lines}
