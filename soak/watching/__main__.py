"""`python -m soak.watching`: run the test and print its results; exits with 1 if a check failed."""

import argparse
import asyncio
import os
import random
import sys

from soak.house import House
from soak.watching.judgement import judge
from soak.watching.trial import Trial, say
from tests.services import NotInstalled

A_YEAR_S = 365 * 24 * 3600


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m soak.watching", description=__doc__)
    minutes = float(os.environ.get("SOAK_MINUTES") or 60)
    parser.add_argument("--minutes", type=float, default=minutes, help="default: 60")
    parser.add_argument("--services", action="store_true", help="PostgreSQL, Redis, two servers")
    parser.add_argument("--files", type=int, default=400, help="to begin with")
    parser.add_argument("--listeners", type=int, default=20, help="of events")
    parser.add_argument("--bulk", type=int, default=1000, help="files copied at once now and then")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument(
        "--within",
        type=float,
        metavar="SECONDS",
        default=float("inf"),
        help="fail if fewer than nine in ten changes are in the lists so soon, or one takes six "
        "times as long; for a machine that does nothing else",
    )
    parser.add_argument(
        "--unwatched",
        action="store_true",
        help="WATCH=false, and a scan is started again and again: to compare, or to try this test",
    )
    parser.add_argument(
        "--session-niceness",
        type=int,
        default=0,
        help="as -15 where the processors are shared with other work; for root, on Linux",
    )
    options = parser.parse_args()
    try:
        return make_trial(options)
    except NotInstalled as error:
        say(str(error))
        return 1 if os.environ.get("CI") == "true" else 0


def make_trial(options: argparse.Namespace) -> int:
    """Run the test; returns the exit code. Raises NotInstalled without PostgreSQL or Redis."""
    settings = {
        "WATCH": "false" if options.unwatched else "true",
        "SCAN_INTERVAL_SECONDS": str(A_YEAR_S),
    }
    with House(is_embedded=not options.services, settings=settings) as house:
        if options.session_niceness:
            house.set_session_niceness(options.session_niceness)
        say(f"{options.minutes:g} minutes, seed {options.seed}, in {house.folder}")
        problems = asyncio.run(soak(house, options))
        house.is_kept = bool(problems)
    for problem in problems:
        say(f"FAILED: {problem}")
    if problems:
        say(f"The music and the logs are in {house.folder}")
    return 1 if problems else 0


async def soak(house: House, options: argparse.Namespace) -> list[str]:
    trial = Trial.of(house, options.seed, options.bulk)
    trial.audience.begins_scans = options.unwatched
    async with trial.watched(options.listeners):
        await trial.fill(options.files)
        await trial.change(options.minutes * 60)
        return await judge(trial, options.within)


if __name__ == "__main__":
    sys.exit(main())
