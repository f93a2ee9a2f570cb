"""The steps of one scan, in their order.

1. Walk all scopes. Changed files are read and stored while the walk goes on.
2. Read new files. This comes after the walk, when all missing files are known: a new file may be a
   moved track.
3. Read files that may still have been written to during the first two steps.
4. Join tracks whose files are gone with copies that came before, and mark the others missing,
   except those whose disk seems to be unmounted. Hand on playlist files. Delete the rows of
   failures that no longer exist.

Albums are worked out (`settling`) as soon as all files of a folder with its disc folders are
stored, and after the last step for everything else that changed. What an earlier scan left, because
it was killed, comes then, too: see `Settling.leave_for_later`.
"""

import logging
import os
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from functools import partial

from django.utils import timezone

from library.files.listings import file_stat
from library.files.walk import FoundFile, count_audio_files
from library.models.paths import path_from_text
from library.scanning import copies
from library.scanning.batch import KNOWN_TRACK_WEIGHT, Batch
from library.scanning.compare import Scope, is_settled
from library.scanning.errors import ScanCancelled
from library.scanning.failures import FailureWrite
from library.scanning.folder_checks import FolderChecks
from library.scanning.folders import place_of
from library.scanning.moves import Moves, hold_changed_sounds
from library.scanning.playlist_files import follow_playlists
from library.scanning.report import (
    EmptiedFolder,
    OnProgress,
    ScanCounts,
    ScanOptions,
    ScanProgress,
)
from library.scanning.settled_names import settle_names
from library.scanning.settling import Settling
from library.scanning.sort_keys import renew_sort_keys
from library.scanning.survey import Survey, ToRead
from library.scanning.track_rows import Change, TrackWrite
from library.scanning.transactions import Transactions, retried
from library.scanning.waiting import Waiting
from library.tags import ReadFile, TrackTags
from library.tags.pool import ReaderPool, read_inline
from library.tags.reading import GONE_STAGE

FILES_AT_ONCE = 125
"""How many files that were read are looked up together."""
SECONDS_AFTER_CANCEL = 1.0
"""How long a cancelled scan may still work out albums."""

logger = logging.getLogger(__name__)

Read = Callable[[Iterable[ToRead]], Iterator[tuple[ToRead, ReadFile]]]


class Steps:
    """The steps of a scan, and the state that they share."""

    def __init__(
        self,
        transactions: Transactions,
        scopes: list[Scope],
        options: ScanOptions,
        on_progress: OnProgress,
    ) -> None:
        self.options = options
        self.on_progress = on_progress
        self.lease = transactions.lease
        self.batch = Batch(transactions, options.batch_size)
        self.settling = Settling(transactions, self._tick)
        self.folders = FolderChecks(self.batch)
        self.survey = Survey(scopes, options, self.batch, self.folders, self._tick)
        self.kept: list[EmptiedFolder] = []
        self._waiting = Waiting()
        self._moves: Moves | None = None
        self._changed_since_listed: list[ToRead] = []
        self._undecided: list[TrackWrite] = []
        self._stage, self._read = "Looking", 0
        self._total: int | None = None
        self._settled = 0  # how much `batch.written` was when albums were last worked out

    @property
    def emptied(self) -> list[EmptiedFolder]:
        """All folders that hold no music any more and whose tracks were kept: whole music folders,
        and folders inside them (`kept`)."""
        return [*self.survey.emptied_roots, *self.kept]

    def run(self, workers: int, artist_separators: Sequence[str]) -> None:
        """Do all steps, with `workers` reader processes.

        Raises ScanCancelled, LeaseLost, or another ScanError; what was committed stays.
        """
        if workers == 0:
            inline = partial(read_inline, artist_separators=artist_separators, on_file=self._tick)
            self._run(inline)
            return
        with ReaderPool[ToRead](workers, artist_separators, self._tick) as pool:
            self._run(pool.read)

    def _run(self, read: Read) -> None:
        renew_sort_keys(self.batch.transactions, self._tick)
        if self.options.count_first:
            self._total = sum(count_audio_files(*scope) for scope in self.survey.scopes)
        self.folders.add_music_folders()
        self.settling.leave_for_later()
        self._take_all(read(self.survey.walk()))
        self._stage = "Reading"
        unread = self.survey.unsettled + self._changed_since_listed
        self._moves = self._find_moves(unread)
        self._take_all(read(ToRead(found, None, Change.ADDED) for found in self.survey.new))
        self._read_unsettled(self.survey.unsettled + self._changed_since_listed, read)
        self._read_changed_elsewhere(read)
        self._store_waiting()
        self._stage = "Finishing"
        gone = self.survey.gone.difference(self._taken) - self._kept_tracks()
        self._part_with(gone | self.batch.lost)
        self.folders.finish()
        self._follow_playlists()
        self.batch.forget_failures(self.survey.settled_failures)
        if self.batch.written or self.settling.has_left_any:
            self.settling.settle_everything()
        settle_names(self.batch.transactions, self._tick)
        self.folders.finish_pictures()
        self._tick()
        self.batch.renew()

    def _find_moves(self, unread: Sequence[ToRead]) -> Moves | None:
        """Called after the walk. None if no file can be a known track. `unread`: files that are
        read last."""
        survey = self.survey
        if not survey.anything_may_have_moved or not (survey.new or unread or self._waiting):
            return None
        new = [*survey.new, *(item.found for item in unread if item.track_id is None)]
        known = {item.track_id: item.found for item in unread if item.track_id is not None}
        return Moves(survey.gone, survey.walked, new, known, self._waiting)

    def _follow_playlists(self) -> None:
        """After all tracks are stored, which playlists may name."""
        found = self.survey.playlists
        for emptied in self.kept:
            found.leave(path_from_text(emptied.path))
        settled = self.survey.settled_failures
        follow_playlists(found, self.batch, self.options, settled, self._tick)

    @property
    def _taken(self) -> Collection[int]:
        """The ids of tracks whose files were found elsewhere."""
        return self._moves.taken if self._moves else ()

    def _part_with(self, gone: set[int]) -> None:
        """Join tracks whose files are gone with their copies, and mark the others missing."""
        roots = {scope.root for scope in self.survey.scopes}
        for portion in copies.decide(gone, roots, self.batch.size, timezone.now()):
            self._tick()
            self.batch.part_with(portion.joined, portion.missing)

    def settle_stored(self) -> None:
        """Work out the albums of the new tracks that are stored, for at most SECONDS_AFTER_CANCEL:
        call this after a scan was cancelled. The next scan does the rest."""
        if not self.batch.written:
            return
        deadline = time.monotonic() + SECONDS_AFTER_CANCEL
        settling = Settling(self.batch.transactions, lambda: None)
        settling.settle_new(is_over=lambda: time.monotonic() >= deadline)

    def _kept_tracks(self) -> set[int]:
        """The tracks of emptied folders that must not be marked missing. Adds these folders to
        `kept`."""
        kept: set[int] = set()
        for emptied in self.survey.emptied:
            if track_ids := emptied.kept(self._taken):
                self.kept.append(emptied.as_folder(len(track_ids)))
                kept |= track_ids
        return kept

    def _tick(self) -> None:
        """Update the progress, renew the lease when that is due, and check for a cancel request.

        Called wherever the scan spends time. Raises ScanCancelled.
        """
        if self.options.is_cancelled():
            raise ScanCancelled
        self.lease.progress = ScanProgress(
            self._stage, self.batch.seen, self._read, self.survey.to_read, self._total
        )
        retried(self.lease.check_cancel_request)
        if self.lease.is_due:
            self.batch.renew()
        self.on_progress(self.lease.progress)

    def _take_all(self, results: Iterable[tuple[ToRead, ReadFile]]) -> None:
        for item, read in results:
            self._read += 1
            self._take(item, read)
            if len(self._undecided) >= FILES_AT_ONCE:
                self._decide()
            if self.batch.written - self._settled >= self.batch.size:
                self._settled = self.batch.written
                self.settling.settle(inside=place_of(item.found))
        self._decide()
        self.batch.flush()

    def _take(self, item: ToRead, read: ReadFile) -> None:
        found = item.found
        if read.stage == GONE_STAGE:
            logger.debug("Gone since it was found: %s", item.absolute_path)
            return  # the next scan marks the track missing if the file does not return
        if read.mtime_error:
            logger.error("No modification time for %s: %s", item.absolute_path, read.mtime_error)
        if not read.is_settled or _is_changed(found, read):
            self._changed_since_listed.append(item)
        elif read.tags is None:
            version = (read.mtime_ns, read.size_bytes)
            self.batch.fail(FailureWrite(found.root, found.path, read.stage, read.reason, *version))
        else:
            self._store(item, read, read.tags)

    def _store(self, item: ToRead, read: ReadFile, tags: TrackTags) -> None:
        write = TrackWrite(item.change, item.track_id, item.found, read, tags)
        if self.survey.anything_may_have_moved:
            self._undecided.append(write)
        else:
            self.batch.add(write)

    def _decide(self) -> None:
        """Store the files that were read last, except those that have to wait until all files are
        read."""
        files, self._undecided = self._undecided, []
        known = [write for write in files if write.track_id is not None]
        new = [write for write in files if write.track_id is None]
        stored = hold_changed_sounds(known, self._waiting)
        stored += self._moves.decide(new) if self._moves and new else new
        for write in stored:
            self.batch.add(write)

    def _read_changed_elsewhere(self, read: Read) -> None:
        """Read files outside the folders that are scanned on which depends what becomes of the
        files that wait."""
        if not self._moves or self.survey.is_whole:
            return
        while tracks := self._moves.changed_elsewhere():
            files = [ToRead(track.found, track.track_id, Change.UPDATED) for track in tracks]
            self._changed_since_listed = []
            self.survey.to_read += len(files)
            self._read_unsettled(files, read)

    def _store_waiting(self) -> None:
        """Store the files that had to wait."""
        if not self._moves:
            return
        for groups in self._moves.groups(max(1, self.batch.size // KNOWN_TRACK_WEIGHT)):
            self._tick()
            self.batch.store_groups(groups)
        self.batch.flush()

    def _read_unsettled(self, late: list[ToRead], read: Read) -> None:
        """Wait until the files are settled, and read them. Files that have been written to again
        are left for the next scan, and counted as postponed."""
        self.survey.to_read += len(self._changed_since_listed)
        newest = max((item.found.mtime_ns for item in late), default=0)
        while not is_settled(newest):
            time.sleep(0.05)
            self._tick()
        settled = [again for item in late if (again := _stat_again(item))]
        self._changed_since_listed = []
        self._take_all(read(settled))
        postponed = len(late) - len(settled) + len(self._changed_since_listed)
        self.batch.count(ScanCounts(postponed=postponed))


def _is_changed(found: FoundFile, read: ReadFile) -> bool:
    """Whether the file was written to between the listing of its folder and its reading. Folders
    are listed ahead of the walk, so a file that is being copied may have looked settled."""
    if read.mtime_error:
        return False
    return (read.mtime_ns, read.size_bytes) != (found.mtime_ns, found.size_bytes)


def _stat_again(item: ToRead) -> ToRead | None:
    """`item` with the present stat of its file; None if the file is gone or still being written."""
    try:
        stat = os.stat(item.absolute_path)
    except OSError:
        return None
    if not is_settled(stat.st_mtime_ns):
        return None
    _, mtime_ns, size_bytes, device, inode = file_stat(item.found.path, stat)
    found = item.found._replace(
        mtime_ns=mtime_ns, size_bytes=size_bytes, device=device, inode=inode
    )
    return item._replace(found=found)
