"""Throw-away servers do not outlive who started them, however that one ends."""

import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.events.browsers import wait_until
from tests.web.served import PROJECT_DIR

BEGIN = """
import time
from tests.services import RedisServer
with RedisServer() as server:
    print(server.port, server.folder, flush=True)
    time.sleep(600)
"""


@pytest.mark.usefixtures("redis_server")  # skipped where it is not installed
@pytest.mark.parametrize("signal_number", [signal.SIGKILL, signal.SIGTERM])
def test_a_server_and_its_folder_go_with_who_started_it(signal_number: signal.Signals) -> None:
    starter = subprocess.Popen(
        [sys.executable, "-c", BEGIN], cwd=PROJECT_DIR, stdout=subprocess.PIPE, text=True
    )
    assert starter.stdout
    port, folder = starter.stdout.readline().split()
    assert is_open(int(port))
    starter.send_signal(signal_number)
    starter.wait()
    wait_until(lambda: not is_open(int(port)))
    wait_until(lambda: not Path(folder).exists())


def is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
