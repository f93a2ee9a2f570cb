"""`python -m bench.upgrade [--before CHECKOUT]`: a library of the version before is upgraded.

CHECKOUT is a checkout of the version before, which scans the library; without it this version does.
If that reads files as this version does, its marks of that are wiped. Then the migrations of this
version run, and a server of it works albums out anew and reads all files again while somebody
browses. The pauses between the portions are skipped, so a server in use takes twenty times as long.
On the way the migrations and the process that reads are killed ten times each. This is done on
SQLite.

With a checkout, a collection of hard cases is upgraded, too, on both databases: by a scan and by a
server, each also killed in the midst, and beside a server of the version before that still runs.
What is said before albums are worked out anew has to be what was said before the upgrade, and the
ids of albums that are gone have to be answered with those they became part of.

And one server is upgraded after the other, on both databases. The older one scans, plays and lists
beside the new one, whose watcher scans; a client that only syncs has to hold what it would fetch
anew. Then files are retagged, moved, swapped and copied, and tracks have to keep their ids.

Prints which albums and artists changed, by which rule, with old and new ids. In the end the ids of
tracks have to be kept, and everything that is shown has to be as in a library that this version
has scanned from nothing. Exits with 1 if not.
"""

import argparse
import shutil
import sys
from pathlib import Path

from bench.command_line import count, seconds, until_interrupted
from bench.corpus import CorpusError, ensure_corpus
from bench.measure import CommandFailed
from bench.places import default_bench_dir
from bench.table import make_console
from bench.upgrade.corpus_run import upgrade_corpus
from bench.upgrade.hard_case_runs import upgrade_hard_cases

KILLS = 10
IDLE_S = 10
ALBUMS = 300


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.upgrade", description=__doc__)
    parser.add_argument("--before", type=Path, metavar="CHECKOUT")
    parser.add_argument("--tracks", type=count, default=20_000, metavar="N")
    parser.add_argument(
        "--albums", type=int, default=ALBUMS, metavar="N", help="of the hard cases; 0: none"
    )
    parser.add_argument("--kills", type=int, default=KILLS, metavar="N")
    parser.add_argument(
        "--seconds", type=seconds, default=IDLE_S, metavar="S", help="of looking at an idle server"
    )
    parser.add_argument("--bench-dir", type=Path, default=default_bench_dir(), metavar="FOLDER")
    options = parser.parse_args(arguments)
    options.before = options.before and options.before.absolute()
    work = options.bench_dir.absolute() / "upgrade"
    shutil.rmtree(work, ignore_errors=True)
    try:
        return 1 if _faults(work, options) else 0
    except (CommandFailed, CorpusError, OSError) as error:
        print(error)
        return 2
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _faults(work: Path, options: argparse.Namespace) -> list[str]:
    music = options.bench_dir.absolute() / f"m{options.tracks}-tiny"
    ensure_corpus(music, options.tracks, tiny=True, console=make_console())
    faults = upgrade_corpus(music, work, options)
    if options.before is not None and options.albums:
        faults += upgrade_hard_cases(options.before, work, options.albums, options.kills)
    return faults


if __name__ == "__main__":
    sys.exit(until_interrupted(main))
