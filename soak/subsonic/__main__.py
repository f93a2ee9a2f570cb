"""`python -m soak.subsonic`: run the test and print its results; exits with 1 if a check failed."""

import argparse
import os
import random
import resource
import sys
import tempfile
from pathlib import Path

from soak.subsonic.trial import Trial
from tests.web.served import migrated_database


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m soak.subsonic", description=__doc__)
    default_s = float(os.environ.get("SOAK_SECONDS") or 120)
    parser.add_argument("--seconds", type=float, default=default_s, help="default: 120")
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--wrong", type=int, help="clients with a wrong password; default: a tenth")
    parser.add_argument("--tracks", type=int, default=300)
    parser.add_argument("--pause", type=float, default=1.0, help="seconds, of a client, on average")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    options = parser.parse_args()
    wrong = max(options.clients // 10, 1) if options.wrong is None else options.wrong
    if not 0 <= wrong < options.clients:
        parser.error("at least one client needs a right password")
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))  # each client has some connections
    say(f"{options.seconds:.0f} s, seed {options.seed}")
    with tempfile.TemporaryDirectory(prefix="mus-subsonic-") as name:
        made = Path(name) / "made"
        made.mkdir()
        problems = Trial(
            Path(name),
            migrated_database(made),
            seconds=options.seconds,
            clients=options.clients,
            wrong=wrong,
            tracks=options.tracks,
            pause_s=options.pause,
            seed=options.seed,
            say=say,
        ).run()
    for problem in problems:
        say(f"FAILED: {problem}")
    return 1 if problems else 0


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
