"""Two writers that wait for each other, which PostgreSQL alone allows: it ends one of them."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from library.models.scan import Scan
from runtime.turns import write_in_turn
from tests.databases import IS_POSTGRESQL
from tests.web.library_rows import make_scan

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not IS_POSTGRESQL, reason="SQLite has one writer at a time"),
]


def test_a_write_that_was_ended_for_another_one_is_tried_again() -> None:
    one, other = make_scan().pk, make_scan().pk
    both_hold = threading.Barrier(2)
    tries: list[int] = []

    def lock(scan_id: int) -> None:
        Scan.objects.filter(pk=scan_id).update(message="locked")

    def write() -> None:
        tries.append(1)
        lock(one)
        if len(tries) == 1:
            both_hold.wait(10)
        lock(other)

    def in_the_other_order() -> None:
        try:
            with transaction.atomic():
                with connection.cursor() as cursor:  # the other writer finds the deadlock first
                    cursor.execute("SET LOCAL deadlock_timeout = '20s'")
                lock(other)
                both_hold.wait(10)
                lock(one)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as threads:
        done = threads.submit(in_the_other_order)
        write_in_turn(write)
        done.result(timeout=20)
    assert len(tries) == 2
