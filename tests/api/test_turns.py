"""Writing while somebody else writes."""

import gc
import sqlite3
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction

from asgi.sessions import SessionStore
from library.models.scan import Scan
from runtime.turns import write_in_turn
from tests.web.library_rows import make_scan

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'sqlite'", reason="of SQLite alone"),
]

THREADS, WRITES = 6, 5


class Begun:
    """The transactions that threads begin."""

    def __init__(self) -> None:
        self.transactions: list[str] = []

    def note(self, execute: Any, sql: str, *more: Any) -> Any:
        if sql.startswith("BEGIN"):
            self.transactions.append(sql)
        return execute(sql, *more)


@pytest.fixture
def other() -> Iterator[sqlite3.Connection]:
    """Another process's connection, as SQLite sees it."""
    name = str(connection.settings_dict["NAME"])
    opened = sqlite3.connect(name, isolation_level=None, check_same_thread=False)
    yield opened
    opened.close()


def busy_timeout_ms() -> int:
    with connection.cursor() as cursor:
        return int(cursor.execute("PRAGMA busy_timeout").fetchone()[0])


def test_it_waits_until_the_other_is_done(other: sqlite3.Connection) -> None:
    usual_ms = busy_timeout_ms()
    other.execute("BEGIN IMMEDIATE")
    ends = threading.Timer(0.2, other.execute, ["COMMIT"])
    ends.start()
    assert write_in_turn(make_scan) == Scan.objects.get()
    assert not other.in_transaction
    assert busy_timeout_ms() == usual_ms > 0


def test_it_gives_up_in_the_end(other: sqlite3.Connection) -> None:
    usual_ms = busy_timeout_ms()
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError, match="locked"):
        write_in_turn(make_scan, within_s=0.05)
    other.execute("ROLLBACK")
    assert not Scan.objects.exists()
    assert busy_timeout_ms() == usual_ms


@pytest.fixture
def left_over() -> Iterator[list[object]]:
    """What the garbage collector finds, and would have freed, in this test. Only the end of the
    test empties it."""
    gc.collect()
    gc.set_debug(gc.DEBUG_SAVEALL)
    yield gc.garbage
    gc.set_debug(0)
    gc.garbage.clear()


def test_no_statement_of_a_wait_is_left_to_the_collector(
    other: sqlite3.Connection, left_over: list[object]
) -> None:
    """It might free the statement in the thread that has the database, while the statement's own
    connection waits for the database: neither would go on."""
    other.execute("BEGIN IMMEDIATE")
    ends = threading.Timer(0.05, other.execute, ["COMMIT"])
    ends.start()
    write_in_turn(make_scan)
    gc.collect()
    assert not [each for each in left_over if isinstance(each, sqlite3.Cursor)]


def test_other_errors_are_not_tried_again() -> None:
    tries = []

    def fail() -> None:
        tries.append(1)
        raise OperationalError("no such table")

    with pytest.raises(OperationalError, match="no such table"):
        write_in_turn(fail)
    assert len(tries) == 1


def test_threads_of_one_process_do_not_poll_for_each_other() -> None:
    begun = Begun()

    def write() -> None:
        make_scan()
        time.sleep(0.02)  # others wait meanwhile

    def write_often() -> None:
        with connection.execute_wrapper(begun.note):
            for _ in range(WRITES):
                write_in_turn(write)
        connection.close()

    threads = [threading.Thread(target=write_often) for _ in range(THREADS)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert Scan.objects.count() == len(begun.transactions) == THREADS * WRITES


def test_what_follows_a_commit_may_write() -> None:
    write_in_turn(lambda: transaction.on_commit(lambda: write_in_turn(make_scan)), within_s=1)
    assert Scan.objects.count() == 1


def test_a_session_is_stored_in_its_turn() -> None:
    """It does not wait inside SQLite, where its connection could serve nobody meanwhile."""
    begun = Begun()

    def log_in_and_out() -> None:
        session = SessionStore()
        with connection.execute_wrapper(begun.note):
            session.create()
            session.delete()
        connection.close()

    def write() -> threading.Thread:
        waiting = threading.Thread(target=log_in_and_out)
        waiting.start()
        waiting.join(0.1)
        assert waiting.is_alive()
        assert not begun.transactions
        return waiting

    write_in_turn(write).join()
    assert len(begun.transactions) == 2
