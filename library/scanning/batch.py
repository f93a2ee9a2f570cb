"""The batch: collects what a scan has to write, and commits it in short transactions."""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cached_property, partial
from typing import TypeVar

from django.db import DataError, IntegrityError, transaction
from django.utils import timezone

from library.files.walk import FoundFile
from library.models.catalogue import Artist
from library.models.joins import JoinReason
from library.models.paths import path_to_text
from library.models.revision import NextRevision
from library.scanning import failures, folders, joining, presence, returned, store
from library.scanning.artist_pictures import PictureWrite, store_artist_pictures
from library.scanning.failures import FailureWrite
from library.scanning.folder_renames import newest_folder_before
from library.scanning.folders import Cover, Place
from library.scanning.joining import TakeOver
from library.scanning.lookup import newest_id
from library.scanning.report import ScanCounts
from library.scanning.track_rows import Change, TrackGroup, TrackWrite
from library.scanning.transactions import Transactions, Write, retried

KNOWN_TRACK_WEIGHT = 4
"""How many new tracks a changed track counts as in a batch. A changed track takes longer: its row
may be anywhere in the table, its credits are replaced, and its album is computed again."""

logger = logging.getLogger(__name__)
Item = TypeVar("Item")


class Batch:
    """Collects the rows of a scan, and commits them as soon as there are `size`.

    A track that the library knew before counts as KNOWN_TRACK_WEIGHT rows.
    """

    def __init__(self, transactions: Transactions, size: int) -> None:
        self.transactions = transactions
        self.size = size
        self._scan_id = transactions.lease.scan_id
        self._uncommitted = ScanCounts()
        self._tracks: list[TrackWrite] = []
        self._weight = 0
        self._failures: list[FailureWrite] = []
        self._restored: dict[int, FoundFile] = {}
        self._covers: dict[int, FoundFile] = {}
        self.lost: set[int] = set()
        """The ids of tracks whose paths others took, and whose own files were not found. If the
        scan ends before it sees to them, the next one does not find their files either."""
        self.written = 0
        """Of how many tracks the folders may have been flagged; see `to_settle`."""

    @property
    def seen(self) -> int:
        """The number of files seen so far, committed or not."""
        return self.transactions.counts.seen + self._uncommitted.seen

    def count_seen(self, count: int) -> None:
        """Count files as seen; a quicker `count`, since it is called for every folder."""
        self._uncommitted.seen += count

    def count(self, counts: ScanCounts) -> None:
        """Add counts without rows. They are written with the next commit."""
        self._uncommitted += counts

    def add(self, write: TrackWrite) -> None:
        """Add a track that was read. Like the following methods, may commit the batch."""
        self._tracks.append(write)
        self._weight += 1 if write.track_id is None else KNOWN_TRACK_WEIGHT
        if self._weight >= self.size:
            self.flush()

    def store_groups(self, groups: Sequence[TrackGroup]) -> None:
        """Commit all tracks of these groups in one transaction."""
        writes = [write for group in groups for write in group.writes]
        prepared = self._prepare(writes)
        pairs = [pair for group in groups for pair in group.joined]
        try:
            self._commit(partial(self._store_groups, groups, prepared, timezone.now()))
            self.written += len(writes) + len(pairs)
            self.lost.update(track_id for group in groups for track_id in group.lost)
        except (DataError, IntegrityError) as error:
            if len(groups) > 1:
                middle = len(groups) // 2
                self.store_groups(groups[:middle])
                self.store_groups(groups[middle:])
            else:
                self._refuse(writes, error)

    def fail(self, failure: FailureWrite) -> None:
        """Add a file or folder that could not be read, and log it."""
        logger.warning("%s/%s: %s", failure.root, path_to_text(failure.path), failure.reason)
        self._failures.append(failure)
        self._flush_if_full()

    def restore(self, track_id: int, found: FoundFile) -> None:
        """Add a missing track whose file is back, unchanged."""
        self._restored[track_id] = found
        self._flush_if_full()

    def change_cover(self, track_id: int, found: FoundFile) -> None:
        """Add an unchanged track whose folder has another cover file."""
        self._covers[track_id] = found
        self._flush_if_full()

    def flush(self) -> None:
        """Commit everything that was collected, each kind of row in a transaction of its own."""
        tracks, self._tracks, self._weight = self._tracks, [], 0
        failed, self._failures = self._failures, []
        restored, self._restored = self._restored, {}
        covers, self._covers = self._covers, {}
        now = timezone.now()
        if tracks:
            self._store_tracks(tracks)
        if failed:
            record = partial(failures.store_failures, failed, self._scan_id)
            self._commit(partial(_without_revision, record))
        if restored:
            self._commit(lambda revision: presence.restore(restored, now, revision))
            self.written += len(restored)
        if covers:
            self._commit(lambda revision: presence.change_covers(covers, now, revision))

    def renew(self) -> None:
        """Commit only the lease's heartbeat and the counts so far."""
        self._commit(partial(_without_revision, ScanCounts))

    def part_with(self, joined: Sequence[TakeOver], missing: Sequence[int]) -> None:
        """Commit, in one transaction, that the files of tracks are gone: some of them take over the
        files of others, the rest is missing."""
        now = timezone.now()

        def write(revision: NextRevision) -> ScanCounts:
            counts = joining.take_over(joined, self._scan_id, now, revision)
            return counts + presence.mark_missing(missing, now, revision)

        self._commit(write)
        self.written += len(joined) + len(missing)

    def store_inodes(self, found: Mapping[int, tuple[int, int]]) -> None:
        """Commit the device and inode of known tracks, by the tracks' ids."""
        for ids in portions(sorted(found), self.size):
            rows = {track_id: found[track_id] for track_id in ids}
            self._commit(partial(_without_revision, partial(presence.store_inodes, rows)))

    def add_music_folders(self, roots: Sequence[str]) -> None:
        """Commit rows of these roots."""
        write = _without_counts(partial(folders.store_music_folders, roots))
        self._commit(partial(_without_revision, write))

    def store_folder_covers(self, covers: Mapping[Place, Cover]) -> None:
        """Commit the pictures of known folders."""
        for places in portions(sorted(covers), self.size):
            some = {place: covers[place] for place in places}
            self._commit(partial(_with_revision, partial(folders.store_covers, some)))

    def store_artist_pictures(self, writes: Sequence[PictureWrite]) -> None:
        """Commit the pictures of these artists."""
        for some in portions(writes, self.size):
            self._commit(partial(_with_revision, partial(store_artist_pictures, some)))

    def store_folders_of(self, tracks: Mapping[int, Place]) -> None:
        """Commit the folders of known tracks that have none yet, by the tracks' ids."""
        for ids in portions(sorted(tracks), self.size):
            some = {pk: tracks[pk] for pk in ids}
            self._commit(partial(_with_revision, partial(folders.store_folders_of, some)))
            self.written += len(ids)

    def refresh_folder_counts(self, folder_ids: Iterable[int]) -> None:
        """Commit how many tracks these folders hold."""
        for ids in portions(sorted(folder_ids), self.size):
            self._commit(partial(_with_revision, partial(folders.refresh_counts, ids)))

    def forget_failures(self, failure_ids: Iterable[int]) -> None:
        """Delete rows of failures that no longer exist, except those that this scan wrote again."""
        for ids in portions(sorted(failure_ids), self.size):
            forget = partial(failures.forget_failures, ids, self._scan_id)
            self._commit(partial(_without_revision, forget))

    def _flush_if_full(self) -> None:
        gathered = (self._tracks, self._failures, self._restored, self._covers)
        if any(len(rows) >= self.size for rows in gathered):
            self.flush()

    def _store_tracks(self, tracks: Sequence[TrackWrite]) -> None:
        """Commit the tracks. If the database refuses a row, the batch is halved again and again
        until only the refused row is left, which becomes a failure."""
        prepared = self._prepare(tracks)
        try:
            self._commit(lambda revision: store.store_tracks(prepared, revision))
            self.written += len(tracks)
        except (DataError, IntegrityError) as error:
            if len(tracks) == 1:
                self._refuse(tracks, error)
                return
            middle = len(tracks) // 2
            self._store_tracks(tracks[:middle])
            self._store_tracks(tracks[middle:])

    def _prepare(self, tracks: Sequence[TrackWrite]) -> store.PreparedBatch:
        newest = self._newest_folder_before, self._newest_artist_before, self._scan_id
        return retried(partial(store.prepare, tracks, timezone.now(), *newest))

    def _store_groups(
        self,
        groups: Sequence[TrackGroup],
        prepared: store.PreparedBatch,
        now: datetime,
        revision: NextRevision,
    ) -> ScanCounts:
        for group in groups:
            presence.step_aside(group.aside)
        counts = store.store_tracks(prepared, revision)
        returned.bring_back(
            [
                write.track_id
                for write in prepared.writes
                if write.track_id is not None and write.change is Change.ADDED
            ]
        )
        pairs = [
            TakeOver(each.stays, each.goes, JoinReason.REPLACED_FILE, each.keeps_file)
            for group in groups
            for each in group.joined
        ]
        if pairs:
            counts += joining.take_over(pairs, self._scan_id, now, revision)
        return counts

    def _refuse(self, tracks: Sequence[TrackWrite], error: Exception) -> None:
        """The database refused these tracks, or at least one of a group. What it refuses by itself
        becomes a failure; the rest of the group is left for the next scan, which decides about it
        without the failures."""
        refused = tracks if len(tracks) == 1 else [e for e in tracks if self._is_refused(e)]
        for write in refused or tracks:
            found, reason = write.found, f"The database refused it: {error}"
            version = (found.mtime_ns, found.size_bytes)
            self.fail(FailureWrite(found.root, found.path, "store", reason, *version))
        self.count(ScanCounts(postponed=len(tracks) - len(refused or tracks)))

    def _is_refused(self, track: TrackWrite) -> bool:
        """Whether the database refuses this track as a row of its own, which is not kept."""
        alone = track._replace(
            track_id=None, found=track.found._replace(path=f"{track.found.path}//")
        )
        prepared = self._prepare([alone])
        try:
            retried(partial(_try_to_store, prepared))
        except (DataError, IntegrityError):
            return True
        return False

    @cached_property
    def _newest_folder_before(self) -> int:
        """The highest id of a folder before this scan stores any track, and before the scans right
        before it that did not come to their end: this one goes on with their work."""
        return retried(partial(newest_folder_before, self._scan_id))

    @cached_property
    def _newest_artist_before(self) -> int:
        """The highest id of an artist before this scan stores any track."""
        return retried(partial(newest_id, Artist))

    def _commit(self, write: Write) -> None:
        uncommitted = self._uncommitted
        self.transactions.commit(lambda revision: uncommitted + write(revision))
        self._uncommitted = ScanCounts()


def _try_to_store(prepared: store.PreparedBatch) -> None:
    with transaction.atomic():
        store.store_tracks(prepared, NextRevision())
        transaction.set_rollback(True)


def _without_revision(write: Callable[[], ScanCounts], _: NextRevision) -> ScanCounts:
    """For rows that no list shows."""
    return write()


def _with_revision(write: Callable[[NextRevision], None], revision: NextRevision) -> ScanCounts:
    """For rows that scans do not count."""
    write(revision)
    return ScanCounts()


def _without_counts(write: Callable[[], None]) -> Callable[[], ScanCounts]:
    def counted() -> ScanCounts:
        write()
        return ScanCounts()

    return counted


def portions(items: Sequence[Item], size: int) -> Iterable[Sequence[Item]]:
    """`items` in slices of at most `size`."""
    return (items[start : start + size] for start in range(0, len(items), size))
