"""Scans: their history, how far the one that runs is, and beginning or ending one."""

from datetime import datetime
from pathlib import Path as FilePath
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from ninja import Path, Query, Router, Schema
from pydantic import ConfigDict, Field

from accounts.roles import is_administrator
from api.answers import codes
from api.bodies import JSON, described, read_body
from api.errors import ApiError, invalid, not_found
from api.sessions import Staff
from api.values import WITHOUT_NUL, Id, Paging, one_of
from asgi.json_responses import json_response
from library.models.paths import path_from_text
from library.models.scan import Scan, ScanState, ScanTrigger
from library.runner.scan_process import MAX_FOLDERS, request_cancel, start_scan
from library.scanning import BadScanOptions, ScanAlreadyRuns
from library.scanning.lease import as_it_stands
from library.scanning.summary import message_for_listeners

router = Router(tags=["scans"])


class ScanStart(Schema):
    """How to scan; everything, and only what changed, where nothing else is said."""

    model_config = ConfigDict(extra="forbid")

    full: bool = Field(default=False, description="Read every file again.")
    allow_empty: bool = Field(
        default=False,
        description="Accept folders that hold no music any more, and mark their tracks missing. "
        "Without this they are kept where the disk they are on may be away.",
    )
    folders: list[Annotated[str, Field(min_length=1, max_length=4096), WITHOUT_NUL]] = Field(
        default=[],
        max_length=MAX_FOLDERS,
        description="Absolute paths inside the music folders; none: all of them.",
    )


class ScanStarted(Schema):
    id: int


class EmptiedFolderRow(Schema):
    path: str
    tracks: int = Field(description="Kept, although no music is in the folder any more.")


class ScanRow(Schema):
    """A scan. The counts hold what was stored so far."""

    id: int = Field(description="The library's revision, once the scan has changed something.")
    trigger: one_of(ScanTrigger.values)  # type: ignore[valid-type]
    state: one_of(ScanState.values)  # type: ignore[valid-type]
    started_at: datetime
    finished_at: datetime | None
    heartbeat_at: datetime
    is_full: bool
    folders: list[str] = Field(
        description="What it was limited to; empty: everything. Shown to administrators alone."
    )
    cancel_requested: bool
    seen: int
    to_read: int = Field(description="Files that have to be read.")
    read: int = Field(description="Files that have been.")
    total: int | None = Field(description="Files that there are, where they were counted before.")
    added: int
    updated: int
    moved: int
    restored: int
    missing: int
    postponed: int
    failed: int
    message: str = Field(
        description="How it ended. Details, such as paths, are shown to administrators alone."
    )
    error: str = Field(
        description="What went wrong, for administrators alone; empty for listeners."
    )
    ignored: dict[str, int] | None = Field(
        description="For administrators, else null: how many files and folders were passed over, "
        "by the rule; once the scan is over."
    )
    emptied: list[EmptiedFolderRow] | None = Field(
        description="For administrators, else null: folders that hold no music any more, as if "
        "their disks were away, and whose tracks were kept; once the scan is over."
    )


class ScanList(Schema):
    count: int
    results: list[ScanRow]


_ROW_FIELDS = tuple(ScanRow.model_fields)
_FOR_ADMINISTRATORS = ("ignored", "emptied")


@router.get("scans", response=codes({200: ScanList}, 422), summary="List scans")
def list_scans(request: HttpRequest, parameters: Query[Paging]) -> HttpResponse:
    """All scans, the latest first."""
    scans = Scan.objects.scans().order_by("-pk")
    page = scans[parameters.offset : parameters.offset + parameters.limit]
    results = [_row(scan, request.user) for scan in page]
    return json_response({"count": scans.count(), "results": results})


@router.get("scans/latest", response=codes({200: ScanRow}, 404), summary="Get the latest scan")
def get_latest_scan(request: HttpRequest) -> HttpResponse:
    """The scan that runs, else the last one."""
    scan = Scan.objects.scans().order_by("-pk").first()
    if scan is None:
        raise not_found("scan yet")
    return json_response(_row(scan, request.user))


@router.get("scans/{scan_id}", response=codes({200: ScanRow}, 404, 422), summary="Get a scan")
def get_scan(request: HttpRequest, scan_id: Path[Id]) -> HttpResponse:
    """One scan; while it runs, how far it is."""
    return json_response(_row(scan_or_404(scan_id), request.user))


@router.post(
    "scans",
    auth=Staff(),
    response=codes({202: ScanStarted}, 400, 403, 409, 413, 415, 422),
    openapi_extra=described(ScanStart, JSON, required=False),
    summary="Begin a scan",
)
def post_scan(request: HttpRequest) -> HttpResponse:
    """Begin a scan and answer at once; the header Location says where to see how it goes."""
    wish = read_body(request, ScanStart, JSON) if request.body else ScanStart()
    folders = [FilePath(path_from_text(folder)) for folder in wish.folders]
    try:
        scan_id = start_scan(
            ScanTrigger.API, full=wish.full, folders=folders, allow_empty=wish.allow_empty
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
    """Ask a running scan to end; what it has stored stays."""
    scan = scan_or_404(scan_id)
    if scan.state != ScanState.RUNNING or not request_cancel(scan_id):
        raise ApiError(409, "scan_is_over", f"Scan {scan_id} does not run (any more).")
    return json_response({"id": scan_id}, status=202)


def scan_or_404(scan_id: int) -> Scan:
    """Raises ApiError 404."""
    scan = Scan.objects.scans().filter(pk=scan_id).first()
    if scan is None:
        raise not_found(f"scan {scan_id}")
    return as_it_stands(scan)


def _row(scan: Scan, user: object) -> dict[str, Any]:
    standing = as_it_stands(scan)
    row = {name: getattr(standing, name) for name in _ROW_FIELDS}
    if is_administrator(user):
        return row
    details = {"folders": [], "message": message_for_listeners(standing), "error": ""}
    return {**row, **details, **dict.fromkeys(_FOR_ADMINISTRATORS)}
