"""What is kept of covers on the disk, for how long, and what a sweep takes away."""

import os
import time
from pathlib import Path

import pytest

from library.covers.cache import CoverCache
from library.covers.size import CoverSize

ONE, OTHER = "1" * 32, "a" * 32
SMALL = CoverSize.SMALL


@pytest.fixture
def cache(tmp_path: Path) -> CoverCache:
    return CoverCache(tmp_path / "data" / "covers")


def make_old(path: Path, hours: float) -> None:
    then = time.time() - hours * 3600
    os.utime(path, (then, then))


def test_what_is_stored_is_found_by_identity_and_size(cache: CoverCache) -> None:
    cache.store(ONE, SMALL, b"one")
    assert cache.load(ONE, SMALL) == b"one"
    assert cache.load(ONE, CoverSize.ORIGINAL) == b""
    assert cache.load(OTHER, SMALL) == b""
    assert CoverCache(cache.folder).load(ONE, SMALL) == b"one"


@pytest.mark.parametrize("cover_id", ["", "../../../../etc/passwd", "A" * 32, "1" * 31, "1" * 33])
def test_what_is_no_identity_is_no_path(cache: CoverCache, cover_id: str) -> None:
    with pytest.raises(ValueError, match="identifies no cover"):
        cache.path(cover_id, SMALL)


def test_why_a_picture_is_unusable_is_remembered_for_a_day(cache: CoverCache) -> None:
    cache.remember_unusable(ONE, "The picture is damaged.")
    (note,) = cache.folder.rglob("*.txt")
    make_old(note, hours=23)
    assert cache.why_unusable(ONE) == "The picture is damaged."
    assert cache.why_unusable(OTHER) is None
    make_old(note, hours=25)
    assert cache.why_unusable(ONE) is None


def test_a_sweep_takes_away_what_no_track_names(cache: CoverCache) -> None:
    for cover_id in (ONE, OTHER):
        cache.store(cover_id, SMALL, b"webp")
        cache.store(cover_id, CoverSize.ORIGINAL, b"webp")
        cache.remember_unusable(cover_id, "The picture is damaged.")
    unfinished = cache.folder / "11" / "of a process that died.unfinished"
    unfinished.write_bytes(b"we")
    for path in cache.folder.rglob("*.*"):
        make_old(path, hours=2)
    cache.store(OTHER, SMALL, b"made a moment ago")
    assert cache.remove_unused({ONE}) == 3
    assert not unfinished.exists()
    assert cache.load(ONE, SMALL) == cache.load(ONE, CoverSize.ORIGINAL) == b"webp"
    assert cache.load(OTHER, SMALL) == b"made a moment ago"
    assert cache.load(OTHER, CoverSize.ORIGINAL) == b""


def test_a_sweep_of_a_cache_that_is_not_there_yet_is_none(cache: CoverCache) -> None:
    assert cache.remove_unused(set()) == 0
    assert not cache.folder.exists()
