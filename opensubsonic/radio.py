"""Internet radio stations; see `listening.radio_stations`."""

from typing import Any

from accounts.roles import is_administrator
from listening.models import RadioStation
from listening.radio_stations import (
    BadStation,
    NoStation,
    StationChange,
    change_station,
    delete_station,
    make_station,
    stations,
)
from opensubsonic.call import Body, Call
from opensubsonic.errors import Code, Refusal, not_allowed, not_found
from opensubsonic.ids import id_of


def get_stations(call: Call) -> Body:  # noqa: ARG001
    found = [_station(each) for each in stations()]
    return {"internetRadioStations": {"internetRadioStation": found}}


def create_station(call: Call) -> Body:
    _check_may_change(call)
    try:
        make_station(_wanted(call))
    except BadStation as error:
        raise Refusal(Code.GENERIC, str(error)) from None
    return {}


def update_station(call: Call) -> Body:
    _check_may_change(call)
    station_id = call.parameters.named("id", "radio").pk
    try:
        change_station(station_id, _wanted(call))
    except NoStation:
        raise not_found("radio station") from None
    return {}


def remove_station(call: Call) -> Body:
    _check_may_change(call)
    try:
        delete_station(call.parameters.named("id", "radio").pk)
    except NoStation:
        raise not_found("radio station") from None
    return {}


def _wanted(call: Call) -> StationChange:
    """The protocol writes `homepageUrl` in requests and `homePageUrl` in answers."""
    parameters = call.parameters
    name, stream_url = parameters.needed_text("name"), parameters.needed_text("streamUrl")
    home_page_url = parameters.text("homepageUrl") or parameters.text("homePageUrl")
    try:
        return StationChange(name, stream_url, home_page_url)
    except BadStation as error:
        raise Refusal(Code.GENERIC, str(error)) from None


def _check_may_change(call: Call) -> None:
    if not is_administrator(call.user):
        raise not_allowed()


def _station(row: RadioStation) -> dict[str, Any]:
    return {
        "id": id_of("radio", row.pk),
        "name": row.name,
        "streamUrl": row.stream_url,
        "homePageUrl": row.home_page_url,
    }
