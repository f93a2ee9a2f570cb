"""Paths as long as the system takes them, which is longer than an entry of PostgreSQL's indexes."""

import os
import random
from pathlib import Path

from library.models.catalogue import Track
from library.models.scan import ScanFailure, ScanState
from tests.audio_files import make_audio
from tests.library.scanning.conftest import Scan as ScanCall

INDEX_BYTES = 2_704
LONGEST = 3_900
"""The system takes 4,095 bytes."""


def test_a_file_may_be_at_the_end_of_any_path(music: Path, scan: ScanCall) -> None:
    make_audio(music / "short.flac", title="short")
    make_audio(long_path(music, INDEX_BYTES - 400), title="long")
    make_audio(long_path(music, LONGEST), title="longest")
    report = scan()
    assert report.state == ScanState.COMPLETED
    titles = set(Track.objects.values_list("title", flat=True))
    assert titles == {"short", "long", "longest"}
    assert not ScanFailure.objects.exists()
    again = scan()
    assert (again.counts.added, again.counts.updated, again.counts.missing) == (0, 0, 0)
    assert again.state == ScanState.COMPLETED


def test_a_file_that_is_no_audio_may_be_too(music: Path, scan: ScanCall) -> None:
    path = long_path(music, LONGEST)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"no audio")
    first = scan()
    seen = ScanFailure.objects.get().first_seen_at
    path.write_bytes(b"no audio either")
    assert (first.counts.failed, scan().counts.failed) == (1, 1)
    assert ScanFailure.objects.get().first_seen_at == seen


def long_path(root: Path, length: int) -> Path:
    """Below `root`, of names that say nothing twice: an index would make it shorter otherwise."""
    source = random.Random(length)
    folder = root
    while len(os.fsencode(folder)) < length - 250:
        folder /= source.randbytes(100).hex()
    return folder / "long.flac"
