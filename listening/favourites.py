"""What users mark with a heart: tracks, albums, artists and folders."""

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from functools import partial

from django.utils import timezone

from events.marks import mark_numbers
from library.queries.filters import IdFilter
from library.queries.orders import ValueOrder
from library.queries.prepared import ids_value
from listening.changes import Area, change, state_at, state_of
from listening.kinds import IdsByKind, living, of_each_kind, until_rows_stay
from listening.models import Favourite
from listening.own_rows import Changed, Going, OwnRows, UnknownItems, united, without
from listening.removed import forget_removed

WHAT = "favourite"
_rows = OwnRows(Favourite, WHAT, since="favourited_at")
_favourited_at = of_each_kind(lambda kind: _rows.values_of_ids(kind, "favourited_at"))

TracksHandler = Callable[[int, Collection[int], Collection[int]], None]
_handlers: dict[str, TracksHandler] = {}


def on_favourite_tracks(name: str, handler: TracksHandler) -> None:
    """Have `handler(user_id, added, removed)` called with the ids of tracks that become favourites,
    and of those that are none any more, in the same transaction, so with no effect except on the
    database. Called by `AppConfig.ready`; `name` tells handlers apart."""
    _handlers[name] = handler


def change_favourites(
    user_id: int,
    add: IdsByKind,
    remove: IdsByKind,
    at: datetime | None = None,
    *,
    needs_all: bool = False,
) -> Changed:
    """Make some things favourites and others not, in one transaction.

    What is a favourite already keeps its time. An id of a row that was joined with another one
    stands for the other. `at`: since when they are favourites; now, if it is not given.
    `needs_all`: raise UnknownItems instead of passing over ids that name nothing.
    """
    attempt = partial(_change, user_id, add, remove, at or timezone.now(), needs_all=needs_all)
    return until_rows_stay(attempt)


def change_favourites_late(
    user_id: int, add: IdsByKind, remove: IdsByKind, at: datetime
) -> Changed:
    """`change_favourites` of what the user did at this time, without reaching the server: what the
    user changed later stays. The same call again changes nothing."""
    later = _rows.changed_after(user_id, at, united(add, remove))
    changed = change_favourites(user_id, without(add, later), without(remove, later), at)
    return changed._replace(later=later)


def favourites_number(user_id: int) -> int:
    """The user's change number that last changed the favourites; 0 before the first."""
    return mark_numbers(user_id).get(Area.FAVOURITES, 0)


def favourite_ids(user_id: int, kind: str, since: int = 0) -> list[int]:
    """The ids of the favourites of this kind, the newest first: of those that the user's changes
    after number `since` made or changed."""
    rows = _rows.of_kind(user_id, kind).order_by("-favourited_at", "-pk")
    if since:
        rows = rows.filter(number__gt=since)
    return list(rows.values_list(kind, flat=True))


def no_favourites_since(user_id: int, since: int) -> dict[str, list[int]]:
    """The ids, by kind, of what was a favourite before the user's changes after number `since`."""
    return _rows.removed_since(user_id, since)


def favourited_at(user_id: int, kind: str, ids: Collection[int]) -> dict[int, datetime]:
    """Since when those of `ids` are favourites that are."""
    return dict(_favourited_at[kind].rows(user_id, ids_value([*ids])))


def all_favourited_at(user_id: int, kind: str) -> dict[int, datetime]:
    """Since when the favourites of this kind are so, by the ids."""
    return dict(_rows.of_kind(user_id, kind).values_list(kind, "favourited_at"))


def favourite_filter(user_id: int, kind: str, *, is_favourite: bool) -> IdFilter:
    """The rows of this kind that are favourites of the user, or those that are not."""
    state, rows = state_of(user_id, Area.FAVOURITES), _rows.of_kind(user_id, kind)
    return IdFilter(state, rows.values(kind), is_excluding=not is_favourite)


def favourited_order(user_id: int, kind: str, *, is_descending: bool) -> ValueOrder:
    """By the time since when a row is a favourite of the user."""
    number, rows = favourites_number(user_id), _rows.of_kind(user_id, kind)
    state, changes = (
        state_at(number, user_id, Area.FAVOURITES),
        _rows.changes(user_id, kind, number),
    )
    return ValueOrder(state, rows, kind, "favourited_at", is_descending, changes)


def _change(
    user_id: int, add: IdsByKind, remove: IdsByKind, at: datetime, *, needs_all: bool
) -> Changed:
    """Raises IntegrityError if the library deletes one of the rows before the change is over."""
    going, unknown = _rows.going(user_id, remove)
    found = {kind: living(kind, ids) for kind, ids in add.items()}
    unfound = {kind: [pk for pk in ids if pk not in found[kind]] for kind, ids in add.items()}
    all_unknown = united(unknown, unfound)
    if needs_all and all_unknown:
        raise UnknownItems(all_unknown)
    new = {
        kind: {*ids.values()} - favourited_at(user_id, kind, ids.values()).keys()
        for kind, ids in found.items()
    }
    number = favourites_number(user_id)
    if going or any(new.values()):
        number = change(user_id, partial(_write, user_id, new, going, at), Area.FAVOURITES)
    return Changed(number, all_unknown)


def _write(
    user_id: int, new: Mapping[str, set[int]], going: list[Going], at: datetime, number: int
) -> int:
    """Another request may have done some of it since it was looked up."""
    _rows.delete(user_id, going, number, at)
    for kind, ids in new.items():
        fields = {"user_id": user_id, "favourited_at": at, "number": number}
        rows = [Favourite(**{f"{kind}_id": pk}, **fields) for pk in sorted(ids)]
        Favourite.objects.bulk_create(rows, ignore_conflicts=True)
        forget_removed(user_id, WHAT, kind, ids)
    removed = {pk for each in going if each.kind == "track" for pk in each.ids}
    for handler in _handlers.values():
        handler(user_id, new.get("track", set()), removed)
    return number
