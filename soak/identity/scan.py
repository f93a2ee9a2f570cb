"""Scans that say where they are, and may kill themselves.

This process has loaded `manage.py` and waits: `Scans` writes a line for each scan to its standard
input, for which it forks a process that runs `manage.py scan_tracks`. So a scan begins at once,
rather than after a second in which Django is loaded.

Before each statement for the database, the file `record` gets a line: the number of the statement,
that of the transaction, and which step of the scan asks. Before the statement `kill_at` the process
gets the signal KILL; with 0 it does not. A database changes with its statements alone, so these are
all moments at which a kill can make a difference, those within transactions included.
"""

import importlib
import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any, NamedTuple, NoReturn

import django
from django.core.management import execute_from_command_line
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

LOADED_ONCE = ("library.management.commands.scan_tracks", "library.tags.file")
"""What each scan would load otherwise."""
NO_STEP = "before its steps"


class Position(NamedTuple):
    """Where a scan is, or was when it was killed."""

    statements: int
    commits: int
    is_in_transaction: bool
    step: str


class Recorder:
    """Counts statements, and writes each into the file `record`."""

    def __init__(self, record: Path, kill_at: int) -> None:
        self._file = os.open(record, os.O_CREAT | os.O_WRONLY | os.O_TRUNC)
        self._kill_at = kill_at
        self._statements = self._commits = 0
        self._was_in_transaction = False

    def watch(self, connection: BaseDatabaseWrapper, **_: object) -> None:
        if self not in connection.execute_wrappers:
            connection.execute_wrappers.append(self)

    def __call__(
        self, execute: Callable[..., Any], sql: str, parameters: Any, many: bool,  # noqa: FBT001
        context: dict[str, Any],
    ) -> Any:  # fmt: skip
        connection: BaseDatabaseWrapper = context["connection"]
        self._statements += 1
        if self._was_in_transaction and not connection.in_atomic_block:
            self._commits += 1
        self._was_in_transaction = connection.in_atomic_block
        fields = (self._statements, self._commits, int(self._was_in_transaction), _step())
        os.write(self._file, (" ".join(map(str, fields)) + "\n").encode())
        if self._statements == self._kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, parameters, many, context)


def positions_in(record: Path) -> list[Position]:
    """All lines of a record, the last of which may be incomplete."""
    whole = record.read_text().rpartition("\n")[0] if record.exists() else ""
    return [_position(line) for line in whole.splitlines()]


def _position(line: str) -> Position:
    statements, commits, is_in_transaction, step = line.split(" ", 3)
    return Position(int(statements), int(commits), is_in_transaction == "1", step)


def _step() -> str:
    """The functions of `library.scanning` that ask: that of the step, and that which writes."""
    names: list[tuple[str, str]] = []
    frame: FrameType | None = sys._getframe(2)  # noqa: SLF001
    while frame:
        path = frame.f_code.co_filename
        if "/library/" in path and not path.endswith(("/transactions.py", "/batch.py")):
            names.append((Path(path).stem, frame.f_code.co_name))
        frame = frame.f_back
    names.reverse()
    at = next((n for n, name in enumerate(names) if name == ("steps", "_run")), None)
    if at is None:
        return NO_STEP
    inside = [name for name in names[at + 1 :] if name[1] not in {"<lambda>", "<genexpr>"}]
    shown = [*inside[:1], *inside[-1:]] if len(inside) > 1 else inside
    return " > ".join(".".join(name) for name in shown) or "between its steps"


def main() -> None:
    """Answer each request with the id of the scan's process, and, when it has ended, with its exit
    code."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "musproject.settings")
    django.setup()
    for module in LOADED_ONCE:
        importlib.import_module(module)
    for line in sys.stdin:
        request = json.loads(line)
        child = os.fork()
        if not child:
            _scan(**request)
        _answer(child)
        _, status = os.waitpid(child, 0)
        _answer(os.waitstatus_to_exitcode(status))


def _answer(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


def _scan(record: str, errors: str, kill_at: int, arguments: list[str]) -> NoReturn:
    output = os.open(errors, os.O_CREAT | os.O_WRONLY | os.O_TRUNC)
    for descriptor in (sys.stdout.fileno(), sys.stderr.fileno()):
        os.dup2(output, descriptor)
    connection_created.connect(Recorder(Path(record), kill_at).watch, weak=False)
    exit_code: object = 0
    try:
        execute_from_command_line(["manage.py", "scan_tracks", *arguments])
    except SystemExit as end:
        exit_code = end.code
    except BaseException:  # noqa: BLE001  # whatever it is, this process must not go on as the one that forks
        traceback.print_exc()
        exit_code = 1
    sys.stderr.flush()
    os._exit(exit_code if isinstance(exit_code, int) else int(exit_code is not None))


if __name__ == "__main__":
    main()
