"""One scan's process, and the thread that watches it.

The thread hands on what the child says, and where the child could not close its `Scan` row itself,
records there how it ended.
"""

import json
import logging
import os
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress

from django.conf import settings
from django.db import connection

from events import announce_from_thread
from library.models.scan import ScanState
from library.runner.child_output import follow
from library.scanning import record_end
from runtime.niceness import raise_by, raise_session_by
from runtime.visible_text import printable

NICENESS = 10
LAST_LINES = 10
LAST_LINE_CHARACTERS = 500
KILLERS: dict[int, str] = {
    signal.SIGKILL: ": by someone, or by the system because memory ran out",
    signal.SIGSEGV: ": it crashed",
    signal.SIGBUS: ": it crashed",
    signal.SIGABRT: ": it crashed",
}

logger = logging.getLogger(__name__)


class ScanChild:
    """`on_over` is called with the child once its process is gone and its end is recorded."""

    def __init__(
        self, scan_id: int, arguments: Sequence[str], on_over: Callable[["ScanChild"], object]
    ) -> None:
        """Raises OSError when the process cannot be started."""
        self.scan_id = scan_id
        self._on_over = on_over
        self._last_lines: deque[str] = deque(maxlen=LAST_LINES)
        self._is_unwanted = False
        self._process = _start([f"--adopt={scan_id}", *arguments])
        self._thread = threading.Thread(target=self._watch, name=f"scan {scan_id}", daemon=True)
        self._thread.start()

    def ask_to_end(self) -> None:
        self._is_unwanted = True
        self._process.terminate()

    def kill(self) -> None:
        """With the readers it started, which share its session."""
        self._is_unwanted = True
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def is_over(self, within_seconds: float) -> bool:
        """Wait until it is over and recorded, at most so long."""
        self._thread.join(max(within_seconds, 0.0))
        return not self._thread.is_alive()

    def _watch(self) -> None:
        try:
            exit_code = follow(self._process, on_out=self._hear, on_err=self._hand_on)
            self._record(exit_code)
        except Exception:  # whatever the fault, this thread is the only one that can tell of it
            logger.exception("Scan %d: how it ended could not be recorded.", self.scan_id)
        finally:
            connection.close()
            self._on_over(self)

    def _hear(self, line: bytes) -> None:
        """The report, on the one line that the child prints."""
        try:
            event_id = json.loads(line).get("event_id")
        except (ValueError, AttributeError):
            self._hand_on(line)
            return
        announce_if_stored(event_id)

    def _hand_on(self, line: bytes) -> None:
        """To where this server's own log goes."""
        text = printable(os.fsdecode(line).removesuffix("\n"))
        self._last_lines.append(text.rstrip()[:LAST_LINE_CHARACTERS])
        with suppress(OSError, ValueError):  # nobody reads it any more
            sys.stderr.write(f"{text}\n")
            sys.stderr.flush()

    def _record(self, exit_code: int) -> None:
        """For a row that the child left running."""
        if self._is_unwanted and exit_code < 0:
            state, reason = ScanState.CANCELLED, "The server stopped, and the scan with it."
            error = ""
        else:
            state, reason = ScanState.FAILED, how_ended(exit_code)
            last_words = ["", "It last said:", *self._last_lines] if self._last_lines else []
            error = "\n".join(last_words)
        announce_if_stored(record_end(self.scan_id, state, reason, error))


def announce_if_stored(event_id: int | None) -> None:
    """None: the scan had been closed already, with an event of its own."""
    if event_id is not None:
        announce_from_thread(event_id)


def how_ended(exit_code: int) -> str:
    """An exit code as `Popen` gives it, in words."""
    if exit_code >= 0:
        return f"The scan's process ended with exit code {exit_code} before the scan was over."
    try:
        name = signal.Signals(-exit_code).name
    except ValueError:  # the real-time signals have no names
        name = f"signal {-exit_code}"
    return f"The scan's process was killed by {name}{KILLERS.get(-exit_code, '')}."


def _start(arguments: Sequence[str]) -> subprocess.Popen[bytes]:
    """In a session of its own: Ctrl-C in the terminal reaches the server, which ends it."""
    manage_py = str(settings.PROJECT_DIR / "manage.py")
    process = subprocess.Popen(
        [sys.executable, manage_py, "scan_tracks", "--json", *arguments],
        env={**os.environ, "PYTHONWARNINGS": ",".join(_warning_filters())},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    raise_by(NICENESS, process.pid)
    raise_session_by(NICENESS, process.pid)
    return process


def _warning_filters() -> list[str]:
    """Where a scan is killed, Python cleans up after its readers; that is nothing to warn of."""
    own = os.environ.get("PYTHONWARNINGS")
    return [*([own] if own else []), "ignore::UserWarning:multiprocessing.resource_tracker"]
