"""The texts about a finished scan: for administrators on its row, and for all browsers.

Listeners get no details such as paths or host names.
"""

from dataclasses import asdict, fields

from events.summary import RELOAD_TRACKS, MessageLevel, Summary
from library.models.scan import Scan, ScanState
from library.scanning.report import ScanCounts

INTERRUPTED_MESSAGE = "Music library scan was interrupted. The next scan finishes the work."
INTERRUPTED_ERROR = (
    "The scan ended without recording how: its process was killed, or the machine stopped."
)
FAILED_FOR_LISTENERS = "Music library scan failed. The scan's page in the admin says why."


def message_of(state: ScanState, counts: ScanCounts, error: str, kept: int = 0) -> str:
    """The result of a scan in one to three sentences, for administrators.

    `error`: why a failed scan failed, and what to do about it. `kept`: how many tracks were not
    marked missing because their disk seems to be unmounted.
    """
    if state == ScanState.FAILED:
        return f"Music library scan failed: {error}"
    if state == ScanState.CANCELLED:
        return f"Music library scan cancelled. {counts.seen} items seen; what was stored is kept."
    failed = f" {counts.failed} failed." if counts.failed else ""
    away = f" {kept} tracks were kept: the disk they are on seems to be away." if kept else ""
    return f"Music library scan completed. {counts.seen} items processed.{failed}{away}"


def message_for_listeners(scan: Scan) -> str:
    """The result of `scan` without paths, hosts, processes and errors; empty while it runs."""
    if scan.state == ScanState.RUNNING:
        return ""
    counts = ScanCounts(**{each.name: getattr(scan, each.name) for each in fields(ScanCounts)})
    kept = sum(folder["tracks"] for folder in scan.emptied)
    return _for_listeners(ScanState(scan.state), counts, scan.message, kept)


def summary_of(
    scan_id: int, state: ScanState, counts: ScanCounts, message: str, kept: int = 0
) -> Summary:
    """The summary event of a scan, which every browser gets.

    It leaves out the details of `message`, which is the text on the scan's row. It asks browsers to
    reload their lists if the scan changed anything; a failed scan may have, too. `kept`: see
    `message_of`.
    """
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
    if state == ScanState.CANCELLED:  # a person asked for that
        return MessageLevel.INFO
    if counts.failed or kept:
        return MessageLevel.WARNING
    return MessageLevel.SUCCESS if counts.changed else MessageLevel.INFO
