"""`python -m bench.upgrade [--before CHECKOUT]`: a library of the version before is read again.

CHECKOUT is a checkout of the version before, which scans the library; without it this version does,
and its marks of the readers are wiped. Then the migrations of this version run, and a server of it
reads all files again while somebody browses. The pauses between the portions are skipped, so a
server in use takes twenty times as long. On the way the process that reads is killed ten times.

In the end ids have to be kept, and every column has to be as in a library that this version has
scanned from nothing. Exits with 1 if not. SQLite only.
"""

import argparse
import random
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psutil

from bench.command_line import count, seconds, until_interrupted
from bench.corpus import CorpusError, ensure_corpus
from bench.live.client import Browser
from bench.live.latency import Latencies, rounds_of_requests
from bench.live.server import environment_for, free_port, make_session, manage, serving
from bench.measure import CommandFailed
from bench.places import default_bench_dir
from bench.table import make_console

KILLS = 10
IDLE_S = 10
ENDS_WITHIN_S = 1_800.0
OF_ITS_OWN = {"id", "album_id", "folder_id", "revision", "added_at", "updated_at"}
"""Columns that differ between two libraries of the same files."""
YESTERDAY = "UPDATE library_scan SET started_at = ?, finished_at = ? WHERE id = ?"
LAST = "SELECT id, state, process_id FROM library_scan WHERE kind = 'reread' ORDER BY id DESC"
OUTDATED = (
    "SELECT count(*) AS number FROM library_track WHERE missing_since IS NULL AND "
    "(read_with = '' OR read_with != (SELECT max(read_with) FROM library_track))"
)

Tracks = dict[str, dict[str, Any]]


class Portions:
    """Watches the portions from a thread: skips the pauses after them, and kills some of them.

    `seconds`: how long they took together. `killed`: how many.
    """

    def __init__(self, database: Path, kills: int) -> None:
        self.seconds = 0.0
        self.killed = self.seen = 0
        self._database, self._kills = database, kills
        self._rng = random.Random(1)
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
        if self._thread.is_alive():
            last = _rows(self._database, LAST)
            is_running = bool(last) and last[0]["state"] == "running"
            return not is_running and not _rows(self._database, OUTDATED)[0]["number"]
        raise CommandFailed("the portions are not watched any more")

    def _watch(self) -> None:
        running: int | None = None
        began = kill_at = 0.0
        while not self._over.wait(0.02):
            last = next(iter(_rows(self._database, LAST)), None)
            if last is None:
                continue
            now = time.monotonic()
            if last["state"] == "running" and last["id"] != running:
                running, began, kill_at = last["id"], now, now + self._rng.uniform(0.6, 2)
                self.seen += 1
            elif last["state"] == "running" and self.killed < self._kills and now > kill_at:
                if _kill(last["process_id"]):
                    self.killed += 1
                    kill_at = now + 60
            elif last["state"] != "running" and last["id"] == running:
                self.seconds += now - began
                running = None
                then = f"{datetime.now(UTC) - timedelta(days=1):%Y-%m-%d %H:%M:%S.%f}"
                with closing(sqlite3.connect(self._database, timeout=30)) as database, database:
                    database.execute(YESTERDAY, (then, then, last["id"]))


def _kill(process_id: int) -> bool:
    """False if the row still names the server, whose child has not taken it over yet."""
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(process_id)
        if "--reread" in process.cmdline():
            process.kill()
            return True
    return False


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.upgrade", description=__doc__)
    parser.add_argument("--before", type=Path, metavar="CHECKOUT")
    parser.add_argument("--tracks", type=count, default=20_000, metavar="N")
    parser.add_argument("--kills", type=int, default=KILLS, metavar="N")
    parser.add_argument(
        "--seconds", type=seconds, default=IDLE_S, metavar="S", help="of looking at an idle server"
    )
    parser.add_argument("--bench-dir", type=Path, default=default_bench_dir(), metavar="FOLDER")
    options = parser.parse_args(arguments)
    work = options.bench_dir.absolute() / "upgrade"
    shutil.rmtree(work, ignore_errors=True)
    try:
        music = options.bench_dir.absolute() / f"m{options.tracks}-tiny"
        ensure_corpus(music, options.tracks, tiny=True, console=make_console())
        return _measure(music, work, options)
    except (CommandFailed, CorpusError, OSError) as error:
        print(error)
        return 2
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _measure(music: Path, work: Path, options: argparse.Namespace) -> int:
    expected = _scanned_anew(music, work / "anew")
    data = work / "data"
    data.mkdir(parents=True)
    environment = environment_for([music], data, free_port())
    _scan_before(environment, options.before)
    database = data / "mus.sqlite3"
    old = _tracks(database)
    began = time.monotonic()
    manage(environment, "migrate", "--verbosity=0")
    print(f"{len(old):,} tracks, migrations {time.monotonic() - began:.1f} s")
    if options.before is None:
        with closing(sqlite3.connect(database)) as connection, connection:
            connection.execute("UPDATE library_track SET read_with = ''")
    session = make_session(environment)
    with serving(environment, session) as served:
        idle = Latencies()
        browser = Browser(served)
        ask_once = rounds_of_requests(browser, [row["id"] for row in old.values()])
        until = time.monotonic() + options.seconds
        while time.monotonic() < until:
            ask_once(idle)
        browser.close()
    portions, busy = Portions(database, options.kills), Latencies()
    environment = {**environment, "SCAN_INTERVAL_SECONDS": "0", "PORT": str(free_port())}
    with serving(environment, session, options=()) as served, portions.watched():
        browser = Browser(served)
        ask_once = rounds_of_requests(browser, [row["id"] for row in old.values()])
        began = time.monotonic()
        while not portions.are_done():
            if time.monotonic() - began > ENDS_WITHIN_S:
                raise CommandFailed("the files are not read again in half an hour")
            ask_once(busy)
        browser.close()
    _print(portions, idle, busy)
    return 0 if is_as_expected(old, _tracks(database), expected) else 1


def _print(portions: Portions, idle: Latencies, busy: Latencies) -> None:
    minutes = portions.seconds * 20 / 60
    print(
        f"{portions.seen} portions of together {portions.seconds:.1f} s, {portions.killed} of them "
        f"killed; with pauses {minutes:.0f} minutes"
    )
    for what in idle.seconds:
        one, other = idle.percentile(what, 99), busy.percentile(what, 99)
        print(
            f"p99 of {what}: idle {one * 1000:.0f} ms, during portions {other * 1000:.0f} ms, "
            f"ratio {other / one:.2f}"
        )


def is_as_expected(old: Tracks, now: Tracks, expected: Tracks) -> bool:
    """Whether ids are kept and all columns are as in a new library; prints how many are not."""
    of_albums = sum(now[path]["album_id"] != row["album_id"] for path, row in old.items())
    of_ids = sum(now[path]["id"] != row["id"] for path, row in old.items())
    of_times = sum(now[path]["added_at"] != row["added_at"] for path, row in old.items())
    wrong = {
        name
        for path, row in expected.items()
        for name, value in row.items()
        if name not in OF_ITS_OWN and now[path][name] != value
    }
    print(
        f"{len(now):,} tracks of {len(old):,}; changed: ids {of_ids}, ids of albums {of_albums}, "
        f"added_at {of_times}; "
        f"columns unlike those of a new library: {', '.join(sorted(wrong)) or 'none'}"
    )
    return not (of_ids or of_albums or of_times or wrong or now.keys() != old.keys())


def _scan_before(environment: dict[str, str], checkout: Path | None) -> None:
    if checkout is None:
        manage(environment, "migrate", "--verbosity=0")
        manage(environment, "scan_tracks", "--quiet")
        return
    for arguments in (("migrate", "--verbosity=0"), ("scan_tracks", "--quiet")):
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=checkout, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise CommandFailed(f"{arguments[0]} of the version before: {done.stderr[-500:]}")


def _scanned_anew(music: Path, data: Path) -> Tracks:
    data.mkdir(parents=True)
    environment = environment_for([music], data, free_port())
    manage(environment, "migrate", "--verbosity=0")
    manage(environment, "scan_tracks", "--quiet")
    return _tracks(data / "mus.sqlite3")


def _tracks(database: Path) -> Tracks:
    return {row["path"]: row for row in _rows(database, "SELECT * FROM library_track")}


def _rows(database: Path, sql: str) -> list[dict[str, Any]]:
    with closing(sqlite3.connect(database, timeout=30)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(sql)]


if __name__ == "__main__":
    sys.exit(until_interrupted(main))
