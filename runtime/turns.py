"""A turn to write, where a database has one writer at a time and a scan writes often."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import OperationalError, connection, transaction

WITHIN_SECONDS = 20.0
LOOK_EVERY_SECONDS = 0.001

Result = TypeVar("Result")


def write_in_turn(write: Callable[[], Result], within_s: float = WITHIN_SECONDS) -> Result:
    """`write` in a transaction of its own, begun as soon as the database is free.

    SQLite waits by itself too, but looks again after 1, 2, 5, 10 and at last 100 ms, and each time
    another batch of a scan may have begun. A look every millisecond comes between two of them.
    Raises OperationalError when the database was not free within `within_s`.
    """
    if connection.in_atomic_block:  # the caller has had its turn
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
            time.sleep(LOOK_EVERY_SECONDS)


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
