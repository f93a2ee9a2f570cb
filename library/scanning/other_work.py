"""Lets other work, such as a purge, hold the lease of scans, so that no scan runs meanwhile."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import DatabaseError

from library.models.scan import Scan
from library.scanning.lease import Lease, acquire
from library.scanning.report import ScanOptions

logger = logging.getLogger(__name__)


@contextmanager
def held_for(other_work: str) -> Iterator[Lease]:
    """Hold the lease of scans in a `with` block.

    `other_work`: a sentence that says what is being done; whoever tries to start a scan meanwhile
    is shown it. The caller must renew the lease in each of its transactions.
    Raises ScanAlreadyRuns.
    """
    lease = acquire(ScanOptions(), other_work)
    try:
        yield lease
    finally:
        try:
            Scan.objects.filter(pk=lease.scan_id).delete()
        except DatabaseError as error:  # the lease expires, or is taken over from a dead process
            logger.warning("The lease of scans could not be given back: %s", error)
