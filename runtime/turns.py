"""Short writes beside a running scan. SQLite allows one writer at a time; PostgreSQL ends one of
several transactions that wait for each other."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import RLock
from typing import TypeVar

from django.db import OperationalError, connection, transaction

WITHIN_SECONDS = 20.0
POLL_EVERY_SECONDS = 0.001
ATTEMPTS = 5
PAUSE_S = 0.02
_WAITED_FOR_EACH_OTHER = ("40P01", "40001")
"""The SQLSTATE codes of a deadlock and of a serialization failure on PostgreSQL."""

_turn_here = RLock()  # what follows a commit may write in its turn, too
"""Held by the thread of this process that writes; other threads wait for it without polling. If all
of them polled, they would take the processor from the one that has the database."""

Result = TypeVar("Result")


def write_in_turn(write: Callable[[], Result], within_s: float = WITHIN_SECONDS) -> Result:
    """Call `write` in a transaction, which starts as soon as the database is free.

    SQLite's own busy handler polls after 1, 2, 5, 10 and up to 100 ms, and each time another batch
    of a scan may hold the lock. Polling every millisecond finds the gap between two batches.
    PostgreSQL ends one of two transactions that wait for each other, such as this one and a batch
    of a scan that changes what `write` points at: then this one is tried again.
    Raises OperationalError if the database is not free within `within_s`, or if that happens
    ATTEMPTS times.
    """
    if connection.in_atomic_block:  # the caller holds the lock already
        return write()
    if connection.vendor != "sqlite":
        return _retried(write)
    deadline = time.monotonic() + within_s
    with _turn_within(within_s), _no_waiting_in_sqlite():
        while True:
            try:
                with transaction.atomic():
                    return write()
            except OperationalError as error:
                if not _is_busy(error) or time.monotonic() > deadline:
                    raise
                _free_statements(error)
            time.sleep(POLL_EVERY_SECONDS)


def _retried(write: Callable[[], Result]) -> Result:
    for attempt in range(1, ATTEMPTS):
        try:
            with transaction.atomic():
                return write()
        except OperationalError as error:
            if not _waited_for_each_other(error):
                raise
        time.sleep(PAUSE_S * attempt)
    with transaction.atomic():
        return write()


def _waited_for_each_other(error: OperationalError) -> bool:
    return getattr(error.__cause__, "sqlstate", None) in _WAITED_FOR_EACH_OTHER


@contextmanager
def _turn_within(seconds: float) -> Iterator[None]:
    if not _turn_here.acquire(timeout=seconds):
        raise OperationalError("database is locked by other threads of this process")
    try:
        yield
    finally:
        _turn_here.release()


@contextmanager
def _no_waiting_in_sqlite() -> Iterator[None]:
    with connection.cursor() as cursor:
        (usual_ms,) = cursor.execute("PRAGMA busy_timeout").fetchone()
        cursor.execute("PRAGMA busy_timeout = 0")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {usual_ms:d}")


def _free_statements(error: BaseException) -> None:
    """Drop the tracebacks of `error` and of its causes, whose frames hold statements of SQLite.

    Django's tracebacks refer to themselves. If they were left to the garbage collector, it would
    free the statements in any thread, perhaps in one that has the database. SQLite makes that one
    wait for the connection of the statements, which may itself wait for the database: nobody in
    this process could write until that wait has timed out.
    """
    each: BaseException | None = error
    while each is not None:
        each.__traceback__ = None
        each = each.__cause__


def _is_busy(error: OperationalError) -> bool:
    return getattr(error.__cause__, "sqlite_errorcode", None) == sqlite3.SQLITE_BUSY
