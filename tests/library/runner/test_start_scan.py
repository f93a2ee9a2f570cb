"""What `start_scan` accepts, and what it makes of a child that cannot be started."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from library.models.scan import Scan, ScanState, ScanTrigger
from library.runner.scan_process import MAX_FOLDERS, request_cancel, start_scan
from library.scanning import BadScanOptions, LeaseLost, ScanAlreadyRuns, ScanOptions, scan_library
from library.scanning.lease import acquire
from library.scanning.processes import is_gone
from tests.library.runner.house import wait_until
from tests.web.library_rows import make_scan


@pytest.mark.django_db
class TestOptions:
    @pytest.fixture(autouse=True)
    def jazz(self, music: Path) -> None:
        (music / "jazz").mkdir()
        self.music = music

    @pytest.mark.parametrize(
        ("folder", "said"),
        [
            ("/etc", "/etc is not in a music folder"),
            ("{music}/../elsewhere", "elsewhere is not in a music folder"),
            ("{music}/jazz/../../x", "is not in a music folder"),
            ("{music}-two", "is not in a music folder"),
            ("jazz", "jazz is not absolute"),
            ("", ". is not absolute"),
            ("{music}/rock", "There is no folder"),
            ("{music}/ja\0zz", "is no folder's name"),
            ("{music}/ja\ud800zz", "is no folder's name"),
        ],
    )
    def test_a_folder_that_cannot_be_scanned_is_refused_and_nothing_begins(
        self, folder: str, said: str
    ) -> None:
        place = Path(folder.format(music=self.music))
        with pytest.raises(BadScanOptions, match=said):
            start_scan(ScanTrigger.API, folders=[self.music / "jazz", place])
        assert not Scan.objects.exists()

    def test_too_many_folders_are_refused(self) -> None:
        with pytest.raises(BadScanOptions, match="allowed: at most 500"):
            start_scan(ScanTrigger.API, folders=[self.music / "jazz"] * (MAX_FOLDERS + 1))

    def test_a_second_scan_is_refused_and_the_first_one_goes_on(self) -> None:
        lease = acquire(ScanOptions())
        with pytest.raises(ScanAlreadyRuns):
            start_scan(ScanTrigger.API)
        assert Scan.objects.get().pk == lease.scan_id
        assert Scan.objects.get().state == ScanState.RUNNING


@pytest.mark.django_db
def test_a_cancel_request_reaches_only_a_scan_that_runs() -> None:
    over, running = make_scan(), make_scan(state=ScanState.RUNNING)
    assert not request_cancel(over.pk)
    assert not request_cancel(running.pk + 1)
    assert request_cancel(running.pk)
    assert list(Scan.objects.filter(cancel_requested=True)) == [running]


@pytest.mark.django_db
def test_only_a_running_scan_can_be_adopted(music: Path) -> None:
    with pytest.raises(LeaseLost, match="does not run any more"):
        scan_library(ScanOptions(workers=0, adopt_scan_id=make_scan().pk))


@pytest.mark.django_db
def test_an_adopted_scan_runs_on_the_row_that_is_there(music: Path) -> None:
    row = acquire(ScanOptions(trigger=ScanTrigger.API)).scan_id
    Scan.objects.update(process_id=1, host_name="elsewhere")
    report = scan_library(ScanOptions(workers=0, adopt_scan_id=row))
    scan = Scan.objects.get()
    assert report.scan_id == scan.pk == row
    assert (scan.state, scan.trigger, scan.process_id) == ("completed", "api", os.getpid())


@pytest.mark.django_db(transaction=True)
class TestStart:
    """With children that get nowhere; test_children has those that do."""

    def test_a_child_that_cannot_be_started_is_a_failed_scan_with_the_reason(
        self, music: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sys, "executable", str(music / "no python"))
        scan = Scan.objects.get(pk=start_scan(ScanTrigger.API))
        assert scan.state == ScanState.FAILED
        assert "could not be started" in scan.message
        assert "No such file" in scan.error

    def test_a_child_that_ends_at_once_is_a_failed_scan_with_its_last_words(
        self, music: Path, settings: Settings
    ) -> None:
        settings.PROJECT_DIR = music  # where there is no manage.py
        scan = Scan.objects.get(pk=start_scan(ScanTrigger.API))
        wait_until(lambda: Scan.objects.get(pk=scan.pk).state == ScanState.FAILED)
        scan.refresh_from_db()
        assert "exit code 2" in scan.message
        assert "can't open file" in scan.error


def test_a_process_is_gone_when_it_ended_or_when_its_number_is_anothers() -> None:
    process = subprocess.Popen(["sleep", "60"])
    assert not is_gone(process.pid, time.time())
    assert is_gone(process.pid, time.time() - 3600)  # it had not begun then
    process.kill()
    process.wait()
    assert is_gone(process.pid, time.time())
