"""Upgrades the collection of hard cases in each way there is, on both databases."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from bench.live.server import environment_for, free_port, manage
from bench.upgrade.changed import Before, changes, kept_ids, lost, table
from bench.upgrade.commands import Environment
from bench.upgrade.databases import Database
from bench.upgrade.hard_cases import REMEMBER, lose_some, make_hard_cases
from bench.upgrade.known_tracks import KnownTracks
from bench.upgrade.midway import wrong_answers
from bench.upgrade.rolling import upgraded_one_after_the_other
from bench.upgrade.shown import differences, shown
from bench.upgrade.ways import MIGRATE, SCAN, WAYS, Upgrade, beside_a_server_of_before
from tests.services import NotInstalled, PostgresqlServer

FIRST_FAULTS = 10
EVERY = 20
"""One track in so many is the current one of a listener."""
CURRENT = (
    "SELECT user_id, current_track_id, progress_seconds FROM library_playerstate "
    "WHERE current_track_id IS NOT NULL ORDER BY user_id"
)

MakeDatabase = Callable[[Path, str, str], Database]
"""Called with the folder for files, a name, and the name of the database to copy or nothing."""


def upgrade_hard_cases(before: Path, work: Path, albums: int, kills: int) -> list[str]:
    """Prints what changed. Returns a line for each fault. `before`: a checkout."""
    faults = HardCases("SQLite", work / "sqlite", before, _in_file).upgrade(albums, kills)
    faults += _upgrade_known_tracks("SQLite", work / "known" / "sqlite", before, _in_file)
    try:
        with PostgresqlServer() as server:
            make = partial(_on_server, server)
            on_server = HardCases("PostgreSQL", work / "pg", before, make)
            faults += on_server.upgrade(albums, kills)
            known = work / "known" / "pg"
            return faults + _upgrade_known_tracks("PostgreSQL", known, before, make)
    except NotInstalled as error:
        print(f"PostgreSQL is skipped: {error}")
        return faults


def _upgrade_known_tracks(kind: str, work: Path, before: Path, make: MakeDatabase) -> list[str]:
    """Prints what became of tracks whose files are moved after the upgrade."""
    (work / "data").mkdir(0o700, parents=True)
    library = KnownTracks(work, make(work, "data", ""), before)
    said = upgraded_one_after_the_other(library)
    summary = f"{kind}, one server after the other: {len(said)} faults"
    print("\n    ".join([summary, *said[:FIRST_FAULTS]]))
    return said


def _in_file(work: Path, name: str, copy_of: str) -> Database:
    target = work / name / "mus.sqlite3"
    if copy_of:
        target.touch(0o600)
        target.write_bytes((work / copy_of / "mus.sqlite3").read_bytes())
    return Database(target)


def _on_server(server: PostgresqlServer, _: Path, name: str, copy_of: str) -> Database:
    return Database(server.create(name, copy_of or "template0"))


class HardCases:
    """The collection on one kind of database."""

    def __init__(self, kind: str, work: Path, before: Path, make: MakeDatabase) -> None:
        self._kind, self._work, self._checkout, self._make = kind, work, before, make
        self._music = work / "music"
        self._kept: Mapping[int, int] = {}

    def upgrade(self, albums: int, kills: int) -> list[str]:
        make_hard_cases(self._music, albums)
        new, current = self._library("new")
        old, was = self._library("old")
        manage_old = partial(manage, was, checkout=self._checkout)
        for arguments in (MIGRATE, SCAN):
            manage(current, *arguments)
            manage_old(*arguments)
        manage_old("shell", "--no-imports", "-c", REMEMBER.format(every=EVERY))
        lose_some(self._music)
        manage(current, *SCAN)
        manage_old(*SCAN)
        before, faults = Before.of(old), []
        for number, (name, way) in enumerate(WAYS.items()):
            database, environment = self._library(f"upgraded_{number}", "old")
            one = Upgrade(database, environment, self._music, self._checkout, before, kills)
            said = way(one)
            manage(current, *SCAN)  # the last way changes files
            said += self._faults(one, new, is_last=way is beside_a_server_of_before)
            if database.rows(CURRENT) != old.rows(CURRENT):
                said.append("the listeners' current tracks are others")
            summary = f"{self._kind}, {name}: {len(said)} faults"
            print("\n    ".join([summary, *said[:FIRST_FAULTS]]))
            faults += [f"{self._kind}, {name}: {line}" for line in said]
        return faults

    def _library(self, name: str, copy_of: str = "") -> tuple[Database, Environment]:
        (self._work / name).mkdir(0o700, parents=True)
        database = self._make(self._work, name, copy_of)
        environment = environment_for([self._music], self._work / name, free_port())
        return database, {**environment, "DATABASE_URL": database.url}

    def _faults(self, upgrade: Upgrade, new: Database, *, is_last: bool) -> list[str]:
        """`new`: a library that this version has scanned from nothing."""
        before, now = upgrade.before, Before.of(upgrade.database)
        if not self._kept:
            print("\n".join(table(changes(before, now, upgrade.database))))
            self._kept = kept_ids(before, now)
        faults = [*lost(before, now), *differences(shown(upgrade.database), shown(new))]
        if not is_last and kept_ids(before, now) != self._kept:
            faults.append("other albums kept their ids than in the first upgrade")
        return faults + upgrade.asked(wrong_answers, before, now)
