"""The endpoints for the stars that the user gives."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Path, Query, Router, Schema
from pydantic import AfterValidator, ConfigDict, Field

from api.answers import answer_of_state, codes
from api.bodies import JSON, described, read_body
from api.kinds import (
    KIND_OF,
    MOST_AT_ONCE,
    Plural,
    SinceParameters,
    SomeIds,
    changed_one,
    changed_several,
    in_plural,
)
from api.late import LateChange, check_user
from api.sessions import user_of
from api.values import MAX_INTEGER, Id
from listening.changes import Area, state_of
from listening.models.ratings import MOST_STARS
from listening.models.targets import KINDS
from listening.ratings import (
    all_stars,
    change_ratings,
    change_ratings_late,
    not_rated_since,
    ratings_number,
)

router = Router(tags=["ratings"])

_REFUSALS = (400, 403, 409, 413, 415, 422)


def _check_id(text: str) -> str:
    if int(text) > MAX_INTEGER:
        raise ValueError("is no id: it is too large")
    return text


IdText = Annotated[str, Field(pattern="^[1-9][0-9]{0,18}$"), AfterValidator(_check_id)]
StarsGiven = Annotated[int, Field(ge=1, le=MOST_STARS)]
StarsOfMany = Annotated[
    dict[IdText, StarsGiven | None],
    Field(
        default_factory=dict,
        max_length=MOST_AT_ONCE,
        description="By the id; null takes the rating away. At most 5,000.",
    ),
]


class RatingChange(Schema):
    model_config = ConfigDict(extra="forbid")

    stars: StarsGiven


class RatingsChange(LateChange):
    """The stars of several things, by their ids. What the user rated after that stays."""

    model_config = ConfigDict(extra="forbid")

    tracks: StarsOfMany
    albums: StarsOfMany
    artists: StarsOfMany
    folders: StarsOfMany


class RatingsNumber(Schema):
    number: int = Field(description="Of the last change of the ratings; rises with each.")


class ChangedRatings(RatingsNumber):
    unknown: SomeIds = Field(
        description="Ids of what is not in the library any more; everything else was changed."
    )
    later: SomeIds = Field(description="With `age_s`: ids of what was changed later, and stays.")


class AllRatings(RatingsNumber):
    """The stars of everything that is rated, by the ids; with `since`, of what has changed."""

    is_whole: bool = Field(description="Whether these are all ratings.")
    removed: SomeIds = Field(description="With `since`: what is not rated any more.")
    tracks: dict[str, int]
    albums: dict[str, int]
    artists: dict[str, int]
    folders: dict[str, int]


@router.get(
    "ratings", response=codes({200: AllRatings, 304: None}, 422), summary="List all ratings"
)
def list_ratings(request: HttpRequest, parameters: Query[SinceParameters]) -> HttpResponse:
    """Also those of what is missing at the moment, which lists do not show."""
    user_id = user_of(request).pk

    def body(*_: object) -> dict[str, Any]:
        number = ratings_number(user_id)
        since = parameters.known(number, user_id)
        stars = {kind: all_stars(user_id, kind, since) for kind in KINDS}
        removed = not_rated_since(user_id, since) if since else {}
        head = {"number": number, "is_whole": not since, "removed": in_plural(removed)}
        return {**head, **in_plural(stars)}

    return answer_of_state(request, body, state_of(user_id, Area.RATINGS))


@router.post(
    "ratings",
    response=codes({200: ChangedRatings}, *_REFUSALS),
    openapi_extra=described(RatingsChange, JSON),
    summary="Change several ratings",
)
def post_ratings(request: HttpRequest) -> HttpResponse:
    """All of them are changed together."""
    given = read_body(request, RatingsChange, JSON)
    check_user(request, given.user)
    wanted = given.model_dump(exclude={*LateChange.model_fields})
    rate = dict[str, dict[int, int]]()
    remove = dict[str, list[int]]()
    for plural, stars in wanted.items():
        rate[KIND_OF[plural]] = {int(pk): each for pk, each in stars.items() if each}
        remove[KIND_OF[plural]] = [int(pk) for pk, each in stars.items() if not each]
    user_id = user_of(request).pk
    if at := given.made_at:
        changed = change_ratings_late(user_id, rate, remove, at)
    else:
        changed = change_ratings(user_id, rate, remove)
    return changed_several(changed)


@router.put(
    "ratings/{plural}/{item_id}",
    response=codes({200: RatingsNumber}, 404, *_REFUSALS),
    openapi_extra=described(RatingChange, JSON),
    summary="Rate something",
)
def put_rating(request: HttpRequest, plural: Path[Plural], item_id: Path[Id]) -> HttpResponse:
    """1 to 5 stars, in place of those that it may have."""
    stars = read_body(request, RatingChange, JSON).stars
    kind = KIND_OF[plural]
    changed = change_ratings(user_of(request).pk, {kind: {item_id: stars}}, {})
    return changed_one(changed, kind, item_id)


@router.delete(
    "ratings/{plural}/{item_id}",
    response=codes({200: RatingsNumber}, 403, 404, 422),
    summary="Take a rating away",
)
def delete_rating(request: HttpRequest, plural: Path[Plural], item_id: Path[Id]) -> HttpResponse:
    """If it has none, nothing changes."""
    kind = KIND_OF[plural]
    changed = change_ratings(user_of(request).pk, {}, {kind: [item_id]})
    return changed_one(changed, kind, item_id)
