"""Watching the music folders: the watcher and the scans that it leads to, as one thing to start and
stop, and how it is."""

import sys
from dataclasses import dataclass

from django.conf import settings

from library.runner.pending_folders import PendingFolders
from library.runner.watch_scans import WatchScans

if sys.platform == "linux":
    from library.runner.watcher import Watcher
else:
    from library.runner.file_events import FileEventsWatcher as Watcher


@dataclass(frozen=True)
class WatchState:
    """`is_alive`: whether changes are noticed. `watched`: the number of folders. `pending`: how
    many wait for a scan."""

    is_alive: bool
    watched: int
    pending: int


class Watching:
    """Of one server process. Begins scans as long as it runs."""

    def __init__(self) -> None:
        self._pending = PendingFolders()
        data = settings.DATA_DIR
        # Pictures in the cache of covers look like those of music.
        excluded = [data, data / "covers"]
        self._watcher = Watcher(settings.MUSIC_DIRS, excluded, self._pending)
        self._scans = WatchScans(self._pending)

    def start(self) -> None:
        self._watcher.start()
        self._scans.start()
        _running.append(self)

    def stop(self) -> None:
        """Returns at once. A scan that runs goes on."""
        self._watcher.stop()
        self._scans.stop()

    def wait_until_ready(self, within_seconds: float) -> None:
        """Wait until all folders are watched, at most so long."""
        self._watcher.wait_until_ready(within_seconds)

    @property
    def state(self) -> WatchState:
        return WatchState(self._watcher.is_alive, self._watcher.watched_folders, len(self._pending))


_running: list[Watching] = []


def watch_state() -> WatchState | None:
    """How the watching of this process is; None if it does not watch."""
    return _running[-1].state if _running else None
