"""A scan's process from its start to what its row says in the end."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from runtime.niceness import HIGHEST, session_niceness
from tests.library.runner.conftest import FILES
from tests.library.runner.house import Administrator, House, wait_until
from tests.web.served import ServedMus

pytestmark = pytest.mark.server
NICENESS = 3


@pytest.fixture(scope="module")
def server(shared_house: House) -> Iterator[ServedMus]:
    with shared_house.serve("--no-scan", SCAN_NICENESS=f"{NICENESS}") as server:
        yield server


@pytest.fixture(scope="module")
def ada(server: ServedMus) -> Administrator:
    return Administrator(server)


@pytest.fixture
def number(shared_house: House) -> Iterator[int]:
    """Of the scan that the test is about to begin; the one before is over."""
    yield len(shared_house.scans()) + 1
    wait_until(shared_house.is_over)


def test_the_button_is_answered_while_the_scan_runs_which_then_finishes_with_one_event(
    shared_house: House, ada: Administrator, number: int
) -> None:
    before = len(shared_house.events())
    response = ada.start()
    assert response.headers["location"] == f"/admin/library/scan/{number}/change/"
    shared_house.held_scan(number).resume()
    wait_until(shared_house.is_over)
    scan = shared_house.last_scan()
    assert (scan["state"], scan["trigger"], scan["is_full"]) == ("completed", "admin", 0)
    assert scan["seen"] == scan["total"] == scan["to_read"] == scan["read"] == FILES
    assert len(shared_house.events()) == before + 1


def test_while_one_runs_another_is_refused_with_a_warning_that_leads_to_it(
    shared_house: House, ada: Administrator, number: int
) -> None:
    ada.start(full="1")
    child = shared_house.held_scan(number)
    page = ada.follow(ada.start())
    assert len(shared_house.scans()) == number
    child.resume()
    assert 'class="warning"' in page
    assert f"Another scan runs: number {number}" in page
    assert f'<a href="/admin/library/scan/{number}/change/">Show it</a>' in page


def test_it_runs_at_a_lower_priority_in_a_session_of_its_own(
    server: ServedMus, shared_house: House, ada: Administrator, number: int
) -> None:
    ada.start(full="1")
    child = shared_house.held_scan(number)
    assert child.nice() == min(psutil.Process(server.process.pid).nice() + NICENESS, HIGHEST)
    assert os.getsid(child.pid) == child.pid
    if Path(f"/proc/{child.pid}/autogroup").exists():
        own = session_niceness(server.process.pid)
        assert session_niceness(child.pid) == min(own + NICENESS, HIGHEST)
    child.resume()


def test_a_cancelled_scan_ends_and_says_so(
    shared_house: House, ada: Administrator, number: int
) -> None:
    ada.start(full="1")
    child = shared_house.held_scan(number)
    page = ada.follow(ada.cancel(number))
    child.resume()
    assert f"Scan {number} will end now" in page
    wait_until(shared_house.is_over)
    assert shared_house.last_scan()["state"] == "cancelled"
    assert shared_house.events()[-1]["message_level"] == "info"
    assert f"Scan {number} does not run any more." in ada.follow(ada.cancel(number))


def test_a_scan_cancelled_before_its_process_is_up_reads_no_file(
    shared_house: House, ada: Administrator, number: int
) -> None:
    ada.start(full="1")
    ada.cancel(number)
    wait_until(shared_house.is_over)
    scan = shared_house.last_scan()
    assert (scan["state"], scan["read"], scan["updated"]) == ("cancelled", 0, 0)


@pytest.mark.parametrize(
    ("signal_number", "said"),
    [
        (signal.SIGKILL, "killed by SIGKILL"),
        (signal.SIGSEGV, "killed by SIGSEGV: it crashed"),
        (signal.SIGRTMIN + 1, f"killed by signal {signal.SIGRTMIN + 1}"),
    ],
)
def test_a_killed_scan_is_recorded_with_what_killed_it_and_one_event(
    shared_house: House, ada: Administrator, number: int, signal_number: int, said: str
) -> None:
    before = len(shared_house.events())
    ada.start(full="1")
    child = shared_house.held_scan(number)
    child.resume()
    wait_until(lambda: f"Scan began: scan={number} " in ada.server.output())
    readers = child.children(recursive=True)
    child.send_signal(signal_number)
    wait_until(shared_house.is_over, 10)
    scan = shared_house.last_scan()
    assert scan["state"] == "failed"
    assert said in scan["message"]
    assert "Scan began" in scan["error"]  # its last words
    wait_until(lambda: not any(reader.is_running() for reader in readers), 10)
    summaries = shared_house.events()[before:]
    assert [each["message_level"] for each in summaries] == ["error"]
    assert summaries[0]["message_to_show"].startswith("Music library scan failed. ")
    assert said not in summaries[0]["message_to_show"]


def test_a_scan_whose_process_refuses_to_begin_is_recorded_with_its_reason(
    shared_house: House, ada: Administrator, number: int
) -> None:
    music, away = shared_house.folder / "music", shared_house.folder / "away"
    music.rename(away)
    music.write_text("a file where a folder was")
    try:
        ada.start()
        wait_until(shared_house.is_over)
    finally:
        music.unlink()
        away.rename(music)
    scan = shared_house.last_scan()
    assert scan["state"] == "failed"
    assert "exit code 1" in scan["message"]
    assert "music is a file, not a folder" in scan["error"]
    assert shared_house.events()[-1]["message_level"] == "error"


def test_its_log_lines_are_in_the_servers_log_as_fields(
    server: ServedMus, shared_house: House, ada: Administrator, number: int
) -> None:
    ada.start(full="1")
    wait_until(shared_house.is_over)
    began = f"Scan began: scan={number} trigger=admin full=true folders=[]"
    ended = f"Scan ended: scan={number} state=completed duration_s="
    wait_until(lambda: ended in server.output(), 10)
    assert began in server.output()
    assert f"seen={FILES} added=" in server.output()
    assert ".mp3" not in server.output()
