"""Files of the library, opened by what the database says of them, and by nothing else.

A path from the database is not trusted: it has to lead to a regular file in one of today's music
folders. The scan follows symbolic links that lead out of them, though. Such a file is opened only
while it is the very file that the scan read: same inode, size and modification time. So a link that
is made, or turned elsewhere, after a scan reaches nothing; and a file behind a link that was edited
is served again when a scan has seen it.
"""

import errno
import os
from io import FileIO
from typing import NamedTuple

from django.conf import settings

from asgi.files.media_file import open_regular_file

_real_roots: dict[str, str] = {}
"""Where each music folder really is, as it was last found."""


class ReadFacts(NamedTuple):
    """What tells that a file is the one that a scan read; `inode` as the database has it."""

    mtime_ns: int
    size_bytes: int
    inode: int


class LibraryFile(NamedTuple):
    """An open file, and where it lies: the number of its music folder and the path from there, or
    None for a file outside all of them that a scan reached through a link."""

    file: FileIO
    place: tuple[int, str] | None


class NotInLibrary(Exception):
    """The path leads to nothing that may be opened. The text, for the log, names the path."""


def open_library_file(root: str, path: str, facts: ReadFacts | None = None) -> LibraryFile:
    """The file at `path` below the music folder `root`, both as `os.fsdecode` gives them.

    Without `facts`, which a scan has of tracks, a link out of the music folders leads nowhere.

    Raises NotInLibrary, and OSError for a file that is gone or cannot be opened. Blocks.
    """
    if root not in map(str, settings.MUSIC_DIRS):
        raise NotInLibrary(f"{root!r} is no music folder (any more).")
    parts = path.split("/")
    if "\0" in path or any(part in {"", ".", ".."} for part in parts):
        raise NotInLibrary(f"{path!r} is no path below a music folder.")
    file = open_regular_file(f"{root}/{path}")
    try:
        return LibraryFile(file, _checked_place(file, root, facts))
    except (NotInLibrary, OSError):
        file.close()
        raise


def _checked_place(file: FileIO, root: str, facts: ReadFacts | None) -> tuple[int, str] | None:
    place = _place(_real_path(file), root)
    if place is None and not _is_as_read(file, facts):
        raise NotInLibrary(f"{file.name!r} leads out of the music folders.")
    return place


def _real_path(file: FileIO) -> str:
    """Where an open file really is: not what its name leads to by now."""
    try:
        return os.readlink(f"/proc/self/fd/{file.fileno()}")
    except FileNotFoundError:  # a system without /proc
        real_path = os.path.realpath(os.fsdecode(file.name))
        if not os.path.samestat(os.stat(real_path), os.fstat(file.fileno())):
            raise FileNotFoundError(errno.ENOENT, "The file was replaced", real_path) from None
        return real_path


def _place(real_path: str, own_root: str) -> tuple[int, str] | None:
    """The music folder that the file really lies in. Of them all only its own is looked at now:
    another one may hang, and is taken to be where it was when it was last looked at."""
    _real_roots[own_root] = os.path.realpath(own_root)
    for number, root in enumerate(map(str, settings.MUSIC_DIRS)):
        real_root = _real_roots.get(root, root).rstrip("/")
        if real_path.startswith(f"{real_root}/"):
            return number, real_path[len(real_root) + 1 :]
    return None


def _is_as_read(file: FileIO, facts: ReadFacts | None) -> bool:
    if facts is None:
        return False
    now = os.fstat(file.fileno())
    is_same = (now.st_mtime_ns, now.st_size) == (facts.mtime_ns, facts.size_bytes)
    return is_same and now.st_ino == facts.inode % 2**64  # stored as a signed number
