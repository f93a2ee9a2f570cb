"""Opens files of the library safely, by the root and path in the database.

A path from the database is not trusted: it must lead to a regular file inside one of the music
folders that are configured now. Scans follow symbolic links that lead out of the music folders; a
file behind such a link is opened only if it is exactly the file that the scan read, with the same
inode, size and modification time. So a link that was made or changed after the scan gives access to
nothing. If the file behind a link is edited, it is served again after the next scan.
"""

import errno
import os
from io import FileIO
from typing import NamedTuple

from django.conf import settings

from asgi.files.media_file import open_regular_file

_real_roots: dict[str, str] = {}
"""The real path of each music folder, with links resolved, as of the last time it was used."""


class ScannedStat(NamedTuple):
    """What a scan stored of a file's stat, to recognise the file. `inode` is signed, as in the
    database."""

    mtime_ns: int
    size_bytes: int
    inode: int


class LibraryFile(NamedTuple):
    """An open file. `real_path` has no links. `place` is the index of its music folder and its path
    below that folder, or None for a file outside all music folders, which a scan reached through a
    link."""

    file: FileIO
    real_path: str
    place: tuple[int, str] | None


class NotInLibrary(Exception):
    """The path does not lead to a file that may be opened. The text names the path; for the log."""


def open_library_file(root: str, path: str, scanned: ScannedStat | None = None) -> LibraryFile:
    """Open the file at `path` below the music folder `root`, both as `os.fsdecode` returns them.

    A file outside the music folders is opened only if its stat equals `scanned`.

    Raises NotInLibrary, and OSError for a file that is gone or cannot be opened. Blocks.
    """
    if root not in map(str, settings.MUSIC_DIRS):
        raise NotInLibrary(f"{root!r} is no music folder (any more).")
    parts = path.split("/")
    if "\0" in path or any(part in {"", ".", ".."} for part in parts):
        raise NotInLibrary(f"{path!r} is no path below a music folder.")
    file = open_regular_file(f"{root}/{path}")
    try:
        real_path = _real_path(file)
        return LibraryFile(file, real_path, _checked_place(file, real_path, root, scanned))
    except (NotInLibrary, OSError):
        file.close()
        raise


def _checked_place(
    file: FileIO, real_path: str, root: str, scanned: ScannedStat | None
) -> tuple[int, str] | None:
    place = _place(real_path, root)
    if place is None and not _is_as_scanned(file, scanned):
        raise NotInLibrary(f"{file.name!r} leads out of the music folders.")
    return place


def _real_path(file: FileIO) -> str:
    """The real path of an open file. Its name may lead to another file by now."""
    try:
        return os.readlink(f"/proc/self/fd/{file.fileno()}")
    except FileNotFoundError:  # a system without /proc
        real_path = os.path.realpath(os.fsdecode(file.name))
        if not os.path.samestat(os.stat(real_path), os.fstat(file.fileno())):
            raise FileNotFoundError(errno.ENOENT, "The file was replaced", real_path) from None
        return real_path


def _place(real_path: str, own_root: str) -> tuple[int, str] | None:
    """The index of the music folder that contains `real_path`, and the path below that folder.

    Only the real path of `own_root` is resolved now. Another music folder may be on a disk that
    hangs, so its real path is taken from its last use.
    """
    _real_roots[own_root] = os.path.realpath(own_root)
    for number, root in enumerate(map(str, settings.MUSIC_DIRS)):
        real_root = _real_roots.get(root, root).rstrip("/")
        if real_path.startswith(f"{real_root}/"):
            return number, real_path[len(real_root) + 1 :]
    return None


def _is_as_scanned(file: FileIO, scanned: ScannedStat | None) -> bool:
    if scanned is None:
        return False
    stat = os.fstat(file.fileno())
    is_same = (stat.st_mtime_ns, stat.st_size) == (scanned.mtime_ns, scanned.size_bytes)
    return is_same and stat.st_ino == scanned.inode % 2**64  # stored as a signed number
