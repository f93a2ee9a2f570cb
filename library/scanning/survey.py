"""The survey: walks all scopes, compares them with the database, and sorts the files found."""

import logging
from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from django.conf import settings

from library.files.listings import Unlisted
from library.files.names import Ignored
from library.files.walk import FoundFile, walk
from library.models.catalogue import Track
from library.models.paths import path_to_text
from library.models.scan import ScanFailure
from library.scanning.batch import Batch
from library.scanning.compare import KnownFile, KnownFiles, Scope, Verdict, is_settled
from library.scanning.emptied import Emptied, find_emptied
from library.scanning.errors import RootEmptied, RootVanished
from library.scanning.failures import FailureWrite
from library.scanning.folder_checks import FolderChecks
from library.scanning.outside import OutsideFiles
from library.scanning.playlist_files import FoundPlaylists
from library.scanning.report import EmptiedFolder, ScanCounts, ScanOptions
from library.scanning.scopes import refuse_if_emptied, root_identity
from library.scanning.track_rows import Change
from library.scanning.transactions import retried
from runtime.visible_text import printable

logger = logging.getLogger(__name__)


class ToRead(NamedTuple):
    """A file to read. `track_id` is None unless the file is a known track."""

    found: FoundFile
    track_id: int | None
    change: Change

    @property
    def absolute_path(self) -> str:
        return self.found.absolute_path

    @property
    def lyrics_path(self) -> str:
        return self.found.lyrics_path


class Survey:
    """Walks the scopes once, and collects the results.

    - `walk` yields changed files while the walk goes on.
    - `new`: files without a row. They may be moved tracks, so they are read only after the walk,
      when all missing tracks are known. If the library has no tracks, `walk` yields them at once.
    - `unsettled`: files that may still be being copied, to be read later.
    - `gone`: ids of present tracks whose files were not found.
    - `walked`: the scopes of which every folder was listed.
    - `emptied`: folders that hold no music any more.
    - `emptied_roots`: music folders that hold no music any more; these are left as they are.
    - `settled_failures`: ids of failures whose file is fine now or gone.
    - `root_errors`: a sentence for each music folder that could not be scanned.
    - `ignored`: how many files and folders each rule of `library.files.names` excluded.
    - `playlists`: the playlist files that were found.
    - `to_read`: how many files have to be read.
    - `anything_may_have_moved`: the library has tracks.
    """

    def __init__(
        self,
        scopes: list[Scope],
        options: ScanOptions,
        batch: Batch,
        folder_checks: FolderChecks,
        on_folder: Callable[[], None],
    ) -> None:
        self.scopes = scopes
        self.options = options
        self.batch = batch
        self.folder_checks = folder_checks
        self.on_folder = on_folder
        self.new: list[FoundFile] = []
        self.unsettled: list[ToRead] = []
        self.gone: set[int] = set()
        self.walked: list[Scope] = []
        self.settled_failures: set[int] = set()
        self.root_errors: list[str] = []
        self.emptied_roots: list[EmptiedFolder] = []
        self.emptied: list[Emptied] = []
        self.ignored: Ignored = {}
        self.playlists = FoundPlaylists()
        self.to_read = 0
        self.anything_may_have_moved = retried(Track.objects.exists)

    @property
    def is_whole(self) -> bool:
        """Whether every folder of the library was walked."""
        return not self.options.folders and len(self.walked) == len(self.scopes)

    def walk(self) -> Iterator[ToRead]:
        """Walk all scopes, and yield the files to read now.

        A root that cannot be scanned is added to `root_errors`, and the walk goes on with others.
        """
        for scope in self.scopes:
            try:
                yield from self._walk_scope(scope)
            except RootVanished as error:
                self._note_vanished(scope.root, error)
        if not self.options.folders:
            retried(self._leave_departed_roots)

    def _walk_scope(self, scope: Scope) -> Iterator[ToRead]:
        identify = partial(root_identity, scope, allow_empty=self.options.allow_empty)
        identity = retried(identify)
        known = retried(partial(KnownFiles, scope, full=self.options.full))
        check_cover = self.folder_checks.of_covers(scope)
        seen, is_complete = 0, True
        outside = OutsideFiles(self.batch)
        roots = [str(root) for root in settings.MUSIC_DIRS]
        folders = walk(
            scope.root,
            scope.folder,
            ignored=self.ignored,
            other_roots=roots,
            on_wait=self.on_folder,
        )
        for folder in folders:
            self.on_folder()
            if isinstance(folder, Unlisted):
                self._note_unlisted(scope, known, folder)
                is_complete = False
                continue
            check_cover(folder)
            self.playlists.add(scope.root, folder.playlists)
            seen += len(folder.files)
            self.batch.count_seen(len(folder.files))
            if folder.outside:
                outside.add(known.unchanged(folder.outside))
            for found, verdict, track in known.changes(folder):
                yield from self._sort(found, verdict, track)
        outside.store()
        if retried(identify) != identity:
            name = printable(scope.root)
            raise RootVanished(f"The music folder {name} was replaced during the scan.")
        if is_complete:
            if not seen and not scope.folder and not self.options.allow_empty:
                retried(partial(refuse_if_emptied, scope.root))
            self.walked.append(scope)
        self.playlists.walked.append(scope)
        self._note_gone(scope, known)

    def _note_gone(self, scope: Scope, known: KnownFiles) -> None:
        gone = known.gone()
        self.gone.update(gone.values())
        if gone and not self.options.allow_empty:
            self.emptied += find_emptied(scope.root, gone, self.on_folder)
        self.settled_failures.update(failure.failure_id for failure in known.failures.values())

    def _sort(
        self, found: FoundFile, verdict: Verdict, known: KnownFile | None
    ) -> Iterator[ToRead]:
        """Do with a found file what its verdict says; yield the file if it is to be read now."""
        if verdict is Verdict.STILL_FAILING:
            self.batch.count(ScanCounts(failed=1))
        elif verdict is Verdict.NEW or (verdict is Verdict.CHANGED and known is not None):
            yield from self._sort_unread(ToRead(found, *_identity(known)))
        elif verdict is Verdict.RESTORED and known is not None:
            self.batch.restore(known.track_id, found)
        elif verdict is Verdict.COVER_CHANGED and known is not None:
            self.batch.change_cover(known.track_id, found)

    def _sort_unread(self, item: ToRead) -> Iterator[ToRead]:
        self.to_read += 1
        if not is_settled(item.found.mtime_ns):
            self.unsettled.append(item)
        elif item.track_id is None and self.anything_may_have_moved:
            self.new.append(item.found)
        else:
            yield item

    def _note_vanished(self, root: str, error: RootVanished) -> None:
        logger.warning("%s", error)
        self.root_errors.append(str(error))
        if isinstance(error, RootEmptied):
            self.emptied_roots.append(EmptiedFolder(path_to_text(root), error.tracks))

    def _note_unlisted(self, scope: Scope, known: KnownFiles, unlisted: Unlisted) -> None:
        known.leave(unlisted.path)
        self.playlists.leave(f"{scope.root}/{unlisted.path}")
        stage = ScanFailure.Stage.LIST
        self.batch.fail(FailureWrite(scope.root, unlisted.path, stage, unlisted.reason))

    def _leave_departed_roots(self) -> None:
        """Add the tracks of folders that are not in MUSIC_DIR any more to `gone`."""
        roots = {scope.root for scope in self.scopes}
        # An index answers this query. A single query for tracks outside `roots` would read all
        # rows of the table.
        known = set(Track.objects.order_by().values_list("root", flat=True).distinct())
        departed = Track.objects.present().filter(root__in=known - roots)
        self.gone.update(departed.values_list("pk", flat=True))
        failures = ScanFailure.objects.exclude(root__in=roots)
        self.settled_failures.update(failures.values_list("pk", flat=True))


def _identity(known: KnownFile | None) -> tuple[int | None, Change]:
    if known is None:
        return None, Change.ADDED
    return known.track_id, Change.RESTORED if known.is_missing else Change.UPDATED
