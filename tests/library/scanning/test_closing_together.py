"""Two processes close the row of one purge. PostgreSQL alone lets both begin; SQLite has one writer
at a time."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone
from django_eventstream.models import Event

from library.models.scan import Scan, ScanKind, ScanState
from library.scanning import ScanOptions, close_dead_scans
from library.scanning.closing import EXPIRES_AFTER
from library.scanning.lease import acquire
from library.scanning.purge import PURGING
from library.scanning.report import ScanCounts
from tests.databases import IS_POSTGRESQL
from tests.library.runner.house import wait_until

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not IS_POSTGRESQL, reason="SQLite has one writer at a time"),
]


def on_own_connection(close: Callable[[], int | None]) -> int | None:
    try:
        return close()
    finally:
        connection.close()


def somebody_waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])


def test_a_purge_that_is_found_dead_as_it_ends_has_one_event() -> None:
    lease = acquire(ScanOptions(), ScanKind.PURGE, PURGING)
    lease.renew(ScanCounts(), revision=7, purged=1)
    Scan.objects.update(heartbeat_at=timezone.now() - EXPIRES_AFTER - timedelta(seconds=1))
    with ThreadPoolExecutor(1) as threads:
        with transaction.atomic():
            assert len(close_dead_scans()) == 1
            closing = threads.submit(
                on_own_connection, lambda: lease.close_other_work(ScanState.COMPLETED, "Purged.")
            )
            wait_until(somebody_waits_for_a_lock)
        assert closing.result(timeout=20) is None
    assert Event.objects.filter(eid__gt=0).count() == 1
    assert Scan.objects.get().state == ScanState.FAILED
