"""The endpoints for links by which people without a login hear some of the music."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from ninja import Path, Query, Router, Schema
from pydantic import ConfigDict, Field

from api.answers import codes
from api.bodies import JSON, described, read_body
from api.errors import ApiError, invalid, not_found
from api.sessions import user_of
from api.values import WITHOUT_NUL, Id, Moment, Paging
from asgi.json_responses import json_response
from listening.models import Share, ShareItem
from listening.shares.contents import name_of, title_of_items
from listening.shares.editing import (
    LONGEST_DESCRIPTION,
    MOST_ITEMS,
    MOST_PLAYLISTS,
    MOST_VISITS,
    BadShare,
    NoShare,
    NothingToShare,
    ShareContents,
    SharingOff,
    change_share,
    delete_share,
    find_share,
    make_share,
    restore_share,
    shares_of,
)
from listening.shares.links import token_of
from listening.shares.opening import is_over, is_used_up

router = Router(tags=["shares"])


class ShareParameters(Paging):
    of_all: bool = Field(
        default=False, alias="all", description="Also those of others, for administrators."
    )


class SharedItem(Schema):
    kind: Literal["track", "album", "playlist", "lost"]
    id: int | None = Field(description="Null for what is not in the library any more.")
    name: str = Field(description="Empty for a playlist that others do not share any more.")


class ShareRow(Schema):
    id: int
    url: str = Field(description="The link. Whoever has it can hear what is shared.")
    title: str = Field(description="The description, else what is shared; empty for several.")
    description: str
    owner: str
    items: list[SharedItem] = Field(description="The first three.")
    item_count: int
    allows_download: bool
    created_at: datetime
    expires_at: datetime | None = Field(description="Null: it has no end.")
    visit_limit: int | None = Field(description="Null: any number.")
    visit_count: int = Field(description="A visit counts when its first track is played.")
    last_visited_at: datetime | None
    state: Literal["open", "ended", "used_up"]


class ShareList(Schema):
    count: int
    results: list[ShareRow]


Ids = Annotated[list[Id], Field(max_length=MOST_ITEMS)]


class _Fields(Schema):
    model_config = ConfigDict(extra="forbid")

    description: Annotated[str, WITHOUT_NUL] = Field("", max_length=LONGEST_DESCRIPTION)
    expires_at: Moment | None = None
    visit_limit: int | None = Field(None, ge=1, le=MOST_VISITS)
    allows_download: bool = False


class NewShare(_Fields):
    track_ids: Ids = []
    album_ids: Ids = []
    playlist_ids: Annotated[list[Id], Field(max_length=MOST_PLAYLISTS)] = []


class ShareChange(_Fields):
    """Fields that are left out stay as they are."""


@router.get("shares", response=codes({200: ShareList}, 422), summary="List the shared links")
def list_shares(request: HttpRequest, parameters: Query[ShareParameters]) -> HttpResponse:
    """One page of the user's own, the newest first."""
    found = shares_of(user_of(request), of_all=parameters.of_all)
    end = parameters.offset + parameters.limit
    rows = [_row(request, each) for each in found[parameters.offset : end]]
    return json_response({"count": found.count(), "results": rows})


@router.post(
    "shares",
    response=codes({201: ShareRow}, 400, 403, 404, 413, 415, 422),
    openapi_extra=described(NewShare, JSON),
    summary="Make a link",
)
def make_link(request: HttpRequest) -> HttpResponse:
    """To tracks, albums and playlists. It opens a page with a player, without a login. 403
    (`sharing_off`) unless an administrator allows it by the setting SHARING."""
    new = read_body(request, NewShare, JSON)
    contents = ShareContents(new.track_ids, new.album_ids, new.playlist_ids)
    with _refusals():
        made = make_share(user_of(request), contents, _values(new))
        return _answer(request, made.pk, status=201)


@router.get(
    "shares/{share_id}", response=codes({200: ShareRow}, 404, 422), summary="Get a shared link"
)
def get_share(request: HttpRequest, share_id: Path[Id]) -> HttpResponse:
    with _refusals(share_id):
        return _answer(request, share_id)


@router.patch(
    "shares/{share_id}",
    response=codes({200: ShareRow}, 400, 403, 404, 413, 415, 422),
    openapi_extra=described(ShareChange, JSON),
    summary="Change a shared link",
)
def change_link(request: HttpRequest, share_id: Path[Id]) -> HttpResponse:
    """The link stays the same. Administrators may change those of others."""
    new = read_body(request, ShareChange, JSON)
    with _refusals(share_id):
        change_share(user_of(request), share_id, _values(new))
        return _answer(request, share_id)


@router.delete(
    "shares/{share_id}",
    response=codes({204: None}, 403, 404, 422),
    summary="Delete a shared link",
)
def delete_link(request: HttpRequest, share_id: Path[Id]) -> HttpResponse:
    """It opens nothing from now on."""
    with _refusals(share_id):
        delete_share(user_of(request), share_id)
    return HttpResponse(status=204)


@router.post(
    "shares/{share_id}/restore",
    response=codes({204: None}, 403, 404, 422),
    summary="Restore a shared link",
)
def restore_link(request: HttpRequest, share_id: Path[Id]) -> HttpResponse:
    """Undo its deletion, within 30 days. The link is the same as before."""
    with _refusals(share_id):
        restore_share(user_of(request), share_id)
    return HttpResponse(status=204)


def _values(given: _Fields) -> dict[str, Any]:
    return given.model_dump(include={*_Fields.model_fields} & given.model_fields_set)


@contextmanager
def _refusals(share_id: int | None = None) -> Iterator[None]:
    try:
        yield
    except NoShare:
        raise not_found(gettext("There is no shared link %(id)s.") % {"id": share_id}) from None
    except NothingToShare as error:
        raise ApiError(404, "not_found", str(error)) from None
    except BadShare as error:
        raise invalid(str(error)) from None
    except SharingOff as error:
        raise ApiError(403, "sharing_off", str(error)) from None


def _answer(request: HttpRequest, share_id: int, status: int = 200) -> HttpResponse:
    """Raises NoShare."""
    share = find_share(user_of(request), share_id)
    return json_response(_row(request, share), status=status)


def _row(request: HttpRequest, share: Any) -> dict[str, Any]:
    """`share`: one of `shares_of`."""
    same = ("id", "description", "item_count", "allows_download", "created_at", "expires_at")
    counts = ("visit_limit", "visit_count", "last_visited_at")
    return {
        **{name: getattr(share, name) for name in (*same, *counts)},
        "url": request.build_absolute_uri(reverse("share", args=[token_of(share)])),
        "title": share.description or title_of_items(share, share.first_items),
        "owner": share.user.username,
        "items": [_item(share, each) for each in share.first_items],
        "state": _state(share),
    }


def _item(share: Share, item: ShareItem) -> dict[str, Any]:
    kinds = {"track": item.track_id, "album": item.album_id, "playlist": item.playlist_id}
    kind, pk = next(((name, pk) for name, pk in kinds.items() if pk), ("lost", None))
    return {"kind": kind, "id": pk, "name": name_of(share, item)}


def _state(share: Share) -> str:
    if is_over(share):
        return "ended"
    return "used_up" if is_used_up(share) else "open"
