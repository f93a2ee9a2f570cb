"""The schedule: begins scans at their time, has files read again after an upgrade, and closes the
rows of scans whose process died.

A thread in each server process polls the `Scan` rows once a second. The schedule depends only on
these rows, so several servers on one database share one schedule.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import takewhile

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from events import announce_from_thread
from library.models.scan import Scan, ScanKind, ScanState, ScanTrigger
from library.runner.scan_process import start_reread, start_scan, watched_scans
from library.runner.watching import Watching
from library.scanning import ScanAlreadyRuns, close_dead_scans
from library.scanning.older_servers import raise_for_older_servers
from library.scanning.reread import is_portion_due

POLL_SECONDS = 1.0
WATCHES_WITHIN_SECONDS = 5.0
SECONDS_AFTER_ERROR = 5.0
FIRST_CHORES_SECONDS = 60.0
CHORES_SECONDS = 600.0
PAUSE_PER_DURATION = 20
"""After a scan, the pause is at least this many times its duration. So scheduled scans take at most
about a twentieth of the time."""
PAUSES_AFTER_SAME_ERROR = (timedelta(0), *(timedelta(minutes=each) for each in (10, 30, 60)))
"""The extra pause after the first, second, third and any further scheduled scan in a row with the
same error. A disk that is away all night should not cause a message every minute."""

logger = logging.getLogger(__name__)


Chore = Callable[[], bool]
"""A short portion of work of another app. Returns whether there is more of it."""


class Schedule:
    """The thread of the schedule. With `scans` false it only closes rows of dead scans: neither new
    nor outdated files are read.

    `watching`: the first scan waits a moment for it, so that no change comes between the two.
    `chores` are done every CHORES_SECONDS, and each second while there is more of them.
    """

    def __init__(
        self,
        *,
        scans: bool = True,
        watching: Watching | None = None,
        chores: Sequence[Chore] = (),
    ) -> None:
        self._scans = scans
        self._watching = watching
        self._chores = chores
        self._chores_due_s = time.monotonic() + FIRST_CHORES_SECONDS
        self._began = timezone.now()
        self._stop = threading.Event()

    def start(self) -> None:
        threading.Thread(target=self._run, name="schedule", daemon=True).start()

    def stop(self) -> None:
        self._stop.set()

    def _run(self) -> None:
        if self._watching:
            self._watching.wait_until_ready(WATCHES_WITHIN_SECONDS)
        while not self._stop.is_set():
            pause_s = POLL_SECONDS
            try:
                self._poll()
            except Exception as error:
                # The database is unavailable, or mus has a bug: the schedule must go on.
                text = "The schedule could not look for scans, and tries again: %s"
                logger.warning(text, error, exc_info=not isinstance(error, DatabaseError))
                pause_s = SECONDS_AFTER_ERROR
            finally:
                connection.close()
            self._stop.wait(pause_s)

    def _poll(self) -> None:
        for event_id in close_dead_scans(watched_scans()):
            logger.warning("A scan ended without closing its row; event %d says so.", event_id)
            announce_from_thread(event_id)
        raise_for_older_servers()
        if self._scans:
            try:
                self._begin_what_is_due()
            except ScanAlreadyRuns as refusal:  # another server has just begun one
                logger.debug("%s", refusal)
        if time.monotonic() >= self._chores_due_s:
            self._chores_due_s = time.monotonic() + CHORES_SECONDS
            has_more = [chore() for chore in self._chores]
            if any(has_more):
                self._chores_due_s = 0.0

    def _begin_what_is_due(self) -> None:
        if is_due(timezone.now(), self._began):
            start_scan(ScanTrigger.SCHEDULE)
        elif is_portion_due(timezone.now()):
            start_reread()


def is_due(now: datetime, server_began: datetime) -> bool:
    """Whether a scan of all music folders should begin now.

    Looks at all earlier scans of all music folders, whatever started them. A scan is due

    - if none has begun since the server started, else
    - once all of these have passed: SCAN_INTERVAL_SECONDS since the last one began,
      PAUSE_PER_DURATION times its duration since it ended, and, if several scheduled scans in a row
      had the same error, the pause for that.

    None is due while a scan or a purge runs, or if the interval is 0. Files that are read again do
    not hold up a scan.
    """
    interval = timedelta(seconds=settings.SCAN_INTERVAL_SECONDS)
    running = Scan.objects.filter(state=ScanState.RUNNING).exclude(kind=ScanKind.REREAD)
    if not interval or running.exists():
        return False
    scans = Scan.objects.scans().filter(folders=[]).order_by("-pk")
    last = scans.first()
    if last is None or last.finished_at is None or last.started_at < server_began:
        return True
    if last.started_at > now + interval:  # the clock was set back since then
        return True
    pause = PAUSE_PER_DURATION * last.duration
    if now < max(last.started_at + interval, last.finished_at + pause):
        return False
    return now >= _end_of_pause_after_same_error(scans, last.finished_at)


def _end_of_pause_after_same_error(scans: QuerySet[Scan], last_end: datetime) -> datetime:
    """When the pause ends that PAUSES_AFTER_SAME_ERROR asks for; `last_end` if there is no error.

    Counts how many of the last scheduled scans in a row had the same error. A scan without an error
    ends the row, whatever started it. Cancelled scans, and failed ones that a person started, are
    not counted.
    """
    counted = scans.exclude(state=ScanState.CANCELLED).filter(
        Q(trigger=ScanTrigger.SCHEDULE) | Q(error="")
    )
    latest = list(counted[: len(PAUSES_AFTER_SAME_ERROR)])
    if not latest or not latest[0].error_summary:
        return last_end
    error = latest[0].error_summary
    in_a_row = len(list(takewhile(lambda scan: scan.error_summary == error, latest)))
    return (latest[0].finished_at or last_end) + PAUSES_AFTER_SAME_ERROR[in_a_row - 1]
