"""Lets other work, such as a purge, hold the lease of scans, so that no scan runs meanwhile."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError

from library.models.scan import ScanKind, ScanState, ScanTrigger
from library.scanning.errors import ScanCancelled
from library.scanning.lease import Lease, acquire
from library.scanning.report import ScanOptions
from library.scanning.summary import WORK

logger = logging.getLogger(__name__)


@contextmanager
def held_for(
    kind: ScanKind, doing: str, trigger: ScanTrigger = ScanTrigger.COMMAND
) -> Iterator[Lease]:
    """Hold the lease of scans in a `with` block, which closes or gives back the lease at its end.

    `doing`: a sentence that says what is being done; whoever tries to start a scan meanwhile is
    shown it. The caller must renew the lease in each of its transactions. If the block raises, the
    row is closed as cancelled or failed. Raises ScanAlreadyRuns.
    """
    lease = acquire(ScanOptions(trigger=trigger), kind, doing)
    try:
        yield lease
    except BaseException as problem:  # also KeyboardInterrupt: the row must not stay "running"
        is_cancelled = isinstance(problem, ScanCancelled)
        error = "" if is_cancelled else str(problem) or type(problem).__name__
        state = ScanState.CANCELLED if is_cancelled else ScanState.FAILED
        message = f"{WORK[kind]} {'was cancelled.' if is_cancelled else f'failed: {error}'}"
        try:
            lease.close_other_work(state, message, error)
        except DatabaseError as fault:  # the lease expires, or is taken over from a dead process
            logger.warning("The lease of scans could not be given back: %s", fault)
        raise
