"""Several files are read at once if each of them has to be waited for, and only then."""

import threading
import time
from pathlib import Path

import pytest

from library.tags.file import read_file
from library.workers.threads import THREADS, TRIED, call_in_thread, read_all
from tests.audio_files import jpeg, make_audio

PATHS = [str(number) for number in range(100)]


class Disk:
    """Gives back the path, after a wait; knows how many waited at the same time."""

    def __init__(self, latency_s: float, quick: frozenset[str] = frozenset()) -> None:
        self.latency_s = latency_s
        self.quick = quick
        self.most_at_once = 0
        self.threads: set[int] = set()
        self._waiting = 0
        self._lock = threading.Lock()

    def read(self, path: str) -> str:
        with self._lock:
            self._waiting += 1
            self.most_at_once = max(self.most_at_once, self._waiting)
            self.threads.add(threading.get_ident())
        if path not in self.quick:
            time.sleep(self.latency_s)
        with self._lock:
            self._waiting -= 1
        return path


def test_a_slow_disk_is_asked_for_several_files_at_once() -> None:
    disk = Disk(latency_s=0.005)
    assert read_all(PATHS, disk.read) == PATHS
    assert 1 < disk.most_at_once <= THREADS


def test_a_disk_at_hand_is_read_without_threads() -> None:
    disk = Disk(latency_s=0)
    assert read_all(PATHS, disk.read) == PATHS
    assert disk.threads == {threading.get_ident()}


def test_one_file_that_takes_long_makes_no_slow_disk() -> None:
    disk = Disk(latency_s=0.005, quick=frozenset(PATHS[1:]))
    assert read_all(PATHS, disk.read) == PATHS
    assert disk.threads == {threading.get_ident()}


def test_few_files_and_none_at_all() -> None:
    for paths in ([], PATHS[:1], PATHS[:TRIED]):
        assert read_all(paths, Disk(latency_s=0.002).read) == paths


def test_files_read_at_once_keep_their_own_tags_and_covers(tmp_path: Path) -> None:
    paths = [
        str(make_audio(tmp_path / f"{n}.flac", title=f"Title {n}", cover=jpeg(n % 3)))
        for n in range(30)
    ]

    def read_slowly(path: str) -> object:
        time.sleep(0.002)
        return read_file(path)

    assert read_all(paths, read_slowly) == [read_file(path) for path in paths]


def test_an_error_in_a_thread_is_raised_where_the_result_is_awaited() -> None:
    def fail(path: str) -> str:
        time.sleep(0.005)
        if path == PATHS[50]:
            raise KeyError(path)
        return path

    with pytest.raises(KeyError, match="50"):
        read_all(PATHS, fail)
    with pytest.raises(KeyError, match="50"):
        call_in_thread(lambda: fail(PATHS[50]), lambda: None)


def test_whoever_waits_for_a_thread_is_called_meanwhile_and_may_leave() -> None:
    over, calls = threading.Event(), 0

    def leave_at_the_third() -> None:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise TimeoutError

    with pytest.raises(TimeoutError):
        call_in_thread(over.wait, leave_at_the_third)
    over.set()
    assert call_in_thread(lambda: 7, leave_at_the_third) == 7
    assert calls == 3
