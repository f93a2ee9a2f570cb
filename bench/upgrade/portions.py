"""Watches a server work through what an upgrade left to do, in portions."""

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta

import psutil

from bench.measure import CommandFailed
from bench.upgrade.databases import Database

ENDS_WITHIN_S = 1_800.0
DAY = timedelta(days=1)
YESTERDAY = (
    "UPDATE library_scan SET started_at = ?, finished_at = ? "
    "WHERE kind = 'reread' AND state != 'running'"
)
LAST = "SELECT id, state, process_id FROM library_scan WHERE kind = 'reread' ORDER BY id DESC"
TO_READ = (
    "SELECT count(*) AS number FROM library_track WHERE missing_since IS NULL AND "
    "(read_with = '' OR read_with != (SELECT max(read_with) FROM library_track))"
)
TO_SETTLE = "SELECT count(*) AS number FROM library_folder WHERE albums_to_settle"


READERS = "SELECT DISTINCT read_with FROM library_track WHERE missing_since IS NULL"


def are_all_read(upgraded: Database, new: Database) -> bool:
    """Whether the version before reads files as this one does, of which `new` is a library."""
    return upgraded.rows(READERS) == new.rows(READERS)


def have_all_read_again(upgraded: Database) -> None:
    """As if the version before read files in another way."""
    upgraded.execute("UPDATE library_track SET read_with = ''")


class Portions:
    """Watches the portions from a thread: skips the pauses after them, and kills some of them.

    `seconds`: how long they took together. `settled_after_s`: after how many of these the albums of
    known tracks were worked out. `killed`: how many.
    """

    def __init__(self, database: Database, kills: int, first_kill_s: float = 0.6) -> None:
        """Portions are killed after `first_kill_s` at the earliest."""
        self.seconds = self.settled_after_s = 0.0
        self.killed = self.seen = 0
        self._database, self._kills, self._first_kill_s = database, kills, first_kill_s
        self._rng = random.Random(1)
        self._is_settled = False
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    @contextmanager
    def watched(self) -> Iterator[None]:
        self._thread.start()
        try:
            yield
        finally:
            self._over.set()
            self._thread.join()

    def are_done(self) -> bool:
        if not self._thread.is_alive():
            raise CommandFailed("the portions are not watched any more")
        last = self._database.rows(LAST)
        is_running = bool(last) and last[0]["state"] == "running"
        return not is_running and not any(self._left(sql) for sql in (TO_READ, TO_SETTLE))

    def _left(self, sql: str) -> int:
        return int(self._database.rows(sql)[0]["number"])

    def _watch(self) -> None:
        running: int | None = None
        began = kill_at = 0.0
        while not self._over.wait(0.02):
            last = next(iter(self._database.rows(LAST)), None)
            if last is None:
                continue
            now = time.monotonic()
            if last["state"] == "running" and last["id"] != running:
                running, began = last["id"], now
                kill_at = now + self._rng.uniform(self._first_kill_s, self._first_kill_s + 1.4)
                self.seen += 1
            elif last["state"] == "running" and self.killed < self._kills and now > kill_at:
                if _kill(last["process_id"]):
                    self.killed += 1
                    kill_at = now + 60
            elif last["state"] != "running" and last["id"] == running:
                self.seconds += now - began
                self._note_settled()
                running = None
                skip_pause(self._database)

    def _note_settled(self) -> None:
        if not self._is_settled and not self._left(TO_SETTLE):
            self._is_settled, self.settled_after_s = True, self.seconds


def skip_pause(database: Database) -> None:
    """Let the next portion be due at once."""
    then = f"{datetime.now(UTC) - DAY:%Y-%m-%d %H:%M:%S.%f}"
    database.execute(YESTERDAY, (then, then))


def _kill(process_id: int) -> bool:
    """False if the row still names the server, whose child has not taken it over yet."""
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(process_id)
        if "--reread" in process.cmdline():
            process.kill()
            return True
    return False


def wait_until_done(portions: Portions, meanwhile: Callable[[], object]) -> None:
    """Raises CommandFailed if that takes half an hour."""
    until = time.monotonic() + ENDS_WITHIN_S
    while not portions.are_done():
        if time.monotonic() > until:
            raise CommandFailed("the files are not read again in half an hour")
        meanwhile()
