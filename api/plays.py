"""The endpoints for plays: clients tell what the user heard, and ask what it was."""

from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from ninja import Query, Router, Schema
from pydantic import ConfigDict, Field

from api.answers import answer_of_state, codes
from api.bodies import JSON, described, read_body
from api.errors import ApiError, invalid
from api.sessions import user_of
from api.track_or_lost import OfTrackOrLost, TracksAndLost
from api.values import MAX_PAGE, WITHOUT_NUL, Day, Id, Moment, Parameters, Zone, parsed_day
from asgi.json_responses import json_response
from library.models.catalogue import Track
from library.queries.tombstones import living_id
from listening.changes import Area, state_of
from listening.models.plays import LONGEST_CLIENT
from listening.play_history import MOST_DAYS, History, Place, plays_of_days
from listening.plays import MOST_AT_ONCE, NewPlay, PlaysStored, store_plays

router = Router(tags=["plays"])

LONGEST_PLAY_S = 7 * 86_400
_PLACE = "^[0-9]{1,12}-[1-9][0-9]{0,17}$"


class PlayToStore(Schema):
    model_config = ConfigDict(extra="forbid")

    track_id: Id
    started_at: Moment = Field(
        description="When it began, to the second. What lies in the future by the server's clock "
        "began at the latest now."
    )
    heard_s: float | None = Field(
        None,
        ge=0,
        le=LONGEST_PLAY_S,
        allow_inf_nan=False,
        description="For how many seconds it was heard, pauses and skipped parts left out. null: "
        "not known, but long enough.",
    )
    client: Annotated[str, WITHOUT_NUL] = Field(
        "", max_length=LONGEST_CLIENT, description="What played it."
    )


class PlaysToStore(Schema):
    model_config = ConfigDict(extra="forbid")

    plays: list[PlayToStore] = Field(max_length=MOST_AT_ONCE)
    user: str | None = Field(
        None,
        max_length=150,
        description="The name of the user who heard them: 409 if somebody else is logged in, as "
        "may happen in a browser that kept plays while it was offline.",
    )


class RefusedPlay(Schema):
    index: int = Field(description="Its place in `plays`, counted from 0.")
    reason: str


class PlaysAnswer(Schema):
    stored: int
    known: int = Field(description="How many were stored before.")
    refused: list[RefusedPlay] = Field(description="Do not send these again.")


class PlayRow(OfTrackOrLost):
    """A track that the user heard."""

    id: int
    started_at: datetime
    heard_s: float | None = Field(description="null: not known.")
    client: str


class PlayList(Schema):
    results: list[PlayRow]
    next: str | None = Field(description="`before` of the next page; null on the last one.")


class PlayParameters(Parameters):
    track: Id | None = Field(None, description="The id of a track: its plays alone.")
    first: Moment | None = Field(
        None, alias="from", description="A time with its zone: plays that began then or later."
    )
    end: Moment | None = Field(None, alias="to", description="Plays that began before this time.")
    before: str | None = Field(
        None, pattern=_PLACE, description="The `next` of the page before, which this one follows."
    )
    limit: int = Field(100, ge=1, le=MAX_PAGE, description="The largest number of results.")


class DayRow(Schema):
    day: date
    count: int = Field(description="How many plays began on this day.")


class DayList(Schema):
    results: list[DayRow] = Field(description="The newest first, without days that have none.")


class DayParameters(Parameters):
    first: Day | None = Field(
        None, alias="from", description="The first day; by default 30 days before the last."
    )
    last: Day | None = Field(None, alias="to", description="The last day; by default today.")
    tz: Zone = Field("UTC", description="The time zone whose days these are, by its IANA name.")


@router.post(
    "plays",
    response=codes({200: PlaysAnswer}, 400, 403, 409, 413, 415, 422),
    openapi_extra=described(PlaysToStore, JSON),
    summary="Tell what was heard",
)
def post_plays(request: HttpRequest) -> HttpResponse:
    """Store what the user heard. A track counts when half of it or four minutes were heard,
    whichever comes first.

    A play is known by its track and the second in which it began: telling it again changes nothing,
    so send it again if the answer was lost. Heard offline, it can be told days later.
    """
    body, user = read_body(request, PlaysToStore, JSON), user_of(request)
    if body.user not in {None, user.get_username()}:
        raise ApiError(
            409, "other_user", gettext("Somebody else is logged in; log in as who heard them.")
        )
    told = [NewPlay(**dict(each)) for each in body.plays]
    return json_response(_answer(store_plays(user.pk, told)))


@router.get("plays", response=codes({200: PlayList, 304: None}, 422), summary="List plays")
def list_plays(request: HttpRequest, parameters: Query[PlayParameters]) -> HttpResponse:
    """What the user heard, the newest first. Pages follow each other by `next`, so that plays that
    come meanwhile do not shift them."""
    user_id = user_of(request).pk

    def body(_: int, __: str) -> dict[str, Any]:
        track_id = parameters.track
        if track_id is not None:
            track_id = living_id(Track, track_id) or track_id
        history = History(
            user_id=user_id, track_id=track_id, first=parameters.first, end=parameters.end
        )
        after = None if parameters.before is None else _place(parameters.before)
        plays = history.page(after, parameters.limit + 1)
        shown = plays[: parameters.limit]
        tracks = TracksAndLost(shown)
        results = [
            {
                "id": play.id,
                "started_at": play.started_at,
                "heard_s": play.heard_s,
                "client": play.client,
                **tracks.of(play),
            }
            for play in shown
        ]
        has_more = len(plays) > len(shown)
        return {"results": results, "next": _name(shown[-1].place) if has_more else None}

    return answer_of_state(request, body, state_of(user_id, Area.PLAYS))


@router.get(
    "plays/days", response=codes({200: DayList, 304: None}, 422), summary="Count plays by day"
)
def list_days(request: HttpRequest, parameters: Query[DayParameters]) -> HttpResponse:
    """How many plays of the user began on each day, of at most a year at once."""
    zone = ZoneInfo(parameters.tz)
    last = parsed_day(parameters.last) or timezone.now().astimezone(zone).date()
    first = parsed_day(parameters.first) or last - timedelta(days=30)
    if first > last:
        raise invalid(f"from: should be before to, {last}; found {first}.")
    if (last - first).days >= MOST_DAYS:
        raise invalid(f"from: at most {MOST_DAYS} days can be asked for at once.")
    user_id = user_of(request).pk

    def body(_: int, __: str) -> dict[str, Any]:
        counts = plays_of_days(user_id, first, last, zone)
        return {"results": [{"day": day, "count": count} for day, count in counts.items()]}

    return answer_of_state(request, body, f"{state_of(user_id, Area.PLAYS)} {first} {last}")


def _answer(result: PlaysStored) -> dict[str, Any]:
    refused = [{"index": each.index, "reason": each.reason} for each in result.refused]
    return {"stored": len(result.stored), "known": result.known, "refused": refused}


def _place(text: str) -> Place:
    seconds, _, play_id = text.partition("-")
    try:
        return Place(datetime.fromtimestamp(int(seconds), UTC), int(play_id))
    except (OverflowError, ValueError, OSError):
        raise invalid("before: is none that this server gave.") from None


def _name(place: Place) -> str:
    return f"{place.started_at.timestamp():.0f}-{place.play_id}"
