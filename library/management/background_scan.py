"""A scan in a process of its own, beside the server: so requests never wait for it."""

import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress

from django.conf import settings

from library.models import ScanTrigger

NICENESS = 10


class BackgroundScan:
    """At most one scan process, ended with the server."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """In a session of its own: Ctrl-C in the terminal reaches the server, which ends it."""
        manage_py = str(settings.PROJECT_DIR / "manage.py")
        how = ("--quiet", "--nice", str(NICENESS), "--trigger", ScanTrigger.SCHEDULE.value)
        self._process = subprocess.Popen(
            [sys.executable, manage_py, "scan_tracks", *how],
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
        # Waited for, so that one that died is gone, and nobody takes its lease for held.
        threading.Thread(target=self._process.wait, daemon=True).start()

    def ask_to_end(self) -> None:
        if self._process:
            self._process.terminate()

    def end(self, within_seconds: float) -> None:
        """Wait for it; after `within_seconds` kill it, with the readers it started."""
        if not self._process:
            return
        try:
            self._process.wait(within_seconds)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
