"""Lets other work, such as a purge, hold the lease of scans, so that no scan runs meanwhile."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from django.db import DatabaseError

from library.models.scan import ScanKind, ScanState, ScanTrigger
from library.scanning.lease import Lease, acquire
from library.scanning.report import ScanOptions
from library.scanning.summary import WORK

logger = logging.getLogger(__name__)


@contextmanager
def held_for(
    kind: ScanKind, doing: str, trigger: ScanTrigger = ScanTrigger.COMMAND
) -> Iterator[Lease]:
    """Hold the lease of scans in a `with` block.

    `doing`: a sentence that says what is being done; whoever tries to start a scan meanwhile is
    shown it. The caller must renew the lease in each of its transactions, and close the row; if it
    does not, because it changed nothing, the row is deleted. If the block raises, the row is closed
    as failed. Raises ScanAlreadyRuns.
    """
    lease = acquire(ScanOptions(trigger=trigger), kind, doing)
    try:
        yield lease
    except BaseException as problem:  # also KeyboardInterrupt: the row must not stay "running"
        error = str(problem) or type(problem).__name__
        _end(
            partial(
                lease.close_other_work, ScanState.FAILED, f"{WORK[kind]} failed: {error}", error
            )
        )
        raise
    _end(lease.give_back)


def _end(end: Callable[[], object]) -> None:
    try:
        end()
    except DatabaseError as fault:  # the lease expires, or is taken over from a dead process
        logger.warning("The lease of scans could not be given back: %s", fault)
