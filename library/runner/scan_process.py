"""Starts scans in child processes, and ends them when the server stops.

`start_scan` creates the `Scan` row, starts the child and returns at once. The child then runs on
that row ("adopts" it).
"""

import atexit
import logging
import os
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings
from django.db import connection

from library.models.catalogue import Track
from library.models.scan import Scan, ScanKind, ScanState, ScanTrigger
from library.runner.scan_child import ScanChild, announce_if_stored
from library.scanning import BadScanOptions, ScanOptions, record_end
from library.scanning.lease import acquire
from library.scanning.reread import begin_portion
from library.scanning.scopes import scopes_of
from runtime.visible_text import printable

MAX_FOLDERS = 500
BATCH_SIZES = {"sqlite": 25, "postgresql": 200}
"""Tracks per transaction. On SQLite, where one writes at a time, few: a listener's own write hardly
waits, and the scan takes 10 % longer. On PostgreSQL a write waits only if it points at a row whose
key the transaction changes; batches of 25 would cost the scan twice the processor time."""
ENDS_WITHIN_SECONDS = 1.0
RECORDS_WITHIN_SECONDS = 0.3
CANCELLABLE = (ScanKind.SCAN, ScanKind.PURGE, ScanKind.REREAD)

logger = logging.getLogger(__name__)


class _Children:
    """The scans that this process started and that are not over yet.

    Usually there is at most one; there may be two when another scan took over a lease.
    """

    def __init__(self) -> None:
        self._children: set[ScanChild] = set()
        self._lock = threading.Lock()
        self._is_ending = False

    def start(self, scan_id: int, arguments: Sequence[str]) -> None:
        """Raises OSError."""
        with self._lock:
            child = ScanChild(scan_id, arguments, self._forget)
            self._children.add(child)
            if self._is_ending:
                child.ask_to_end()

    def scan_ids(self) -> frozenset[int]:
        with self._lock:
            return frozenset(child.scan_id for child in self._children)

    def ask_to_end(self) -> None:
        with self._lock:
            self._is_ending = True
            for child in self._children:
                child.ask_to_end()

    def end(self, within_seconds: float) -> None:
        with self._lock:
            children = list(self._children)
        deadline = time.monotonic() + within_seconds
        late = [child for child in children if not child.is_over(deadline - time.monotonic())]
        for child in late:
            child.kill()
        recorded_by = time.monotonic() + RECORDS_WITHIN_SECONDS
        for child in late:
            child.is_over(recorded_by - time.monotonic())

    def _forget(self, child: ScanChild) -> None:
        with self._lock:
            self._children.discard(child)


_children = _Children()


def start_scan(
    trigger: ScanTrigger,
    *,
    full: bool = False,
    folders: Sequence[Path] = (),
    allow_empty: bool = False,
) -> int:
    """Start a scan in a child process. Returns the id of its `Scan` row within milliseconds.

    `folders`: absolute paths inside the music folders; none means all music folders.
    `allow_empty`: accept that folders hold no music any more. If the process cannot be started, the
    row's state is "failed".

    Raises BadScanOptions and ScanAlreadyRuns, without creating a row.
    """
    options = ScanOptions(
        trigger=trigger, full=full, folders=_checked(folders), allow_empty=allow_empty
    )
    scan_id = acquire(options).scan_id
    _start(scan_id, _arguments(options))
    return scan_id


def start_reread() -> None:
    """Start a portion of the rereading in a child process. Raises ScanAlreadyRuns."""
    scan_id = begin_portion(ScanTrigger.SCHEDULE).scan_id
    _start(scan_id, ["--reread", _batch_size()])


def _start(scan_id: int, arguments: Sequence[str]) -> None:
    try:
        _children.start(scan_id, arguments)
    except OSError as error:
        logger.exception("Scan %d could not be started.", scan_id)
        reason = f"Its process could not be started: {error}."
        announce_if_stored(record_end(scan_id, ScanState.FAILED, reason))


def request_cancel(scan_id: int) -> bool:
    """Ask a scan, a purge or a rereading to end, on whatever host it runs. Returns False if it does
    not run.

    A restore cannot be cancelled: it is one transaction.
    """
    running = Scan.objects.filter(pk=scan_id, state=ScanState.RUNNING, kind__in=CANCELLABLE)
    return running.update(cancel_requested=True) > 0


def watched_scans() -> frozenset[int]:
    """The ids of this process's scans whose end is not recorded yet."""
    return _children.scan_ids()


def ask_to_end() -> None:
    """End all scans of this process, because the server stops. A scan that starts after this call
    is ended as well. Returns at once."""
    _children.ask_to_end()


def end(within_seconds: float) -> None:
    """Wait for the scans of this process to end; kill those that are still running after that."""
    _children.end(within_seconds)


def _end_with_process() -> None:
    """Ends the scans under `runserver` and in a shell too; `serve` ends them by itself."""
    ask_to_end()
    end(ENDS_WITHIN_SECONDS)


atexit.register(_end_with_process)


def _checked(folders: Sequence[Path]) -> tuple[Path, ...]:
    """The folders, normalised: a `..` could lead out of the music folder. Raises BadScanOptions."""
    if len(folders) > MAX_FOLDERS:
        raise BadScanOptions(f"folders: found {len(folders)}; allowed: at most {MAX_FOLDERS}.")
    checked = tuple(_checked_folder(folder) for folder in folders)
    scopes_of(checked, settings.MUSIC_DIRS)
    return checked


def _checked_folder(folder: Path) -> Path:
    try:
        is_a_name = b"\0" not in os.fsencode(folder)
    except UnicodeEncodeError:
        is_a_name = False
    if not is_a_name:
        raise BadScanOptions(f"{str(folder)!a} is no folder's name.")
    if not folder.is_absolute():
        raise BadScanOptions(f"{printable(str(folder))} is not absolute; begin it with /.")
    return Path(os.path.normpath(folder))


def _arguments(options: ScanOptions) -> list[str]:
    """The command's options. Files are counted first, for a progress bar, if somebody is likely to
    watch: if a person started the scan, or the library is still empty."""
    by_itself = options.trigger in {ScanTrigger.SCHEDULE, ScanTrigger.WATCH}
    is_watched = not by_itself or not Track.objects.exists()
    return [
        f"--trigger={options.trigger.value}",
        _batch_size(),
        *(["--full"] if options.full else []),
        *(["--allow-empty"] if options.allow_empty else []),
        *(["--count-first"] if is_watched else []),
        *(["--", *map(str, options.folders)] if options.folders else []),
    ]


def _batch_size() -> str:
    """The command's option."""
    return f"--batch-size={BATCH_SIZES[connection.vendor]}"
