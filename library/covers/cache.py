"""Covers on the disk, by the identity of their picture and their size, and which pictures are none.

Any number of processes may use one folder at once: files appear whole, or not at all. A file's time
of modification says when it was last used. Where all take too much room, those that were used
longest ago go.
"""

import logging
import os
import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from library.covers.size import CoverSize

UNUSABLE_FOR_SECONDS = 24 * 3600
"""Then the picture is tried again: a later version may be able to read it."""
UNFINISHED_FOR_SECONDS = 3600
"""A file that is not finished by then was left by a process that died."""
TOUCHED_EVERY_SECONDS = 3600
FULL, SWEPT_TO = 0.95, 0.85
"""Parts of the limit: from the one on there is a sweep, down to the other."""
ADDED_BETWEEN_LOOKS = 0.02
"""Part of the limit that each process adds before it looks again what all of them have added."""
BLOCK_BYTES = 512
"""What `st_blocks` counts, whatever the blocks of the disk."""
UNFINISHED = ".unfinished"
_COVER_ID = re.compile(r"[0-9a-f]{32}")

logger = logging.getLogger(__name__)


class CoverCache:
    """`folder` is made when the first cover is stored; it may be emptied at any time."""

    def __init__(self, folder: Path, most_bytes: int) -> None:
        self.folder = folder
        self.most_bytes = most_bytes
        self._swept_bytes: int | None = None
        self._added_bytes = 0
        self._has_warned = False

    def path(self, cover_id: str, size: CoverSize) -> Path:
        """Where the cover is, if it is there. A machine that stopped in the wrong moment may have
        left an empty file, which is none."""
        return self._path(cover_id, f"{size}.webp")

    def load(self, cover_id: str, size: CoverSize) -> bytes:
        """Empty where there is none."""
        try:
            return self.path(cover_id, size).read_bytes()
        except OSError:
            return b""

    def store(self, cover_id: str, size: CoverSize, webp: bytes) -> None:
        """Where that is not possible, a warning says so, once."""
        self._write(self.path(cover_id, size), webp)

    def why_unusable(self, cover_id: str) -> str | None:
        """What `remember_unusable` was told of this picture within the last day."""
        path = self._path(cover_id, "unusable.txt")
        try:
            if time.time() - path.stat().st_mtime > UNUSABLE_FOR_SECONDS:
                return None
            return path.read_text("utf-8")
        except OSError:
            return None

    def remember_unusable(self, cover_id: str, reason: str) -> None:
        self._write(self._path(cover_id, "unusable.txt"), reason.encode(errors="replace"))

    def touch(self, file: int) -> None:
        """Note that the cover with this descriptor was used, for `sweep`; once an hour will do."""
        with suppress(OSError):  # a cache that may only be read has no sweeps either
            if time.time() - os.fstat(file).st_mtime > TOUCHED_EVERY_SECONDS:
                os.utime(file)

    def is_sweep_due(self) -> bool:
        """Whether `sweep` should run; it counts as begun then. Servers that share the folder hear
        of each other's covers by looking, so each looks whenever it has added some."""
        added = self._added_bytes
        is_due = (
            self._swept_bytes is None
            or added > self.most_bytes * ADDED_BETWEEN_LOOKS
            or (added and self._swept_bytes + added > self.most_bytes * FULL)
        )
        if is_due:
            self._swept_bytes, self._added_bytes = self._swept_bytes or 0, 0
        return bool(is_due)

    def sweep(self) -> int:
        """Take away what dead processes left, and the covers that were used longest ago where all
        take too much room; how many files that were. Blocks."""
        files = sorted(self._listed())
        left_over = [path for used_at, _, path in files if _is_left_over(path, used_at)]
        removed = sum(map(_remove, left_over))
        total = sum(size for _, size, path in files if path not in left_over)
        if total > self.most_bytes * FULL:
            for _, size, path in files:
                if total <= self.most_bytes * SWEPT_TO:
                    break
                if path not in left_over:
                    removed += _remove(path)
                    total -= size
        self._swept_bytes = total
        return removed

    def _listed(self) -> Iterator[tuple[float, int, str]]:
        """When each file was used, what it takes on the disk, and its path."""
        for file in self._files():
            with suppress(OSError):
                facts = file.stat(follow_symlinks=False)
                size = max(facts.st_size, facts.st_blocks * BLOCK_BYTES)
                yield facts.st_mtime, size, file.path

    def _path(self, cover_id: str, name: str) -> Path:
        if not _COVER_ID.fullmatch(cover_id):
            raise ValueError(f"{cover_id!r} identifies no cover.")
        return self.folder / cover_id[:2] / f"{cover_id}-{name}"

    def _write(self, path: Path, content: bytes) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_whole(path, content)
            self._added_bytes += len(content)
        except OSError as error:
            if not self._has_warned:
                self._has_warned = True
                logger.warning(
                    "Covers cannot be kept in %s (%s), so each is made again whenever it is "
                    "asked for. This is said once.",
                    *(self.folder, error.strerror),
                )

    def _files(self) -> Iterator[os.DirEntry[str]]:
        for folder in _entries(self.folder):
            if folder.is_dir(follow_symlinks=False):
                yield from _entries(folder.path)


def _write_whole(path: Path, content: bytes) -> None:
    handle, unfinished = tempfile.mkstemp(UNFINISHED, f"{path.name}-", path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.replace(unfinished, path)
    except OSError:
        with suppress(OSError):
            os.unlink(unfinished)
        raise


def _is_left_over(path: str, used_at: float) -> bool:
    return path.endswith(UNFINISHED) and time.time() - used_at > UNFINISHED_FOR_SECONDS


def _remove(path: str) -> bool:
    try:
        os.unlink(path)
    except OSError:  # gone already, or not to be removed
        return False
    return True


def _entries(folder: Path | str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as listing:
            return list(listing)
    except OSError:
        return []
