"""The part of `scan_tracks` that reads files again which another version of mus has read."""

import json
from collections.abc import Callable
from contextlib import suppress

from django.db import DatabaseError
from django.utils import timezone

from events import announce_and_drain
from library.scanning import LeaseLost, ScanAlreadyRuns, ScanOptions
from library.scanning.read_with import rereading
from library.scanning.reread import is_portion_due, reread_portion

Write = Callable[[str], object]


def reread_for_server(options: ScanOptions, write: Write) -> None:
    """Read one portion on the row that the server created, and write the report as JSON for it."""
    with suppress(ScanAlreadyRuns, LeaseLost):  # a scan was asked for meanwhile
        report = json.dumps(reread_portion(options).as_dict())
        with suppress(BrokenPipeError):  # the server that started this process is gone
            write(report)


def reread_after_scan(options: ScanOptions, write: Write, warn: Write) -> None:
    """After a scan that no server started, read one portion if it is due, and write how many files
    are left."""
    try:
        if is_portion_due(timezone.now()):
            announce_and_drain(reread_portion(options).event_id)
        if progress := rereading():
            write(f"{progress.sentence} scan_tracks --full reads all of them at once.")
    except (ScanAlreadyRuns, LeaseLost):  # a server has begun a scan, or reads them itself
        return
    except DatabaseError as error:
        warn(f"The scan is done, but outdated files could not be read again: {error}")
