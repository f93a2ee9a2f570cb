"""The endpoints for what the user marks with a heart."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router, Schema
from pydantic import ConfigDict, Field

from api.answers import answer_of_state, codes
from api.bodies import JSON, described, read_body
from api.errors import invalid
from api.kinds import (
    KIND_OF,
    ManyIds,
    Plural,
    SinceParameters,
    SomeIds,
    changed_one,
    changed_several,
    in_plural,
)
from api.late import LateChange, check_user
from api.sessions import user_of
from api.values import Id
from listening.changes import Area, state_of
from listening.favourites import (
    change_favourites,
    change_favourites_late,
    favourite_ids,
    favourites_number,
    no_favourites_since,
)
from listening.models.targets import KINDS

router = Router(tags=["favourites"])

_REFUSALS = (400, 403, 409, 413, 415, 422)


class FavouritesChange(LateChange):
    """What becomes a favourite, and what is none any more. What the user changed later stays."""

    model_config = ConfigDict(extra="forbid")

    add: ManyIds = Field(default_factory=ManyIds)
    remove: ManyIds = Field(default_factory=ManyIds)


class FavouritesNumber(Schema):
    number: int = Field(description="Of the last change of the favourites; rises with each.")


class ChangedFavourites(FavouritesNumber):
    unknown: SomeIds = Field(
        description="Ids of what is not in the library any more; everything else was changed."
    )
    later: SomeIds = Field(description="With `age_s`: ids of what was changed later, and stays.")


class AllFavourites(FavouritesNumber):
    """The ids of all favourites, the newest first; with `since`, of those that have changed."""

    is_whole: bool = Field(description="Whether these are all favourites.")
    removed: SomeIds = Field(description="With `since`: of what is no favourite any more.")
    tracks: list[int]
    albums: list[int]
    artists: list[int]
    folders: list[int]


@router.get(
    "favourites",
    response=codes({200: AllFavourites, 304: None}, 422),
    summary="List all favourites",
)
def list_favourites(request: HttpRequest, parameters: Query[SinceParameters]) -> HttpResponse:
    """Also those whose files are missing at the moment, which lists do not show."""
    user_id = user_of(request).pk

    def body(*_: object) -> dict[str, Any]:
        number = favourites_number(user_id)
        since = parameters.known(number, user_id)
        ids = {kind: favourite_ids(user_id, kind, since) for kind in KINDS}
        removed = no_favourites_since(user_id, since) if since else {}
        head = {"number": number, "is_whole": not since, "removed": in_plural(removed)}
        return {**head, **in_plural(ids)}

    return answer_of_state(request, body, state_of(user_id, Area.FAVOURITES))


@router.post(
    "favourites",
    response=codes({200: ChangedFavourites}, *_REFUSALS),
    openapi_extra=described(FavouritesChange, JSON),
    summary="Change several favourites",
)
def post_favourites(request: HttpRequest) -> HttpResponse:
    """Favourites are added and taken away together. What is a favourite already stays as it is."""
    wanted = read_body(request, FavouritesChange, JSON)
    add, remove = wanted.add.by_kind(), wanted.remove.by_kind()
    for kind in add.keys() & remove.keys():
        if both := sorted({*add[kind]} & {*remove[kind]}):
            raise invalid(f"{kind}s: {both[0]} cannot be both added and removed.")
    check_user(request, wanted.user)
    user_id = user_of(request).pk
    if at := wanted.made_at:
        changed = change_favourites_late(user_id, add, remove, at)
    else:
        changed = change_favourites(user_id, add, remove)
    return changed_several(changed)


@router.put(
    "favourites/{plural}/{item_id}",
    response=codes({200: FavouritesNumber}, 403, 404, 422),
    summary="Make something a favourite",
)
def put_favourite(request: HttpRequest, plural: Path[Plural], item_id: Path[Id]) -> HttpResponse:
    """If it is one already, it stays one since the same time."""
    return _change_one(request, KIND_OF[plural], item_id, is_favourite=True)


@router.delete(
    "favourites/{plural}/{item_id}",
    response=codes({200: FavouritesNumber}, 403, 404, 422),
    summary="Make something no favourite any more",
)
def delete_favourite(request: HttpRequest, plural: Path[Plural], item_id: Path[Id]) -> HttpResponse:
    """If it is none, nothing changes."""
    return _change_one(request, KIND_OF[plural], item_id, is_favourite=False)


def _change_one(
    request: HttpRequest, kind: str, item_id: int, *, is_favourite: bool
) -> HttpResponse:
    wanted = {kind: [item_id]}
    add, remove = (wanted, {}) if is_favourite else ({}, wanted)
    changed = change_favourites(user_of(request).pk, add, remove)
    return changed_one(changed, kind, item_id)
