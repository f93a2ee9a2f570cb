"""The stars that users give to tracks, albums, artists and folders."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import Avg, Count, F, Max, Q, QuerySet, Sum
from django.utils import timezone

from events.marks import mark_numbers
from events.models import Mark
from library.queries.filters import IdFilter
from library.queries.orders import ValueOrder
from library.queries.prepared import IsAmong, given, ids_value
from listening.changes import Area, change, state_at, state_of
from listening.kinds import IdsByKind, living, of_each_kind, until_rows_stay
from listening.models import Rating
from listening.own_rows import Changed, Going, OwnRows, UnknownItems, united, without
from listening.removed import forget_removed

WHAT = "rating"
_rows = OwnRows(Rating, WHAT, since="rated_at")
# The third column is not in the index of stars. Else SQLite reads all of the user's ratings there,
# rather than look up those that are named.
_stars = of_each_kind(lambda kind: _rows.values_of_ids(kind, "stars", "number"))
_means = of_each_kind(
    lambda kind: (
        Rating.objects.filter(IsAmong(F(kind), given()))
        .order_by()
        .values(kind)
        .annotate(mean=Avg("stars"))
        .values_list(kind, "mean")
    )
)

StarsByKind = Mapping[str, Mapping[int, int]]
"""The stars for each id, by the kind of these."""


def change_ratings(
    user_id: int,
    rate: StarsByKind,
    remove: IdsByKind,
    at: datetime | None = None,
    *,
    needs_all: bool = False,
) -> Changed:
    """Rate some things and take away the ratings of others, in one transaction.

    An id of a row that was joined with another one stands for the other. `at`: when they are rated;
    now, if it is not given. `needs_all`: raise UnknownItems instead of passing over ids that name
    nothing.
    """
    attempt = partial(_change, user_id, rate, remove, at or timezone.now(), needs_all=needs_all)
    return until_rows_stay(attempt)


def change_ratings_late(
    user_id: int, rate: StarsByKind, remove: IdsByKind, at: datetime
) -> Changed:
    """`change_ratings` of what the user did at this time, without reaching the server: what the
    user changed later stays. The same call again changes nothing."""
    rated = {kind: [*stars] for kind, stars in rate.items()}
    later = _rows.changed_after(user_id, at, united(rated, remove))
    left = without(rated, later)
    still = {kind: {pk: rate[kind][pk] for pk in ids} for kind, ids in left.items()}
    return change_ratings(user_id, still, without(remove, later), at)._replace(later=later)


def ratings_number(user_id: int) -> int:
    """The user's change number that last changed the ratings; 0 before the first."""
    return mark_numbers(user_id).get(Area.RATINGS, 0)


def all_stars(user_id: int, kind: str, since: int = 0) -> dict[int, int]:
    """The stars of everything of this kind that is rated, by the ids: of what the user's changes
    after number `since` rated or changed."""
    rows = _rows.of_kind(user_id, kind)
    if since:
        rows = rows.filter(number__gt=since)
    return dict(rows.values_list(kind, "stars"))


def all_ratings_state() -> str:
    """Identifies the state of the ratings of all users."""
    marks = Mark.objects.filter(name=Area.RATINGS).order_by()
    found = marks.aggregate(users=Count("pk"), changes=Sum("number"))
    return f"ratings of {found['users']} users after {found['changes']} changes"


def not_rated_since(user_id: int, since: int) -> dict[str, list[int]]:
    """The ids, by kind, of what was rated before the user's changes after number `since`."""
    return _rows.removed_since(user_id, since)


def stars_of(user_id: int, kind: str, ids: Collection[int]) -> dict[int, int]:
    """The stars of those of `ids` that are rated."""
    return {pk: stars for pk, stars, _ in _stars[kind].rows(user_id, ids_value([*ids]))}


def average_stars(kind: str, ids: Collection[int]) -> dict[int, float]:
    """The mean of all users' stars, of those of `ids` that anybody rated."""
    return dict(_means[kind].rows(ids_value([*ids])))


def rating_filter(user_id: int, kind: str, lowest: int, highest: int) -> IdFilter:
    """The rows of this kind with so many stars. If `lowest` is 0, also those without a rating."""
    state, rows = state_of(user_id, Area.RATINGS), _rows.of_kind(user_id, kind)
    if lowest:
        rated, is_excluding = rows.filter(stars__range=(lowest, highest)), False
    else:
        rated, is_excluding = rows.filter(stars__gt=highest), True
    return IdFilter(f"{state}, {lowest} to {highest}", rated.values(kind), is_excluding)


def rating_order(user_id: int, kind: str, *, is_descending: bool) -> ValueOrder:
    """By the stars that the user gave."""
    number, rows = ratings_number(user_id), _rows.of_kind(user_id, kind)
    state, changes = state_at(number, user_id, Area.RATINGS), _rows.changes(user_id, kind, number)
    return ValueOrder(state, rows, kind, "stars", is_descending, changes)


def highest_rated(
    user_id: int, kind: str, listed: QuerySet[Any], *, offset: int, limit: int
) -> list[int]:
    """The ids of those of the `listed` rows of this kind that anybody rated: those with the user's
    most stars first, then by the mean of all users' stars."""
    rated = Rating.objects.filter(**{f"{kind}__isnull": False, f"{kind}__in": listed.values("pk")})
    stars = rated.order_by().values(kind)
    counted = stars.annotate(own=Max("stars", filter=Q(user=user_id)), mean=Avg("stars"))
    in_order = counted.order_by(F("own").desc(nulls_last=True), F("mean").desc(), kind)
    return list(in_order.values_list(kind, flat=True)[offset : offset + limit])


def _change(
    user_id: int, rate: StarsByKind, remove: IdsByKind, at: datetime, *, needs_all: bool
) -> Changed:
    """Raises IntegrityError if the library deletes one of the rows before the change is over."""
    going, unknown = _rows.going(user_id, remove)
    found = {kind: living(kind, stars.keys()) for kind, stars in rate.items()}
    unfound = {kind: [pk for pk in stars if pk not in found[kind]] for kind, stars in rate.items()}
    all_unknown = united(unknown, unfound)
    if needs_all and all_unknown:
        raise UnknownItems(all_unknown)
    wanted = {
        kind: {found[kind][pk]: given for pk, given in stars.items() if pk in found[kind]}
        for kind, stars in rate.items()
    }
    number = ratings_number(user_id)
    if going or any(_is_new(user_id, kind, stars) for kind, stars in wanted.items()):
        number = change(user_id, partial(_write, user_id, wanted, going, at), Area.RATINGS)
    return Changed(number, all_unknown)


def _is_new(user_id: int, kind: str, stars: Mapping[int, int]) -> bool:
    return stars_of(user_id, kind, stars.keys()) != stars


def _write(user_id: int, wanted: StarsByKind, going: list[Going], at: datetime, number: int) -> int:
    _rows.delete(user_id, going, number, at)
    fields = {"rated_at": at, "number": number}
    for kind, stars in wanted.items():
        # No other request of this user changes ratings until the transaction is over.
        known = stars_of(user_id, kind, stars.keys())
        for wanted_stars, ids in _other_stars(stars, known).items():
            _rows.of_ids(user_id, kind, ids).update(stars=wanted_stars, **fields)
        new = stars.keys() - known.keys()
        Rating.objects.bulk_create(
            Rating(user_id=user_id, **{f"{kind}_id": pk}, stars=stars[pk], **fields)
            for pk in sorted(new)
        )
        forget_removed(user_id, WHAT, kind, new)
    return number


def _other_stars(stars: Mapping[int, int], known: Mapping[int, int]) -> dict[int, list[int]]:
    """The ids that have other stars so far, by their new stars."""
    found = defaultdict[int, list[int]](list)
    for pk, before in known.items():
        if stars[pk] != before:
            found[stars[pk]].append(pk)
    return found
