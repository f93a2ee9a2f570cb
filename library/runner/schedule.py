"""When scans begin by themselves, and who closes the rows of those that died.

One thread of each server process looks every second. What it needs to know stands in the `Scan`
rows, so that several servers on one database keep one schedule between them.
"""

import logging
import threading
from datetime import datetime, timedelta
from itertools import takewhile

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from events import announce_from_thread
from library.models.scan import Scan, ScanState, ScanTrigger
from library.runner.scan_process import start_scan, watched_scans
from library.scanning import ScanAlreadyRuns, bury_dead_scans

SECONDS_BETWEEN_LOOKS = 1.0
SECONDS_AFTER_A_FAULT = 5.0
PAUSE_PER_DURATION = 20
"""Scans take at most about a twentieth of the time, however long one takes."""
PAUSES_AFTER_SAME_TROUBLE = (timedelta(0), *(timedelta(minutes=each) for each in (10, 30, 60)))
"""After the first scheduled scan in trouble, the second in a row for the same reason, and so on: a
disk that is away for the night is no news each minute."""

logger = logging.getLogger(__name__)


class Schedule:
    """Runs from `start` to `stop`. With `scans` false it closes dead scans and begins none."""

    def __init__(self, *, scans: bool = True) -> None:
        self._scans = scans
        self._began = timezone.now()
        self._stop = threading.Event()

    def start(self) -> None:
        threading.Thread(target=self._run, name="schedule", daemon=True).start()

    def stop(self) -> None:
        self._stop.set()

    def _run(self) -> None:
        while not self._stop.is_set():
            pause = SECONDS_BETWEEN_LOOKS
            try:
                self._look()
            except Exception as error:
                # A database that is away, or any fault of ours: the schedule has to outlive both.
                text = "The schedule could not look for scans, and tries again: %s"
                logger.warning(text, error, exc_info=not isinstance(error, DatabaseError))
                pause = SECONDS_AFTER_A_FAULT
            finally:
                connection.close()
            self._stop.wait(pause)

    def _look(self) -> None:
        for event_id in bury_dead_scans(watched_scans()):
            logger.warning("A scan died without a word; event %d says so.", event_id)
            announce_from_thread(event_id)
        if self._scans and is_due(timezone.now(), self._began):
            try:
                start_scan(ScanTrigger.SCHEDULE)
            except ScanAlreadyRuns as refusal:  # another server was quicker
                logger.debug("%s", refusal)


def is_due(now: datetime, server_began: datetime) -> bool:
    """Whether a scan of everything should begin, by the rows of those before, whatever began them.

    One is due when none began since the server did; then, after SCAN_INTERVAL_SECONDS from the
    beginning of the last one, but not before it has been over for PAUSE_PER_DURATION times as long
    as it took, nor, where several scheduled scans in a row had the same trouble, before the pause
    after that is over.
    None is while another scan runs, and none ever where the interval is 0.
    """
    interval = timedelta(seconds=settings.SCAN_INTERVAL_SECONDS)
    if not interval or Scan.objects.filter(state=ScanState.RUNNING).exists():
        return False
    scans = Scan.objects.filter(folders=[]).order_by("-pk")
    last = scans.first()
    if last is None or last.finished_at is None or last.started_at < server_began:
        return True
    if last.started_at > now + interval:  # the clock was put back since then
        return True
    pause = PAUSE_PER_DURATION * last.duration
    if now < max(last.started_at + interval, last.finished_at + pause):
        return False
    return now >= _end_of_pause_after_same_trouble(scans, last.finished_at)


def _end_of_pause_after_same_trouble(scans: QuerySet[Scan], last_end: datetime) -> datetime:
    """By how many scheduled scans in a row had the same trouble, up to the last one. One that went
    well ends the row, whatever began it; other scans by hand and cancelled ones say nothing."""
    told = scans.exclude(state=ScanState.CANCELLED).filter(
        Q(trigger=ScanTrigger.SCHEDULE) | Q(error="")
    )
    ended = list(told[: len(PAUSES_AFTER_SAME_TROUBLE)])
    if not ended or not ended[0].error_summary:
        return last_end
    trouble = ended[0].error_summary
    in_a_row = len(list(takewhile(lambda scan: scan.error_summary == trouble, ended)))
    return (ended[0].finished_at or last_end) + PAUSES_AFTER_SAME_TROUBLE[in_a_row - 1]
