"""One audio file → its `TrackTags`, or the reason why it has none."""

import os.path
from collections.abc import Callable, Iterator
from typing import TypeVar

from library.tags import assembly, diagnosis
from library.tags.audio import Audio, FilmError, NoSoundError
from library.tags.bounded_file import BoundedFile
from library.tags.formats import BY_SUFFIX, FORMATS, Format
from library.tags.id3v2 import HEADER_SIZE, parse_header
from library.tags.native_tags import NativeLyrics
from library.tags.ordinary import OpenFile, read_ordinary
from library.tags.streams.id3_tags import after_zeros
from library.tags.track_tags import TrackTags

SCORED_BYTES = 128
"""How many of a file's first bytes mutagen's `score` functions expect."""
BEGINNING_BYTES = 1024
"""How many of them tell the kind of a file that is no audio."""
MAX_TAGS_BEFORE = 8
MAX_COVERS = 16
Result = TypeVar("Result")
NO_SOUND = "No audio found: this is a film without a sound track."
FILM = "This is a film: it holds moving pictures beside its sound."


class UnreadableAudio(Exception):
    """The file holds no audio that could be read; the message says why, in a sentence."""


def read_tags(path: str, *, artist_separators: tuple[str, ...] = ()) -> TrackTags:
    """The tags of `path` and the facts of its stream.

    `path` may hold the lone surrogates of `os.fsdecode`. Names of artists are split at
    `artist_separators` and nowhere else. Raises UnreadableAudio for anything that lies in the
    file's content, and OSError, untouched, for what the disk or its permissions do.
    """
    return read_quickly(path, artist_separators) or read_fully(path, artist_separators)


def read_quickly(path: str, artist_separators: tuple[str, ...] = ()) -> TrackTags | None:
    """What `read_fully` returns, in a fraction of the time; None for a file that needs it."""
    try:
        with OpenFile(path) as file:
            return assembly.track_tags(
                read_ordinary(file, path), path, file.size, artist_separators
            )
    except Exception:  # noqa: BLE001
        # A file with an unusual structure raises NeedsFullReader, a header that is cut off
        # struct.error or IndexError, a wrong one ValueError, and so on. The full reader finds out
        # what is wrong with the file.
        return None


def read_fully(path: str, artist_separators: tuple[str, ...] = ()) -> TrackTags:
    """Reads any file, with the readers of `formats`. Raises as `read_tags` does."""
    with BoundedFile(path) as file:
        size = file.size_bytes
        return _read(
            file, path, lambda audio: assembly.track_tags(audio, path, size, artist_separators)
        )


def read_embedded_cover(descriptor: int, suffix: str) -> bytes | None:
    """The picture that `embedded_cover_id` identifies, from an open file.

    `suffix` is the end of the file's name. The descriptor is closed. Raises as `read_tags` does.
    """
    with BoundedFile(descriptor) as file:
        return _read(file, f"file{suffix}", lambda audio: (audio.tags.cover(),))[0]


def read_embedded_covers(descriptor: int, suffix: str) -> list[bytes]:
    """All pictures of an open file that may be its cover, the best first, which is the one that
    `read_embedded_cover` returns. At most MAX_COVERS. See there."""
    with BoundedFile(descriptor) as file:
        return _read(file, f"file{suffix}", lambda audio: audio.tags.covers()[:MAX_COVERS])


def read_embedded_lyrics(descriptor: int, suffix: str) -> list[NativeLyrics]:
    """The lyrics in the tags of an open file; see `read_embedded_cover`."""
    with BoundedFile(descriptor) as file:
        return _read(file, f"file{suffix}", lambda audio: audio.tags.lyrics())


def _read(file: BoundedFile, path: str, use: Callable[[Audio], Result]) -> Result:
    """The result of `use` for the audio that the first suitable format reads from the file."""
    if not file.is_regular:
        raise UnreadableAudio("No audio found: this is no regular file.")
    first = file.read(BEGINNING_BYTES)
    beginning = _after_tags(file, first)
    if foreign := diagnosis.foreign_format(beginning):
        raise UnreadableAudio(foreign)
    failure: tuple[type[Exception], str] = (EOFError, "")
    for each in _candidates(file, beginning, os.path.splitext(path)[1].lower()):
        file.seek(0)
        try:
            result: Result | None = use(each.read(file))
        except Exception as error:  # noqa: BLE001
            # For damaged files mutagen raises struct.error, ValueError, IndexError, KeyError,
            # RecursionError, MemoryError and more. None of them may end a scan. Only the message is
            # kept: the exception's traceback refers to everything that was read of the file.
            result, failure = None, (type(error), str(error))
        if file.failure is not None:
            raise file.failure
        if result is not None:
            return result
        if issubclass(failure[0], NoSoundError | FilmError):
            raise UnreadableAudio(FILM if issubclass(failure[0], FilmError) else NO_SOUND)
    error_type, words = failure
    is_known = beginning != first or any(_score(each, file, beginning) > 0 for each in FORMATS)
    words = words.replace(repr(path), "this")
    raise UnreadableAudio(diagnosis.reason(first, words, error_type, is_known_format=is_known))


def _after_tags(file: BoundedFile, beginning: bytes) -> bytes:
    """The first bytes after the ID3 tags, and zeros, which may stand before any stream."""
    at = 0
    for _ in range(MAX_TAGS_BEFORE):
        header = parse_header(beginning[:HEADER_SIZE])
        if header is None:
            break
        at = after_zeros(file, at + header.size)
        beginning = file.read_between(at, at + BEGINNING_BYTES)
    return beginning


def _candidates(file: BoundedFile, beginning: bytes, suffix: str) -> Iterator[Format]:
    """The formats to try, each once. The suffix decides unless the content contradicts it; then
    the first bytes do, and the suffix comes last. `beginning`: what follows ID3 tags."""
    expected = BY_SUFFIX.get(suffix)
    fits = expected is not None and _score(expected, file, beginning) > 0
    if expected and fits:
        yield expected
    sniffed = _sniffed(file, beginning)
    if sniffed and not (fits and sniffed is expected):
        yield sniffed
    if expected and not fits and sniffed is not expected:
        yield expected


def _sniffed(file: BoundedFile, beginning: bytes) -> Format | None:
    best = max(FORMATS, key=lambda each: _score(each, file, beginning))
    return best if _score(best, file, beginning) > 0 else None


def _score(each: Format, file: BoundedFile, beginning: bytes) -> int:
    """How well the content fits; the file's name is left out, because it may be wrong."""
    return int(each.score("", file, beginning[:SCORED_BYTES]))
