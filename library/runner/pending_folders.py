"""The folders with changes that no scan has seen yet, and when a scan of them should begin.

Times are seconds of any clock that never goes back, such as `time.monotonic`. Several threads may
use one object.
"""

import threading
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

QUIET_S = 2.0
"""A folder is settled when nothing has happened in it for so long."""
IMPATIENT_AFTER_S = 4.0
"""While other folders go on changing, settled folders wait so long for them."""
BULK_FILES = 50
BULK_IMPATIENT_AFTER_S = 30.0
"""As IMPATIENT_AFTER_S, if there have been more than BULK_FILES changes since the last scan: many
files are being copied, and should not cost a scan every few seconds."""
STARVED_AFTER_S = 30.0
"""A folder in which something happens all the time waits no longer than this."""
SCAN_MARGIN_S = 1.0
"""A scan has seen a change if the scan began so long after it."""
MAX_FOLDERS = 100
"""With more folders the whole music folder is scanned: each folder costs a scan some queries, a
hundred of them as much as the walk of a large library."""
PAUSES_AFTER_FAILURE_S = (10.0, 60.0)
"""How long to wait after the first and second scan in a row that failed. After the next failure the
folders are left to the schedule."""


@dataclass(slots=True)
class _Change:
    """`first` and `last`: times of the changes in a folder. `other_ends`: folders from or to which
    something was moved."""

    root: str
    first: float
    last: float
    other_ends: set[str] = field(default_factory=set)


class PendingFolders:
    """Absolute paths of folders, each in the music folder `root`."""

    def __init__(self) -> None:
        self._changes: dict[str, _Change] = {}
        self._files = 0
        self._failures = 0
        self._paused_until = float("-inf")
        self._is_woken = False
        self._filled = threading.Condition()

    def __len__(self) -> int:
        return len(self._changes)

    def wait_for_some(self) -> None:
        """Wait until there are pending folders, or until `wake`."""
        with self._filled:
            self._filled.wait_for(lambda: self._changes or self._is_woken)

    def wake(self) -> None:
        """From now on nobody waits."""
        with self._filled:
            self._is_woken = True
            self._filled.notify_all()

    def note(self, root: str, folder: str, now: float) -> None:
        """Something has changed in `folder` or below."""
        with self._filled:
            self._note(root, folder, now)
            self._filled.notify_all()

    def note_move(self, origin: tuple[str, str], target: tuple[str, str], now: float) -> None:
        """Something was moved. Each end is a root and a folder. One scan has to see both ends, so
        that the tracks keep their ids."""
        with self._filled:
            one, other = self._note(*origin, now), self._note(*target, now)
            if one not in self._changes:  # the other end has made their whole root pending
                one = other
            if one != other:
                self._changes[one].other_ends.add(other)
                self._changes[other].other_ends.add(one)
            self._filled.notify_all()

    def may_be_due(self, now: float) -> bool:
        """Whether it is worth looking at what other scans have seen: something has settled."""
        with self._filled:
            return any(
                now - each.last >= QUIET_S or now - each.first >= STARVED_AFTER_S
                for each in self._changes.values()
            )

    def due(self, now: float) -> list[str]:
        """The folders that a scan should take now; they stay pending. Empty if it is too early."""
        with self._filled:
            if not self._changes or now < self._paused_until:
                return []
            settled = {
                folder for folder, change in self._changes.items() if now - change.last >= QUIET_S
            }
            if len(settled) < len(self._changes):
                if now - min(each.first for each in self._changes.values()) < self._patience():
                    return []
                settled |= self._starved(now)
                settled |= {end for folder in settled for end in self._changes[folder].other_ends}
                settled &= self._changes.keys()
            return sorted(settled)

    def begun(self) -> None:
        """A scan of what was due has begun."""
        with self._filled:
            self._files = 0

    def taken(self, folders: Collection[str], began: float) -> None:
        """A completed scan has seen `folders`, all if there are none."""
        with self._filled:
            for folder in self._covered(folders):
                change = self._changes[folder]
                if began - change.last >= SCAN_MARGIN_S:
                    del self._changes[folder]
                else:
                    change.first = max(change.first, began)
            if not self._changes:
                self._files = 0

    def succeeded(self) -> None:
        with self._filled:
            self._failures = 0

    def failed(self, folders: Collection[str], now: float) -> bool:
        """A scan of `folders` has failed. Returns whether they are left to the schedule."""
        with self._filled:
            if self._failures < len(PAUSES_AFTER_FAILURE_S):
                self._paused_until = now + PAUSES_AFTER_FAILURE_S[self._failures]
                self._failures += 1
                return False
            self._failures = 0
            for folder in self._covered(folders):
                del self._changes[folder]
            return True

    def drop(self, folders: Iterable[str]) -> None:
        """No scan is needed for these."""
        with self._filled:
            for folder in folders:
                self._changes.pop(folder, None)

    def earliest(self) -> float | None:
        """The time of the earliest change that is pending."""
        with self._filled:
            return min((each.first for each in self._changes.values()), default=None)

    def _note(self, root: str, folder: str, now: float) -> str:
        """Returns the folder that is pending because of it: `folder`, or the root."""
        self._files += 1
        if root in self._changes or (
            folder not in self._changes and self._count_in(root) >= MAX_FOLDERS
        ):
            folder = root
        change = self._changes.get(folder)
        if change is None:
            change = self._changes[folder] = _Change(root, now, now)
            if folder == root:
                self._absorb(root, change)
        change.last = max(change.last, now)
        return folder

    def _count_in(self, root: str) -> int:
        if len(self._changes) < MAX_FOLDERS:
            return len(self._changes)
        return sum(each.root == root for each in self._changes.values())

    def _absorb(self, root: str, change: _Change) -> None:
        """The root is pending from now on, so its folders need not be."""
        inside = [
            folder for folder, each in self._changes.items() if each.root == root and folder != root
        ]
        for each in map(self._changes.pop, inside):
            change.first = min(change.first, each.first)
            change.other_ends |= each.other_ends
        for other in self._changes.values():
            if not other.other_ends.isdisjoint(inside):
                other.other_ends.add(root)

    def _patience(self) -> float:
        return BULK_IMPATIENT_AFTER_S if self._files > BULK_FILES else IMPATIENT_AFTER_S

    def _starved(self, now: float) -> set[str]:
        changes: Mapping[str, _Change] = self._changes
        return {name for name, each in changes.items() if now - each.first >= STARVED_AFTER_S}

    def _covered(self, folders: Collection[str]) -> list[str]:
        if not folders:
            return list(self._changes)
        return [
            folder
            for folder in self._changes
            if any(folder == each or folder.startswith(f"{each.rstrip('/')}/") for each in folders)
        ]
