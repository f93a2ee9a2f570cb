"""What came of reading a file: its tags or what failed, and the time and size they belong to."""

import os
from typing import NamedTuple

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


def modification_time_ns(facts: os.stat_result) -> int:
    return facts.st_mtime_ns


def facts_alone(path: str) -> ReadFile:
    """`path`'s times and size, nothing read yet."""
    try:
        facts = os.stat(path)
        return ReadFile(mtime_ns=modification_time_ns(facts), size_bytes=facts.st_size)
    except (OSError, OverflowError, ValueError) as error:
        return ReadFile(mtime_error=f"{type(error).__name__}: {error}")
