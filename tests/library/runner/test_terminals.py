"""Servers and scans in a terminal that closes, and under `nohup`."""

import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.library.runner.house import House, wait_until
from tests.services import free_port
from tests.web.served import PROJECT_DIR, environment

pytestmark = pytest.mark.server

LAST_WORDS_LOST = 120
"""Python's exit code where it cannot write what is left to write: nobody reads it here."""


class Terminal:
    """A terminal in which `manage.py` runs."""

    def __init__(self, house: House, *arguments: str) -> None:
        self.port = free_port()
        self.output = b""
        self.process_id, self._descriptor = pty.fork()
        if self.process_id == 0:
            os.chdir(PROJECT_DIR)
            variables = {**environment(house.folder, self.port), "SCAN_WORKERS": "1"}
            os.execve(sys.executable, [sys.executable, "manage.py", *arguments], variables)  # noqa: S606

    def wait_for(self, text: bytes) -> None:
        while text not in self.output:
            self.output += os.read(self._descriptor, 10_000)

    def close(self) -> None:
        os.close(self._descriptor)

    def exit_code(self) -> int:
        return os.waitstatus_to_exitcode(os.waitpid(self.process_id, 0)[1])


def test_a_server_whose_terminal_closes_ends_with_its_scan(house: House) -> None:
    terminal = Terminal(house, "serve")
    terminal.wait_for(b"mus is at")
    house.held_scan(1).resume()
    began = time.monotonic()
    terminal.close()
    assert terminal.exit_code() in {0, LAST_WORDS_LOST}
    assert time.monotonic() - began < 2
    wait_until(lambda: house.processes() == [], 10)
    assert house.last_scan()["state"] in {"cancelled", "completed"}


def test_a_scan_whose_terminal_closes_is_cancelled_and_blames_no_file(house: House) -> None:
    terminal = Terminal(house, "scan_tracks", "--batch-size", "25")
    child = house.held_scan(1)
    terminal.close()
    child.resume()
    assert terminal.exit_code() in {7, LAST_WORDS_LOST}
    wait_until(lambda: house.processes() == [], 10)
    assert house.last_scan()["state"] == "cancelled"
    assert house.query("SELECT * FROM library_scanfailure") == []


@contextmanager
def without_hangups() -> Iterator[None]:
    """As `nohup` starts what it is given."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGHUP, before)


def test_under_nohup_a_server_goes_on(house: House) -> None:
    with without_hangups(), house.serve("--no-scan") as server:
        server.process.send_signal(signal.SIGHUP)
        with pytest.raises(subprocess.TimeoutExpired):
            server.process.wait(1)
        code, _ = server.end()
    assert code == 0


def test_under_nohup_a_scan_goes_on(house: House) -> None:
    with without_hangups():
        scan = subprocess.Popen(
            [sys.executable, "manage.py", "scan_tracks", "--quiet"],
            env=environment(house.folder, 1),
            cwd=PROJECT_DIR,
        )
    child = house.held_scan(1)
    child.send_signal(signal.SIGHUP)
    child.resume()
    assert scan.wait(60) == 0
    assert house.last_scan()["state"] == "completed"
