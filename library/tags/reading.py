"""The result of reading a file: its tags or what failed, and the file's time and size."""

import os
from typing import NamedTuple

from library.tags.track_tags import TrackTags

GONE_STAGE = "gone"
OPEN_STAGE = "open"
READ_STAGE = "read"


class ReadFile(NamedTuple):
    """The tags of a file, or the stage at which reading failed and the reason.

    `mtime_ns` and `size_bytes` are those of the bytes that were read. `mtime_error` says why the
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


def time_and_size(path: str) -> ReadFile:
    """The file as it is before anything of it is read."""
    try:
        stat = os.stat(path)
    except (OSError, OverflowError, ValueError) as error:
        return ReadFile(mtime_error=f"{type(error).__name__}: {error}")
    return ReadFile(mtime_ns=stat.st_mtime_ns, size_bytes=stat.st_size)
