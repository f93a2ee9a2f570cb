"""Writes the files and folders that a scan could not read, in the caller's transaction."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.utils import timezone

from library.models.catalogue import Track
from library.models.paths import path_to_text
from library.models.scan import ScanFailure
from library.scanning.read_with import current_version
from library.scanning.report import ScanCounts
from library.scanning.upsert import Update, Upsert

_FAILURES = Upsert(
    ScanFailure,
    (
        "root",
        "path",
        "stage",
        "reason",
        "mtime_ns",
        "size_bytes",
        "read_with",
        "scan_id",
        "first_seen_at",
    ),
    unique=("root", "path"),
    kept=("first_seen_at",),
)
_VERSIONS = Update(Track, ("read_with",))


@dataclass(frozen=True, slots=True)
class FailureWrite:
    """A `ScanFailure` row to write. The time and size are those of the file that failed."""

    root: str
    path: str
    stage: str
    reason: str
    mtime_ns: int = 0
    size_bytes: int = 0


def store_failures(failures: Sequence[FailureWrite], scan_id: int) -> ScanCounts:
    """Write the failures. A file that failed before keeps its `first_seen_at`."""
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    _FAILURES.execute(
        [
            (
                path_to_text(failure.root),
                path_to_text(failure.path),
                failure.stage,
                failure.reason,
                failure.mtime_ns,
                failure.size_bytes,
                current_version(),
                scan_id,
                now,
            )
            for failure in failures
        ]
    )
    return ScanCounts(failed=len(failures))


def forget_failures(failure_ids: Sequence[int], scan_id: int) -> ScanCounts:
    """Delete these failures, except those that this scan wrote again."""
    ScanFailure.objects.filter(pk__in=failure_ids).exclude(scan_id=scan_id).delete()
    return ScanCounts()


def note_version(track_ids: Sequence[int]) -> ScanCounts:
    """Write that these tracks need not be read again by this version, although they keep the values
    that an earlier one read: their files cannot be read now."""
    _VERSIONS.execute([(current_version(), pk) for pk in track_ids])
    return ScanCounts()
