"""Scans: bring the database up to date with the music folders. Walk → compare → read → store.

`scan_library` runs a scan. The package knows nothing of HTTP, terminals or the admin.
"""

from library.scanning.closing import close_dead_scans, last_scan_ended_at, latest_scan, record_end
from library.scanning.errors import (
    BadScanOptions,
    LeaseLost,
    ScanAlreadyRuns,
    ScanError,
)
from library.scanning.purge import PurgeCounts, count_purgeable, purge_missing
from library.scanning.report import ScanOptions, ScanProgress, ScanReport
from library.scanning.run import scan_library

__all__ = [
    "BadScanOptions",
    "LeaseLost",
    "PurgeCounts",
    "ScanAlreadyRuns",
    "ScanError",
    "ScanOptions",
    "ScanProgress",
    "ScanReport",
    "close_dead_scans",
    "count_purgeable",
    "last_scan_ended_at",
    "latest_scan",
    "purge_missing",
    "record_end",
    "scan_library",
]
