"""The endpoints for scans: their history and progress, and starting or cancelling one.

The history also has purges and other work, which never run beside a scan; see `kind`.
"""

from datetime import datetime
from pathlib import Path as FilePath
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from ninja import Path, Query, Router, Schema
from pydantic import ConfigDict, Field

from accounts.roles import is_administrator
from api.answers import codes
from api.bodies import JSON, described, read_body
from api.errors import ApiError, invalid, not_found
from api.sessions import Staff
from api.values import WITHOUT_NUL, Id, Paging, one_of
from asgi.json_responses import json_response
from library import told
from library.models.paths import path_from_text
from library.models.scan import Scan, ScanKind, ScanState, ScanTrigger
from library.runner.scan_process import CANCELLABLE, MAX_FOLDERS, request_cancel, start_scan
from library.scanning import BadScanOptions, ScanAlreadyRuns, latest_scan
from library.scanning.closing import as_it_stands
from library.scanning.summary import message_for_listeners

router = Router(tags=["scans"])


class ScanStart(Schema):
    """How to scan. By default: all music folders, reading only new and changed files."""

    model_config = ConfigDict(extra="forbid")

    full: bool = Field(default=False, description="Read every file again.")
    allow_empty: bool = Field(
        default=False,
        description="Accept folders that hold no music any more, and mark their tracks missing. "
        "Without this, their tracks are kept if the folder's disk may be unmounted.",
    )
    folders: list[Annotated[str, Field(min_length=1, max_length=4096), WITHOUT_NUL]] = Field(
        default=[],
        max_length=MAX_FOLDERS,
        description="Absolute paths inside the music folders; empty: all music folders.",
    )


class ScanStarted(Schema):
    id: int


class EmptiedFolderRow(Schema):
    path: str
    tracks: int = Field(description="Tracks kept although the folder holds no music any more.")


class ScanRow(Schema):
    """A scan, or other work that never runs beside one. While it runs, the counts are of what it
    has stored so far."""

    id: int
    kind: one_of(ScanKind.values) = Field(  # type: ignore[valid-type]
        description="`scan`; or `purge` of missing tracks, `restore` of a backup, `edit`, or "
        "`reread` of a part of the known files after an upgrade; most of their counts are 0."
    )
    trigger: one_of(ScanTrigger.values)  # type: ignore[valid-type]
    state: one_of(ScanState.values)  # type: ignore[valid-type]
    started_at: datetime
    finished_at: datetime | None
    heartbeat_at: datetime
    is_full: bool
    folders: list[str] = Field(
        description="The folders it was limited to; empty: everything. For administrators only."
    )
    cancel_requested: bool
    seen: int
    to_read: int = Field(description="Files that have to be read.")
    read: int = Field(description="Files that have been read.")
    total: int | None = Field(description="All files, if the scan counted them first; else null.")
    added: int
    updated: int
    moved: int
    restored: int
    joined: int = Field(description="Tracks that were joined with another of the same sound.")
    missing: int
    postponed: int
    failed: int
    playlists: int = Field(
        description="Playlists whose file in a music folder came, changed or went."
    )
    purged: int = Field(description="Tracks that a purge deleted.")
    revision: int | None = Field(
        description="The library's revision after the last change; 0 if there was none, null if it "
        "is not known."
    )
    message: str = Field(
        description="How the scan ended; of a purge that runs, what is done. Details, such as "
        "paths, are for administrators only."
    )
    error: str = Field(description="What went wrong, for administrators only; empty for listeners.")
    ignored: dict[str, int] | None = Field(
        description="How many files and folders were ignored, by rule. Null for listeners and "
        "until the scan ends."
    )
    emptied: list[EmptiedFolderRow] | None = Field(
        description="Folders that hold no music any more and whose tracks were kept, since their "
        "disks may be unmounted. Null for listeners and until the scan ends."
    )


class ScanList(Schema):
    count: int
    results: list[ScanRow]


_ROW_FIELDS = tuple(ScanRow.model_fields)
_FOR_ADMINISTRATORS = ("ignored", "emptied")


class ScanParameters(Paging):
    kind: one_of(ScanKind.values) | None = Field(  # type: ignore[valid-type]
        None, description="Only rows of this kind."
    )


@router.get("scans", response=codes({200: ScanList}, 422), summary="List scans")
def list_scans(request: HttpRequest, parameters: Query[ScanParameters]) -> HttpResponse:
    """All scans, purges and restores, and the last part of files that were read again after an
    upgrade; the latest first."""
    scans = Scan.objects.order_by("-pk")
    if parameters.kind is not None:
        scans = scans.filter(kind=parameters.kind)
    page = scans[parameters.offset : parameters.offset + parameters.limit]
    results = [_row(scan, request.user) for scan in page]
    return json_response({"count": scans.count(), "results": results})


@router.get("scans/latest", response=codes({200: ScanRow}, 404), summary="Get the latest scan")
def get_latest_scan(request: HttpRequest) -> HttpResponse:
    """The running scan, else the last one; never a purge or other work."""
    scan = latest_scan()
    if scan is None:
        raise not_found(gettext("There is no scan yet."))
    return json_response(_row(scan, request.user))


@router.get("scans/{scan_id}", response=codes({200: ScanRow}, 404, 422), summary="Get a scan")
def get_scan(request: HttpRequest, scan_id: Path[Id]) -> HttpResponse:
    """One scan, purge or restore; while it runs, its progress."""
    return json_response(_row(scan_or_404(scan_id), request.user))


@router.post(
    "scans",
    auth=Staff(),
    response=codes({202: ScanStarted}, 400, 403, 409, 413, 415, 422),
    openapi_extra=described(ScanStart, JSON, required=False),
    summary="Start a scan",
)
def post_scan(request: HttpRequest) -> HttpResponse:
    """Start a scan and answer at once. The header Location is the URL of the scan's progress."""
    start = read_body(request, ScanStart, JSON) if request.body else ScanStart()
    folders = [FilePath(path_from_text(folder)) for folder in start.folders]
    try:
        scan_id = start_scan(
            ScanTrigger.API, full=start.full, folders=folders, allow_empty=start.allow_empty
        )
    except BadScanOptions as error:
        raise invalid(f"folders: {error}") from None
    except ScanAlreadyRuns as error:
        raise ApiError(409, "scan_runs", str(error)) from None
    response = json_response({"id": scan_id}, status=202)
    response["Location"] = reverse("api:get_scan", args=[scan_id])
    return response


@router.post(
    "scans/{scan_id}/cancel",
    auth=Staff(),
    response=codes({202: ScanStarted}, 403, 404, 409, 422),
    summary="Cancel a scan",
)
def cancel_scan(request: HttpRequest, scan_id: Path[Id]) -> HttpResponse:  # noqa: ARG001
    """Ask a running scan to stop; what it has stored stays. A purge stops before its next portion
    of tracks; what it has deleted stays deleted. A restore can't be cancelled."""
    scan = scan_or_404(scan_id)
    if scan.state == ScanState.RUNNING and scan.kind not in CANCELLABLE:
        message = gettext("A %(kind)s cannot be cancelled; wait for its end.") % {
            "kind": scan.get_kind_display()
        }
        raise ApiError(409, "not_cancellable", message)
    if scan.state != ScanState.RUNNING or not request_cancel(scan_id):
        raise ApiError(
            409,
            "scan_is_over",
            gettext("%(scan)s does not run (any more).") % {"scan": str(scan).capitalize()},
        )
    return json_response({"id": scan_id}, status=202)


def scan_or_404(scan_id: int) -> Scan:
    """The scan of that id. Raises ApiError 404 if there is none."""
    scan = Scan.objects.filter(pk=scan_id).first()
    if scan is None:
        raise not_found(gettext("There is no scan %(id)s.") % {"id": scan_id})
    return as_it_stands(scan)


def _row(scan: Scan, user: object) -> dict[str, Any]:
    standing = as_it_stands(scan)
    row = {name: getattr(standing, name) for name in _ROW_FIELDS}
    if is_administrator(user):
        texts = {name: told.in_words(row[name]) for name in ("message", "error")}
        return {**row, **texts}
    message = told.in_words(message_for_listeners(standing))
    details = {"folders": [], "message": message, "error": ""}
    return {**row, **details, **dict.fromkeys(_FOR_ADMINISTRATORS)}
