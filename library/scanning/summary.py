"""The texts about a finished scan or purge: for administrators on its row, and for all browsers.

Listeners get no details such as paths or host names.
"""

from dataclasses import asdict, fields

from django.utils.translation import gettext_noop

from events.summary import RELOAD_TRACKS, MessageLevel, Summary
from library.models.scan import Scan, ScanKind, ScanState
from library.queries.scan_changes import news_of
from library.scanning.report import ScanCounts

INTERRUPTED_MESSAGE = gettext_noop(
    "Music library scan was interrupted. The next scan finishes the work."
)
INTERRUPTED_ERROR = (
    "It ended without recording how: its process was killed, or the machine stopped."
)
GAVE_WAY = "Files are read again later: other work went first."
FAILED_FOR_LISTENERS = gettext_noop(
    "Music library scan failed. The scan's page in the admin says why."
)
WORK = {
    ScanKind.SCAN: "Music library scan",
    ScanKind.PURGE: "The purge of missing tracks",
    ScanKind.RESTORE: "The restore of a backup",
    ScanKind.EDIT: "The edit",
    ScanKind.REREAD: "Reading files again",
}
"""What a row stands for, as a sentence about its end begins."""
_ENDINGS = {ScanState.FAILED: "failed", ScanState.CANCELLED: "was cancelled"}
_LEVELS = {ScanState.FAILED: MessageLevel.ERROR, ScanState.CANCELLED: MessageLevel.INFO}


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
    if scan.kind != ScanKind.SCAN:
        return _other_work_for_listeners(scan)
    if scan.state == ScanState.RUNNING:
        return ""
    counts = ScanCounts(**{each.name: getattr(scan, each.name) for each in fields(ScanCounts)})
    kept = sum(folder["tracks"] for folder in scan.emptied)
    return _for_listeners(ScanState(scan.state), counts, scan.message, kept)


def interrupted_message(kind: str) -> str:
    """The message on the row of work whose process died."""
    if kind == ScanKind.SCAN:
        return INTERRUPTED_MESSAGE
    return f"{WORK[ScanKind(kind)]} was interrupted."


def counted(count: int, noun: str) -> str:
    """The count with its noun, such as `1 track` or `20,000 tracks`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def purged_message(state: ScanState, tracks: int) -> str:
    """The result of a purge for people. It has deleted something, if only albums or artists."""
    purged = f"Purged {counted(tracks, 'missing track')}."
    ending = _ENDINGS.get(state)
    return f"{WORK[ScanKind.PURGE]} {ending}. {purged}" if ending else purged


def summary_of_purge(state: ScanState, tracks: int, revision: int) -> Summary:
    """The summary event of a purge that deleted something.

    Lists show no missing tracks, but queues, the pages of single tracks and whatever a client keeps
    do. So browsers are asked to reload.
    """
    return Summary(
        message_to_show=purged_message(state, tracks),
        message_level=_LEVELS.get(state, MessageLevel.SUCCESS),
        action_key=RELOAD_TRACKS,
        action_payload={"revision": revision, "counts": {"purged": tracks}},
    )


def summary_of_reread(revision: int) -> Summary:
    """The summary event of a rereading that changed something that is shown.

    Browsers reload their lists. It has no message: after an upgrade there may be an event every few
    minutes, and nobody asked for any of that.
    """
    return Summary(
        message_to_show="",
        message_level=MessageLevel.INFO,
        action_key=RELOAD_TRACKS,
        action_payload={"revision": revision, "counts": {}},
    )


def summary_of(
    revision: int,
    state: ScanState,
    counts: ScanCounts,
    message: str,
    *,
    scan_id: int,
    kept: int = 0,
) -> Summary:
    """The summary event of a scan, which every browser gets.

    It leaves out the details of `message`, which is the text on the scan's row. It asks browsers to
    reload their lists if the scan changed anything; a failed scan may have, too. `revision`: the
    library's. `kept`: see `message_of`. The payload's counts include what `ScanNews` has, so that
    browsers tell the same as on Home.
    """
    payload = None
    if counts.changed:
        news = asdict(news_of(counts.added, scan_id))
        payload = {"revision": revision, "counts": {**asdict(counts), **news}}
    return Summary(
        message_to_show=_for_listeners(state, counts, message, kept),
        message_level=_level_of(state, counts, kept),
        action_key=RELOAD_TRACKS if counts.changed else None,
        action_payload=payload,
    )


def _other_work_for_listeners(scan: Scan) -> str:
    if scan.kind == ScanKind.PURGE and scan.state != ScanState.RUNNING and scan.revision:
        return purged_message(ScanState(scan.state), scan.purged)
    if scan.state == ScanState.FAILED:
        return f"{WORK[ScanKind(scan.kind)]} failed."
    return scan.message


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
