"""`python -m soak`: run the soak test and print the results; exits with 1 if something failed."""

import argparse
import asyncio
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable

from soak.house import House
from soak.judgement import judge
from soak.samples import Samples
from soak.tree import Tree
from soak.visitors import Visitors
from tests.services import NotInstalled

CHANGES_A_SECOND = 3.0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m soak", description=__doc__)
    default_s = float(os.environ.get("SOAK_SECONDS") or 600)
    parser.add_argument("--seconds", type=float, default=default_s, help="default: 600")
    parser.add_argument("--listeners", type=int, default=200)
    parser.add_argument("--files", type=int, default=300, help="to begin with")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    options = parser.parse_args()
    try:
        return make_trial(options)
    except NotInstalled as error:
        say(str(error))
        return 1 if os.environ.get("CI") == "true" else 0


def make_trial(options: argparse.Namespace) -> int:
    """Run the test; returns the exit code. Raises NotInstalled without PostgreSQL or Redis."""
    with House() as house:
        tree = Tree(house.music, options.files, options.seed)
        say(f"{options.seconds:.0f} s, seed {options.seed}, in {house.folder}")
        problems = asyncio.run(soak(house, tree, options.seconds, options.listeners))
        house.is_kept = bool(problems)
    for problem in problems:
        say(f"FAILED: {problem}; the logs are in {house.folder}")
    return 1 if problems else 0


async def soak(house: House, tree: Tree, seconds: float, listeners: int) -> list[str]:
    visitors, samples = Visitors(house), Samples(house.servers[0])
    visiting = asyncio.create_task(visitors.come(listeners))
    changing = asyncio.create_task(change(tree))
    sampling = asyncio.create_task(samples.take())
    watching = asyncio.create_task(house.watch_machine())
    await disturb(house, time.monotonic() + seconds)
    changing.cancel()
    visitors.is_over = True
    say(f"{visitors.requests} requests, {visitors.connections} connections of listeners")
    say(f"{dict(Counter(each.what for each in house.disturbances))}")
    tree.allow_all()
    problems = await judge(house, visitors, samples)
    for task in (visiting, sampling, watching):
        task.cancel()
    await asyncio.wait([visiting, sampling, watching, changing])
    return problems


async def change(tree: Tree) -> None:
    while True:
        await asyncio.to_thread(tree.change)
        await asyncio.sleep(1 / CHANGES_A_SECOND)


async def disturb(house: House, deadline: float) -> None:
    """Kill or restart one thing after another, with pauses of 4 to 8 seconds."""
    kinds: list[Callable[[], None]] = [
        house.kill_scan, house.restart_postgresql, house.kill_scan, house.restart_redis,
        house.kill_server,
    ]  # fmt: skip
    turn = 0
    while time.monotonic() < deadline:
        await asyncio.sleep(min(random.uniform(4, 8), max(deadline - time.monotonic(), 0)))
        if time.monotonic() < deadline:
            await asyncio.to_thread(kinds[turn % len(kinds)])
            turn += 1


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
