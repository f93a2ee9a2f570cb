"""What becomes of a scan when its server ends, in peace or not, and of the house afterwards."""

import signal
import socket
import subprocess
import sys

import psutil
import pytest

from tests.library.runner.conftest import FILES
from tests.library.runner.house import Administrator, House, kill, wait_until
from tests.services import free_port
from tests.web.served import PROJECT_DIR, ServedMus, environment

pytestmark = pytest.mark.server

ENDS_WITHIN_SECONDS = 10
"""At most, on a busy machine: what it must not wait for takes longer."""
START_AND_END = """
from library.models.scan import ScanTrigger
from library.runner.scan_process import start_scan
print(start_scan(ScanTrigger.COMMAND))
"""


@pytest.mark.parametrize("signal_number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_the_scan_ends_with_its_server_and_nothing_is_left(
    house: House, signal_number: int
) -> None:
    with house.serve() as server:
        house.held_scan(1).resume()
        code, seconds = server.end(signal_number)
    assert code == 0
    assert seconds < ENDS_WITHIN_SECONDS
    assert house.processes() == []
    assert house.last_scan()["state"] in {"cancelled", "completed"}
    assert len(house.events()) == 1
    assert "Traceback" not in server.output()


def test_a_scan_that_does_not_end_in_time_is_killed_and_recorded(house: House) -> None:
    with house.serve() as server:
        house.held_scan(1)  # and not let go
        code, seconds = server.end()
    assert code == 0
    assert seconds < ENDS_WITHIN_SECONDS
    wait_until(lambda: house.processes() == [], 10)  # its readers notice it
    scan = house.last_scan()
    assert scan["state"] == "cancelled"
    assert ("The server stopped" in scan["message"], scan["error"]) == (True, "")
    assert len(house.events()) == 1


def test_a_scan_outlives_a_killed_server_and_finishes(house: House) -> None:
    with house.serve() as server:
        child = house.held_scan(1)
        kill(server.process.pid)
        server.process.wait()
        child.resume()
        wait_until(house.is_over)
    scan = house.last_scan()
    assert (scan["state"], scan["error"]) == ("completed", "")
    assert house.query("SELECT count(*) AS n FROM library_track") == [{"n": FILES}]
    assert len(house.events()) == 1
    wait_until(lambda: house.processes() == [], 10)


def test_when_both_are_killed_the_next_server_records_it_and_scans_again(house: House) -> None:
    with house.serve() as server:
        child = house.held_scan(1)
        kill(server.process.pid)
        server.process.wait()
        child.kill()
    wait_until(lambda: house.processes() == [], 10)
    assert house.last_scan()["state"] == "running"
    with house.serve() as server:
        wait_until(lambda: len(house.scans()) == 2 and house.is_over())
        server.end()
    first, second = house.scans()
    assert first["state"] == "failed"
    assert "killed" in first["error"]
    assert (second["state"], second["trigger"]) == ("completed", "schedule")
    assert [each["message_level"] for each in house.events()] == ["error", "success"]


def test_a_killed_scan_of_a_killed_server_is_buried_without_any_schedule(house: House) -> None:
    with house.serve() as server:
        child = house.held_scan(1)
        kill(server.process.pid)
        server.process.wait()
        child.kill()
    with house.serve("--no-scan"):
        wait_until(house.is_over, 20)
    assert [scan["state"] for scan in house.scans()] == ["failed"]


def test_a_process_that_started_a_scan_takes_it_along_when_it_exits(house: House) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "shell", "--no-imports", "-c", START_AND_END],
        env=environment(house.folder, free_port()),
        cwd=PROJECT_DIR,
        capture_output=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.strip() == b"1"
    assert house.processes() == []
    assert house.last_scan()["state"] == "cancelled"


def test_runserver_ends_its_scans_as_well(house: House) -> None:
    port = free_port()
    variables = {**environment(house.folder, port), "DEBUG": "true"}
    log = house.folder / "runserver.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "manage.py", "runserver", "--noreload", str(port)],
            env=variables,
            cwd=PROJECT_DIR,
            stdout=output,
            stderr=output,
        )
    wait_until(lambda: is_open(port))
    Administrator(ServedMus(process, f"http://127.0.0.1:{port}", variables, log)).start()
    child = house.held_scan(1)
    process.send_signal(signal.SIGINT)
    child.resume()
    assert process.wait(30) == 0
    wait_until(lambda: house.processes() == [], 10)
    assert not psutil.pid_exists(child.pid)
    assert house.last_scan()["state"] == "cancelled"


def is_open(port: int) -> bool:
    with socket.socket() as visitor:
        return visitor.connect_ex(("127.0.0.1", port)) == 0
