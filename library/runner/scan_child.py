"""The child process of one scan, and the thread that watches the process.

The thread passes the child's output to the server's log. If the child ended without closing its
`Scan` row, the thread closes the row and records how the process ended.
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
    """A running scan process. `on_over` is called with this object after the process has ended and
    its end is recorded."""

    def __init__(
        self, scan_id: int, arguments: Sequence[str], on_over: Callable[["ScanChild"], object]
    ) -> None:
        """Start the process, to run on the existing `Scan` row. Raises OSError if that fails."""
        self.scan_id = scan_id
        self._on_over = on_over
        self._last_lines: deque[str] = deque(maxlen=LAST_LINES)
        self._was_stopped = False
        self._process = _start([f"--adopt={scan_id}", *arguments])
        self._thread = threading.Thread(target=self._watch, name=f"scan {scan_id}", daemon=True)
        self._thread.start()

    def ask_to_end(self) -> None:
        """Send SIGTERM; returns at once."""
        self._was_stopped = True
        self._process.terminate()

    def kill(self) -> None:
        """Send SIGKILL to the process and to the reader processes in its process group."""
        self._was_stopped = True
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)

    def is_over(self, within_seconds: float) -> bool:
        """Wait at most so long for the end of the process to be recorded; whether it is."""
        self._thread.join(max(within_seconds, 0.0))
        return not self._thread.is_alive()

    def _watch(self) -> None:
        try:
            exit_code = follow(self._process, on_out=self._hear, on_err=self._hand_on)
            self._record(exit_code)
        except Exception:  # any error has to be logged here: nobody waits for this thread's result
            logger.exception("Scan %d: how it ended could not be recorded.", self.scan_id)
        finally:
            connection.close()
            self._on_over(self)

    def _hear(self, line: bytes) -> None:
        """Announce the event that the child's report names. The report is the only line of JSON;
        other lines go to the log."""
        try:
            event_id = json.loads(line).get("event_id")
        except (ValueError, AttributeError):
            self._hand_on(line)
            return
        announce_if_stored(event_id)

    def _hand_on(self, line: bytes) -> None:
        """Write a line of the child's output to stderr, where the server's own log goes."""
        text = printable(os.fsdecode(line).removesuffix("\n"))
        self._last_lines.append(text.rstrip()[:LAST_LINE_CHARACTERS])
        with suppress(OSError, ValueError):  # stderr is closed, or its reader is gone
            sys.stderr.write(f"{text}\n")
            sys.stderr.flush()

    def _record(self, exit_code: int) -> None:
        """Close the row of a scan that ended without doing so; no change if it is closed."""
        if self._was_stopped and exit_code < 0:
            state, reason = ScanState.CANCELLED, "The server stopped, and the scan with it."
            error = ""
        else:
            state, reason = ScanState.FAILED, how_ended(exit_code)
            last_words = ["", "It last said:", *self._last_lines] if self._last_lines else []
            error = "\n".join(last_words)
        announce_if_stored(record_end(self.scan_id, state, reason, error))


def announce_if_stored(event_id: int | None) -> None:
    """Announce the event to this server's listeners. None: no event was stored, because the scan
    was already closed."""
    if event_id is not None:
        announce_from_thread(event_id)


def how_ended(exit_code: int) -> str:
    """A sentence about an exit code of `Popen`, where -N means killed by signal N."""
    if exit_code >= 0:
        return f"The scan's process ended with exit code {exit_code} before the scan was over."
    try:
        name = signal.Signals(-exit_code).name
    except ValueError:  # the real-time signals have no names
        name = f"signal {-exit_code}"
    return f"The scan's process was killed by {name}{KILLERS.get(-exit_code, '')}."


def _start(arguments: Sequence[str]) -> subprocess.Popen[bytes]:
    """Start the command in a new session, so that Ctrl-C in the terminal reaches only the server;
    the server then ends its scans."""
    manage_py = str(settings.PROJECT_DIR / "manage.py")
    process = subprocess.Popen(
        [sys.executable, manage_py, "scan_tracks", "--json", *arguments],
        env={**os.environ, "PYTHONWARNINGS": ",".join(_warning_filters())},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    raise_by(settings.SCAN_NICENESS, process.pid)
    raise_session_by(settings.SCAN_NICENESS, process.pid)
    return process


def _warning_filters() -> list[str]:
    """The server's filters, and one more: after a scan is killed, Python would warn that it cleans
    up after the reader processes."""
    own = os.environ.get("PYTHONWARNINGS")
    return [*([own] if own else []), "ignore::UserWarning:multiprocessing.resource_tracker"]
