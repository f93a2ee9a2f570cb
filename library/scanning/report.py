"""What goes into a scan and what comes out of it, as values."""

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

    `folders`: absolute, inside the music folders; none means all of them. `workers`: reader
    processes; 0 reads in the scan's own process. `batch_size`: tracks per transaction.
    `count_first`: list all folders once before the scan, so that progress has a total.
    `is_cancelled` is asked a few times a second. `adopt_scan_id`: run on the lease that another
    process took for this one, rather than on a new one.
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
    missing: int = 0
    postponed: int = 0
    failed: int = 0

    def __add__(self, other: "ScanCounts") -> "ScanCounts":
        return ScanCounts(
            *(getattr(self, each.name) + getattr(other, each.name) for each in fields(self))
        )

    @property
    def changed(self) -> int:
        """Tracks that look different to a listener after the scan."""
        return self.added + self.updated + self.moved + self.restored + self.missing


@dataclass(frozen=True, slots=True)
class ScanProgress:
    """A moment of a running scan.

    Of the `seen` files `to_read` have to be read, and `read` have been. `total` is the number of
    files there are, counted beforehand if that was asked for, else None.
    """

    stage: str
    seen: int
    read: int
    to_read: int
    total: int | None

    @property
    def done(self) -> int:
        """Files with which the scan is through."""
        return self.seen - (self.to_read - self.read)


NOT_BEGUN = ScanProgress("", seen=0, read=0, to_read=0, total=None)

OnProgress = Callable[[ScanProgress], None]


@dataclass(frozen=True, slots=True)
class Failure:
    """A file or folder that could not be taken; `path` is absolute, undecodable bytes escaped."""

    path: str
    stage: str
    reason: str


@dataclass(frozen=True, slots=True)
class EmptiedFolder:
    """A folder that is there, holds no music, and whose `tracks` were kept: so looks the mount
    point of a disk that is away. `path` is absolute, undecodable bytes escaped."""

    path: str
    tracks: int


@dataclass(frozen=True, kw_only=True)
class ScanEnding:
    """What is written on a scan's row when it is over; see `ScanReport`."""

    state: ScanState
    counts: ScanCounts
    message: str
    error: str
    ignored: Ignored
    emptied: Sequence[EmptiedFolder]


@dataclass(frozen=True, kw_only=True)
class ScanReport:
    """A scan that is over, whatever its end.

    `error` says why it failed, or what it left out. `root_errors` names the music folders that were
    left out, `emptied` the folders in the others. `ignored` has the number of files and folders
    that were passed over, by the rules of `library.files.names`. `event_id` is the number of its
    summary; None where it could not be closed, or lost its lease.
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
        """For `scan_tracks --json` and the benchmarks."""
        return asdict(self)
