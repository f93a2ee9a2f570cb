"""Short transactions under the lease: each one committed, timed, and tried again when the database
is busy or away for a moment."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from django.db import DataError, InterfaceError, OperationalError, connection, transaction

from library.scanning.errors import ScanError
from library.scanning.lease import Lease
from library.scanning.report import ScanCounts

ATTEMPTS = 6
FIRST_PAUSE_SECONDS = 0.2
FILES_PER_CHECKPOINT = 2_000
"""Not more often: the first commit after it waits for the disk, for the header of a new log."""
_DISK_FULL = ("disk is full", "no space left", "could not extend file")

_PROGRAM_LIMIT_EXCEEDED = "54"

logger = logging.getLogger(__name__)
Result = TypeVar("Result")


@dataclass
class Transactions:
    """What a scan has committed so far."""

    lease: Lease
    counts: ScanCounts = field(default_factory=ScanCounts)
    count: int = 0
    longest_s: float = 0.0
    pause_s: float = FIRST_PAUSE_SECONDS
    _checkpointed: int = 0

    def commit(self, write: Callable[[], ScanCounts]) -> None:
        """Run `write` in a transaction of its own that also renews the lease.

        `write` returns what it changed; it may run more than once, so it must leave nothing behind
        but rows. Raises ScanError when the disk is full, OperationalError when the database stays
        unusable.
        """
        retried(lambda: self._commit_once(write), self.pause_s)
        written = self.counts.changed + self.counts.failed
        if written - self._checkpointed >= FILES_PER_CHECKPOINT:
            self._checkpointed = written
            self.checkpoint()
            # The first commit to a new log waits for the disk: not the next batch, which has the
            # database locked for long enough.
            retried(lambda: self._commit_once(ScanCounts), self.pause_s)

    def checkpoint(self) -> None:
        """Move SQLite's log into the database; nothing elsewhere."""
        retried(_checkpoint, self.pause_s)

    def _commit_once(self, write: Callable[[], ScanCounts]) -> None:
        with transaction.atomic():
            began = time.perf_counter()  # from here: BEGIN may have waited for another writer
            counts = self.counts + write()
            self.lease.renew(counts)
        self.longest_s = max(self.longest_s, time.perf_counter() - began)
        self.count += 1
        self.counts = counts


def retried(action: Callable[[], Result], pause_s: float = FIRST_PAUSE_SECONDS) -> Result:
    """Do `action`, again where the database was busy or away, with pauses that double.

    Raises ScanError when its disk is full, the last OperationalError after ATTEMPTS times.
    """
    attempt = 0
    while True:
        attempt += 1
        try:
            return action()
        except (OperationalError, InterfaceError) as error:
            _raise_if_disk_full(error)
            _raise_if_too_large(error)
            if attempt == ATTEMPTS:
                raise
            logger.warning("The database is not available (%s); trying again.", error)
            connection.close()  # a lost connection is opened anew by the next query
            time.sleep(pause_s * 2 ** (attempt - 1))


def _raise_if_too_large(error: Exception) -> None:
    """PostgreSQL's indexes do not hold every path: that is a fault of the row, not a passing one,
    though its driver counts it among those."""
    if (getattr(error.__cause__, "sqlstate", None) or "").startswith(_PROGRAM_LIMIT_EXCEEDED):
        raise DataError(str(error)) from error


def _checkpoint() -> None:
    """By itself SQLite would do so within a commit, of the scan or of a listener, which then waits
    for the disk: 0.02 s on an idle one, 0.3 s and more on a busy one; so the settings let its log
    grow further than any scan does. PASSIVE waits for nobody, and nobody waits for it."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")


def _raise_if_disk_full(error: Exception) -> None:
    if any(text in str(error).lower() for text in _DISK_FULL):
        raise ScanError(
            "The disk that holds the database is full. What was stored stays; "
            "make room and scan again."
        ) from error
