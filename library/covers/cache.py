"""Covers on the disk, by the identity of their picture and their size, and which pictures are none.

Any number of processes may use one folder at once: files appear whole, or not at all.
"""

import logging
import os
import re
import tempfile
import time
from collections.abc import Collection, Iterator
from contextlib import suppress
from pathlib import Path

from library.covers.size import CoverSize

UNUSABLE_FOR_SECONDS = 24 * 3600
"""Then the picture is tried again: a later version may be able to read it."""
UNTOUCHED_FOR_SECONDS = 3600
"""What is younger than this no sweep takes away: it may have been made a moment ago."""
_COVER_ID = re.compile(r"[0-9a-f]{32}")

logger = logging.getLogger(__name__)


class CoverCache:
    """`folder` is made when the first cover is stored; it may be emptied at any time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
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

    def remove_unused(self, kept_ids: Collection[str]) -> int:
        """Take away what belongs to none of `kept_ids`; how many files that were."""
        oldest_kept = time.time() - UNTOUCHED_FOR_SECONDS
        removed = 0
        for file in self._files():
            with suppress(OSError):  # gone already, or not to be removed: the next sweep's
                is_unused = file.name.partition("-")[0] not in kept_ids
                if is_unused and file.stat().st_mtime < oldest_kept:
                    os.unlink(file)
                    removed += 1
        return removed

    def _path(self, cover_id: str, name: str) -> Path:
        if not _COVER_ID.fullmatch(cover_id):
            raise ValueError(f"{cover_id!r} identifies no cover.")
        return self.folder / cover_id[:2] / f"{cover_id}-{name}"

    def _write(self, path: Path, content: bytes) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            _write_whole(path, content)
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
    handle, unfinished = tempfile.mkstemp(".unfinished", f"{path.name}-", path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.replace(unfinished, path)
    except OSError:
        with suppress(OSError):
            os.unlink(unfinished)
        raise


def _entries(folder: Path | str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as listing:
            return list(listing)
    except OSError:
        return []
