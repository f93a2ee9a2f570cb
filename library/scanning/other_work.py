"""The lease of scans, held by work that is no scan, such as a purge."""

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
    """Hold the lease for work that is no scan; `other_work` tells those who want to scan meanwhile.

    The work has to renew the lease in each of its transactions. Raises ScanAlreadyRuns.
    """
    lease = acquire(ScanOptions(), other_work)
    try:
        yield lease
    finally:
        try:
            Scan.objects.filter(pk=lease.scan_id).delete()
        except DatabaseError as error:  # it expires, or is found without its process
            logger.warning("The lease of scans could not be given back: %s", error)
