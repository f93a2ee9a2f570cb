"""One audio file → its `TrackTags`, or a reason why not."""

import os.path
from collections.abc import Callable, Iterator
from typing import TypeVar

from library.tags import assembly, diagnosis
from library.tags.bounded_file import BoundedFile
from library.tags.formats import BY_SUFFIX, FORMATS, Audio, Format, NoSoundError
from library.tags.id3v2 import HEADER_SIZE, parse_header
from library.tags.ordinary import Extraordinary, Opened, read_ordinary
from library.tags.track_tags import TrackTags

SCORED_BYTES = 128
"""What mutagen's `score` functions are made for."""
Result = TypeVar("Result")
NO_SOUND = "No audio found: this is a film without a sound track."


class UnreadableAudio(Exception):
    """The file holds no audio that could be read; the message says why, in a sentence."""


def read_tags(path: str, *, artist_separators: tuple[str, ...] = ()) -> TrackTags:
    """`path`'s tags and stream facts; `path` may hold the lone surrogates of `os.fsdecode`.

    A name is split at `artist_separators`, else never. Raises UnreadableAudio for anything that
    lies in the file's content, and OSError, untouched, for what the disk or its permissions do.
    """
    return read_ordinary_tags(path, artist_separators) or read_any_tags(path, artist_separators)


def read_ordinary_tags(path: str, artist_separators: tuple[str, ...] = ()) -> TrackTags | None:
    """The same, in a fifth of the time, for nearly all files; None for the others."""
    try:
        with Opened(path) as file:
            return ordinary_tags(file, path, artist_separators)
    except (OSError, Extraordinary):
        return None


def ordinary_tags(
    file: Opened, path: str, artist_separators: tuple[str, ...] = ()
) -> TrackTags | None:
    """The same of a file that is open."""
    try:
        audio = read_ordinary(file, path)
        return assembly.track_tags(audio, path, file.size, artist_separators)
    except Exception:  # noqa: BLE001
        # A header that is cut off raises struct.error or IndexError, one that lies ValueError, and
        # so on. What it means, the readers of `formats` say; it must not cost the file.
        return None


def read_any_tags(path: str, artist_separators: tuple[str, ...] = ()) -> TrackTags:
    """The same for any file, by the readers of `formats`."""
    with BoundedFile(path) as file:
        size = file.size_bytes
        return _read(
            file, path, lambda audio: assembly.track_tags(audio, path, size, artist_separators)
        )


def read_embedded_cover(descriptor: int, suffix: str) -> bytes | None:
    """The picture that `embedded_cover_id` is of, in an open file whose name ends in `suffix`.

    The descriptor is closed. Raises as `read_tags` does.
    """
    with BoundedFile(descriptor) as file:
        return _read(file, f"file{suffix}", lambda audio: (audio.tags.cover(),))[0]


def _read(file: BoundedFile, path: str, use: Callable[[Audio], Result]) -> Result:
    """What `use` makes of the audio, by the first format that can read it."""
    if not file.is_regular:
        raise UnreadableAudio("No audio found: this is no regular file.")
    beginning = file.read(SCORED_BYTES)
    failure: tuple[type[Exception], str] = (EOFError, "")
    for each in _candidates(file, beginning, os.path.splitext(path)[1].lower()):
        file.seek(0)
        try:
            result: Result | None = use(each.read(file))
        except Exception as error:  # noqa: BLE001
            # On damaged files mutagen raises whatever comes: struct.error, ValueError, IndexError,
            # KeyError, RecursionError, MemoryError and more. None of them may end a scan. Only its
            # words are kept: the error holds on to all that was read of the file.
            result, failure = None, (type(error), str(error))
        if file.failure is not None:
            raise file.failure
        if result is not None:
            return result
    error_type, words = failure
    if issubclass(error_type, NoSoundError):
        raise UnreadableAudio(NO_SOUND)
    is_known = any(_score(each, file, beginning) > 0 for each in FORMATS)
    words = words.replace(repr(path), "this")
    raise UnreadableAudio(diagnosis.reason(beginning, words, error_type, is_known_format=is_known))


def _candidates(file: BoundedFile, beginning: bytes, suffix: str) -> Iterator[Format]:
    """The formats to try, each once: the suffix's where nothing speaks against it, else that of
    the first bytes."""
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
    """What the first bytes past an ID3 tag are: any stream may have one put before it."""
    header = parse_header(beginning[:HEADER_SIZE])
    if header is not None:
        file.seek(header.size)
        beginning = file.read(SCORED_BYTES)
    best = max(FORMATS, key=lambda each: _score(each, file, beginning))
    return best if _score(best, file, beginning) > 0 else None


def _score(each: Format, file: BoundedFile, beginning: bytes) -> int:
    """By content alone: without a name, as a name may lie."""
    return int(each.kind.score("", file, beginning))
