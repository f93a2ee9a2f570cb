"""The tracks of a smart playlist: which, in which order, how many.

They are worked out by the same lists as everything else (`library.queries.lists`), which keep what
they found for as long as neither the library nor what the rules ask of the user changes.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import F, OuterRef, Subquery, Value
from django.db.models.expressions import OrderBy

from library.models.catalogue import Track
from library.queries.lists import Page, RowList
from library.queries.orders import TRACK_ORDERS, RandomOrder, RowOrder
from library.queries.prepared import IsAmong, ids_value
from library.queries.tracks import TrackFilter
from listening.changes import state_of
from listening.favourites import favourited_order
from listening.models import Favourite, PlayCount, Rating
from listening.play_totals import played_order, plays_order
from listening.ratings import rating_order
from listening.smart.fields import FIELDS, RANDOM, Source
from listening.smart.filters import AREAS, present_hour, rules_filter
from listening.smart.rules import SmartRules

KEPT = 64
"""Of how many smart playlists with a limit of minutes the number of tracks is kept."""
_KEPT_AT_MOST = 2_000
"""Of how many tracks the order is kept where no index has it."""
_PORTION = 2_000
_ALL = 10_000_000

_LIST_ORDERS = {
    "title": "title",
    "artist": "artist",
    "album": "album",
    "year": "year",
    "added_at": "added",
    "duration_s": "duration",
}
"""The fields whose order is that of a list of tracks, and the name that it has there."""
_OWN_ORDERS: Mapping[str, Callable[..., RowOrder]] = {
    "favourited_at": favourited_order,
    "favourite": favourited_order,
    "rating": rating_order,
    "play_count": plays_order,
    "last_played_at": played_order,
}
_OWN_MODELS: Mapping[Source, Any] = {
    Source.FAVOURITE: Favourite,
    Source.RATING: Rating,
    Source.PLAYS: PlayCount,
}
_COLUMNS_OF_FLAGS = {"favourite": "favourited_at"}
DEFAULT_SORT = "artist"


@dataclass(frozen=True)
class SmartContents:
    """The tracks that fit `rules`, as the user with the id `user_id` has them. `state`: of the
    library, see `library.queries.revision`."""

    rules: SmartRules
    user_id: int
    state: str

    @property
    def own_state(self) -> str:
        """Identifies the state of what the rules ask of the user and of the clock: for ETags."""
        return _list_of(self).own_state

    @property
    def count(self) -> int:
        found = _list_of(self).own_page(0, 0).count  # no row has to be sorted for it
        if self.rules.limit is not None:
            found = min(found, self.rules.limit)
        if self.rules.limit_minutes is not None:
            found = min(found, _within_minutes(_list_of(self), found, self.rules.limit_minutes))
        return found

    def page(self, offset: int, limit: int) -> Page:
        """The number of tracks, and the ids of those on a page."""
        count = self.count
        wanted = min(limit, count - offset)
        if wanted <= 0:
            return Page(count, [])
        found = _list_of(self)
        if found.order.has_index or count > _KEPT_AT_MOST:
            return Page(count, found.own_page(offset, wanted).ids)
        return Page(count, [*_first_ids(found, count)[offset : offset + wanted]])

    def ids(self) -> list[int]:
        """All tracks, in order."""
        if self.rules.limit is None and self.rules.limit_minutes is None:
            return _list_of(self).own_ids()
        return self.page(0, self.count).ids

    def duration_s(self) -> float:
        return sum(sum(each) for each in _durations(self.ids()))


def _list_of(contents: SmartContents) -> RowList:
    """Their list. Times such as "in the last 30 days" begin with the hour."""
    user_id, rules, hour = contents.user_id, contents.rules, present_hour()
    return RowList(
        filter=TrackFilter(others=(rules_filter(rules, user_id, hour),)),
        order=_order(rules.sort, user_id, hour),
        state=contents.state,
    )


def _order(sort: tuple[str, ...], user_id: int, hour: datetime) -> RowOrder:
    """A list's order where there is one, which has an index; else one by any columns."""
    if not sort:
        return TRACK_ORDERS[DEFAULT_SORT]
    first = sort[0]
    name, sign = first.removeprefix("-"), "-" if first.startswith("-") else ""
    if name == RANDOM:
        day = hour.toordinal()
        return RandomOrder(day, f"random on day {day}")
    if len(sort) == 1 and name in _LIST_ORDERS:
        return TRACK_ORDERS[sign + _LIST_ORDERS[name]]
    if len(sort) == 1 and name in _OWN_ORDERS:
        return _OWN_ORDERS[name](user_id, "track", is_descending=bool(sign))
    own = sorted({AREAS[FIELDS[each.removeprefix("-")].source] for each in sort if _is_own(each)})
    return AnyOrder(sort, user_id, state_of(user_id, *own) if own else "")


def _is_own(name: str) -> bool:
    return FIELDS[name.removeprefix("-")].source in _OWN_MODELS


@dataclass(frozen=True)
class AnyOrder:
    """By one or several fields of rules; what lacks a value comes last either way."""

    sort: tuple[str, ...]
    user_id: int
    state: str = ""
    has_index = False

    @property
    def terms(self) -> list[OrderBy]:
        return [*(self._term(each) for each in self.sort), F("pk").asc()]

    def _term(self, name: str) -> OrderBy:
        field = FIELDS[name.removeprefix("-")]
        column = _COLUMNS_OF_FLAGS.get(name.removeprefix("-"), field.column)
        value: Any = F({"artist": "artist_key"}.get(column, column))
        if field.source in _OWN_MODELS:
            rows = _OWN_MODELS[field.source].objects.filter(user=self.user_id, track=OuterRef("pk"))
            value = Subquery(rows.order_by().values(column)[:1])
        if name.startswith("-"):
            return OrderBy(value, descending=True, nulls_last=True)
        return OrderBy(value, nulls_last=True)


@lru_cache(maxsize=KEPT)
def _first_ids(found: RowList, count: int) -> tuple[int, ...]:
    """The first `count` tracks, kept for the other pages: the database would sort all that fit for
    each of them."""
    return tuple(found.own_page(0, count).ids)


@lru_cache(maxsize=KEPT)
def _within_minutes(found: RowList, count: int, minutes: int) -> int:
    """How many of the first `count` tracks last that long at most, at least one."""
    left_s, number = minutes * 60.0, 0
    for durations in _durations(found.own_page(0, count).ids):
        for duration_s in durations:
            left_s -= duration_s
            if left_s < 0:
                return max(number, 1)
            number += 1
    return number


def _durations(ids: list[int]) -> Iterator[list[float]]:
    """The durations of these tracks, in portions."""
    for at in range(0, len(ids), _PORTION):
        portion = ids[at : at + _PORTION]
        rows = Track.objects.filter(IsAmong(F("pk"), Value(ids_value(portion))))
        by_id = dict(rows.order_by().values_list("pk", "duration_s"))
        yield [by_id.get(pk, 0.0) for pk in portion]
