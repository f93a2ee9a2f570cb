"""What a scan that is over has to say: to the person who reads its row, and to every browser."""

from dataclasses import asdict, fields

from events.summary import RELOAD_TRACKS, MessageLevel, Summary
from library.models.scan import Scan, ScanState
from library.scanning.report import ScanCounts

INTERRUPTED_MESSAGE = "Music library scan was interrupted. The next scan finishes the work."
INTERRUPTED_ERROR = "The scan ended without a word: its process was killed, or the machine stopped."
FAILED_FOR_LISTENERS = "Music library scan failed. The scan's page in the admin says why."


def message_of(state: ScanState, counts: ScanCounts, error: str, kept: int = 0) -> str:
    """One to three sentences; `error` says why a failed scan failed, and what to do about it.
    `kept`: how many tracks were not marked missing, since a disk seems to be away."""
    if state == ScanState.FAILED:
        return f"Music library scan failed: {error}"
    if state == ScanState.CANCELLED:
        return f"Music library scan cancelled. {counts.seen} items processed; they are kept."
    failed = f" {counts.failed} failed." if counts.failed else ""
    away = f" {kept} tracks were kept: the disk they are on seems to be away." if kept else ""
    return f"Music library scan completed. {counts.seen} items processed.{failed}{away}"


def message_for_listeners(scan: Scan) -> str:
    """The end of `scan` without paths, hosts, processes or errors; empty while the scan runs."""
    if scan.state == ScanState.RUNNING:
        return ""
    counts = ScanCounts(**{each.name: getattr(scan, each.name) for each in fields(ScanCounts)})
    kept = sum(folder["tracks"] for folder in scan.emptied)
    return _for_listeners(ScanState(scan.state), counts, scan.message, kept)


def summary_of(
    scan_id: int, state: ScanState, counts: ScanCounts, message: str, kept: int = 0
) -> Summary:
    """The one event of a scan, which every browser gets: it leaves out the details of `message`,
    the row's text. Lists are to be loaded again when the scan changed something, whatever its end:
    what it had committed stays. `kept` as in `message_of`."""
    payload = {"revision": scan_id, "counts": asdict(counts)}
    return Summary(
        message_to_show=_for_listeners(state, counts, message, kept),
        message_level=_level_of(state, counts, kept),
        action_key=RELOAD_TRACKS if counts.changed else None,
        action_payload=payload if counts.changed else None,
    )


def _for_listeners(state: ScanState, counts: ScanCounts, message: str, kept: int) -> str:
    if message == INTERRUPTED_MESSAGE:
        return INTERRUPTED_MESSAGE
    if state == ScanState.FAILED:
        return FAILED_FOR_LISTENERS
    return message_of(state, counts, error="", kept=kept)


def _level_of(state: ScanState, counts: ScanCounts, kept: int) -> MessageLevel:
    if state == ScanState.FAILED:
        return MessageLevel.ERROR
    if state == ScanState.CANCELLED:  # somebody wished it so
        return MessageLevel.INFO
    if counts.failed or kept:
        return MessageLevel.WARNING
    return MessageLevel.SUCCESS if counts.changed else MessageLevel.INFO
