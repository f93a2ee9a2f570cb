"""Whether the file of a known track is gone from the disk, or only cannot be seen at present."""

import os
from functools import lru_cache

from library.files.listings import file_stat

_LISTINGS_KEPT = 64


class Disk:
    """What is on the disk at present. Listings of folders are kept for a while."""

    def __init__(self) -> None:
        self._names = lru_cache(maxsize=_LISTINGS_KEPT)(_names_in)

    def is_gone(self, root: str, path: str, device: int = 0, *, may_be_empty: bool = False) -> bool:
        """Whether the file is known to be gone. It is not if a folder above it cannot be listed, or
        looks like the mount point of a disk that is away: the music folder if it is empty, another
        folder if it is empty and the file was not on its `device`. `may_be_empty`: the scan has
        looked at emptied folders already (`library.scanning.emptied`).

        Names are compared exactly, also where the file system ignores case: a file that was renamed
        from `a.mp3` to `A.mp3` is gone.
        """
        folder = root
        for name in path.split("/"):
            names = self._names(folder)
            if names is None or (folder == root and not names and not may_be_empty):
                return False
            if name not in names:
                return may_be_empty or bool(names) or device in (0, _device(folder))
            folder = f"{folder}/{name}"
        return False


def _names_in(folder: str) -> frozenset[str] | None:
    """The names in a folder; none in a file that has the folder's name now. None if the folder
    cannot be listed."""
    try:
        return frozenset(os.listdir(folder))
    except NotADirectoryError:
        return frozenset()
    except OSError:
        return None


def _device(folder: str) -> int | None:
    """The device number of a folder, in the form that rows of tracks hold."""
    try:
        return file_stat("", os.stat(folder))[3]
    except OSError:
        return None
