"""The values that go into a scan (options) and come out of it (progress, counts, report)."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from library.files.names import Ignored
from library.models.scan import ScanState, ScanTrigger

DEFAULT_BATCH_SIZE = 500
MAX_BATCH_SIZE = 10_000
MAX_WORKERS = 64
FIRST_FAILURES = 10


def never() -> bool:
    """The default of `ScanOptions.is_cancelled`."""
    return False


@dataclass(frozen=True, kw_only=True)
class ScanOptions:
    """How to scan.

    - `folders`: absolute paths inside the music folders; none means all music folders.
    - `full`: read every file again, even if it is unchanged.
    - `workers`: the number of reader processes; 0 reads in the scan's own process; None takes the
      number from the settings.
    - `batch_size`: new tracks per transaction.
    - `count_first`: count all files before the scan, so that progress has a total.
    - `allow_empty`: mark tracks missing even if a folder looks like an unmounted disk.
    - `adopt_scan_id`: the `Scan` row that another process created for this scan to run on.
    - `is_cancelled`: called often during the scan; True ends it.
    """

    folders: tuple[Path, ...] = ()
    full: bool = False
    workers: int | None = None
    batch_size: int = DEFAULT_BATCH_SIZE
    count_first: bool = False
    allow_empty: bool = False
    trigger: ScanTrigger = ScanTrigger.COMMAND
    adopt_scan_id: int | None = None
    is_cancelled: Callable[[], bool] = never


@dataclass(slots=True)
class ScanCounts:
    """How many files a scan saw, and what became of them; see the `Scan` model."""

    seen: int = 0
    added: int = 0
    updated: int = 0
    moved: int = 0
    restored: int = 0
    joined: int = 0
    missing: int = 0
    postponed: int = 0
    failed: int = 0
    playlists: int = 0

    def __add__(self, other: "ScanCounts") -> "ScanCounts":
        return ScanCounts(
            *(getattr(self, each.name) + getattr(other, each.name) for each in fields(self))
        )

    @property
    def changed(self) -> int:
        """The number of tracks that changed in a way that listeners can see."""
        return self.added + self.updated + self.moved + self.restored + self.joined + self.missing


COUNTED = tuple(each.name for each in fields(ScanCounts))
"""The names of the counts, which are columns of `Scan` too."""


@dataclass(frozen=True, slots=True)
class ScanProgress:
    """How far a running scan is.

    `seen` files were found; `to_read` of them have to be read, and `read` of those have been read.
    `total`: the number of all files if `count_first` was set, else None.
    """

    stage: str
    seen: int
    read: int
    to_read: int
    total: int | None

    @property
    def done(self) -> int:
        """The number of files that need no more work."""
        return self.seen - (self.to_read - self.read)


NOT_BEGUN = ScanProgress("", seen=0, read=0, to_read=0, total=None)

OnProgress = Callable[[ScanProgress], None]


@dataclass(frozen=True, slots=True)
class Failure:
    """A file or folder that could not be read or stored.

    `path` is absolute; bytes that are not UTF-8 are escaped.
    """

    path: str
    stage: str
    reason: str


@dataclass(frozen=True, slots=True)
class EmptiedFolder:
    """A folder that exists but holds no music any more, and the number of `tracks` that were kept.

    The mount point of an unmounted disk looks like that. `path` is absolute; bytes that are not
    UTF-8 are escaped.
    """

    path: str
    tracks: int


@dataclass(frozen=True, kw_only=True)
class ScanEnding:
    """The values that are written to a scan's row at the end; see `ScanReport`."""

    state: ScanState
    counts: ScanCounts
    message: str
    error: str
    ignored: Ignored
    emptied: Sequence[EmptiedFolder]


@dataclass(frozen=True, kw_only=True)
class ScanReport:
    """The result of a scan, whether it completed, failed or was cancelled.

    - `message`: the result in one to three sentences.
    - `error`: why the scan failed or what it left out; empty if nothing.
    - `root_errors`: a sentence for each music folder that was left out.
    - `emptied`: folders that hold no music any more, whose tracks were kept.
    - `ignored`: how many files and folders each rule of `library.files.names` excluded.
    - `event_id`: the id of the summary event; None if the row could not be closed or the lease was
      lost.
    """

    scan_id: int
    state: ScanState
    counts: ScanCounts
    duration_s: float
    transactions: int
    longest_transaction_s: float
    message: str
    error: str = ""
    root_errors: tuple[str, ...] = ()
    emptied: tuple[EmptiedFolder, ...] = ()
    ignored: Ignored = field(default_factory=dict)
    first_failures: tuple[Failure, ...] = field(default_factory=tuple)
    event_id: int | None = None

    def as_dict(self) -> dict[str, Any]:
        """The report as JSON values, for `scan_tracks --json` and the benchmarks."""
        return asdict(self)
