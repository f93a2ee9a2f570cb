"""Internet radio stations: administrators make, change and delete them for everybody.

Open browsers are told of a change by the mark `radio` of each active user.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlsplit

from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from listening.changes import Area, change_of_several
from listening.models import RadioStation

MOST_STATIONS = 500
LONGEST_NAME = 200
LONGEST_URL = 2000
LONGEST_SOURCES = 2000
"""In characters."""
_PORTS = {"http": 80, "https": 443}
_HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*\.?|\[[0-9a-f:.]+\]")
_UNPRINTABLE = re.compile(r"[\x00-\x20\x7f]")

T = TypeVar("T")


class NoStation(LookupError):
    """There is no station of this id."""


class BadStation(ValueError):
    """A value of a station makes no sense. The text says which, for people."""


@dataclass(frozen=True)
class StationChange:
    """What a station is to have. Raises BadStation."""

    name: str
    stream_url: str
    home_page_url: str = ""

    def __post_init__(self) -> None:
        if not 0 < len(self.name.strip()) <= LONGEST_NAME:
            raise BadStation(
                gettext("A station needs a name of at most %(most)d characters.")
                % {"most": LONGEST_NAME}
            )
        _check_url(gettext("Address of the stream"), self.stream_url)
        if self.home_page_url:
            _check_url(gettext("Address of the home page"), self.home_page_url)


def stations() -> QuerySet[RadioStation]:
    """All stations, by name."""
    return RadioStation.objects.order_by("name", "pk")


def stream_origins() -> list[str]:
    """The origins of all streams, such as `https://radio.example.org:8000`, for the page's CSP."""
    return sorted({origin_of(url) for url in stations().values_list("stream_url", flat=True)})


def origin_of(url: str) -> str:
    """As browsers write it: the host in ASCII, and no port where it is the usual one. A policy
    (CSP) with other characters would be none, and `*` in it would stand for all hosts. Raises
    ValueError."""
    parts = urlsplit(url)
    scheme, host = parts.scheme.lower(), parts.hostname or ""
    host = f"[{host}]" if ":" in host else host.encode("idna").decode().lower()
    if scheme not in _PORTS or not _HOST.fullmatch(host):
        raise ValueError("The address names no host.")
    port = "" if parts.port in {None, _PORTS[scheme]} else f":{parts.port}"
    return f"{scheme}://{host}{port}"


def policy_sources(origins: Sequence[str]) -> Sequence[str]:
    """These origins as sources in a CSP; the schemes alone if they would make the header so long
    that a proxy refuses the page. (nginx takes 4 KiB of headers.)"""
    is_short = len(" ".join(origins)) <= LONGEST_SOURCES
    return origins if is_short else [f"{scheme}:" for scheme in _PORTS]


def make_station(wanted: StationChange) -> RadioStation:
    """Raises BadStation where there are as many stations as there may be."""

    def work() -> RadioStation:
        if RadioStation.objects.count() >= MOST_STATIONS:
            raise BadStation(
                gettext("There are %(limit)d stations, which is the limit.")
                % {"limit": MOST_STATIONS}
            )
        return RadioStation.objects.create(**_values(wanted))

    return _change(work)


def change_station(station_id: int, wanted: StationChange) -> None:
    """Raises NoStation."""

    def work() -> None:
        values = {**_values(wanted), "changed_at": timezone.now()}
        if not RadioStation.objects.filter(pk=station_id).update(**values):
            raise NoStation

    _change(work)


def delete_station(station_id: int) -> None:
    """Raises NoStation."""

    def work() -> None:
        if not RadioStation.objects.filter(pk=station_id).delete()[0]:
            raise NoStation

    _change(work)


def _change(work: Callable[[], T]) -> T:
    """Call `work` in a transaction that tells everybody."""
    everybody = list(User.objects.filter(is_active=True).values_list("pk", flat=True))
    return change_of_several(everybody, lambda _: work(), Area.RADIO)


def _values(wanted: StationChange) -> dict[str, str]:
    return {
        "name": wanted.name.strip(),
        "stream_url": wanted.stream_url,
        "home_page_url": wanted.home_page_url,
    }


def _check_url(which: str, url: str) -> None:
    """An address of another scheme could be script; one with spaces could end a CSP's source."""
    if len(url) > LONGEST_URL:
        raise BadStation(
            gettext("%(address)s: it has more than %(most)d characters.")
            % {"address": which, "most": LONGEST_URL}
        )
    try:
        is_right = bool(origin_of(url)) and not _UNPRINTABLE.search(url)
    except ValueError:
        is_right = False
    if not is_right:
        raise BadStation(
            gettext("%(address)s: it has to begin with http:// or https:// and name a host.")
            % {"address": which}
        )
