"""The cache of covers on disk: a file for each picture, size and format, and notes of pictures that
cannot be rendered, and of what is shown instead.

Any number of processes may use the same folder: a file is written under another name, then renamed.
A file's modification time records when the cover was last used. When the cache is full, the least
recently used covers are deleted.
"""

import logging
import os
import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import product
from pathlib import Path

from library.covers.size import (
    EDGES,
    MAX_UNUSUAL,
    CoverSize,
    Fitted,
    PictureFormat,
    Rendition,
    name_of,
)

NOTED_FOR_SECONDS = 24 * 3600
"""After this time a note counts no more. The picture is tried again: a later version of mus may be
able to render it. What is shown instead is chosen again: a better one may have been mended."""
UNFINISHED_FOR_SECONDS = 3600
"""An unfinished file that is older than this was left by a process that died."""
TOUCHED_EVERY_SECONDS = 3600
FULL, SWEPT_TO = 0.95, 0.85
"""Fractions of the limit: a sweep deletes covers once FULL is exceeded, until SWEPT_TO is left."""
ADDED_BETWEEN_SWEEPS = 0.02
"""Fraction of the limit. A process that has added this much measures the whole folder again, since
other processes may have added covers as well."""
BLOCK_BYTES = 512
"""The unit of `st_blocks`, whatever the block size of the file system."""
UNFINISHED, NOTE = ".unfinished", ".txt"
_FILE_NAMES: dict[Rendition, str] = {CoverSize.SQUARE_160: "small.webp"}
"""Caches were filled under this name while it was the only square."""
_COVER_ID = re.compile(r"[0-9a-f]{32}")

logger = logging.getLogger(__name__)


def is_cover_id(text: str) -> bool:
    """Whether `text` has the form of a picture's identity. No other text may become a path."""
    return _COVER_ID.fullmatch(text) is not None


class CoverCache:
    """The covers in `folder`, which together take at most about `most_bytes` of disk space.

    `folder` is created when the first cover is stored. It may be emptied at any time.
    """

    def __init__(self, folder: Path, most_bytes: int) -> None:
        self.folder = folder
        self.most_bytes = most_bytes
        self._swept_bytes: int | None = None
        self._added_bytes = 0
        self._has_warned = False

    def path(self, cover_id: str, size: Rendition) -> Path:
        """The path of the cover's file, whether or not it exists. An empty file counts as absent:
        a machine that crashed just after the file was written may leave one."""
        return self._path(cover_id, _FILE_NAMES.get(size) or name_of(size))

    def load(self, cover_id: str, size: Rendition) -> bytes:
        """The cover's bytes; empty if it is not in the cache."""
        try:
            return self.path(cover_id, size).read_bytes()
        except OSError:
            return b""

    def store(self, cover_id: str, size: Rendition, content: bytes) -> None:
        """Write a cover to the cache. If that fails, nothing is raised; the first failure is
        logged as a warning."""
        self._write(self.path(cover_id, size), content)

    def may_keep_unusual(self, cover_id: str) -> bool:
        """Whether a cover of an unusual size may be stored: MAX_UNUSUAL of a picture are kept, so
        that a client that asks for all sizes does not fill the disk. Lists a folder."""
        names = (each.name for each in _entries(self._path(cover_id, "").parent))
        kept = {name for name in names if name.startswith(f"{cover_id}-fit")}
        usual = {f"{cover_id}-{name_of(Fitted(*each))}" for each in product(EDGES, PictureFormat)}
        return len(kept - usual) < MAX_UNUSUAL

    def why_unusable(self, cover_id: str) -> str | None:
        """The reason that `remember_unusable` stored for this picture within the last day, else
        None."""
        return self._noted(cover_id, f"unusable{NOTE}")

    def remember_unusable(self, cover_id: str, reason: str) -> None:
        """Note that the picture cannot be rendered, so that nobody tries again for a day."""
        self._write(self._path(cover_id, f"unusable{NOTE}"), reason.encode(errors="replace"))

    def shown_instead(self, key: str) -> str | None:
        """What `remember_instead` stored under `key` within the last day, else None."""
        return self._noted(key, f"instead{NOTE}")

    def remember_instead(self, key: str, shown: str) -> None:
        """Note what is shown instead of a picture that cannot be shown: the identity of another
        one, or the reason why there is nothing to show.

        `key` stands for the picture and for the place whose pictures may take its place: two tracks
        may hold the same damaged picture, and lie in folders with different covers.
        """
        self._write(self._path(key, f"instead{NOTE}"), shown.encode(errors="replace"))

    def touch(self, file: int) -> None:
        """Record, at most once an hour, that the cover with this file descriptor was used."""
        with suppress(OSError):  # a read-only cache cannot be swept either
            if time.time() - os.fstat(file).st_mtime > TOUCHED_EVERY_SECONDS:
                os.utime(file)

    def is_sweep_due(self) -> bool:
        """Whether the caller should run `sweep` now. If so, it counts as started.

        A sweep measures the whole folder, and so finds what other servers have added to it.
        """
        added = self._added_bytes
        is_due = (
            self._swept_bytes is None
            or added > self.most_bytes * ADDED_BETWEEN_SWEEPS
            or (added and self._swept_bytes + added > self.most_bytes * FULL)
        )
        if is_due:
            self._swept_bytes, self._added_bytes = self._swept_bytes or 0, 0
        return bool(is_due)

    def sweep(self) -> int:
        """Delete unfinished files of dead processes, notes that count no more and, if the cache is
        full, the least recently used covers. Returns the number of files deleted. Blocks."""
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
        """Of each file: when it was last used, its bytes on the disk, and its path."""
        for file in self._files():
            with suppress(OSError):
                stat = file.stat(follow_symlinks=False)
                size_bytes = max(stat.st_size, stat.st_blocks * BLOCK_BYTES)
                yield stat.st_mtime, size_bytes, file.path

    def _noted(self, key: str, name: str) -> str | None:
        path = self._path(key, name)
        try:
            if time.time() - path.stat().st_mtime > NOTED_FOR_SECONDS:
                return None
            return path.read_text("utf-8")
        except OSError:
            return None

    def _path(self, cover_id: str, name: str) -> Path:
        if not is_cover_id(cover_id):
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
    age_seconds = time.time() - used_at
    if path.endswith(NOTE):
        return age_seconds > NOTED_FOR_SECONDS
    return path.endswith(UNFINISHED) and age_seconds > UNFINISHED_FOR_SECONDS


def _remove(path: str) -> bool:
    try:
        os.unlink(path)
    except OSError:  # another process removed the file, or the folder is read-only
        return False
    return True


def _entries(folder: Path | str) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as listing:
            return list(listing)
    except OSError:
        return []
