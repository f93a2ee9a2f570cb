"""`python -m soak.scrobbling`: run the test; exits with 1 if a play arrived twice or not at all."""

import argparse
import random
import sys
import tempfile
from pathlib import Path

from soak.scrobbling.trial import Trial
from tests.web.served import migrated_database


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m soak.scrobbling", description=__doc__)
    parser.add_argument("--plays", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--servers", type=int, default=2, help="at once, on one database")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    options = parser.parse_args()
    say(f"seed {options.seed}")
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "made"
        made.mkdir()
        database = migrated_database(made)
        outcome = Trial(Path(folder), database, say=say, **vars(options)).run()
    say(f"{outcome.kills} kills, {outcome.requests} requests, {outcome.refused} refused")
    for line in outcome.wrong:
        say(line)
    say(f"{len(outcome.wrong)} plays are wrong")
    return 1 if outcome.wrong else 0


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
