"""`python -m soak.identity`: kill scans in rounds, and print the results; exits with 1 if a library
was not as its undisturbed twin."""

import argparse
import random
import shutil
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from soak.identity.rounds import PROBLEMS_SHOWN, Rounds


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m soak.identity", description=__doc__)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--songs", type=int, default=120, help="to begin with")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="mus-identity-"))
    began = time.monotonic()
    say(f"{options.rounds} rounds, {options.songs} songs, seed {options.seed}, in {folder}")
    rounds = Rounds(folder, options.songs, options.seed)
    failed = 0
    with closing(rounds):
        for number in range(options.rounds):
            problems = rounds.play(number)
            failed += bool(problems)
            for problem in problems[:PROBLEMS_SHOWN]:
                say(f"FAILED in round {number}: {problem}")
    for line in rounds.kills.lines():
        say(line)
    say(f"changes: {dict(rounds.changes.most_common())}")
    say(f"{failed} of {options.rounds} rounds failed; {time.monotonic() - began:.0f} s")
    if not failed:
        shutil.rmtree(folder)
    return 1 if failed else 0


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
