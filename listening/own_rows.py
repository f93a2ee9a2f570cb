"""A user's rows of a table such as favourites or ratings, which has at most one row for each track,
album, artist and folder."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import F, QuerySet, Value

from library.queries.orders import ValueChanges
from library.queries.prepared import IsAmong, given
from listening.kinds import IdsByKind, among, living
from listening.models import Favourite, Rating, RemovedItem
from listening.removed import note_removed


class Changed(NamedTuple):
    """What a change of several things did. `number`: the user's change number that last changed
    things of this sort. `unknown`: ids that name nothing, by their kind; they were passed over.
    `later`: ids that stay as they are, since the user changed them after this change."""

    number: int
    unknown: Mapping[str, list[int]]
    later: Mapping[str, list[int]] = {}


class UnknownItems(LookupError):
    """Some of the ids name nothing, and nothing was changed. `unknown`: these, by their kind."""

    def __init__(self, unknown: Mapping[str, list[int]]) -> None:
        super().__init__(unknown)
        self.unknown = unknown


class Going(NamedTuple):
    """Rows to be deleted: those of the things `ids`, and those of things that were purged when they
    had the ids `purged`."""

    kind: str
    ids: Collection[int]
    purged: Collection[int]

    def __bool__(self) -> bool:
        return bool(self.ids or self.purged)


@dataclass(frozen=True)
class OwnRows:
    """`what`: what these are called in `RemovedItem`. `since`: the column with a row's time."""

    model: type[Favourite | Rating]
    what: str
    since: str

    def of_kind(self, user_id: int | Value, kind: str) -> QuerySet[Any]:
        """The user's rows that belong to things of this kind that the library has."""
        rows: QuerySet[Any] = QuerySet(self.model)
        return rows.filter(user=user_id, **{f"{kind}__isnull": False})

    def removed_since(self, user_id: int, since: int) -> dict[str, list[int]]:
        """The ids whose rows were deleted after the user's change number `since`, by kind."""
        found: dict[str, list[int]] = {}
        gone = RemovedItem.objects.filter(user=user_id, what=self.what, number__gt=since)
        for kind, pk in gone.order_by("item_id").values_list("kind", "item_id"):
            found.setdefault(kind, []).append(pk)
        return found

    def changes(self, user_id: int, kind: str, number: int) -> ValueChanges:
        """For an order by a value of these rows. `number`: of the user's newest change of them."""
        removed = RemovedItem.objects.filter(user=user_id, what=self.what, kind=kind)
        return ValueChanges(f"{self.what}s of {kind}s of {user_id}", number, removed)

    def of_ids(self, user_id: int, kind: str, ids: Collection[int]) -> QuerySet[Any]:
        return self.of_kind(user_id, kind).filter(among(kind, ids))

    def values_of_ids(self, kind: str, *columns: str) -> QuerySet[Any, Any]:
        """To be prepared: the id and `columns` of a user's rows for some things of this kind. Its
        values are the user's id and, as `ids_value` has them, the ids."""
        rows = self.of_kind(given(), kind).filter(IsAmong(F(kind), given()))
        return rows.order_by().values_list(kind, *columns)

    def going(self, user_id: int, remove: IdsByKind) -> tuple[list[Going], dict[str, list[int]]]:
        """What is to be deleted, and the ids that name nothing, by their kind."""
        going, unknown = list[Going](), dict[str, list[int]]()
        for kind, ids in remove.items():
            found = living(kind, ids)
            others = set(ids) - found.keys()
            of_ids = self.of_ids(user_id, kind, found.values()).values_list(kind, flat=True)
            of_purged = self._of_purged(user_id, kind, others)
            purged = set(of_purged.values_list("lost__former_id", flat=True)) if others else set()
            going.append(Going(kind, set(of_ids), purged))
            unknown[kind] = sorted(others - purged)
        return [each for each in going if each], unknown

    def changed_after(self, user_id: int, at: datetime, ids: IdsByKind) -> dict[str, list[int]]:
        """Those of `ids` that the user made or took away after this time. An id of a row that was
        joined with another one stands for the other, too."""
        found = dict[str, list[int]]()
        for kind, wanted in ids.items():
            joined = living(kind, wanted)
            all_ids = {*wanted, *joined.values()}
            rows = self.of_ids(user_id, kind, all_ids).filter(**{f"{self.since}__gt": at})
            gone = RemovedItem.objects.filter(user=user_id, what=self.what, kind=kind)
            removed = gone.filter(among("item_id", all_ids), removed_at__gt=at)
            later = {*rows.values_list(kind, flat=True), *removed.values_list("item_id", flat=True)}
            if stays := [pk for pk in wanted if pk in later or joined.get(pk) in later]:
                found[kind] = sorted(stays)
        return found

    def delete(self, user_id: int, going: Iterable[Going], number: int, at: datetime) -> None:
        """Part of a change at this time; see `listening.changes.change`."""
        for kind, ids, purged in going:
            self.of_ids(user_id, kind, ids).delete()
            if purged:
                self._of_purged(user_id, kind, purged).delete()
            note_removed(user_id, self.what, kind, {*ids, *purged}, number, at=at)

    def _of_purged(self, user_id: int, kind: str, ids: Collection[int]) -> QuerySet[Any]:
        rows: QuerySet[Any] = QuerySet(self.model)
        return rows.filter(among("lost__former_id", ids), user=user_id, lost__kind=kind)


def without(ids: IdsByKind, others: Mapping[str, Collection[int]]) -> dict[str, list[int]]:
    """Those of `ids` that are not among the others."""
    return {
        kind: [pk for pk in some if pk not in others.get(kind, ())] for kind, some in ids.items()
    }


def united(*unknown: IdsByKind) -> dict[str, list[int]]:
    """Ids by kind, of several such mappings; kinds without any are left out."""
    found: dict[str, list[int]] = {}
    for each in unknown:
        for kind, ids in each.items():
            if ids:
                found[kind] = sorted({*found.get(kind, ()), *ids})
    return found
