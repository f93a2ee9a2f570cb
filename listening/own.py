"""What lists show of a user's own things, and how they are filtered and sorted by these."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from django.db.models import F, QuerySet

from library.queries.filters import IdFilter
from library.queries.orders import RowOrder, ValueOrder
from library.queries.prepared import IsAmong, PreparedQuery, given, ids_value
from listening.changes import Area, state_of
from listening.favourites import favourite_filter, favourited_at, favourited_order
from listening.models import PlayCount
from listening.play_totals import play_totals, played_filter, played_order, plays_order
from listening.ratings import rating_filter, rating_order, stars_of


class OwnOrder(Protocol):
    def __call__(self, user_id: int, kind: str, *, is_descending: bool) -> ValueOrder: ...


OWN_ORDERS: Mapping[str, OwnOrder] = {
    "favourited": favourited_order,
    "rating": rating_order,
    "plays": plays_order,
    "played": played_order,
}
"""The orders of lists by a user's own things, by the name of the sort."""
OWN_SORTS = tuple(f"{sign}{name}" for sign in ("", "-") for name in OWN_ORDERS)


class OwnFacts(NamedTuple):
    """What a user made of a track, album, artist or folder. `rating`: 1 to 5 stars. The plays of an
    album, an artist or a folder are those of its tracks; a folder's are directly in it."""

    favourited_at: datetime | None = None
    rating: int | None = None
    play_count: int = 0
    last_played_at: datetime | None = None


@dataclass(frozen=True)
class OwnWishes:
    """What a list is filtered by, and whether its rows tell the user's `facts`. `stars`: the lowest
    and the highest number."""

    is_favourite: bool | None = None
    stars: tuple[int, int] | None = None
    is_played: bool | None = None
    has_facts: bool = False


@dataclass(frozen=True)
class OwnPart:
    """The part that a user's own things have in a list. `state` identifies what of them the list
    depends on; it is empty if it depends on none."""

    filters: tuple[IdFilter, ...] = ()
    order: RowOrder | None = None
    state: str = ""


def own_part(
    user_id: int, kind: str, wishes: OwnWishes, sort: str, others: Iterable[IdFilter] = ()
) -> OwnPart:
    """`kind`: of the list's rows. `sort`: the name of its order. `others`: further filters, such as
    those of a search."""
    filters = (*_filters(user_id, kind, wishes), *others)
    name, order = sort.removeprefix("-"), None
    if name in OWN_ORDERS:
        order = OWN_ORDERS[name](user_id, kind, is_descending=sort.startswith("-"))
    states = [each.state for each in filters] + ([order.state] if order else [])
    if wishes.has_facts:
        states.append(state_of(user_id, Area.FAVOURITES, Area.RATINGS, Area.PLAYS))
    return OwnPart(filters, order, " ".join(states))


def own_facts(user_id: int, kind: str, ids: Collection[int]) -> dict[int, OwnFacts]:
    """The facts of each of `ids`, which are of this kind. The number of queries is fixed."""
    favourites = favourited_at(user_id, kind, ids)
    stars, plays = stars_of(user_id, kind, ids), _plays(user_id, kind, ids)
    return {
        pk: OwnFacts(favourites.get(pk), stars.get(pk), *plays.get(pk, (0, None))) for pk in ids
    }


def _filters(user_id: int, kind: str, wishes: OwnWishes) -> Iterator[IdFilter]:
    if wishes.is_favourite is not None:
        yield favourite_filter(user_id, kind, is_favourite=wishes.is_favourite)
    if wishes.stars is not None:
        yield rating_filter(user_id, kind, *wishes.stars)
    if wishes.is_played is not None:
        yield played_filter(user_id, kind, is_played=wishes.is_played)


def _plays(user_id: int, kind: str, ids: Collection[int]) -> dict[int, tuple[int, datetime | None]]:
    """The number of plays and the time of the last one, of those of `ids` that were played."""
    if kind != "track":
        totals = play_totals(user_id, kind)
        return {pk: totals[pk] for pk in ids if pk in totals}
    rows = _counts.rows(user_id, ids_value([*ids]))
    return {pk: (count, last) for pk, count, last in rows}


def _counts_of_tracks() -> QuerySet[Any, Any]:
    counts = PlayCount.objects.filter(user=given()).filter(IsAmong(F("track"), given()))
    return counts.order_by().values_list("track", "count", "last_played_at")


_counts = PreparedQuery(_counts_of_tracks)
