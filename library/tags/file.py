"""One file as a reader process takes it: its tags, and the times and size they belong to."""

import os
from collections.abc import Sequence
from typing import NamedTuple

from library.tags.ordinary import Extraordinary, Opened
from library.tags.reader import UnreadableAudio, ordinary_tags, read_any_tags
from library.tags.track_tags import TrackTags

GONE_STAGE = "gone"
OPEN_STAGE = "open"
READ_STAGE = "read"


class ReadFile(NamedTuple):
    """What came of reading a file: its tags, or the stage that failed and a reason.

    `mtime_ns` and `size_bytes` belong to the bytes that were read. `mtime_error` says why the
    modification time could not be read; then `mtime_ns` is 0. `is_settled` is False when the file
    changed while it was read.
    """

    tags: TrackTags | None = None
    mtime_ns: int = 0
    size_bytes: int = 0
    is_settled: bool = True
    mtime_error: str = ""
    stage: str = ""
    reason: str = ""


def read_file(path: str, artist_separators: Sequence[str] = ()) -> ReadFile:
    """`path`'s tags. Never raises for anything the file or its disk does."""
    separators = tuple(artist_separators)
    return _read_ordinary(path, separators) or _read_any(path, separators)


def _read_ordinary(path: str, separators: tuple[str, ...]) -> ReadFile | None:
    """None where `_read_any` has to tell what there is to tell."""
    try:
        with Opened(path) as file:
            tags = ordinary_tags(file, path, separators)
            mtime_ns = modification_time_ns(file.facts)
            return ReadFile(tags, mtime_ns, file.size, file.is_as_it_was()) if tags else None
    except (OSError, OverflowError, ValueError, Extraordinary):
        return None


def _read_any(path: str, separators: tuple[str, ...]) -> ReadFile:
    read = facts_alone(path)
    try:
        tags = read_any_tags(path, separators)
    except UnreadableAudio as error:
        return read._replace(stage=READ_STAGE, reason=str(error))
    except FileNotFoundError:
        return read._replace(stage=GONE_STAGE, reason="The file is gone.")
    except OSError as error:
        reason = error.strerror or type(error).__name__
        return read._replace(stage=OPEN_STAGE, reason=f"The file cannot be opened: {reason}.")
    return read._replace(tags=tags, is_settled=facts_alone(path) == read)


def modification_time_ns(facts: os.stat_result) -> int:
    return facts.st_mtime_ns


def facts_alone(path: str) -> ReadFile:
    """`path`'s times and size, nothing read yet."""
    try:
        facts = os.stat(path)
        return ReadFile(mtime_ns=modification_time_ns(facts), size_bytes=facts.st_size)
    except (OSError, OverflowError, ValueError) as error:
        return ReadFile(mtime_error=f"{type(error).__name__}: {error}")
