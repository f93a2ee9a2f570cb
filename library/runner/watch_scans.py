"""Begins scans of the folders that the watcher has noted, which stay noted until a scan has seen
them.

A thread in each server process. The `Scan` rows tell what other scans, of this or other servers,
have seen, so that one change makes one scan however many servers notice it. Nothing is asked of the
database while no folder waits.
"""

import logging
import os
import threading
import time
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone

from library.models.catalogue import Track
from library.models.scan import Scan, ScanFailure, ScanKind, ScanState, ScanTrigger
from library.runner.pending_folders import PendingFolders
from library.runner.scan_process import start_scan
from library.scanning import BadScanOptions, ScanAlreadyRuns

POLL_SECONDS = 0.5
SECONDS_AFTER_ERROR = 5.0
AFTER_POSTPONED_S = 5.0
MOST_AFTER_POSTPONED_S = 300.0
LATEST = 20
"""How many of the last completed scans are looked at: more than end between two polls."""
MAX_BYTES_OF_NAMES = 64 * 1024
"""The names of the folders are arguments of the scan's process, which have a limit."""

logger = logging.getLogger(__name__)


class _OwnScan(NamedTuple):
    """`began`: by `time.monotonic`."""

    scan_id: int
    folders: Sequence[str]
    began: float


class WatchScans:
    """The thread. It runs until `stop`."""

    def __init__(self, pending: PendingFolders) -> None:
        self._pending = pending
        self._own: _OwnScan | None = None
        self._pause_after_postponed_s = AFTER_POSTPONED_S
        self._stop = threading.Event()
        self._is_database_away = False

    def start(self) -> None:
        threading.Thread(target=self._run, name="scans of changes", daemon=True).start()

    def stop(self) -> None:
        """Returns at once."""
        self._stop.set()
        self._pending.wake()

    def _run(self) -> None:
        while not self._stop.is_set():
            self._pending.wait_for_some()
            pause_s = POLL_SECONDS
            try:
                self.poll()
                self._is_database_away = False
            except Exception as error:  # noqa: BLE001
                # The database is unavailable, or mus has a bug: the folders wait for the next time.
                self._say(error)
                pause_s = SECONDS_AFTER_ERROR
            finally:
                connection.close()
            self._stop.wait(pause_s)

    def poll(self) -> None:
        """Begin a scan if one is due and no other work holds the lease."""
        now = time.monotonic()
        if not self._pending.may_be_due(now) or self._stop.is_set():
            return
        if self._is_own_over(now):
            self._forget_what_scans_have_seen(now)
            running = Scan.objects.filter(state=ScanState.RUNNING)
            if not running.exclude(kind=ScanKind.REREAD).exists():
                self._begin(self._pending.due(now))

    def _is_own_over(self, now: float) -> bool:
        """Whether no scan runs that this server has begun for its folders."""
        if self._own is None:
            return True
        scan = Scan.objects.filter(pk=self._own.scan_id).only("state", "postponed").first()
        if scan and scan.state == ScanState.RUNNING:
            return False
        own, self._own = self._own, None
        if scan is None or scan.state == ScanState.COMPLETED:  # None: idle, and forgotten since
            self._pending.taken(own.folders, own.began)
            self._pending.succeeded()
            self._look_again_at(own.folders if scan and scan.postponed else (), now)
        elif self._pending.failed(own.folders, now):
            logger.warning("Scans of changed folders fail; the schedule goes on with them.")
        return True

    def _look_again_at(self, folders: Sequence[str], now: float) -> None:
        """Files in these folders were being written to, perhaps by another name of theirs, of which
        the watcher hears nothing: scan them again after a pause, which doubles each time."""
        for folder in folders:
            if root := _root_of(folder, [str(root) for root in settings.MUSIC_DIRS]):
                self._pending.note(root, folder, now + self._pause_after_postponed_s)
        self._pause_after_postponed_s *= 2
        if not folders or self._pause_after_postponed_s > MOST_AFTER_POSTPONED_S:
            self._pause_after_postponed_s = AFTER_POSTPONED_S

    def _forget_what_scans_have_seen(self, now: float) -> None:
        """Other scans may have seen the folders as well, whoever started them."""
        earliest = self._pending.earliest()
        if earliest is None:
            return
        present = timezone.now()
        since = present - timedelta(seconds=now - earliest)
        completed = Scan.objects.scans().filter(state=ScanState.COMPLETED, started_at__gt=since)
        for folders, started_at in completed.order_by("-pk").values_list("folders", "started_at")[
            :LATEST
        ]:
            age_s = (present - started_at).total_seconds()
            if age_s >= 0:  # else the clock was set back, or that of another host is fast
                self._pending.taken(folders, now - age_s)

    def _begin(self, due: Sequence[str]) -> None:
        folders = self._known_or_there(due)
        if not folders:
            return
        began = time.monotonic()
        try:
            scan_id = start_scan(ScanTrigger.WATCH, folders=[Path(each) for each in folders])
        except ScanAlreadyRuns as refusal:  # it began just now; the folders wait
            logger.debug("%s", refusal)
        except BadScanOptions as error:
            # A folder went between the look at it and now, or has no name that a scan can use.
            logger.info("Changed folders are left to the schedule: %s", error)
            self._pending.drop(folders)
        else:
            self._pending.begun()
            self._own = _OwnScan(scan_id, folders, began)

    def _known_or_there(self, due: Sequence[str]) -> list[str]:
        """The folders that a scan can take. Those that need none are not pending any more."""
        roots = [str(root) for root in settings.MUSIC_DIRS]
        chosen = {folder: _to_scan(folder, roots) for folder in due}
        self._pending.drop(folder for folder, chosen_one in chosen.items() if chosen_one is None)
        folders = sorted({folder for folder in chosen.values() if folder is not None})
        if sum(len(os.fsencode(folder)) for folder in folders) > MAX_BYTES_OF_NAMES:
            return sorted({root for folder in folders if (root := _root_of(folder, roots))})
        return folders

    def _say(self, error: Exception) -> None:
        is_known = self._is_database_away and isinstance(error, DatabaseError)
        self._is_database_away = isinstance(error, DatabaseError)
        if not is_known:
            text = "Changed folders could not be scanned, and wait: %s"
            logger.warning(text, error, exc_info=not isinstance(error, DatabaseError))


def _to_scan(folder: str, roots: Sequence[str]) -> str | None:
    """The folder that a scan has to take for `folder`: itself, or if it is gone and a scan of it
    would be refused, the nearest one above that is there. None if no scan is needed: its whole root
    is away, or it is gone and the library knows nothing in it."""
    root = _root_of(folder, roots)
    if root is None or not os.path.isdir(root):
        return None
    if os.path.isdir(folder):
        return folder
    inside = folder[len(root) :].strip("/")
    if Track.objects.filter(root=root, path__below=inside).exists():
        return folder
    if not ScanFailure.objects.filter(root=root, path__below=inside).exists():
        return None
    while not os.path.isdir(folder):
        folder = os.path.dirname(folder)
    return folder


def _root_of(folder: str, roots: Sequence[str]) -> str | None:
    return next(
        (root for root in roots if f"{folder}/".startswith(f"{root.rstrip('/')}/")),
        None,
    )
