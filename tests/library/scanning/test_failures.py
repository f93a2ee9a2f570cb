"""One bad file costs that file."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from library.models.catalogue import Track
from library.models.scan import ScanFailure, ScanState
from library.tags import pool, reading
from tests.audio_files import make_audio
from tests.library.scanning import deadly_reader
from tests.library.scanning.conftest import Installation
from tests.library.scanning.conftest import Scan as ScanCall
from tests.library.scanning.test_missing import WITHOUT_ROOTS_RIGHTS


def test_what_is_no_audio_is_a_failure_with_path_and_reason(music: Path, scan: ScanCall) -> None:
    (music / "bad.mp3").write_text("This is a text, not music.\n" * 100)
    make_audio(music / "good.mp3")
    report = scan()
    assert report.state == ScanState.COMPLETED
    assert (report.counts.added, report.counts.failed) == (1, 1)
    failure = ScanFailure.objects.get()
    assert (failure.root, failure.path, failure.stage) == (str(music), "bad.mp3", "read")
    assert len(failure.reason) > 10
    assert report.first_failures[0].path == str(music / "bad.mp3")
    assert report.message.endswith("1 failed.")


def test_a_known_failure_is_counted_but_not_read_again(
    music: Path, scan: ScanCall, opened: list[str]
) -> None:
    (music / "bad.mp3").write_text("text")
    make_audio(music / "good.mp3")
    scan(workers=0)
    opened.clear()
    assert scan(workers=0).counts.failed == 1
    assert opened == []


def test_a_failure_goes_when_the_file_is_read_at_last(music: Path, scan: ScanCall) -> None:
    (music / "song.mp3").write_text("text")
    scan()
    make_audio(music / "song.mp3")
    report = scan()
    assert (report.counts.added, report.counts.failed) == (1, 0)
    assert not ScanFailure.objects.exists()


def test_a_failure_goes_when_the_file_does(music: Path, scan: ScanCall) -> None:
    make_audio(music / "good.mp3")
    (music / "bad.mp3").write_text("text")
    scan()
    (music / "bad.mp3").unlink()
    scan()
    assert not ScanFailure.objects.exists()


def test_the_row_of_a_file_that_became_corrupt_stays(music: Path, scan: ScanCall) -> None:
    path = make_audio(music / "a.mp3", title="Known")
    scan()
    before = Track.objects.values().get()
    path.write_bytes(b"\0" * 5000)
    os.utime(path, (1_700_000_000, 1_700_000_000))
    report = scan()
    assert report.counts.failed == 1
    assert Track.objects.values().get() == before


def test_a_file_without_permission_is_a_failure_until_it_is_given(
    installation: Installation,
) -> None:
    path = make_audio(installation.music / "a.mp3")
    path.chmod(0)
    before = WITHOUT_ROOTS_RIGHTS if os.geteuid() == 0 else ()
    report = installation.scan(before=before)
    assert report["counts"]["failed"] == 1
    assert "Permission denied" in report["first_failures"][0]["reason"]
    path.chmod(0o644)
    report = installation.scan(before=before)
    assert (report["counts"]["added"], report["counts"]["failed"]) == (1, 0)


def test_a_file_deleted_between_walk_and_read_is_no_failure(music: Path, scan: ScanCall) -> None:
    first = make_audio(music / "1" / "a.mp3")
    second = make_audio(music / "2" / "b.mp3")

    def delete_on_the_way() -> bool:
        second.unlink(missing_ok=True)
        return False

    report = scan(workers=0, is_cancelled=delete_on_the_way)
    assert (report.counts.added, report.counts.failed) == (1, 0)
    assert Track.objects.get().path == str(first.relative_to(music))


def test_a_modification_time_that_cannot_be_read_is_zero_and_logged_and_mended(
    music: Path,
    scan: ScanCall,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def fail(path: str) -> os.stat_result:
        raise OSError("the file system cannot say")

    path = make_audio(music / "a.mp3", title="A")
    with monkeypatch.context() as broken:
        broken.setattr(reading, "os", SimpleNamespace(stat=fail))
        scan(workers=0)
    assert Track.objects.get().mtime_ns == 0
    errors = [record for record in caplog.records if record.levelname == "ERROR"]
    assert str(path) in errors[0].getMessage()
    assert scan(workers=0).counts.updated == 1
    assert Track.objects.get().mtime_ns == path.stat().st_mtime_ns


class Named:
    """A file as the pool wants it."""

    lyrics_path = ""

    def __init__(self, path: str) -> None:
        self.absolute_path = path


def test_a_file_that_kills_its_reader_costs_that_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "_read_portion", deadly_reader.read_portion)
    names = [f"{number}.mp3" for number in range(150)]
    names[70] = "deadly.mp3"
    files = [Named(str(make_audio(tmp_path / name))) for name in names]
    with pool.ReaderPool[Named](2, (), lambda: None) as readers:
        results = {file.absolute_path: read for file, read in readers.read(files)}
    assert len(results) == 150
    failed = [path for path, read in results.items() if read.tags is None]
    assert failed == [str(tmp_path / "deadly.mp3")]
    assert "died" in results[failed[0]].reason


def test_readers_are_capped_in_memory(tmp_path: Path) -> None:
    """A reader that asks for more than it may have gets MemoryError, not the machine's swap."""
    code = "from library.workers import processes; processes.begin(5); bytearray(300 << 20)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "MemoryError" in done.stderr
