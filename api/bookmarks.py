"""The endpoints for bookmarks: where users left long tracks."""

from datetime import datetime
from typing import Annotated, Any

from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from ninja import Path, Router, Schema
from pydantic import ConfigDict, Field

from api.answers import answer_of_state, codes
from api.bodies import JSON, described, read_body
from api.errors import invalid, not_found
from api.sessions import user_of
from api.track_or_lost import OfTrackOrLost, TracksAndLost
from api.values import WITHOUT_NUL, Id
from asgi.json_responses import json_response
from library.models.catalogue import Track
from library.queries.tombstones import find_living
from listening.bookmarks import (
    AUTOMATIC_FROM_S,
    LONGEST_COMMENT,
    Position,
    TooShort,
    bookmark_in,
    bookmarks_of,
    remove_bookmark,
    remove_lost_bookmark,
    set_bookmark,
)
from listening.changes import Area, state_of
from listening.models import Bookmark

router = Router(tags=["bookmarks"])


class BookmarkChange(Schema):
    model_config = ConfigDict(extra="forbid")

    position_s: float = Field(ge=0, allow_inf_nan=False)
    comment: Annotated[str, WITHOUT_NUL] | None = Field(
        None, max_length=LONGEST_COMMENT, description="null: it stays as it is."
    )
    is_by_hand: bool = Field(
        default=True,
        description="false: a player keeps where the user is. Such a bookmark is only kept in "
        "tracks of 20 minutes and more, not near their end, and does not replace one by hand.",
    )


class BookmarkRow(OfTrackOrLost):
    """Where the user left a track."""

    position_s: float
    comment: str
    is_by_hand: bool = Field(description="false: a player has set it.")
    created_at: datetime
    changed_at: datetime


class BookmarkList(Schema):
    results: list[BookmarkRow]


_FIELDS = ("position_s", "comment", "is_by_hand", "created_at", "changed_at")


@router.get("bookmarks", response=codes({200: BookmarkList, 304: None}), summary="List bookmarks")
def list_bookmarks(request: HttpRequest) -> HttpResponse:
    """The bookmarks of the user, those that changed last first; the newest thousand."""
    user_id = user_of(request).pk

    def body(_: int, __: str) -> dict[str, Any]:
        return {"results": _rows(bookmarks_of(user_id))}

    return answer_of_state(request, body, state_of(user_id, Area.BOOKMARKS))


@router.get(
    "bookmarks/{track_id}", response=codes({200: BookmarkRow}, 404, 422), summary="Get a bookmark"
)
def get_bookmark(request: HttpRequest, track_id: Path[Id]) -> HttpResponse:
    """The bookmark of the user in this track."""
    bookmark = bookmark_in(user_of(request).pk, _track(track_id).pk)
    if bookmark is None:
        raise not_found(
            gettext("There is no bookmark of yours in track %(id)s.") % {"id": track_id}
        )
    return json_response(_rows([bookmark])[0])


@router.put(
    "bookmarks/{track_id}",
    response=codes({200: BookmarkRow, 204: None}, 400, 403, 404, 413, 415, 422),
    openapi_extra=described(BookmarkChange, JSON),
    summary="Set a bookmark",
)
def put_bookmark(request: HttpRequest, track_id: Path[Id]) -> HttpResponse:
    """Set the user's bookmark in this track. 204: there is none now, since the position is near the
    end."""
    change = read_body(request, BookmarkChange, JSON)
    try:
        bookmark = set_bookmark(user_of(request).pk, _track(track_id), Position(**dict(change)))
    except TooShort:
        minutes = AUTOMATIC_FROM_S / 60
        raise invalid(
            gettext("is_by_hand: the track is shorter than %(minutes)d minutes.")
            % {"minutes": minutes}
        ) from None
    except IntegrityError:
        raise not_found(
            gettext("There is no track %(id)s.") % {"id": track_id}
        ) from None  # it was purged a moment ago
    return HttpResponse(status=204) if bookmark is None else json_response(_rows([bookmark])[0])


@router.delete(
    "bookmarks/{track_id}", response=codes({204: None}, 403, 404, 422), summary="Remove a bookmark"
)
def delete_bookmark(request: HttpRequest, track_id: Path[Id]) -> HttpResponse:
    """Remove the user's bookmark in this track; in a track that was deleted from the library, by
    the id that it had. Nothing happens if there is none."""
    if not remove_lost_bookmark(user_of(request).pk, track_id):
        remove_bookmark(user_of(request).pk, _track(track_id).pk)
    return HttpResponse(status=204)


def _track(track_id: int) -> Track:
    """This track, or the one that it was joined with. Raises ApiError 404."""
    found = find_living(Track, track_id, lambda pk: Track.objects.filter(pk=pk).first())
    if found is None:
        raise not_found(gettext("There is no track %(id)s.") % {"id": track_id})
    return found


def _rows(bookmarks: list[Bookmark]) -> list[dict[str, Any]]:
    tracks = TracksAndLost(bookmarks)
    return [
        {**{name: getattr(each, name) for name in _FIELDS}, **tracks.of(each)} for each in bookmarks
    ]
