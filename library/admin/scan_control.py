"""Starting, cancelling and watching scans in the admin."""

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html

from accounts.roles import is_administrator
from library.models.scan import Scan, ScanKind, ScanState, ScanTrigger
from library.runner.scan_process import CANCELLABLE, request_cancel, start_scan
from library.scanning import BadScanOptions, ScanAlreadyRuns
from runtime.visible_text import printable

logger = logging.getLogger(__name__)

COUNTS = (
    *("seen", "added", "updated", "moved", "restored", "joined", "missing", "postponed"),
    *("failed", "total", "to_read", "read", "playlists", "purged"),
)
LIST = "admin:library_scan_changelist"
PAGE = "admin:library_scan_change"


def may_scan(request: HttpRequest) -> bool:
    return is_administrator(request.user)


def running_scan() -> Scan | None:
    """The scan or other work that runs."""
    return Scan.objects.filter(state=ScanState.RUNNING).first()


def emptied_folders() -> list[dict[str, Any]]:
    """The folders that held no music any more at the last scan of all music folders, and whose
    tracks were kept: a `path`, and the number of `tracks`."""
    over = Scan.objects.scans().filter(
        folders=[], state__in=(ScanState.COMPLETED, ScanState.FAILED)
    )
    last = over.order_by("-pk").first()
    emptied = last.emptied if last else []
    return [{**folder, "path": printable(folder["path"])} for folder in emptied]


def begin(
    request: HttpRequest,
    *,
    full: bool = False,
    folders: Sequence[Path] = (),
    allow_empty: bool = False,
) -> HttpResponse:
    """Start a scan, and redirect to its page, which shows the progress. If the scan is refused, say
    why and redirect to the list of scans."""
    try:
        scan_id = start_scan(ScanTrigger.ADMIN, full=full, folders=folders, allow_empty=allow_empty)
    except ScanAlreadyRuns as refusal:
        messages.warning(request, _with_link(str(refusal), running_scan()))
        return redirect(LIST)
    except BadScanOptions as refusal:
        messages.error(request, str(refusal))
        return redirect(LIST)
    accepts = "; it accepts empty folders" if allow_empty else ""
    logger.info("Scan %d was begun by %s%s.", scan_id, request.user.get_username(), accepts)
    messages.success(request, f"Scan {scan_id} has begun.")
    return redirect(PAGE, scan_id)


def cancel(request: HttpRequest, scan: Scan) -> HttpResponse:
    """Ask a scan or a purge to end, and redirect to its page, which shows when it has ended."""
    name = str(scan).capitalize()
    if request_cancel(scan.pk):
        logger.info("%s was cancelled by %s.", name, request.user.get_username())
        is_purge = scan.kind == ScanKind.PURGE
        stays = "what it has deleted stays deleted" if is_purge else "what it has stored stays"
        stays += "; it goes on in an hour" if scan.kind == ScanKind.REREAD else ""
        messages.success(request, f"{name} will end now; {stays}.")
    elif scan.state == ScanState.RUNNING and scan.kind not in CANCELLABLE:
        messages.warning(request, f"{name} cannot be cancelled; wait for its end.")
    else:
        messages.warning(request, f"{name} does not run any more.")
    return redirect(PAGE, scan.pk)


def progress(scan: Scan) -> dict[str, Any]:
    """The state of a scan as JSON values, for the script on the admin's pages. `total` is null if
    the number of files is unknown."""
    return {
        "is_running": scan.state == ScanState.RUNNING,
        "message": scan.message,
        "text": progress_text(scan),
        "done": scan.done,
        "total": scan.total,
        "counts": {name: getattr(scan, name) for name in COUNTS},
    }


def progress_text(scan: Scan) -> str:
    """The progress in words, such as "1,200 of 3,000 files"."""
    if scan.cancel_requested:
        return "Ending."
    if scan.kind == ScanKind.REREAD:
        return f"{scan.message} {scan.read:,} read"
    if scan.kind != ScanKind.SCAN:
        return f"{scan.purged:,} purged" if scan.kind == ScanKind.PURGE else scan.message
    if not scan.seen:
        return "Starting."
    if scan.total is not None:
        return f"{min(scan.done, scan.total):,} of {scan.total:,} files"
    return f"{scan.seen:,} files found, {scan.read:,} of {scan.to_read:,} read"


def _with_link(text: str, scan: Scan | None) -> str:
    if scan is None:
        return text
    return format_html('{} <a href="{}">Show it</a>', text, reverse(PAGE, args=[scan.pk]))
