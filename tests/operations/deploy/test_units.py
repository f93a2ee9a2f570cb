"""The command and the exit codes of the unit that starts a server, without systemd itself."""

import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from musproject.command_line import EXIT_BAD_CONFIGURATION
from operations.management.commands.serve import Exit
from tests.databases import copy_database, place_in
from tests.operations.deploy.tools import DEPLOY, PROJECT_DIR, run, substituted
from tests.services import free_port
from tests.web.served import environment

UNIT = (DEPLOY / "systemd" / "mus@.service").read_text()
BAD_OPTION = 2
CHECK_FAILED = 1


def values(name: str) -> list[str]:
    return re.findall(rf"^{name}=(.*)$", UNIT, re.MULTILINE)


def command() -> list[str]:
    """`ExecStart`, with this installation instead of the one in /opt/mus."""
    (line,) = values("ExecStart")
    places = {"/opt/mus/.venv/bin/python": sys.executable}
    return shlex.split(substituted(line, places))


def never_again() -> set[int]:
    (codes,) = values("RestartPreventExitStatus")
    return set(map(int, codes.split()))


def test_it_is_not_started_again_where_that_would_not_help() -> None:
    assert never_again() == {BAD_OPTION, EXIT_BAD_CONFIGURATION, *map(int, Exit)}


def test_all_that_may_fail_is_the_main_process_whose_exit_code_systemd_looks_at() -> None:
    """`RestartPreventExitStatus` does not hold for `ExecStartPre`, and `TimeoutStartSec` would end
    a long migration there."""
    assert values("ExecStartPre") == []
    assert values("Type") == []  # simple: the unit is active as soon as the command runs


@pytest.mark.server
@pytest.mark.parametrize(
    ("variables", "code"),
    [
        ({"PORT": "none"}, EXIT_BAD_CONFIGURATION),
        ({"DATABASE_URL": "postgresql://mus@127.0.0.1:1/mus"}, CHECK_FAILED),
        ({"HOST": "192.0.2.1"}, Exit.UNAVAILABLE),
    ],
)
def test_it_ends_with_the_exit_code_of_the_command_that_failed(
    tmp_path: Path, database: Path, variables: dict[str, str], code: int
) -> None:
    copy_database(database, place_in(tmp_path / "data"))
    settings = {**environment(tmp_path, free_port()), **variables}
    done = run(*command(), variables=settings, folder=PROJECT_DIR)
    assert done.returncode == code, done.stderr
    assert (code in never_again()) == (code != CHECK_FAILED)  # a database may come back


@pytest.mark.server
def test_systemd_s_signal_reaches_the_server(tmp_path: Path, database: Path) -> None:
    """`KillMode=mixed` sends it to the main process alone."""
    copy_database(database, place_in(tmp_path / "data"))
    server = subprocess.Popen(
        command(),
        cwd=PROJECT_DIR,
        env=environment(tmp_path, free_port()),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdout
    try:
        assert any(line.startswith("mus is at") for line in server.stdout)
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=60) == 0
    finally:
        server.kill()
        server.communicate()
