"""The endpoints for internet radio stations, which administrators keep for everybody."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from ninja import Path, Router, Schema
from pydantic import ConfigDict, Field

from api.answers import answer_of_state, codes
from api.bodies import JSON, described, read_body
from api.errors import invalid, not_found
from api.sessions import Staff, user_of
from api.values import WITHOUT_NUL, Id
from asgi.json_responses import json_response
from listening.changes import Area, state_of
from listening.models import RadioStation
from listening.radio_stations import (
    LONGEST_NAME,
    LONGEST_URL,
    BadStation,
    NoStation,
    StationChange,
    change_station,
    delete_station,
    make_station,
    stations,
)

router = Router(tags=["radio"])


class StationRow(Schema):
    id: int
    name: str
    stream_url: str = Field(description="Where the stream is; http or https.")
    home_page_url: str = Field(description="Empty: none is known.")


class StationList(Schema):
    count: int
    results: list[StationRow]


class Station(Schema):
    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, WITHOUT_NUL] = Field(max_length=LONGEST_NAME)
    stream_url: str = Field(max_length=LONGEST_URL)
    home_page_url: str = Field("", max_length=LONGEST_URL)

    def wanted(self) -> StationChange:
        """Raises BadStation."""
        return StationChange(**self.model_dump())


@router.get(
    "radio-stations",
    response=codes({200: StationList, 304: None}),
    summary="List the internet radio stations",
)
def list_radio_stations(request: HttpRequest) -> HttpResponse:
    """All stations, by name. They are the same for every user."""

    def body(*_: object) -> dict[str, Any]:
        rows = [_row(each) for each in stations()]
        return {"count": len(rows), "results": rows}

    return answer_of_state(request, body, state_of(user_of(request).pk, Area.RADIO))


@router.post(
    "radio-stations",
    auth=Staff(),
    response=codes({201: StationRow}, 400, 403, 413, 415, 422),
    openapi_extra=described(Station, JSON),
    summary="Make a radio station",
)
def make_radio_station(request: HttpRequest) -> HttpResponse:
    """For administrators."""
    new = read_body(request, Station, JSON)
    with _refusals():
        station = make_station(new.wanted())
    return json_response(_row(station), status=201)


@router.put(
    "radio-stations/{station_id}",
    auth=Staff(),
    response=codes({204: None}, 400, 403, 404, 413, 415, 422),
    openapi_extra=described(Station, JSON),
    summary="Change a radio station",
)
def change_radio_station(request: HttpRequest, station_id: Path[Id]) -> HttpResponse:
    """For administrators. A field that is left out becomes empty."""
    new = read_body(request, Station, JSON)
    with _refusals(station_id):
        change_station(station_id, new.wanted())
    return HttpResponse(status=204)


@router.delete(
    "radio-stations/{station_id}",
    auth=Staff(),
    response=codes({204: None}, 403, 404, 422),
    summary="Delete a radio station",
)
def delete_radio_station(request: HttpRequest, station_id: Path[Id]) -> HttpResponse:  # noqa: ARG001
    """For administrators."""
    with _refusals(station_id):
        delete_station(station_id)
    return HttpResponse(status=204)


@contextmanager
def _refusals(station_id: int | None = None) -> Iterator[None]:
    try:
        yield
    except NoStation:
        raise not_found(gettext("There is no radio station %(id)s.") % {"id": station_id}) from None
    except BadStation as error:
        raise invalid(str(error)) from None


def _row(station: RadioStation) -> dict[str, Any]:
    return {
        "id": station.pk,
        "name": station.name,
        "stream_url": station.stream_url,
        "home_page_url": station.home_page_url,
    }
