"""Upgrades the collection of hard cases in each way there is, on both databases."""

import random
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from bench.live.client import Browser
from bench.live.server import environment_for, free_port, make_session, manage, serving
from bench.upgrade.changed import Before, changes, kept_ids, lost, table
from bench.upgrade.commands import Environment, run_killed
from bench.upgrade.databases import Database
from bench.upgrade.hard_cases import REMEMBER, lose_some, make_hard_cases, work_on
from bench.upgrade.midway import unlike_before, wrong_answers
from bench.upgrade.portions import Portions, skip_pause, wait_until_done
from bench.upgrade.shown import differences, shown
from tests.services import NotInstalled, PostgresqlServer

MIGRATE = ("migrate", "--verbosity=0")
SCAN = ("scan_tracks", "--quiet")
FIRST_FAULTS = 10
EVERY = 20
"""One track in so many is the current one of a listener."""
CURRENT = (
    "SELECT user_id, current_track_id, progress_seconds FROM library_playerstate "
    "WHERE current_track_id IS NOT NULL ORDER BY user_id"
)
PORTION_KILLED_AFTER_S = 0.05


def upgrade_hard_cases(before: Path, work: Path, albums: int, kills: int) -> list[str]:
    """Prints what changed. Returns a line for each fault."""
    sqlite = HardCases("SQLite", work / "sqlite", before, kills, _in_file)
    faults = sqlite.upgrade(albums)
    try:
        with PostgresqlServer() as server:
            make = partial(_on_server, server)
            return faults + HardCases("PostgreSQL", work / "pg", before, kills, make).upgrade(albums)
    except NotInstalled as error:
        print(f"PostgreSQL is skipped: {error}")
        return faults


def _in_file(work: Path, name: str, copy_of: str) -> Database:
    target = work / name / "mus.sqlite3"
    if copy_of:
        target.write_bytes((work / copy_of / "mus.sqlite3").read_bytes())
    return Database(target)


def _on_server(server: PostgresqlServer, _: Path, name: str, copy_of: str) -> Database:
    return Database(server.create(name, copy_of or "template0"))


class HardCases:
    """`before`: a checkout of the version before."""

    def __init__(
        self, kind: str, work: Path, before: Path, kills: int,
        make: Callable[[Path, str, str], Database],
    ) -> None:  # fmt: skip
        self._kind, self._work, self._before, self._kills = kind, work, before, kills
        self._make = make
        self._music = work / "music"
        self._rng = random.Random(1)
        self._faults: list[str] = []

    def upgrade(self, albums: int) -> list[str]:
        """Returns a line for each fault."""
        make_hard_cases(self._music, albums)
        new, current = self._library("new")
        old, was = self._library("old")
        run_before = partial(manage, was, checkout=self._before)
        for arguments in (MIGRATE, SCAN):
            manage(current, *arguments)
            run_before(*arguments)
        run_before("shell", "--no-imports", "-c", REMEMBER.format(every=EVERY))
        lose_some(self._music)
        manage(current, *SCAN)
        run_before(*SCAN)
        before, states = Before.of(old), old.rows(CURRENT)
        ways = {
            "scanned": self._scanned,
            "read_by_a_server": self._read_by_a_server,
            "killed": self._killed,
            "server_killed": self._server_killed,
            "beside_a_server_of_before": self._beside_a_server_of_before,
        }
        kept: dict[int, int] = {}
        for name, way in ways.items():
            database, environment = self._library(name, "old")
            said = list(way(environment, database, before))
            manage(current, *SCAN)  # the last way changes files
            now = Before.of(database)
            said += [*lost(before, now), *differences(shown(database), shown(new))]
            if not kept:
                print("\n".join(table(changes(before, now, database))))
                kept = kept_ids(before, now)
            if name != "beside_a_server_of_before" and kept_ids(before, now) != kept:
                said.append("other albums kept their ids than in the first upgrade")
            if database.rows(CURRENT) != states:
                said.append("the listeners' current tracks are others")
            said += self._asked(environment, lambda browser: wrong_answers(browser, before, now))
            print("\n    ".join([f"{self._kind}, {name}: {len(said)} faults", *said[:FIRST_FAULTS]]))
            self._faults += [f"{self._kind}, {name}: {line}" for line in said]
        return self._faults

    def _library(self, name: str, copy_of: str = "") -> tuple[Database, Environment]:
        (self._work / name).mkdir(parents=True)
        database = self._make(self._work, name, copy_of)
        environment = environment_for([self._music], self._work / name, free_port())
        return database, {**environment, "DATABASE_URL": database.url}

    def _asked(
        self, environment: Environment, ask: Callable[[Browser], Iterator[str]]
    ) -> list[str]:
        environment = {**environment, "PORT": str(free_port())}
        with serving(environment, make_session(environment)) as served:
            browser = Browser(served)
            said = list(ask(browser))
            browser.close()
        return said

    def _scanned(
        self, environment: Environment, database: Database, before: Before
    ) -> Iterator[str]:
        manage(environment, *MIGRATE)
        yield from self._asked(environment, lambda browser: unlike_before(browser, before))
        manage(environment, *SCAN)

    def _read_by_a_server(
        self, environment: Environment, database: Database, before: Before, kills: int = 0
    ) -> Iterator[str]:
        manage(environment, *MIGRATE)
        portions = Portions(database, kills, PORTION_KILLED_AFTER_S)
        without_scans = {**environment, "SCAN_INTERVAL_SECONDS": "0"}
        session = make_session(environment)
        with serving(without_scans, session, options=()), portions.watched():
            wait_until_done(portions, lambda: time.sleep(0.05))
        print(f"{portions.seen} portions, {portions.killed} killed")
        manage(environment, *SCAN)
        yield from ()

    def _server_killed(
        self, environment: Environment, database: Database, before: Before
    ) -> Iterator[str]:
        return self._read_by_a_server(environment, database, before, self._kills)

    def _killed(
        self, environment: Environment, database: Database, before: Before
    ) -> Iterator[str]:
        for arguments in (MIGRATE, SCAN):
            killed, _ = run_killed(environment, self._kills, self._rng, *arguments)
            print(f"{arguments[0]}: {killed} of {self._kills} runs were killed in the midst")
        skip_pause(database)
        manage(environment, *SCAN)
        yield from ()

    def _beside_a_server_of_before(
        self, environment: Environment, database: Database, before: Before
    ) -> Iterator[str]:
        session = make_session(environment, self._before)
        with serving(environment, session, checkout=self._before) as served:
            manage(environment, *MIGRATE)
            work_on(self._music)
            browser = Browser(served)
            browser.wait_for_scan(browser.start_scan(str(self._music)))
            browser.close()
        manage(environment, *SCAN)
        yield from ()
