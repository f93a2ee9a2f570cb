"""The endpoints for tracks that scans joined, which an administrator can part again."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from ninja import Path, Query, Router, Schema
from pydantic import Field

from api.answers import codes
from api.errors import ApiError, not_found
from api.scans import scan_or_404
from api.sessions import Staff
from api.values import Id, Paging, one_of
from asgi.json_responses import json_response
from events import announce_from_thread
from library.models.joins import Join, JoinQuerySet, JoinReason
from library.models.paths import path_to_text
from library.models.scan import ScanTrigger
from library.queries.joins import JoinedTracks, joins_of, with_tracks
from library.scanning import ScanAlreadyRuns
from library.scanning.parting import CannotPart, part

router = Router(tags=["scans"])

_PATH = "A byte that is not UTF-8 is written as U+FFFD and two hexadecimal digits."


class JoinRow(Schema):
    """Two tracks that a scan joined: the file of `track_id` was gone, and the track `replaced_id`
    had the same sound."""

    id: int
    scan_id: int | None = Field(description="The scan; null if its row was deleted.")
    reason: one_of(JoinReason.values) = Field(  # type: ignore[valid-type]
        description="Why they are one: the same tags; or one was copied less than a day before the "
        "other was deleted; or the file of one replaced that of the other."
    )
    why: str = Field(description="The same as a sentence.")
    track_id: int = Field(description="The track that goes on living.")
    replaced_id: int = Field(description="The track that is a part of it now.")
    title: str = Field(description="Of the track today.")
    artist: str
    lost_title: str = Field(description="Of the file that is gone.")
    lost_artist: str
    lost_root: str
    lost_path: str = Field(description=f"Where the file that is gone was. {_PATH}")
    replaced_root: str
    replaced_path: str = Field(description="Where the file was that the track has taken over.")
    joined_at: datetime
    ended_at: datetime | None = Field(description="When they became two again; null: they are one.")
    ended_by: str = Field(
        description="`hand`: a person parted them; `file`: the lost file came back; `purge`: the "
        "track was purged. Empty while they are one."
    )


class JoinList(Schema):
    count: int
    results: list[JoinRow]


class JoinParted(Schema):
    id: int
    message: str


_PATHS = ("lost_root", "lost_path", "replaced_root")
_OF_JOIN = tuple(
    name
    for name in JoinRow.model_fields
    if name not in {"why", "title", "artist", "replaced_path", *_PATHS}
)


@router.get(
    "joins", auth=Staff(), response=codes({200: JoinList}, 403, 422), summary="List all joins"
)
def list_all_joins(request: HttpRequest, parameters: Query[Paging]) -> HttpResponse:  # noqa: ARG001
    """The tracks that scans joined, for half a year; the latest first."""
    return _listed(joins_of(), parameters)


@router.get(
    "scans/{scan_id}/joins",
    auth=Staff(),
    response=codes({200: JoinList}, 403, 404, 422),
    summary="List joins",
)
def list_joins(
    request: HttpRequest,  # noqa: ARG001
    scan_id: Path[Id],
    parameters: Query[Paging],
) -> HttpResponse:
    """The tracks that this scan joined."""
    scan_or_404(scan_id)
    return _listed(joins_of(scan_id), parameters)


@router.post(
    "joins/{join_id}/part",
    auth=Staff(),
    response=codes({200: JoinParted}, 403, 404, 409, 422),
    summary="Part joined tracks",
)
def part_join(request: HttpRequest, join_id: Path[Id]) -> HttpResponse:  # noqa: ARG001
    """Make two tracks of them again. The track `replaced_id` lives again with the file; the track
    `track_id` is missing where its own file was. What pointed at `replaced_id` before does so
    again. Scans never join these two again."""
    if not Join.objects.filter(pk=join_id).exists():
        raise not_found(gettext("There is no join %(id)s.") % {"id": join_id})
    try:
        parted = part(join_id, ScanTrigger.API)
    except CannotPart as refusal:
        raise ApiError(409, "cannot_part", str(refusal)) from None
    except ScanAlreadyRuns as refusal:
        raise ApiError(409, "scan_runs", str(refusal)) from None
    if parted.event_id is not None:
        announce_from_thread(parted.event_id)
    return json_response({"id": join_id, "message": parted.sentence})


def _listed(joins: JoinQuerySet, parameters: Paging) -> HttpResponse:
    page = list(joins[parameters.offset : parameters.offset + parameters.limit])
    results = [_row(each) for each in with_tracks(page)]
    return json_response({"count": joins.count(), "results": results})


def _row(joined: JoinedTracks) -> dict[str, Any]:
    join = joined.join
    values = {
        **{name: getattr(join, name) for name in _OF_JOIN},
        **{name: path_to_text(getattr(join, name)) for name in _PATHS},
        "why": f"{str(JoinReason(join.reason).label).capitalize()}.",
        "title": joined.title,
        "artist": joined.artist,
        "replaced_path": path_to_text(joined.replaced_path),
    }
    return {name: values[name] for name in JoinRow.model_fields}
