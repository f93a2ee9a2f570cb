"""What a user heard in a period: how much, of what most, at which hours, and on which days, months
or years, all by the clock of a time zone.

Each process keeps its latest answers. A million plays take the database seconds; so an answer about
very many is given again for some minutes, even if the user heard something since.
"""

import time
from collections import OrderedDict, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from heapq import nlargest
from operator import itemgetter
from threading import Lock
from typing import Any, NamedTuple

from library.models.albums import Album
from library.models.catalogue import OWN_ROLES, Artist, TrackArtist, TrackGenre
from library.models.folding import identity_key
from library.models.genres import Genre
from listening.kinds import among
from listening.period_plays import (
    NOTHING,
    Heard,
    HeardTrack,
    Period,
    PlaysByName,
    first_day,
    plays_by_time,
)

COUNTED = ("tracks", "albums", "artists", "genres")
MOST_SHOWN = 100
"""Of each kind."""
_MOST_KEPT = 64
"""Answers in a process."""
MANY_PLAYS = 100_000
_GIVEN_AGAIN_S = 300.0
"""For how long an answer about at least MANY_PLAYS is given again."""
_MOST_MATCHED = 1_000
"""How many names of lost tracks are looked up in the library: those with the most plays."""
_MOST_DAYS, _MOST_MONTHS = 62, 36
"""Longer periods are shown by month, and still longer ones by year."""


@dataclass(frozen=True, kw_only=True)
class HeardName:
    """An album, artist or genre. `id`: None for one that the library does not have any more."""

    id: int | None
    name: str
    heard: Heard
    artist: str = ""
    cover_id: str = ""


@dataclass(frozen=True, kw_only=True)
class Statistics:
    """`counts`: how many tracks, albums, artists and genres were heard. The lists have those heard
    most often. `hours`: the 24 hours of the day. `spans`: each day, month or year of the period, by
    its first day; `unit` says which of these they are. `since`: the day of the user's first play of
    all, which may be outside the period."""

    total: Heard
    counts: Mapping[str, int]
    tracks: list[HeardTrack]
    albums: list[HeardName]
    artists: list[HeardName]
    genres: list[HeardName]
    hours: list[Heard]
    unit: str
    spans: list[tuple[date, Heard]]
    since: date | None


class _Kept(NamedTuple):
    """An answer. `state`: of the library and the user's plays. `until_s`: see `_GIVEN_AGAIN_S`."""

    answer: Statistics
    state: str
    until_s: float


class KeptStatistics:
    """The latest answers of this process. Usable from any thread."""

    def __init__(self) -> None:
        self._kept = OrderedDict[tuple[int, Period], _Kept]()
        self._lock = Lock()

    def find(self, user_id: int, period: Period, state: str) -> Statistics:
        """`state`: another text whenever the library or the user's plays may have changed."""
        kept = self._kept.get((user_id, period))
        if kept and (kept.state == state or time.monotonic() < kept.until_s):
            return kept.answer
        answer = statistics(user_id, period)
        self._keep((user_id, period), answer, state)
        return answer

    def _keep(self, key: tuple[int, Period], answer: Statistics, state: str) -> None:
        again_s = _GIVEN_AGAIN_S if answer.total.plays >= MANY_PLAYS else 0.0
        with self._lock:
            self._kept[key] = _Kept(answer, state, time.monotonic() + again_s)
            self._kept.move_to_end(key)
            if len(self._kept) > _MOST_KEPT:
                self._kept.popitem(last=False)

    def forget(self) -> None:
        with self._lock:
            self._kept.clear()


kept_statistics = KeptStatistics()


def statistics(user_id: int, period: Period) -> Statistics:
    """At most twelve queries, however much was heard."""
    groups = PlaysByName(user_id, period)
    days, hours = defaultdict[date, Heard](lambda: NOTHING), [NOTHING] * 24
    for at, heard in plays_by_time(user_id, period):
        days[at.date()] += heard
        hours[at.hour] += heard
    unit, spans = _spans(period, days)
    artists, albums = _artists(groups), _albums(groups)
    genres: Named = {(pk, "", ""): heard for pk, heard in groups.of["genre"].items()}
    counts = map(len, (albums, artists, genres))
    return Statistics(
        total=groups.total,
        counts=dict(zip(COUNTED, (groups.track_count, *counts), strict=True)),
        tracks=groups.tracks,
        albums=_named_albums(_most(albums)),
        artists=_named_artists(_most(artists)),
        genres=_named_genres(_most(genres)),
        hours=hours,
        unit=unit,
        spans=spans,
        since=first_day(user_id, period.zone),
    )


Name = tuple[int | None, str, str]
"""The id of a row; or None and the stored name (of an album also its artist)."""
Named = dict[Name, Heard]


def _artists(groups: PlaysByName) -> Named:
    lost = defaultdict[str, Heard](lambda: NOTHING)
    for (artist, _), heard in groups.lost.items():
        lost[artist] += heard
    names = {(name, ""): heard for name, heard in lost.items() if name}
    keys = {name: identity_key(name[0]) for name in _most(names, _MOST_MATCHED)}
    known = dict(Artist.objects.filter(key__in=keys.values()).order_by().values_list("key", "pk"))
    return _united(groups.of["artist"], names, keys, known)


def _albums(groups: PlaysByName) -> Named:
    names = {(album, artist): heard for (artist, album), heard in groups.lost.items() if album}
    keys = {name: identity_key(*name) for name in _most(names, _MOST_MATCHED)}
    albums = Album.objects.filter(name_key__in=keys.values()).order_by("-pk")
    return _united(groups.of["album"], names, keys, dict(albums.values_list("name_key", "pk")))


def _united(
    rows: Mapping[int, Heard],
    lost: Mapping[tuple[str, str], Heard],
    keys: Mapping[tuple[str, str], str],
    known: Mapping[str, int],
) -> Named:
    """What was heard of rows of the library, with the lost tracks that have their names."""
    united: Named = {(pk, "", ""): heard for pk, heard in rows.items()}
    for name, heard in lost.items():
        pk = known.get(keys.get(name, ""))
        key: Name = (None, *name) if pk is None else (pk, "", "")
        united[key] = united.get(key, NOTHING) + heard
    return united


def _most(named: Mapping[Any, Heard], number: int = MOST_SHOWN) -> dict[Any, Heard]:
    """Those heard most often; of equals those heard for longer."""
    return dict(nlargest(number, named.items(), key=itemgetter(1)))


def _named_albums(most: Named) -> list[HeardName]:
    fields = ("pk", "title", "album_artist", "cover_id", "track_count")
    rows = {row[0]: row[1:] for row in _rows(Album, most).values_list(*fields)}
    return [
        _album(heard, pk, (title, artist, "", 0) if pk is None else rows[pk])
        for (pk, title, artist), heard in most.items()
        if pk is None or pk in rows
    ]


def _album(heard: Heard, pk: int | None, row: tuple[str, str, str, int]) -> HeardName:
    title, artist, cover_id, present = row
    shown_id = pk if present else None
    return HeardName(id=shown_id, name=title, artist=artist, cover_id=cover_id, heard=heard)


def _named_artists(most: Named) -> list[HeardName]:
    rows = {row[0]: row for row in _rows(Artist, most).values_list("pk", "name", "cover_id")}
    present = {*_present(TrackArtist.objects.filter(role__in=OWN_ROLES), "artist", most)}
    return [
        HeardName(
            id=pk if pk in present else None,
            name=rows[pk][1] if pk is not None else name,
            cover_id=rows[pk][2] if pk is not None else "",
            heard=heard,
        )
        for (pk, name, _), heard in most.items()
        if pk is None or pk in rows
    ]


def _named_genres(most: Named) -> list[HeardName]:
    names = dict(_rows(Genre, most).values_list("pk", "name"))
    present = {*_present(TrackGenre.objects.all(), "genre", most)}
    return [
        HeardName(id=pk if pk in present else None, name=names[pk], heard=heard)
        for (pk, *_), heard in most.items()
        if pk in names
    ]


def _rows(model: Any, most: Named) -> Any:
    return model.objects.filter(among("pk", [pk for pk, *_ in most if pk is not None])).order_by()


def _present(links: Any, column: str, most: Named) -> Any:
    """Those that have a page: a track of theirs is present."""
    ids = [pk for pk, *_ in most if pk is not None]
    links = links.filter(among(column, ids), track__missing_since=None)
    return links.order_by().values_list(column, flat=True).distinct()


def _spans(period: Period, days: Mapping[date, Heard]) -> tuple[str, list[tuple[date, Heard]]]:
    first = period.first or min(days, default=None)
    last = max(days, default=None) if period.end is None else period.end - timedelta(days=1)
    if first is None or last is None or last < first:
        return "day", []
    unit = _unit(first, last)
    heard = defaultdict[date, Heard](lambda: NOTHING)
    for day, each in days.items():
        heard[_begin(day, unit)] += each
    return unit, [(begin, heard[begin]) for begin in _begins(first, last, unit)]


def _unit(first: date, last: date) -> str:
    if (last - first).days < _MOST_DAYS:
        return "day"
    months = (last.year - first.year) * 12 + last.month - first.month
    return "month" if months < _MOST_MONTHS else "year"


def _begin(day: date, unit: str) -> date:
    return day if unit == "day" else day.replace(day=1, month=1 if unit == "year" else day.month)


def _begins(first: date, last: date, unit: str) -> Iterator[date]:
    longest = {"day": 1, "month": 31, "year": 366}[unit]
    begin = _begin(first, unit)
    while begin <= last:
        yield begin
        begin = _begin(begin + timedelta(days=longest), unit)
