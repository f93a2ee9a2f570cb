"""Files that were read, and wait until all files are read: only then it is known which tracks they
are. They wait in a temporary file, so that they need little memory however many they are."""

import logging
import os
import pickle
from collections import defaultdict
from collections.abc import Iterator, Sequence
from tempfile import TemporaryFile
from typing import IO, NamedTuple

from library.scanning.track_rows import TrackWrite

BYTES_IN_MEMORY = 4 * 1024 * 1024
"""What waits beyond this is written to the disk."""

logger = logging.getLogger(__name__)


class Group(NamedTuple):
    """Files that depend on each other, and all digests of theirs and of the tracks at their paths;
    none of the files that wait for another reason than their sound."""

    writes: list[TrackWrite]
    digests: set[str]


class _OnDisk(NamedTuple):
    offset: int
    length: int


class _Entry(NamedTuple):
    kept: _OnDisk | bytes
    digests: tuple[str, ...]


class Waiting:
    """The files that wait. Those that have a digest in common, directly or by way of others, form a
    group: what becomes of one of them may depend on each other one."""

    def __init__(self, bytes_in_memory: int = BYTES_IN_MEMORY) -> None:
        self._kept = _Kept(bytes_in_memory)
        self._entries: list[_Entry] = []
        self.displaced: set[int] = set()
        """The ids of the tracks at the paths of these files."""
        self.inodes: set[int] = set()
        self.digests: set[str] = set()
        """Of these files, and of the tracks at their paths."""

    def __len__(self) -> int:
        return len(self._entries)

    def add(self, write: TrackWrite, digest_before: str = "", *, by_sound: bool = True) -> None:
        """Add a file. `digest_before`: of the known track at its path, which has another sound.
        `by_sound`: False if it does not wait for others with its sound."""
        all_digests = (write.tags.audio_digest, digest_before) if by_sound else ()
        digests = tuple(digest for digest in all_digests if digest)
        data = pickle.dumps(write, pickle.HIGHEST_PROTOCOL)
        self._entries.append(_Entry(self._kept.keep(data), digests))
        self.digests.update(digests)
        if write.track_id is not None:
            self.displaced.add(write.track_id)
            self.inodes.add(write.found.inode)

    def groups(self, size: int) -> Iterator[list[Group]]:
        """The groups, in portions of about `size` files. All files that do not wait for others with
        their sound are one group, the last."""
        portion: list[Group] = []
        for entries in self._groups():
            writes = [self._load(entry) for entry in entries]
            portion.append(Group(writes, {key for entry in entries for key in entry.digests}))
            if sum(len(group.writes) for group in portion) >= size:
                yield portion
                portion = []
        if portion:
            yield portion

    def _load(self, entry: _Entry) -> TrackWrite:
        data = self._kept.read(entry.kept)
        write: TrackWrite = pickle.loads(data)  # noqa: S301  # written by this process
        return write

    def _groups(self) -> list[list[_Entry]]:
        above = _groups_of(self._entries)
        groups = defaultdict[str, list[_Entry]](list)
        for entry in self._entries:
            groups[_top(above, entry.digests[0]) if entry.digests else ""].append(entry)
        return [groups[digest] for digest in sorted(groups, reverse=True)]


class _Kept:
    """Keeps data in memory, and beyond `bytes_in_memory` in a temporary file. If there is no place
    for such a file, memory has to do: otherwise each scan would fail until somebody makes room."""

    def __init__(self, bytes_in_memory: int) -> None:
        self._left_in_memory = bytes_in_memory
        self._file: IO[bytes] | None = None
        self._end = 0
        self._is_disk_usable = True

    def keep(self, data: bytes) -> _OnDisk | bytes:
        if len(data) <= self._left_in_memory or not self._is_disk_usable:
            self._left_in_memory -= len(data)
            return data
        try:
            return self._write(data)
        except OSError as error:
            self._is_disk_usable = False
            logger.warning("No temporary file can be written (%s): memory is used.", error.strerror)
            return data

    def read(self, kept: _OnDisk | bytes) -> bytes:
        if isinstance(kept, bytes):
            return kept
        assert self._file is not None  # noqa: S101  # for mypy: something was written
        return os.pread(self._file.fileno(), kept.length, kept.offset)

    def _write(self, data: bytes) -> _OnDisk:
        """Raises OSError; then nothing of `data` counts as written."""
        if self._file is None:
            self._file = TemporaryFile(buffering=0)  # noqa: SIM115  # open as long as this is
        written = 0
        while written < len(data):
            written += os.pwrite(self._file.fileno(), data[written:], self._end + written)
        place = _OnDisk(self._end, written)
        self._end += written
        return place


def _groups_of(entries: Sequence[_Entry]) -> dict[str, str]:
    """For each digest one that stands for its whole group, or that leads to it."""
    above: dict[str, str] = {}
    for entry in entries:
        if len(entry.digests) > 1:
            one, other = (_top(above, digest) for digest in entry.digests)
            if one != other:
                above[max(one, other)] = min(one, other)
    return above


def _top(above: dict[str, str], digest: str) -> str:
    while digest in above:
        above[digest] = above.get(above[digest], above[digest])
        digest = above[digest]
    return digest
