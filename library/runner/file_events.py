"""The watcher where there is no inotify, such as on macOS: by the library watchfiles.

It tells which files have changed, but not what happened to them, and not which are the two ends of
a move; both ends are told at about the same time.
"""

import logging
import os
import threading
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import watchfiles

from library.files.names import is_ignored_folder
from library.runner.noticed import folder_to_scan, is_noticed
from library.runner.pending_folders import PendingFolders

CHECK_MS = 2_000
GATHER_MS = 500
"""How long the library gathers changes, and how long it sleeps between two looks at them."""
SLEEP_MS = 250
SECONDS_AFTER_ERROR = 30.0

logger = logging.getLogger(__name__)


class FileEventsWatcher:
    """As `library.runner.watcher.Watcher`."""

    def __init__(
        self, roots: Sequence[Path], excluded: Sequence[Path], pending: PendingFolders
    ) -> None:
        self._roots = {os.path.realpath(root): str(root) for root in roots}
        self._excluded = [os.path.realpath(each) for each in excluded]
        self._pending = pending
        self._stop = threading.Event()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watcher", daemon=True)

    @property
    def is_alive(self) -> bool:
        return self._thread.is_alive()

    @property
    def watched_folders(self) -> int:
        """The number of roots: the system watches what is in them."""
        return len(self._present())

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Returns at once."""
        self._stop.set()

    def wait_until_ready(self, within_seconds: float) -> bool:
        return self._ready.wait(within_seconds)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._watch(self._present())
            except Exception:
                # The library failed, or mus has a bug: the schedule still finds changes.
                logger.exception("The watcher of the music folders failed, and begins again.")
                self._stop.wait(SECONDS_AFTER_ERROR)
                self._note_all()

    def _present(self) -> list[str]:
        return [real for real in self._roots if os.path.isdir(real)]

    def _watch(self, roots: list[str]) -> None:
        """Until a root comes or goes."""
        begins_anew = self._ready.is_set()
        if not roots:
            self._ready.set()
            self._stop.wait(CHECK_MS / 1000)
            return
        for changes in watchfiles.watch(
            *roots,
            watch_filter=None,
            debounce=GATHER_MS,
            step=SLEEP_MS,
            stop_event=self._stop,
            rust_timeout=SLEEP_MS if not self._ready.is_set() else CHECK_MS,
            yield_on_timeout=True,
            raise_interrupt=False,
        ):
            if begins_anew:
                begins_anew = False
                self._note_all()
            self._ready.set()
            self._take(path for _, path in changes)
            if self._present() != roots:
                return

    def _note_all(self) -> None:
        for real in self._present():
            self._pending.note(self._roots[real], self._roots[real], time.monotonic())

    def _take(self, paths: Iterable[str]) -> None:
        for path in paths:
            root = next((each for each in self._roots if path.startswith(f"{each}/")), None)
            if root is not None and not self._is_ignored(root, path):
                shown = self._roots[root] + path[len(root) :]
                folder = _folder_of(path, shown)
                if folder is not None:
                    to_scan = folder_to_scan(self._roots[root], folder)
                    self._pending.note(self._roots[root], to_scan, time.monotonic())

    def _is_ignored(self, root: str, path: str) -> bool:
        """Whether the path lies in a folder that is not scanned."""
        if any(f"{path}/".startswith(f"{each}/") and each != root for each in self._excluded):
            return True
        *above, _ = path[len(root) + 1 :].split("/")
        return any(is_ignored_folder(name, lambda: False, {}) for name in above)


def _folder_of(path: str, shown: str) -> str | None:
    """The folder to scan after a change at `path`, by the path that mus knows. What is gone may
    have been a file or a folder; a folder of which nothing is known is not scanned in the end."""
    if is_noticed(os.path.basename(path)):
        return os.path.dirname(shown)
    if os.path.isdir(path) or not os.path.lexists(path):
        return shown
    return None
