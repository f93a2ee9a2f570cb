"""Playlist files in the folders of a scan: those that are new or have changed are read, after all
tracks are stored, and handed to the app that keeps playlists of them."""

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import NamedTuple

from django.conf import settings

from library.files.listings import FileStat, Unlisted, stat_file
from library.models.scan import ScanFailure
from library.playlist_followers import (
    MOST_BYTES,
    Place,
    ReadPlaylist,
    Version,
    follower,
)
from library.scanning.batch import Batch, portions
from library.scanning.compare import Scope, is_settled
from library.scanning.failures import FailureWrite
from library.scanning.read_with import current_version
from library.scanning.report import ScanCounts, ScanOptions
from library.scanning.transactions import retried
from library.workers.threads import call_in_thread, read_all

FILES_AT_ONCE = 200
MOST_BYTES_AT_ONCE = 4 * 1024 * 1024
"""Files are read until they have this size together; the last may be as large as MOST_BYTES."""


class FoundPlaylists:
    """What the walk tells of playlist files: where they are, and where nothing can be said."""

    def __init__(self) -> None:
        self.is_on = settings.PLAYLISTS_FROM_FOLDERS and follower() is not None
        self.places: list[Place] = []
        self.walked: list[Scope] = []
        self._unlisted: list[str] = []

    def add(self, root: str, paths: Iterable[str]) -> None:
        if self.is_on:
            self.places += [(root, path) for path in paths]

    def leave(self, absolute_path: str) -> None:
        """Nothing is known about what is at or below this path."""
        self._unlisted.append(absolute_path.rstrip("/"))

    def gone(self, known: Iterable[Place], *, is_whole: bool) -> set[Place]:
        """The known files that are not there any more. `is_whole`: the scan covers all music
        folders."""
        roots = {str(root) for root in settings.MUSIC_DIRS}
        absent = set(known).difference(self.places)
        return {
            place
            for place in absent
            if (self._was_walked(place) or (is_whole and place[0] not in roots))
        }

    def _was_walked(self, place: Place) -> bool:
        root, path = place
        is_covered = any(root == each.root and path.startswith(each.prefix) for each in self.walked)
        full = f"{root}/{path}"
        return is_covered and not any(
            full == each or full.startswith(f"{each}/") for each in self._unlisted
        )


class _Changed(NamedTuple):
    place: Place
    version: Version


def follow_playlists(
    found: FoundPlaylists,
    batch: Batch,
    options: ScanOptions,
    settled_failures: set[int],
    tick: Callable[[], None],
) -> None:
    """Read the playlist files that are new or have changed, and note which are gone.

    Takes the ids of failures that are still true out of `settled_failures`.
    """
    keeper = follower()
    if not found.is_on or keeper is None:
        return
    known = retried(keeper.known)
    if not found.places and not known:
        return
    gone = found.gone(known, is_whole=not options.folders)
    step = _Step(batch, tick)
    stats = step.stat(found.places)
    changed = [each for each in stats if options.full or known.get(each.place) != each.version]
    if not options.full:
        changed = step.without_failed(changed, settled_failures)
    for files in step.read(step.settled(changed)):
        taken = retried(partial(keeper.take, files, gone))
        for each in files:
            if reason := taken.refused.get(each.place):
                step.fail(each.place, ScanFailure.Stage.READ, reason, each.version)
        batch.count(ScanCounts(playlists=taken.changed))
        tick()
    batch.count(ScanCounts(playlists=retried(partial(keeper.note_gone, gone))))
    batch.flush()


class _Step:
    def __init__(self, batch: Batch, tick: Callable[[], None]) -> None:
        self._batch = batch
        self._tick = tick

    def stat(self, places: Sequence[Place]) -> Iterator[_Changed]:
        """The present versions of these files."""
        for some in portions(places, FILES_AT_ONCE):
            stat_all = partial(read_all, some, _stat)
            for place, stat in zip(some, call_in_thread(stat_all, self._tick), strict=True):
                if isinstance(stat, Unlisted):
                    self.fail(place, ScanFailure.Stage.OPEN, stat.reason)
                elif stat is not None:
                    _, mtime_ns, size_bytes, _, _ = stat
                    yield _Changed(place, (mtime_ns, size_bytes))

    def without_failed(self, changed: list[_Changed], settled: set[int]) -> list[_Changed]:
        """Without files that could not be used before, and have not changed since."""
        if not changed:
            return []
        failures = ScanFailure.objects.filter(
            stage=ScanFailure.Stage.READ, read_with=current_version()
        )
        columns = ("root", "path", "mtime_ns", "size_bytes", "pk")
        rows = retried(lambda: list(failures.values_list(*columns)))
        failed = {((root, path), (mtime, size)): pk for root, path, mtime, size, pk in rows}
        still = {failed[each] for each in changed if each in failed}
        settled -= still
        self._batch.count(ScanCounts(failed=len(still)))
        return [each for each in changed if each not in failed]

    def settled(self, changed: Sequence[_Changed]) -> list[_Changed]:
        """Wait until the files are not written to any more. Those that are nevertheless are left
        for the next scan."""
        newest = max((each.version[0] for each in changed), default=0)
        while not is_settled(newest):
            time.sleep(0.05)
            self._tick()
        again = [*self.stat([each.place for each in changed])] if changed else []
        settled = [each for each in again if is_settled(each.version[0])]
        self._batch.count(ScanCounts(postponed=len(again) - len(settled)))
        return settled

    def read(self, changed: Sequence[_Changed]) -> Iterator[list[ReadPlaylist]]:
        """The files with their contents, some at a time."""
        files: list[ReadPlaylist] = []
        size_bytes = 0
        for place, _ in changed:
            read = call_in_thread(partial(_read, place), self._tick)
            if isinstance(read, str):
                self.fail(place, ScanFailure.Stage.OPEN, read)
                continue
            files.append(read)
            size_bytes += len(read.content)
            if len(files) >= FILES_AT_ONCE or size_bytes >= MOST_BYTES_AT_ONCE:
                yield files
                files, size_bytes = [], 0
        if files:
            yield files

    def fail(self, place: Place, stage: str, reason: str, version: Version = (0, 0)) -> None:
        self._batch.fail(FailureWrite(*place, stage, reason, *version))


def _stat(place: Place) -> FileStat | Unlisted | None:
    return stat_file(*place, {})


def _read(place: Place) -> ReadPlaylist | str:
    """The file, or why it cannot be read."""
    try:
        with open("/".join(place), "rb") as file:
            stat = os.fstat(file.fileno())
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        return f"The file cannot be opened: {error.strerror}."
    return ReadPlaylist(place, (stat.st_mtime_ns, stat.st_size), content)
