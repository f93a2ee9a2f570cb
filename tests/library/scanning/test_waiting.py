"""Files that wait for a decision, on the disk if there are many."""

import resource
import tempfile
from pathlib import Path

import pytest

from library.files.walk import FoundFile
from library.scanning.track_rows import Change, TrackWrite
from library.scanning.waiting import Waiting
from library.tags import ReadFile, TrackTags


def a_file(name: str, digest: str, track_id: int | None = None) -> TrackWrite:
    found = FoundFile("/music", name, 1, 2, 3, 4, "", "")
    tags = TrackTags(title=name, comment="x" * 1000, audio_digest=digest)
    return TrackWrite(Change.ADDED, track_id, found, ReadFile(tags, 1, 2), tags)


def names(waiting: Waiting, size: int = 1000) -> list[list[set[str]]]:
    return [
        [{write.tags.title for write in group.writes} for group in portion]
        for portion in waiting.groups(size)
    ]


def test_files_are_grouped_by_the_digests_that_they_have_in_common() -> None:
    waiting = Waiting()
    waiting.add(a_file("a", "1"))
    waiting.add(a_file("b", "2", track_id=7), "3")
    waiting.add(a_file("c", "4", track_id=8), "2")
    waiting.add(a_file("d", "1"))
    waiting.add(a_file("e", "5"), by_sound=False)
    waiting.add(a_file("f", ""), by_sound=False)
    assert names(waiting) == [[{"b", "c"}, {"a", "d"}, {"e", "f"}]]
    assert [len(portion) for portion in waiting.groups(1)] == [1, 1, 1]
    assert (waiting.displaced, waiting.digests) == ({7, 8}, {*"1234"})


def test_thousands_of_files_wait_on_the_disk_and_come_back_whole() -> None:
    waiting = Waiting(bytes_in_memory=10_000)
    files = [a_file(f"{number}", f"{number % 700:03}") for number in range(2000)]
    for file in files:
        waiting.add(file)
    portions = list(waiting.groups(50))
    assert all(sum(len(group.writes) for group in portion) <= 60 for portion in portions)
    back = [write for portion in portions for group in portion for write in group.writes]
    assert sorted(back, key=repr) == sorted(files, key=repr)


def all_come_back(count: int) -> bool:
    """Whether files that need more than a small memory wait and come back whole."""
    waiting = Waiting(bytes_in_memory=10_000)
    files = [a_file(f"{number}", f"{number:03}") for number in range(count)]
    for file in files:
        waiting.add(file)
    back = [write for portion in waiting.groups(50) for group in portion for write in group.writes]
    return sorted(back, key=repr) == sorted(files, key=repr)


def test_a_full_disk_does_not_end_the_scan(caplog: pytest.LogCaptureFixture) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50_123, hard))
    try:
        assert all_come_back(200)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert caplog.text.count("memory is used") == 1


def test_where_no_temporary_file_can_be_made_memory_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "absent"))
    assert all_come_back(200)
    assert caplog.text.count("memory is used") == 1


def test_a_long_chain_of_exchanges_is_one_group() -> None:
    waiting = Waiting()
    for number in range(3000):
        waiting.add(a_file(f"{number}", f"{number:04}", number), f"{number + 1:04}")
    assert [len(group) for group in names(waiting)[0]] == [3000]
