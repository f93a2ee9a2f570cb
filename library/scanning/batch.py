"""What a scan has gathered and not yet committed: at most a batch of it, then it is written."""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property, partial
from typing import TypeVar

from django.db import DataError, IntegrityError
from django.utils import timezone

from library import followers
from library.files.walk import FoundFile
from library.models.catalogue import Track
from library.models.paths import path_to_text
from library.scanning import store
from library.scanning.report import ScanCounts
from library.scanning.store import FailureWrite
from library.scanning.track_rows import TrackWrite
from library.scanning.transactions import Transactions, retried

KNOWN_TRACK_WEIGHT = 4
"""In new tracks: to change one takes longer, since what is to be changed lies anywhere in the
database, its credits are replaced, and each has another album to be refreshed."""

logger = logging.getLogger(__name__)
Item = TypeVar("Item")


class Batch:
    """Filled by the steps of a scan; commits itself whenever `size` rows have come together, known
    tracks counted as KNOWN_TRACK_WEIGHT."""

    def __init__(self, transactions: Transactions, size: int) -> None:
        self.transactions = transactions
        self.size = size
        self._scan_id = transactions.lease.scan_id
        self._noted = ScanCounts()
        self._tracks: list[TrackWrite] = []
        self._weight = 0
        self._failures: list[FailureWrite] = []
        self._restored: dict[int, FoundFile] = {}
        self._covers: dict[int, FoundFile] = {}

    @property
    def seen(self) -> int:
        """Files seen, those that are only noted so far among them."""
        return self.transactions.counts.seen + self._noted.seen

    def note_seen(self, count: int) -> None:
        """As `note`, for every folder."""
        self._noted.seen += count

    def note(self, counts: ScanCounts) -> None:
        """Counts that bring no rows; they are written with the next commit."""
        self._noted += counts

    def add(self, write: TrackWrite) -> None:
        self._tracks.append(write)
        self._weight += 1 if write.track_id is None else KNOWN_TRACK_WEIGHT
        if self._weight >= self.size:
            self.flush()

    def fail(self, failure: FailureWrite) -> None:
        logger.warning("%s/%s: %s", failure.root, path_to_text(failure.path), failure.reason)
        self._failures.append(failure)
        self._flush_if_full()

    def restore(self, track_id: int, found: FoundFile) -> None:
        self._restored[track_id] = found
        self._flush_if_full()

    def change_cover(self, track_id: int, found: FoundFile) -> None:
        self._covers[track_id] = found
        self._flush_if_full()

    def flush(self) -> None:
        """Commit all that was gathered, each kind in a transaction of its own."""
        tracks, self._tracks, self._weight = self._tracks, [], 0
        failures, self._failures = self._failures, []
        restored, self._restored = self._restored, {}
        covers, self._covers = self._covers, {}
        now = timezone.now()
        if tracks:
            self._store_tracks(tracks)
        if failures:
            self._commit(partial(store.store_failures, failures, self._scan_id))
        if restored:
            self._commit(partial(store.restore, restored, self._scan_id, now))
        if covers:
            self._commit(partial(store.change_covers, covers, self._scan_id, now))

    def renew(self) -> None:
        """Write the heartbeat and the counts noted so far, and nothing else."""
        self._commit(ScanCounts)

    def mark_missing(self, track_ids: Iterable[int]) -> None:
        now = timezone.now()
        for ids in portions(sorted(track_ids), self.size):
            self._commit(partial(store.mark_missing, ids, self._scan_id, now))

    def store_inodes(self, found: Mapping[int, tuple[int, int]]) -> None:
        """Device and inode of known tracks, by their ids."""
        for ids in portions(sorted(found), self.size):
            rows = {track_id: found[track_id] for track_id in ids}
            self._commit(partial(store.store_inodes, rows))

    def forget_failures(self, failure_ids: Iterable[int]) -> None:
        """Drop the record of failures that are none any more, unless this scan met them again."""
        for ids in portions(sorted(failure_ids), self.size):
            self._commit(partial(store.forget_failures, ids, self._scan_id))

    def _flush_if_full(self) -> None:
        gathered = (self._tracks, self._failures, self._restored, self._covers)
        if any(len(rows) >= self.size for rows in gathered):
            self.flush()

    def _store_tracks(self, tracks: list[TrackWrite]) -> None:
        """Where the database refuses a batch, halve it until the row that is to blame is alone."""
        prepared = retried(partial(store.prepare, tracks, self._scan_id, timezone.now()))
        try:
            waiting = self._waiting if any(each.track_id is None for each in tracks) else ()
            self._commit(partial(store.store_tracks, prepared, waiting))
        except (DataError, IntegrityError) as error:
            if len(tracks) == 1:
                found = tracks[0].found
                reason = f"The database refused it: {error}"
                facts = (found.mtime_ns, found.size_bytes)
                self.fail(FailureWrite(found.root, found.path, "store", reason, *facts))
                return
            middle = len(tracks) // 2
            self._store_tracks(tracks[:middle])
            self._store_tracks(tracks[middle:])

    @cached_property
    def _waiting(self) -> tuple[followers.Follower, ...]:
        """Asked once a scan: nothing is purged while it runs, so that no row begins to wait."""
        return retried(partial(followers.waiting, Track))

    def _commit(self, write: Callable[[], ScanCounts]) -> None:
        noted = self._noted
        self.transactions.commit(lambda: noted + write())
        self._noted = ScanCounts()


def portions(items: Sequence[Item], size: int) -> Iterable[Sequence[Item]]:
    return (items[start : start + size] for start in range(0, len(items), size))
