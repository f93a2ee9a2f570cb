"""All music folders under watch: roots that come and go, mounts, and the limits of the system.

Everything that goes wrong here costs speed alone: the schedule finds what the watcher misses. So
each trouble is logged once and watching goes on as far as it can.
"""

import logging
import os
import time
from collections.abc import Sequence

from library.runner.noticed import folder_to_scan
from library.runner.pending_folders import PendingFolders
from library.runner.watched_roots import Mounts, can_be_watched, mount_of, read_mounts
from library.runner.watched_tree import Place, WatchedTree
from runtime.visible_text import printable

LIMITS = "/proc/sys/fs/inotify"
MAX_WATCHES = "max_user_watches"
MAX_QUEUES = "max_user_instances"

Identity = tuple[int, int]
"""Device and inode."""

logger = logging.getLogger(__name__)


class WatchedLibrary:
    """`excluded`: real paths of folders that are not watched."""

    def __init__(
        self, roots: Sequence[str], excluded: Sequence[str], pending: PendingFolders
    ) -> None:
        self._roots = roots
        self._excluded = excluded
        self._pending = pending
        self._mounts: Mounts = {}
        self._identities: dict[str, Identity | None] = {}
        self._watch_limit = ""
        self._said: set[str] = set()
        self.tree: WatchedTree | None = None

    def changed(self, place: Place) -> None:
        """Called by the tree."""
        self._pending.note(*_to_scan(place), time.monotonic())

    def moved(self, origin: Place, target: Place) -> None:
        """Called by the tree."""
        self._pending.note_move(_to_scan(origin), _to_scan(target), time.monotonic())

    def note_all(self) -> None:
        """Have everything scanned that can be watched now."""
        now = time.monotonic()
        for root in self._roots:
            if self._identities.get(root):
                self._pending.note(root, root, now)

    def build(self) -> None:
        """Watch all roots, from the beginning."""
        self.close()
        self._mounts = read_mounts()
        self._watch_limit = _limit(MAX_WATCHES)
        try:
            self.tree = WatchedTree(self._roots, self._excluded, self._mounts, self)
        except OSError as error:
            self._say(
                f"The music folders are not watched: {error.strerror}. "
                f"The system allows {_limit(MAX_QUEUES)} inotify instances for each user; raise "
                f"fs.inotify.{MAX_QUEUES} with sysctl. Until then only the schedule finds changes."
            )
            return
        for root in self._roots:
            self._identities[root] = self._identity(root)
            if self._identities[root]:
                self.tree.add_root(root)
        self._say_what_is_not_watched(self.tree)

    def close(self) -> None:
        if self.tree:
            self.tree.close()
        self.tree = None

    def take_events(self) -> int:
        return self.tree.take_events() if self.tree else 0

    def note_unclosed(self) -> None:
        """Have files scanned that have come without being closed."""
        if self.tree:
            self.tree.note_unclosed(time.time())

    def check(self) -> None:
        """Watch roots that came back or were replaced, which no event says, and begin anew where
        the system allows more than before."""
        if self.tree is None:
            self.build()
            self.note_all()
            return
        if self.tree.unwatched and self._watch_limit != _limit(MAX_WATCHES):
            self.build()
            self.note_all()
            return
        self.tree.lost.clear()
        for root in self._roots:
            self._check_root(self.tree, root)
        self._say_what_is_not_watched(self.tree)

    def take_new_mounts(self) -> None:
        """Something was mounted or unmounted: watch anew the roots that this concerns."""
        before, self._mounts = self._mounts, read_mounts()
        if self.tree is None:
            return
        self.tree.mounts = self._mounts
        came = self._mounts.items() - before.items()
        went = before.items() - self._mounts.items()
        for root in self._roots:
            starts = self.tree.real_starts(root)
            if any(_is_below_one(path, starts) for path, _ in (*came, *went)):
                self.tree.remove_root(root)
                self._identities[root] = self._identity(root)
                if self._identities[root]:
                    self.tree.add_root(root)
                    if any(_is_below_one(path, starts) for path, _ in came):
                        self._note_unless_empty(root)

    def _check_root(self, tree: WatchedTree, root: str) -> None:
        identity = self._identity(root)
        if identity == self._identities.get(root) and tree.is_watched(root) == bool(identity):
            return
        tree.remove_root(root)
        self._identities[root] = identity
        if identity:
            tree.add_root(root)
            self._note_unless_empty(root)

    def _note_unless_empty(self, root: str) -> None:
        """An empty root is the mount point of a disk that is away: a scan would only fail."""
        try:
            is_empty = not os.listdir(root)
        except OSError:
            return
        if not is_empty:
            self._pending.note(root, root, time.monotonic())

    def _identity(self, root: str) -> Identity | None:
        """None if the root is not there or cannot be watched. A share whose server does not answer
        would block whoever looks at it, so its mount is looked up by name first."""
        if self._is_on_network(root, root):
            return None
        real = os.path.realpath(root)
        if self._is_on_network(root, real):
            return None
        try:
            stat = os.stat(real)
        except OSError:
            return None
        return stat.st_dev, stat.st_ino

    def _is_on_network(self, root: str, path: str) -> bool:
        mount = mount_of(path, self._mounts)
        if mount is None or can_be_watched(mount.file_system):
            return False
        self._say_unwatchable(root, mount.file_system)
        return True

    def _say_what_is_not_watched(self, tree: WatchedTree) -> None:
        for path, mount in tree.skipped.items():
            self._say_unwatchable(path, mount.file_system)
        if tree.unwatched:
            self._say(
                f"{tree.unwatched:,} folders are not watched: the system allows each user "
                f"{int(self._watch_limit or 0):,} watched folders. Raise fs.inotify.{MAX_WATCHES} "
                "with sysctl. Until then only the schedule finds changes in these folders."
            )

    def _say_unwatchable(self, path: str, file_system: str) -> None:
        text = (
            f"{printable(path)} is not watched: the system does not report what other machines "
            f"change on {file_system}. The schedule finds changes there."
        )
        if text not in self._said:
            self._said.add(text)
            logger.info("%s", text)

    def _say(self, text: str) -> None:
        """Log a warning, the same one once."""
        kind = text.lstrip("0123456789,")
        if kind not in self._said:
            self._said.add(kind)
            logger.warning("%s", text)


def _to_scan(place: Place) -> tuple[str, str]:
    return place.root, folder_to_scan(place.root, place.folder)


def _limit(name: str) -> str:
    try:
        with open(f"{LIMITS}/{name}") as text:
            return text.read().strip()
    except OSError:
        return ""


def _is_below_one(path: str, folders: Sequence[str]) -> bool:
    return any(f"{path}/".startswith(f"{each.rstrip('/')}/") for each in folders)
