"""The watcher: a thread in each server that notes folders in which something has changed.

`library.runner.watch_scans` begins scans of them, in another thread: this one only reads what the
kernel reports. It must not wait for a database, because the kernel's queue of events has a limit.
"""

import logging
import os
import select
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from library.runner.pending_folders import PendingFolders
from library.runner.watched_library import WatchedLibrary
from library.runner.watched_roots import MOUNTINFO

CHECK_SECONDS = 5.0
"""How often the watcher looks whether a root has come back or was replaced."""
GATHER_SECONDS = 0.05
"""Events come in bursts: reading them together takes less time."""
MOST_BETWEEN_FAULTS_S = 600.0
QUIET_AFTER_OVERFLOW_S = 1.0
MOST_AFTER_OVERFLOW_S = 30.0

logger = logging.getLogger(__name__)


class Watcher:
    """`excluded`: folders that are not watched, such as DATA_DIR, wherever they are."""

    def __init__(
        self, roots: Sequence[Path], excluded: Sequence[Path], pending: PendingFolders
    ) -> None:
        self._library = WatchedLibrary(
            [str(root) for root in roots], [os.path.realpath(each) for each in excluded], pending
        )
        self._stop = threading.Event()
        self._ready = threading.Event()
        self._is_late = False
        self._wakes, self._wake = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        self._thread = threading.Thread(target=self._run, name="watcher", daemon=True)

    @property
    def is_alive(self) -> bool:
        return self._thread.is_alive()

    @property
    def watched_folders(self) -> int:
        tree = self._library.tree
        return len(tree) if tree else 0

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Returns at once."""
        self._stop.set()
        with suppress(OSError):
            os.write(self._wake, b"x")

    def join(self, within_seconds: float) -> None:
        self._thread.join(within_seconds)

    def wait_until_ready(self, within_seconds: float) -> bool:
        """Whether all folders are watched, at the latest after so long. If not, everything is
        scanned once they are, for what changes until then."""
        is_ready = self._ready.wait(within_seconds)
        self._is_late = not is_ready
        return is_ready

    def _run(self) -> None:
        pause_s = CHECK_SECONDS
        while not self._stop.is_set():
            try:
                self._watch()
            except Exception:  # a bug: the schedule still finds changes, and watching begins anew
                logger.exception("The watcher of the music folders failed, and begins again.")
                self._stop.wait(pause_s)
                pause_s = min(2 * pause_s, MOST_BETWEEN_FAULTS_S)
        self._library.close()

    def _watch(self) -> None:
        begins_anew = self._ready.is_set()
        self._library.build()
        self._ready.set()
        if begins_anew or self._is_late:
            self._library.note_all()
        with open(MOUNTINFO, "rb", buffering=0) as mountinfo:
            checked = time.monotonic()
            while not self._stop.is_set():
                ready = self._wait(mountinfo.fileno())
                if mountinfo.fileno() in ready:
                    mountinfo.seek(0)
                    mountinfo.read()  # or it stays ready
                    self._library.take_new_mounts()
                self._read(ready)
                if self._is_root_lost() or time.monotonic() - checked >= CHECK_SECONDS:
                    self._library.check()
                    self._library.note_unclosed()
                    checked = time.monotonic()

    def _wait(self, mountinfo: int) -> set[int]:
        """The descriptors that have something to tell, none after CHECK_SECONDS."""
        poller = select.poll()
        poller.register(self._wakes, select.POLLIN)
        poller.register(mountinfo, select.POLLPRI)
        if tree := self._library.tree:
            poller.register(tree, select.POLLIN)
        return {descriptor for descriptor, _ in poller.poll(CHECK_SECONDS * 1000)}

    def _read(self, ready: set[int]) -> None:
        tree = self._library.tree
        if tree is None or tree.fileno() not in ready:
            return
        self._stop.wait(GATHER_SECONDS)
        tree.take_events()
        if tree.overflowed:
            self._recover()

    def _is_root_lost(self) -> bool:
        tree = self._library.tree
        return bool(tree and tree.lost)

    def _recover(self) -> None:
        """Events were lost: have everything scanned, and watch everything anew, since there may be
        new folders. That waits until the worst is over, or the next overflow would follow."""
        logger.warning("Too many files changed at once to tell which: everything is scanned.")
        self._library.note_all()
        began = last = time.monotonic()
        while not self._stop.is_set():
            now = time.monotonic()
            if now - last >= QUIET_AFTER_OVERFLOW_S or now - began >= MOST_AFTER_OVERFLOW_S:
                break
            if self._library.take_events():
                last = now
            self._stop.wait(GATHER_SECONDS)
        self._library.build()
        self._library.note_all()
