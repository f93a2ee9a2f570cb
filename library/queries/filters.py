"""Which rows a list holds: what the filters of tracks, albums and artists share, and the filter
that another app adds."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Self, TypeVar

from django.db.models import Count, F, Q, QuerySet, Value

from library.models.searched import Sought
from library.queries.prepared import IdArray, IsAmong, ids_value

_FEW = 3_000
"""So many rows are looked up in less time than an index of all takes to be read."""
Rows = TypeVar("Rows", bound=QuerySet[Any])


@dataclass(frozen=True, slots=True)
class KeptIds:
    """Ids as the database returned them: a list from PostgreSQL, JSON from SQLite."""

    count: int
    ids: Any

    @classmethod
    def of(cls, rows: QuerySet[Any, Any]) -> "KeptIds":
        found = rows.order_by().aggregate(count=Count("pk"), ids=IdArray("pk"))
        return cls(found["count"], found["ids"] or ids_value([]))

    def among(self, column: str, *, is_checked: bool = False) -> IsAmong:
        """The condition that `column` is one of these. `is_checked`: the rows are found by another
        condition, and this one is checked; no index is used for `column + 0`."""
        return IsAmong(F(column) + 0 if is_checked else F(column), Value(self.ids))


@dataclass(frozen=True)
class IdFilter:
    """The rows whose ids a subquery returns, for example the favourites of a user; the other rows,
    if the filter `is_excluding`.

    `state` stands for the subquery. It names what is asked for, for whom, and a number that changes
    whenever the result does, as in `favourites of 7 at 12`. Filters with equal states are equal.
    `kept`: the ids, where they are at hand.
    """

    state: str
    ids: QuerySet[Any] = field(compare=False, repr=False)
    is_excluding: bool = False
    kept: KeptIds | None = field(default=None, compare=False, repr=False)

    def condition(self) -> Any:
        """The condition that an id is one of these, or none of them."""
        if self.kept is None:
            named: Any = Q(pk__in=self.ids)
        else:
            named = self.kept.among("pk", is_checked=self.kept.count > _FEW)
        return ~named if self.is_excluding else named


@dataclass(frozen=True, kw_only=True)
class RowFilter(ABC):
    """Which rows of one model a list holds.

    Results are kept by the filter, so equal filters must match equal rows as long as the state of
    the library stays the same. `others` are the filters that other apps add.

    `search`: every word of it has to occur in what the rows are searched by. `sought`: what is
    looked for instead of the words of `search`, see `library.queries.corrections`.
    """

    search: str = ""
    sought: Sought | None = None
    others: tuple[IdFilter, ...] = ()

    @property
    @abstractmethod
    def is_checked_by_orders(self) -> bool:
        """Whether the index of each order holds everything that is asked for."""

    @abstractmethod
    def listable(self) -> QuerySet[Any]:
        """The rows of the list if nothing were asked for."""

    @abstractmethod
    def _matching(self) -> QuerySet[Any]:
        """The rows that match the filter's own conditions, without `others`."""

    def with_living_ids(self) -> Self | None:
        """This filter with the ids of the artist and album that its own were joined with. None if
        they were not joined. Called only if nothing matches, as for ids of deleted rows."""
        return None

    @property
    def searched(self) -> str | Sought:
        """What the rows are searched by."""
        return self.search if self.sought is None else self.sought

    def matching(self) -> QuerySet[Any]:
        """The rows that match everything asked for."""
        return chosen(self._matching(), self.others)


def chosen(rows: Rows, others: Iterable[IdFilter]) -> Rows:
    """Those of `rows` that all of the other apps' filters let through."""
    for each in others:
        rows = rows.filter(each.condition())
    return rows
