"""The endpoint for statistics of what the user heard."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from api.answers import codes
from api.errors import invalid
from api.sessions import user_of
from api.track_or_lost import OfTrackOrLost, TracksAndLost
from api.values import Day, Parameters, Zone, parsed_day
from asgi.json_responses import json_response
from library.queries.revision import library_revision
from listening.changes import Area, state_of
from listening.period_plays import Heard, Period
from listening.statistics import MOST_SHOWN, HeardName, Statistics, kept_statistics

router = Router(tags=["plays"])


class HeardRow(Schema):
    plays: int
    seconds: float = Field(
        description="For how long it was heard; plays of which that is not known count with the "
        "length of the track."
    )


class HeardTrackRow(HeardRow, OfTrackOrLost):
    """A track."""


class HeardNameRow(HeardRow):
    """An artist or a genre."""

    id: int | None = Field(description="null if none of its tracks is in the library any more.")
    name: str


class HeardArtistRow(HeardNameRow):
    """An artist."""

    cover_id: str


class HeardAlbumRow(HeardArtistRow):
    """An album."""

    artist: str


class SpanRow(HeardRow):
    """A day, a month or a year."""

    first: date = Field(alias="from", description="Its first day.")


class CountsRow(Schema):
    tracks: int
    albums: int
    artists: int
    genres: int


class StatisticsAnswer(HeardRow):
    """What was heard. Lists have what was heard most often first."""

    counts: CountsRow = Field(description="How many different ones were heard.")
    tracks: list[HeardTrackRow]
    albums: list[HeardAlbumRow]
    artists: list[HeardArtistRow]
    genres: list[HeardNameRow]
    hours: list[HeardRow] = Field(description="The 24 hours of the day, from midnight on.")
    unit: str = Field(description="What `spans` are: day, month or year.")
    spans: list[SpanRow] = Field(description="All of the period, also those without plays.")
    since: date | None = Field(description="The day of the first play of all.")


class StatisticsParameters(Parameters):
    first: Day | None = Field(
        None, alias="from", description="The first day; without it, from the first play on."
    )
    end: Day | None = Field(
        None, alias="until", description="The day after the last one; without it, to the last play."
    )
    tz: Zone = Field("UTC", description="The time zone whose days these are, by its IANA name.")
    limit: int = Field(10, ge=1, le=MOST_SHOWN, description="The length of each list.")


@router.get(
    "statistics", response=codes({200: StatisticsAnswer}, 422), summary="Add up what was heard"
)
def get_statistics(request: HttpRequest, parameters: Query[StatisticsParameters]) -> HttpResponse:
    """What the user heard in a period: how much, and what most, at which hours of the day, and by
    day (in at most 62), month (in less than three years) or year. Where there are very many plays,
    the answer may be some minutes old."""
    first, end = parsed_day(parameters.first), parsed_day(parameters.end)
    if first and end and first >= end:
        raise invalid(f"from: should be before until, {end}; found {first}.")
    user_id = user_of(request).pk
    _, token = library_revision()
    state = f"{token} {state_of(user_id, Area.PLAYS)}"
    found = kept_statistics.find(user_id, Period(first, end, parameters.tz), state)
    return json_response(_answer(found, parameters.limit))


def _answer(found: Statistics, limit: int) -> dict[str, Any]:
    tracks = found.tracks[:limit]
    shown = TracksAndLost(tracks)
    rows = [{**_heard(each.heard), **shown.of(each)} for each in tracks]
    return {
        **_heard(found.total),
        "counts": found.counts,
        # A lost track may have been found or purged since the statistics were kept.
        "tracks": [row for row in rows if row["track"] or row["lost"]],
        "albums": [_named(each, "cover_id", "artist") for each in found.albums[:limit]],
        "artists": [_named(each, "cover_id") for each in found.artists[:limit]],
        "genres": [_named(each) for each in found.genres[:limit]],
        "hours": [*map(_heard, found.hours)],
        "unit": found.unit,
        "spans": [{"from": first, **_heard(heard)} for first, heard in found.spans],
        "since": found.since,
    }


def _named(each: HeardName, *others: str) -> dict[str, Any]:
    also = {name: getattr(each, name) for name in others}
    return {"id": each.id, "name": each.name, **also, **_heard(each.heard)}


def _heard(heard: Heard) -> dict[str, Any]:
    return {"plays": heard.plays, "seconds": round(heard.seconds, 1)}
