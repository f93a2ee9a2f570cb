"""Changes one file in a hundred of a corpus, and puts back what was there, times and all.

The originals lie beside the corpus meanwhile, so that a run that was killed is mended by the next.
"""

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import mutagen

from bench.corpus.plan import SUFFIX_SHARES

EVERY = 100
LATER_NS = 3_600 * 1_000_000_000


@contextmanager
def one_percent_changed(corpus: Path) -> Iterator[int]:
    """While the block runs, one file in a hundred has another title; yields how many."""
    paths = [path for path in sorted(corpus.rglob("*.*")) if path.suffix[1:] in SUFFIX_SHARES]
    chosen = paths[::EVERY]
    kept = _kept(corpus)
    _keep(chosen, kept)
    try:
        for path in chosen:
            _retitle(path)
        yield len(chosen)
    finally:
        put_back(corpus)


def put_back(corpus: Path) -> None:
    """Undoes what an earlier run may have left changed."""
    kept = _kept(corpus)
    if (journal := kept / "paths.json").exists():
        for number, path in enumerate(json.loads(journal.read_text())):
            shutil.copy2(kept / str(number), path)
        # First, so that an interrupted removal is no journal of files that are gone.
        journal.unlink()
    shutil.rmtree(kept, ignore_errors=True)


def _kept(corpus: Path) -> Path:
    return corpus.with_name(f"{corpus.name}.kept")


def _keep(paths: list[Path], kept: Path) -> None:
    kept.mkdir()
    for number, path in enumerate(paths):
        shutil.copy2(path, kept / str(number))
    unfinished = kept / "paths.json.new"
    unfinished.write_text(json.dumps([str(path) for path in paths]))
    unfinished.rename(kept / "paths.json")


def _retitle(path: Path) -> None:
    """A new title, dated an hour after the old one: a file dated now might still be written to,
    and a scan waits for those."""
    facts = path.stat()
    audio = mutagen.File(path, easy=True)
    audio["title"] = [f"{audio['title'][0]} (again)"]
    audio.save()
    os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns + LATER_NS))
