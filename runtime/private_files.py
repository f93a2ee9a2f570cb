"""A folder whose content its owner alone may read, also where it was made with wider rights."""

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

OTHERS = stat.S_IRWXG | stat.S_IRWXO
OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH

IsOwn = Callable[[str], bool]
"""Whether a file or folder of that name is the program's own."""


@dataclass(frozen=True)
class PrivateFolder:
    """A folder for files of the program's own. Where it holds anything else, its own rights are
    somebody else's concern: it may be a home folder, or one that a web server has to enter."""

    path: Path
    is_own: IsOwn

    def open_to_others(self) -> list[Path]:
        """What others have rights to that they need not have. Raises OSError."""
        own, is_shared = self._listed()
        found = [path for path in own if _mode(path) & OTHERS]
        if (not is_shared and _mode(self.path) & OTHERS) or _is_exposed(self.path):
            found.append(self.path)
        return found

    def close_to_others(self) -> list[Path]:
        """Take those rights from them, as far as that is possible; what has changed. Of a folder
        that holds something else, too, its own rights stay. Links are not followed. Raises OSError.
        """
        _, is_shared = self._listed()
        found = (path for path in self.open_to_others() if path != self.path or not is_shared)
        return [path for path in found if _close(path, whole=path != self.path)]

    def _listed(self) -> tuple[list[Path], bool]:
        """What is the program's own in it, links left out; whether there is anything else."""
        with os.scandir(self.path) as listing:
            entries = list(listing)
        own = [entry for entry in entries if self.is_own(entry.name)]
        is_shared = len(own) < len(entries) or bool(_mode(self.path) & stat.S_ISVTX)
        return [Path(entry.path) for entry in own if not entry.is_symlink()], is_shared


def keep_new_files_private() -> None:
    """Whatever this process and its children make from now on is for their owner alone."""
    os.umask(os.umask(OTHERS) | OTHERS)


def _is_exposed(folder: Path) -> bool:
    """Whether others may put files of theirs in place of what is in the folder."""
    mode = _mode(folder)
    return bool(mode & OTHERS_WRITE) and not mode & stat.S_ISVTX


def _close(path: Path, *, whole: bool) -> bool:
    """`whole`: with all that is in it. False where it is as it was: another owner's, or on a file
    system without rights, which may raise no error. Then its content, which may be a hundred
    thousand covers, is not tried: nobody could enter a folder that was closed first anyway."""
    _take_rights(path)
    if _mode(path) & OTHERS:
        return False
    if whole:
        for each in _below(path):
            _take_rights(each)
    return True


def _below(path: Path) -> Iterator[Path]:
    """The content of a folder, that of its folders first; none of a file."""
    for folder, folders, files in os.walk(path, topdown=False):
        for name in (*files, *folders):
            if not os.path.islink(each := Path(folder, name)):
                yield each


def _take_rights(path: Path) -> None:
    with suppress(OSError):  # another owner's, on a read-only disk, or gone
        mode = stat.S_IMODE(os.stat(path).st_mode)
        if mode & OTHERS:
            path.chmod(mode & ~OTHERS)


def _mode(path: Path) -> int:
    """0 where it is gone, as SQLite's files beside its database may be at any moment."""
    try:
        return stat.S_IMODE(os.stat(path).st_mode)
    except FileNotFoundError:
        return 0
