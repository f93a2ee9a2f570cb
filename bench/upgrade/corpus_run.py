"""Upgrades a large library, on SQLite: how long that takes, and how requests fare meanwhile."""

import argparse
import random
import time
from pathlib import Path

from bench.live.client import Browser
from bench.live.latency import Latencies, rounds_of_requests
from bench.live.server import environment_for, free_port, make_session, manage, serving
from bench.places import PROJECT_DIR
from bench.upgrade.changed import Before, changes, lost, table
from bench.upgrade.commands import Environment, run_killed
from bench.upgrade.databases import Database
from bench.upgrade.portions import (
    Portions,
    are_all_read,
    have_all_read_again,
    wait_until_done,
)
from bench.upgrade.shown import differences, shown
from bench.upgrade.ways import MIGRATE, SCAN

FIRST_FAULTS = 10
ENOUGH = 2
"""Requests of a kind, of which a percentile can be told."""


def upgrade_corpus(music: Path, work: Path, options: argparse.Namespace) -> list[str]:
    """Prints what it measures. Returns a line for each fault."""
    new, _ = _library(music, work / "anew", PROJECT_DIR)
    database, environment = _library(music, work / "data", options.before or PROJECT_DIR)
    before = Before.of(database)
    killed, migrated_s = run_killed(environment, options.kills, random.Random(1), *MIGRATE)
    print(
        f"{len(before.tracks):,} tracks; migrations killed {killed} times, the last run took "
        f"{migrated_s:.1f} s"
    )
    session = make_session(environment)
    if are_all_read(database, new):
        print("The version before reads files as this one does: its marks of that are wiped.")
        have_all_read_again(database)
    ids = sorted(before.tracks)
    with serving(environment, session) as served:
        idle, browser = Latencies(), Browser(served)
        ask_once = rounds_of_requests(browser, ids)
        until = time.monotonic() + options.seconds
        while time.monotonic() < until:
            ask_once(idle)
        browser.close()
    portions, busy = Portions(database, options.kills), Latencies()
    without_scans = {**environment, "SCAN_INTERVAL_SECONDS": "0", "PORT": str(free_port())}
    with serving(without_scans, session, options=()) as served, portions.watched():
        browser = Browser(served)
        ask_once = rounds_of_requests(browser, ids)
        wait_until_done(portions, lambda: ask_once(busy))
        browser.close()
    _print(portions, idle, busy)
    manage(environment, *SCAN)
    now = Before.of(database)
    print("\n".join(table(changes(before, now, database))))
    faults = [*lost(before, now), *differences(shown(database), shown(new))]
    print("\n    ".join([f"{len(faults)} faults", *faults[:FIRST_FAULTS]]))
    return faults


def _library(music: Path, data: Path, checkout: Path) -> tuple[Database, Environment]:
    data.mkdir(0o700, parents=True)
    environment = environment_for([music], data, free_port())
    for arguments in (MIGRATE, SCAN):
        manage(environment, *arguments, checkout=checkout)
    return Database(data / "mus.sqlite3"), environment


def _print(portions: Portions, idle: Latencies, busy: Latencies) -> None:
    minutes = portions.seconds * 20 / 60
    print(
        f"{portions.seen} portions of together {portions.seconds:.1f} s, {portions.killed} of them "
        f"killed; albums were worked out after {portions.settled_after_s:.1f} s; with pauses "
        f"{minutes:.0f} minutes"
    )
    for what in idle.seconds:
        if min(len(each.seconds.get(what, ())) for each in (idle, busy)) < ENOUGH:
            print(f"{what} was asked for too seldom")
            continue
        one, other = idle.percentile(what, 99), busy.percentile(what, 99)
        print(
            f"p99 of {what}: idle {one * 1000:.0f} ms, during portions {other * 1000:.0f} ms, "
            f"ratio {other / one:.2f}"
        )
