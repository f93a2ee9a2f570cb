"""`python -m bench.corpus FOLDER TRACKS [--tiny]`: makes a corpus without measuring anything."""

import argparse
import sys
from pathlib import Path

from rich.console import Console

from bench.corpus.build import DEFAULT_SEED, CorpusError, ensure_corpus


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.corpus", description=__doc__)
    parser.add_argument("folder", type=Path, help="made if missing; its marker is FOLDER.json")
    parser.add_argument("tracks", type=int)
    parser.add_argument("--tiny", action="store_true", help="a second of sound, small covers")
    parser.add_argument("--seed", type=int, default=DEFAULT_SEED)
    options = parser.parse_args()
    console = Console()
    try:
        corpus = ensure_corpus(
            options.folder.absolute(),
            options.tracks,
            tiny=options.tiny,
            seed=options.seed,
            console=console,
        )
    except (CorpusError, OSError) as error:
        console.print(str(error), markup=False)
        return 1
    console.print_json(data={"folder": str(options.folder), **vars(corpus)})
    if not corpus.encoder:
        console.print("ffmpeg is not installed: the sound is that of tests/audio.", markup=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
