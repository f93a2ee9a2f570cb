"""The picture that lies beside the tracks: which one it is, found without opening any."""

import os
from collections.abc import Iterable
from hashlib import blake2b

# The first that is there is taken, in any case of letters: first by name, then by suffix.
NAMES = ("cover", "folder", "front", "album")
SUFFIXES = (".jpg", ".jpeg", ".png", ".webp")
_RANKS = {
    name + suffix: (by_name, by_suffix)
    for by_name, name in enumerate(NAMES)
    for by_suffix, suffix in enumerate(SUFFIXES)
}


def choose_folder_cover(names: Iterable[str]) -> str | None:
    """The best of the file names in a folder; None where none of them is a cover's.

    Of names that differ only in case it is always the same one.
    """
    covers = [name for name in names if name.lower() in _RANKS]
    return min(covers, key=lambda name: (_RANKS[name.lower()], name), default=None)


def folder_cover_id(root: str, path: str, mtime_ns: int, size_bytes: int) -> str:
    """What identifies a picture: `path` below `root`, and what changes when its bytes do.

    Both may hold bytes that are no UTF-8, as `os.fsdecode` gives them.
    """
    facts = (os.fsencode(root), os.fsencode(path), b"%d" % mtime_ns, b"%d" % size_bytes)
    return blake2b(b"\0".join(facts), digest_size=16).hexdigest()
