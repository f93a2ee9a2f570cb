"""mus itself, run as a user runs it: `manage.py scan_tracks`, on a data folder of its own."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.contenders.contender import Contender, Scan
from bench.measure import CommandFailed, Figures, Outcome, run_measured
from bench.places import PROJECT_DIR

STARTS = 3
NO_BYTECODE = "PYTHONDONTWRITEBYTECODE"
KEPT_FACTS = ("counts", "duration_s", "transactions", "longest_transaction_s")


@contextmanager
def open_mus(music: Path, work: Path) -> Iterator[Scan]:
    manage(music, work, "migrate", "--verbosity=0").require_success()

    def scan() -> Figures:
        return scanned(manage(music, work, "scan_tracks", "--json"))

    yield scan


def measure_starts(music: Path, work: Path) -> list[float]:
    """What the command's help takes: Python, Django and the modules of a scan."""
    outcomes = [manage(music, work, "scan_tracks", "--help") for _ in range(STARTS)]
    for outcome in outcomes:
        outcome.require_success()
    return [outcome.figures.wall_s for outcome in outcomes]


def scanned(outcome: Outcome) -> Figures:
    """What a scan cost, with facts of its report. Raises CommandFailed if it was not completed."""
    report = _read_report(outcome)
    outcome.figures.facts.update({name: report[name] for name in KEPT_FACTS})
    outcome.figures.facts["tracks"] = report["counts"]["seen"]
    return outcome.figures


def manage(music: Path | str, work: Path, *arguments: str) -> Outcome:
    """`manage.py`; several music folders are separated as in MUSIC_DIR."""
    # All that says where things are is set, since a .env file of the installation may set it too.
    # Once it has run, an installation has its bytecode, whatever the shell of the benchmark says.
    environment = {
        **{name: value for name, value in os.environ.items() if name != NO_BYTECODE},
        "MUSIC_DIR": str(music),
        "DATA_DIR": str(work),
        "DATABASE_URL": f"sqlite:///{work / 'mus.sqlite3'}",
        "DEBUG": "false",
    }
    command = PROJECT_DIR / "manage.py"
    return run_measured(sys.executable, command, *arguments, environment=environment)


def _read_report(outcome: Outcome) -> dict[str, Any]:
    """The report of a completed scan; files that could not be taken change the exit code only."""
    try:
        report: dict[str, Any] = json.loads(outcome.stdout)
    except ValueError:
        outcome.require_success()
        raise CommandFailed("scan_tracks --json printed no JSON.") from None
    if report["state"] != "completed":
        raise CommandFailed(f"the scan ended {report['state']}: {report['error']}")
    return report


CONTENDER = Contender(
    name="mus", why_missing=lambda: "", open=open_mus, measure_starts=measure_starts
)
