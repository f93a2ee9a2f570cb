"""What is kept of covers on the disk, for how long, and what a sweep takes away."""

import os
import resource
import time
from pathlib import Path

import pytest

from library.covers.cache import CoverCache
from library.covers.size import CoverSize

ONE, OTHER = "1" * 32, "a" * 32
SMALL = CoverSize.SQUARE_160


@pytest.fixture
def cache(tmp_path: Path) -> CoverCache:
    return CoverCache(tmp_path / "data" / "covers", 10**9)


def make_old(path: Path, hours: float) -> None:
    then = time.time() - hours * 3600
    os.utime(path, (then, then))


def test_what_is_stored_is_found_by_identity_and_size(cache: CoverCache) -> None:
    cache.store(ONE, SMALL, b"one")
    assert cache.load(ONE, SMALL) == b"one"
    assert cache.load(ONE, CoverSize.ORIGINAL) == b""
    assert cache.load(OTHER, SMALL) == b""
    assert CoverCache(cache.folder, 10**9).load(ONE, SMALL) == b"one"


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


def test_what_is_shown_instead_is_remembered_for_a_day(cache: CoverCache) -> None:
    cache.remember_instead(ONE, OTHER)
    assert cache.shown_instead(ONE) == OTHER
    assert cache.shown_instead(OTHER) is None
    (note,) = cache.folder.rglob("*.txt")
    make_old(note, hours=23)
    assert cache.sweep() == 0
    assert cache.shown_instead(ONE) == OTHER
    make_old(note, hours=25)
    assert cache.shown_instead(ONE) is None
    assert cache.sweep() == 1
    assert not note.exists()


def test_covers_that_an_older_version_kept_are_found(cache: CoverCache) -> None:
    for name in ("small", "original"):
        kept = cache.folder / "11" / f"{ONE}-{name}.webp"
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(name.encode())
    assert cache.load(ONE, SMALL) == b"small"
    assert cache.load(ONE, CoverSize.ORIGINAL) == b"original"


def test_six_sizes_of_each_picture_keep_the_limit(cache: CoverCache) -> None:
    cache.most_bytes = 100 * 8192
    for number in range(60):
        for size in CoverSize:
            cache.store(f"{number:032x}", size, bytes(8192))
            if cache.is_sweep_due():
                cache.sweep()
            assert used_bytes(cache) <= cache.most_bytes
    assert all(cache.load(f"{59:032x}", size) for size in CoverSize)


def test_on_a_full_disk_nothing_is_kept_and_nothing_left_over(
    cache: CoverCache, caplog: pytest.LogCaptureFixture
) -> None:
    cache.store(ONE, SMALL, b"before")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, limits[1]))  # stands in for the full disk
    try:
        for size in CoverSize:
            cache.store(OTHER, size, bytes(10_000))
            assert cache.load(OTHER, size) == b""
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert [path.name for path in cache.folder.rglob("*.*")] == [f"{ONE}-small.webp"]
    assert len(caplog.records) == 1
    cache.store(OTHER, SMALL, bytes(10_000))
    assert cache.load(OTHER, SMALL)


def fill(cache: CoverCache, count: int, size_bytes: int = 8192) -> list[str]:
    """So many covers, the first of them used longest ago."""
    ids = [f"{number:032x}" for number in range(count)]
    for number, cover_id in enumerate(ids):
        cache.store(cover_id, SMALL, bytes(size_bytes))
        make_old(cache.path(cover_id, SMALL), hours=count - number)
    return ids


def used_bytes(cache: CoverCache) -> int:
    facts = [path.stat() for path in cache.folder.rglob("*.*")]
    return sum(max(each.st_size, each.st_blocks * 512) for each in facts)


def test_what_was_used_longest_ago_goes_where_all_takes_too_much(cache: CoverCache) -> None:
    cache.most_bytes = 20 * 8192
    ids = fill(cache, 30)
    assert cache.sweep() == 13
    assert used_bytes(cache) <= cache.most_bytes
    assert [bool(cache.load(each, SMALL)) for each in ids] == [False] * 13 + [True] * 17


def test_what_is_used_stays(cache: CoverCache) -> None:
    cache.most_bytes = 20 * 8192
    ids = fill(cache, 30)
    with cache.path(ids[0], SMALL).open("rb") as file:
        cache.touch(file.fileno())
    cache.sweep()
    assert cache.load(ids[0], SMALL)
    assert not cache.load(ids[1], SMALL)


def test_using_a_cover_often_writes_seldom(cache: CoverCache) -> None:
    cache.store(ONE, SMALL, b"webp")
    path = cache.path(ONE, SMALL)
    make_old(path, hours=0.5)
    before = path.stat()
    with path.open("rb") as file:
        cache.touch(file.fileno())
        assert path.stat().st_ctime_ns == before.st_ctime_ns
        make_old(path, hours=2)
        cache.touch(file.fileno())
    assert time.time() - path.stat().st_mtime < 60


def test_what_has_room_is_left_alone(cache: CoverCache) -> None:
    fill(cache, 30)
    assert cache.sweep() == 0


def test_a_sweep_takes_away_what_a_dead_process_left(cache: CoverCache) -> None:
    cache.store(ONE, SMALL, b"webp")
    left, young = (cache.folder / "11" / f"{name}.unfinished" for name in ("left", "young"))
    for path in (left, young):
        path.write_bytes(b"we")
    make_old(left, hours=2)
    assert cache.sweep() == 1
    assert young.exists()


def test_a_sweep_is_due_at_first_and_whenever_a_part_of_the_limit_was_added(
    cache: CoverCache,
) -> None:
    cache.most_bytes = 100 * 8192
    assert cache.is_sweep_due()
    assert not cache.is_sweep_due()
    cache.sweep()
    fill(cache, 2)
    assert not cache.is_sweep_due()
    fill(cache, 1)
    assert cache.is_sweep_due()


def test_several_processes_that_share_a_folder_keep_its_limit(cache: CoverCache) -> None:
    others = [cache, *(CoverCache(cache.folder, cache.most_bytes) for _ in range(2))]
    for each in others:
        each.most_bytes = 50 * 8192
    for number in range(300):
        each = others[number % len(others)]
        each.store(f"{number:032x}", SMALL, bytes(8192))
        if each.is_sweep_due():
            each.sweep()
        assert used_bytes(cache) <= cache.most_bytes


def test_a_sweep_of_a_cache_that_is_not_there_yet_is_none(cache: CoverCache) -> None:
    assert cache.sweep() == 0
    assert not cache.folder.exists()
