"""Where the files of the matrix lie, and the times that they are given."""

import itertools
import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path

LONG_AGO_NS = 1_600_000_000_000_000_000
BETWEEN_NS = 10_000_019


@dataclass
class Places:
    """Two music folders, on two file systems where there are two, and a folder that is in none.

    Every file that is written gets a modification time of its own, long ago: a scan waits for files
    that were written just now.
    """

    root: Path
    other_root: Path
    outside: Path
    _times: "itertools.count[int]" = field(
        default_factory=lambda: itertools.count(LONG_AGO_NS, BETWEEN_NS)
    )

    def make(self) -> None:
        for folder in (self.root, self.other_root, self.outside):
            folder.mkdir(parents=True, exist_ok=True)
        for root in (self.root, self.other_root):
            (root / "readme.txt").touch()

    def written(self, path: Path) -> None:
        """Give a file that was written a time of its own."""
        at_ns = next(self._times)
        os.utime(path, ns=(at_ns, at_ns))

    def copy(self, source: Path, target: Path) -> None:
        """As `cp` does it: another inode and another time."""
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
        self.written(target)

    def move(self, source: Path, target: Path) -> None:
        """As `mv` does it: the time stays, and the inode on the same file system."""
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(source, target)

    def elsewhere(self, path: Path) -> Path:
        """The same place below the other music folder."""
        if path.is_relative_to(self.root):
            return self.other_root / path.relative_to(self.root)
        return self.root / path.relative_to(self.other_root)
