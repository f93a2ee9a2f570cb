"""Keeps a folder private: finds and removes the rights that other users have on its content."""

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

OTHERS = stat.S_IRWXG | stat.S_IRWXO
OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH

IsOwn = Callable[[str], bool]
"""Whether the program made the file or folder of that name."""


@dataclass(frozen=True)
class PrivateFolder:
    """A folder with files that the program made.

    If it holds anything else, it is shared, and its rights are left alone unless others may write:
    it may be a home folder, or one that a web server has to enter.
    """

    path: Path
    is_own: IsOwn

    def open_to_others(self) -> list[Path]:
        """The paths on which others have rights that they do not need. Raises OSError."""
        own, is_shared = self._listed()
        found = [path for path in own if _mode(path) & OTHERS]
        if (not is_shared and _mode(self.path) & OTHERS) or _is_exposed(self.path):
            found.append(self.path)
        return found

    def close_to_others(self) -> list[Path]:
        """Remove those rights as far as possible; returns the paths that were changed.

        The rights of a shared folder itself stay. Links are not followed. Raises OSError.
        """
        _, is_shared = self._listed()
        found = (path for path in self.open_to_others() if path != self.path or not is_shared)
        return [path for path in found if _close(path, whole=path != self.path)]

    def _listed(self) -> tuple[list[Path], bool]:
        """The program's own files and folders, without links; and whether the folder is shared."""
        with os.scandir(self.path) as listing:
            entries = list(listing)
        own = [entry for entry in entries if self.is_own(entry.name)]
        is_shared = len(own) < len(entries) or bool(_mode(self.path) & stat.S_ISVTX)
        return [Path(entry.path) for entry in own if not entry.is_symlink()], is_shared


def keep_new_files_private() -> None:
    """From now on, others get no rights on files that this process and its children make."""
    os.umask(os.umask(OTHERS) | OTHERS)


def _is_exposed(folder: Path) -> bool:
    """Whether others may replace files in the folder by their own."""
    mode = _mode(folder)
    return bool(mode & OTHERS_WRITE) and not mode & stat.S_ISVTX


def _close(path: Path, *, whole: bool) -> bool:
    """Remove the rights of others on `path` and, if `whole`, on everything below it.

    False if `path` could not be changed: it has another owner, or its file system has no rights and
    ignores the change silently. Then its content, perhaps 100,000 covers, is not tried either.
    """
    _take_rights(path)
    if _mode(path) & OTHERS:
        return False
    if whole:
        for each in _below(path):
            _take_rights(each)
    return True


def _below(path: Path) -> Iterator[Path]:
    """All files and folders below `path`, deepest first, without links; nothing for a file."""
    for folder, folders, files in os.walk(path, topdown=False):
        for name in (*files, *folders):
            if not os.path.islink(each := Path(folder, name)):
                yield each


def _take_rights(path: Path) -> None:
    with suppress(OSError):  # has another owner, is on a read-only disk, or is gone
        mode = stat.S_IMODE(os.stat(path).st_mode)
        if mode & OTHERS:
            path.chmod(mode & ~OTHERS)


def _mode(path: Path) -> int:
    """The permission bits; 0 if the path is gone, as SQLite's side files may be at any moment."""
    try:
        return stat.S_IMODE(os.stat(path).st_mode)
    except FileNotFoundError:
        return 0
