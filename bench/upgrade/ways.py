"""The ways in which a library is upgraded: by a scan or by a server, whole or killed in the midst,
or beside a server of the version before that still runs."""

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.live.client import Browser
from bench.live.server import free_port, make_session, manage, serving
from bench.upgrade.changed import Before
from bench.upgrade.commands import Environment, run_killed
from bench.upgrade.databases import Database
from bench.upgrade.hard_cases import work_on
from bench.upgrade.midway import unlike_before
from bench.upgrade.portions import Portions, have_all_read_again, skip_pause, wait_until_done

MIGRATE = ("migrate", "--verbosity=0")
SCAN = ("scan_tracks", "--quiet")
PORTION_KILLED_AFTER_S = 0.05


@dataclass(frozen=True)
class Upgrade:
    """A library of the version before, of which `checkout` is a checkout. `before`: its rows."""

    database: Database
    environment: Environment
    music: Path
    checkout: Path
    before: Before
    kills: int

    def asked(self, ask: Callable[..., Iterator[str]], *states: Before) -> list[str]:
        """What `ask` says of a server that scans nothing."""
        environment = {**self.environment, "PORT": str(free_port())}
        with serving(environment, make_session(environment)) as served:
            browser = Browser(served)
            said = list(ask(browser, *states))
            browser.close()
        return said


def scanned(upgrade: Upgrade) -> list[str]:
    """Looks at the library before the scan, too: returns a line for each fault."""
    manage(upgrade.environment, *MIGRATE)
    faults = upgrade.asked(unlike_before, upgrade.before)
    manage(upgrade.environment, *SCAN)
    return faults


def read_by_a_server(upgrade: Upgrade, kills: int = 0) -> list[str]:
    manage(upgrade.environment, *MIGRATE)
    have_all_read_again(upgrade.database)
    portions = Portions(upgrade.database, kills, PORTION_KILLED_AFTER_S)
    environment = {**upgrade.environment, "SCAN_INTERVAL_SECONDS": "0"}
    session = make_session(environment)
    with serving(environment, session, options=()), portions.watched():
        wait_until_done(portions, lambda: time.sleep(0.05))
    print(f"{portions.seen} portions, {portions.killed} of them killed")
    manage(upgrade.environment, *SCAN)
    return []


def read_by_a_server_and_killed(upgrade: Upgrade) -> list[str]:
    return read_by_a_server(upgrade, upgrade.kills)


def scanned_and_killed(upgrade: Upgrade) -> list[str]:
    rng = random.Random(1)
    for arguments in (MIGRATE, SCAN):
        killed, _ = run_killed(upgrade.environment, upgrade.kills, rng, *arguments)
        print(f"{arguments[0]}: {killed} of {upgrade.kills} runs were killed in the midst")
    skip_pause(upgrade.database)
    manage(upgrade.environment, *SCAN)
    return []


def beside_a_server_of_before(upgrade: Upgrade) -> list[str]:
    """That server goes on with the migrated database, and scans what people do with their files."""
    session = make_session(upgrade.environment, upgrade.checkout)
    with serving(upgrade.environment, session, checkout=upgrade.checkout) as served:
        manage(upgrade.environment, *MIGRATE)
        work_on(upgrade.music)
        browser = Browser(served)
        browser.wait_for_scan(browser.start_scan(str(upgrade.music)))
        browser.close()
    manage(upgrade.environment, *SCAN)
    return []


WAYS: dict[str, Callable[[Upgrade], list[str]]] = {
    "scanned": scanned,
    "read by a server": read_by_a_server,
    "scanned and killed": scanned_and_killed,
    "read by a server and killed": read_by_a_server_and_killed,
    "beside a server of before": beside_a_server_of_before,
}
"""The last one changes files."""
