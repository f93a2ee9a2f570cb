"""A file that may still be being copied is not taken half."""

import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from library.models.catalogue import Track
from library.scanning import ScanOptions, scan_library
from tests.audio_files import SAMPLES, make_audio
from tests.library.scanning.conftest import Scan as ScanCall


@contextmanager
def growing(path: Path) -> Iterator[None]:
    """Appends to `path` ten times a second."""
    stop = threading.Event()

    def grow() -> None:
        while not stop.wait(0.1):
            with path.open("ab") as file:
                file.write(b"\0" * 100)

    thread = threading.Thread(target=grow)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def test_a_file_changed_just_now_is_taken_in_the_same_scan_once_it_is_two_seconds_old(
    music: Path, scan: ScanCall
) -> None:
    path = make_audio(music / "a.mp3", age_seconds=0)
    report = scan()
    assert (report.counts.added, report.counts.postponed) == (1, 0)
    assert time.time() - path.stat().st_mtime >= 2


def test_a_file_that_still_grows_is_left_for_the_next_scan_counted_and_said(
    music: Path, scan: ScanCall
) -> None:
    make_audio(music / "done.mp3")
    path = music / "growing.mp3"
    shutil.copyfile(SAMPLES[".mp3"], path)
    with growing(path):
        report = scan()
    assert (report.counts.added, report.counts.postponed, report.counts.failed) == (1, 1, 0)
    assert [track.path for track in Track.objects.all()] == ["done.mp3"]
    os.utime(path, (1_700_000_000, 1_700_000_000))
    assert scan().counts.added == 1


def test_a_known_file_that_is_being_rewritten_keeps_its_row_meanwhile(
    music: Path, scan: ScanCall
) -> None:
    path = make_audio(music / "a.mp3", title="Before")
    scan()
    with growing(path):
        time.sleep(0.2)
        report = scan()
    assert report.counts.postponed == 1
    assert Track.objects.get().title == "Before"


def test_a_copy_that_ends_while_the_scan_waits_is_taken_whole(music: Path, scan: ScanCall) -> None:
    whole = make_audio(music.parent / "whole.flac", title="Whole").read_bytes()
    path = music / "a.flac"
    path.write_bytes(whole[: len(whole) // 2])

    def finish() -> None:
        time.sleep(0.5)
        with path.open("ab") as file:
            file.write(whole[len(whole) // 2 :])
        os.utime(path, (1_700_000_000, 1_700_000_000))

    thread = threading.Thread(target=finish)
    thread.start()
    report = scan()
    thread.join()
    assert report.counts.added == 1
    track = Track.objects.get()
    assert (track.title, track.size_bytes) == ("Whole", len(whole))


@pytest.mark.django_db
@pytest.mark.parametrize("beginning", [SAMPLES[".mp3"].read_bytes(), b"not yet audio"])
def test_a_file_that_grows_since_its_folder_was_listed_is_left_too(
    music: Path, beginning: bytes
) -> None:
    """Folders are listed ahead: when the scan comes to the file, its time is seconds old."""
    for number in range(25):
        make_audio(music / "A" / f"{number}.mp3")
    (music / "B").mkdir()
    path = music / "B" / "growing.mp3"
    path.write_bytes(beginning)
    with growing(path):
        report = scan_library(ScanOptions(workers=0), on_progress=lambda _: time.sleep(0.1))
    assert (report.counts.added, report.counts.postponed, report.counts.failed) == (25, 1, 0)
