"""The endpoints for scan failures: files and folders that could not be read, and why."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router, Schema
from pydantic import Field

from api.answers import codes
from api.scans import scan_or_404
from api.sessions import Staff
from api.values import Id, Paging, one_of
from asgi.json_responses import json_response
from library import told
from library.models.paths import path_to_text
from library.models.scan import ScanFailure

router = Router(tags=["scans"])


class FailureRow(Schema):
    """A file or folder that could not be read and has not been read since."""

    root: str
    path: str = Field(
        description="Relative to `root`. A byte that is not UTF-8 is written as U+FFFD and two "
        "hexadecimal digits."
    )
    stage: one_of(ScanFailure.Stage.values)  # type: ignore[valid-type]
    reason: str
    size_bytes: int
    first_seen_at: datetime


class FailureList(Schema):
    count: int
    results: list[FailureRow]


_FIELDS = tuple(FailureRow.model_fields)


@router.get(
    "failures",
    auth=Staff(),
    response=codes({200: FailureList}, 403, 422),
    summary="List all failures",
)
def list_all_failures(request: HttpRequest, parameters: Query[Paging]) -> HttpResponse:  # noqa: ARG001
    """The files and folders that still cannot be read, whichever scan found them."""
    return _listed(ScanFailure.objects.all(), parameters)


@router.get(
    "scans/{scan_id}/failures",
    auth=Staff(),
    response=codes({200: FailureList}, 403, 404, 422),
    summary="List failures",
)
def list_failures(
    request: HttpRequest,  # noqa: ARG001
    scan_id: Path[Id],
    parameters: Query[Paging],
) -> HttpResponse:
    """The failures that this scan recorded and that still exist. An older failure that has not
    changed since stays with the scan that recorded it."""
    scan_or_404(scan_id)
    return _listed(ScanFailure.objects.filter(scan=scan_id), parameters)


def _listed(failures: QuerySet[ScanFailure], parameters: Paging) -> HttpResponse:
    in_order = failures.order_by("root", "path")
    page = in_order[parameters.offset : parameters.offset + parameters.limit]
    rows = [_row(row) for row in page.values_list(*_FIELDS)]
    return json_response({"count": failures.count(), "results": rows})


def _row(row: tuple[Any, ...]) -> dict[str, Any]:
    failure = dict(zip(_FIELDS, row, strict=True))
    places = {name: path_to_text(failure[name]) for name in ("root", "path")}
    return {**failure, **places, "reason": told.in_words(failure["reason"])}
