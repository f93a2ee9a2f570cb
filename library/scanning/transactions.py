"""The transactions of a scan. Each renews the lease, is timed, and is retried if the database is
busy or unavailable for a moment."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from django.db import DataError, InterfaceError, OperationalError, connection, transaction

from library.models.revision import NextRevision
from library.scanning.errors import ScanError
from library.scanning.lease import Lease
from library.scanning.report import ScanCounts

ATTEMPTS = 6
FIRST_PAUSE_SECONDS = 0.2
FILES_PER_CHECKPOINT = 2_000
"""How many files are written between two checkpoints. Not fewer: the first commit after a
checkpoint waits for the disk, because it writes the header of a new write-ahead log."""
CACHE_KIB = 16_000
_DISK_FULL = ("disk is full", "no space left", "could not extend file")

_PROGRAM_LIMIT_EXCEEDED = "54"
"""The class of SQLSTATE codes of PostgreSQL for values that exceed one of its limits."""

logger = logging.getLogger(__name__)
Result = TypeVar("Result")
Write = Callable[[NextRevision], ScanCounts]


@dataclass
class Transactions:
    """Commits the transactions of a scan, and sums up what they committed.

    `count`: how many transactions. `longest_s`: the longest, in seconds, without the wait for its
    start. `pause_s`: the pause before the first retry.
    """

    lease: Lease
    counts: ScanCounts = field(default_factory=ScanCounts)
    count: int = 0
    longest_s: float = 0.0
    pause_s: float = FIRST_PAUSE_SECONDS
    _checkpointed: int = 0

    def commit(self, write: Write) -> None:
        """Run `write` in a transaction that also renews the lease.

        `write` gets the revision that the transaction makes if it changes what lists show. It
        returns the counts of what it changed. It may be called again for a retry, so it
        must have no effect except on the database. Raises ScanError if the disk is full,
        OperationalError if the database stays unavailable.
        """
        retried(lambda: self._commit_once(write), self.pause_s)
        written = self.counts.changed + self.counts.failed
        if written - self._checkpointed >= FILES_PER_CHECKPOINT:
            self._checkpointed = written
            self.checkpoint()
            # The first commit after a checkpoint waits for the disk. An empty transaction takes
            # that wait, so that the next batch does not lock the database even longer.
            retried(lambda: self._commit_once(_nothing), self.pause_s)

    def checkpoint(self) -> None:
        """Copy SQLite's write-ahead log into the database file. Does nothing on PostgreSQL."""
        retried(_checkpoint, self.pause_s)

    def _commit_once(self, write: Write) -> None:
        revision = NextRevision()
        with transaction.atomic():
            began = time.perf_counter()  # not before: BEGIN may wait for another writer
            counts = self.counts + write(revision)
            self.lease.renew(counts, revision.raised)
        self.lease.note_commit(revision.raised)
        self.longest_s = max(self.longest_s, time.perf_counter() - began)
        self.count += 1
        self.counts = counts


def _nothing(_: NextRevision) -> ScanCounts:
    return ScanCounts()


def enlarge_cache() -> None:
    """Let SQLite keep more of the database in memory, in the process of a scan, than the 2 MB that
    suffice for lists. Does nothing on PostgreSQL.

    Names, paths and keys come in any order, so each batch writes to pages all over their indexes.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA cache_size = -{CACHE_KIB}")


def retried(action: Callable[[], Result], pause_s: float = FIRST_PAUSE_SECONDS) -> Result:
    """Call `action`, again if the database is busy or unavailable, with pauses that double.

    Raises ScanError if the disk of the database is full, and the OperationalError of the last of
    ATTEMPTS calls.
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
    """Raise DataError if a value is too long for an index of PostgreSQL. Its driver reports that as
    an OperationalError, but a retry would not help."""
    if (getattr(error.__cause__, "sqlstate", None) or "").startswith(_PROGRAM_LIMIT_EXCEEDED):
        raise DataError(str(error)) from error


def _checkpoint() -> None:
    """Run SQLite's checkpoint outside of any commit.

    By default SQLite runs it within a commit, of the scan or of a listener, which then waits for
    the disk: 0.02 s on an idle disk, 0.3 s or more on a busy one. So the settings let the log grow
    larger than a scan makes it between two checkpoints. PASSIVE does not wait for other
    connections, nor do they wait for it.
    """
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")


def _raise_if_disk_full(error: Exception) -> None:
    if any(text in str(error).lower() for text in _DISK_FULL):
        raise ScanError(
            "The disk that holds the database is full. What was stored stays; "
            "make room and scan again."
        ) from error
