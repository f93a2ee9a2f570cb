"""The version of the readers, which is stored with every file that is read.

Files that were read with another version are read again; see `library.scanning.reread`.
"""

import json
from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256

READERS = 2
"""Raise this number in each release in which the readers give another result for some file that has
not changed: another value of a field, a new field, a length corrected, a format that was not read
before. Every library then reads all its files once more, a few at a time, so one rise for each
release is enough, and a change of the code without another result needs none."""

_SEPARATOR = "-"
_SETTINGS_CHARACTERS = 6


@lru_cache(maxsize=8)
def version_of(*settings: Sequence[str]) -> str:
    """A short text such as `2-1f3a90`: the readers, and the settings that decide what they give."""
    stated = json.dumps([list(values) for values in settings])
    return f"{READERS}{_SEPARATOR}{sha256(stated.encode()).hexdigest()[:_SETTINGS_CHARACTERS]}"


def is_newer(version: str) -> bool:
    """Whether a file was read by readers of a later release. While several servers are upgraded one
    after the other, the older ones must not read the files again that the newer ones have read."""
    readers = version.partition(_SEPARATOR)[0]
    return readers.isdecimal() and int(readers) > READERS
