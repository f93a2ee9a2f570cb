"""Short writes beside a running scan, on SQLite, which allows one writer at a time."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import OperationalError, connection, transaction

WITHIN_SECONDS = 20.0
POLL_EVERY_SECONDS = 0.001

Result = TypeVar("Result")


def write_in_turn(write: Callable[[], Result], within_s: float = WITHIN_SECONDS) -> Result:
    """Call `write` in a transaction, which starts as soon as the database is free.

    SQLite's own busy handler polls after 1, 2, 5, 10 and up to 100 ms, and each time another batch
    of a scan may hold the lock. Polling every millisecond finds the gap between two batches.
    Raises OperationalError if the database is not free within `within_s`.
    """
    if connection.in_atomic_block:  # the caller holds the lock already
        return write()
    if connection.vendor != "sqlite":
        with transaction.atomic():
            return write()
    deadline = time.monotonic() + within_s
    with _no_waiting_in_sqlite():
        while True:
            try:
                with transaction.atomic():
                    return write()
            except OperationalError as error:
                if not _is_busy(error) or time.monotonic() > deadline:
                    raise
            time.sleep(POLL_EVERY_SECONDS)


@contextmanager
def _no_waiting_in_sqlite() -> Iterator[None]:
    with connection.cursor() as cursor:
        (usual_ms,) = cursor.execute("PRAGMA busy_timeout").fetchone()
        cursor.execute("PRAGMA busy_timeout = 0")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {usual_ms:d}")


def _is_busy(error: OperationalError) -> bool:
    return getattr(error.__cause__, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY
