"""Writing while somebody else writes."""

import sqlite3
import threading
from collections.abc import Iterator

import pytest
from django.db import OperationalError, connection

from library.models.scan import Scan
from runtime.turns import write_in_turn
from tests.web.library_rows import make_scan

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'sqlite'", reason="of SQLite alone"),
]


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


def test_other_errors_are_not_tried_again() -> None:
    tries = []

    def fail() -> None:
        tries.append(1)
        raise OperationalError("no such table")

    with pytest.raises(OperationalError, match="no such table"):
        write_in_turn(fail)
    assert len(tries) == 1
