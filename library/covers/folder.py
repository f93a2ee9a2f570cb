"""Cover files beside the tracks, such as `cover.jpg`: which one is used, and its identity.

Neither needs to open the file.
"""

import os
from collections.abc import Iterable
from hashlib import blake2b

# In order of preference: a better name counts before a better suffix. Case is ignored.
NAMES = ("cover", "folder", "front", "album")
SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")
_RANKS = {
    name + suffix: (by_name, by_suffix)
    for by_name, name in enumerate(NAMES)
    for by_suffix, suffix in enumerate(SUFFIXES)
}


def choose_folder_cover(names: Iterable[str]) -> str | None:
    """The file name among `names` to use as the cover; None if there is no cover file.

    Of names that differ only in case, the choice is always the same.
    """
    covers = [name for name in names if name.lower() in _RANKS]
    return min(covers, key=lambda name: (_RANKS[name.lower()], name), default=None)


def folder_cover_id(root: str, path: str, mtime_ns: int, size_bytes: int) -> str:
    """The identity of the cover file at `path` below `root`: it changes when the file is changed.

    Both paths are as `os.fsdecode` returns them: bytes that are not UTF-8 are lone surrogates.
    """
    parts = (os.fsencode(root), os.fsencode(path), b"%d" % mtime_ns, b"%d" % size_bytes)
    return blake2b(b"\0".join(parts), digest_size=16).hexdigest()
