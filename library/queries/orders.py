"""The orders that lists can have. `terms` of an order are the arguments for `order_by`.

Each order ends in the id, so that rows with equal values keep their places from page to page. NULL
comes first on both databases, or last in a descending order.
"""

from collections.abc import Hashable
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from typing import Any, ClassVar, NamedTuple, Protocol

from django.db.models import BigIntegerField, ExpressionWrapper, F, OuterRef, QuerySet, Subquery
from django.db.models.expressions import OrderBy

from library.queries.prepared import ids_in_order

RANDOM = "random"
_NULLABLE = {"first_year", "first_added_at", "disc_number", "track_number"}
_PRIME = 2**31 - 1
"""Also used as a mask of 31 bits: the product of two such numbers fits into 64 bits."""


class RowOrder(Hashable, Protocol):
    @property
    def state(self) -> str:
        """Identifies the state of what the order asks of another app; empty if nothing."""

    @property
    def has_index(self) -> bool:
        """Whether an index has the rows in this order, so that they need not be sorted."""

    @property
    def terms(self) -> list[OrderBy]: ...


@dataclass(frozen=True)
class ColumnOrder:
    """By columns of the row itself; a column that begins with `-` descends."""

    columns: tuple[str, ...]
    state: str = ""
    has_index: ClassVar[bool] = True

    @property
    def terms(self) -> list[OrderBy]:
        names = [(each.removeprefix("-"), each.startswith("-")) for each in self.columns]
        return [
            _term(F(name), descends=descends, nullable=name in _NULLABLE)
            for name, descends in names
        ]

    def reversed(self) -> "ColumnOrder":
        return ColumnOrder(
            tuple(each[1:] if each.startswith("-") else f"-{each}" for each in self.columns)
        )


@dataclass(frozen=True)
class ValueChanges:
    """By which number each change of a `ValueOrder`'s values is known. Numbers rise.

    The table's rows have that of the last change in their column `number`; `removed` are rows of
    another table, which tell what lost its value: `item_id`, by the change `number`.
    `of` names the values, as in `plays of 7`. `number`: of the newest change.
    """

    of: str
    number: int
    removed: QuerySet[Any] | None = None


class ChangedValues(NamedTuple):
    """`new`: ids and their values now, in order; `gone`: the ids of what lost its value."""

    new: list[tuple[int, Any]]
    gone: set[int]


@dataclass(frozen=True)
class ValueOrder:
    """By a value that another app's table has for some of the rows, for example a user's ratings.

    `values` are that table's rows, one for each id; `id_column` names their foreign key,
    `value_column` the value.
    `state`: see `library.queries.filters.IdFilter`. Without `changes` all values are read whenever
    one of them changes.
    """

    state: str
    values: QuerySet[Any] = field(compare=False, repr=False)
    id_column: str
    value_column: str
    is_descending: bool = False
    changes: ValueChanges | None = field(default=None, compare=False, repr=False)
    has_index: ClassVar[bool] = False

    @property
    def terms(self) -> list[OrderBy]:
        of_row = self.values.filter(**{self.id_column: OuterRef("pk")}).order_by()
        value = Subquery(of_row.values(self.value_column)[:1])
        return [_term(each, descends=self.is_descending) for each in (value, F("pk"))]

    def ranked_ids(self) -> list[int]:
        """The ids that have a value, by value and id, ascending also if the order descends."""
        return ids_in_order(self._ranked(), self.id_column)

    def changed_since(self, number: int, most: int) -> "ChangedValues | None":
        """What the changes after `number` did. None if they changed more than `most` values, or
        something of which no row tells."""
        if self.changes is None:
            return None
        names = (self.id_column, self.value_column, "number")
        rows = [*self._ranked().filter(number__gt=number).values_list(*names)[: most + 1]]
        gone = [*self._removed_since(number)[: most + 1]]
        newest = max((*(row[-1] for row in rows), *(each for _, each in gone)), default=-1)
        if len(rows) > most or len(gone) > most or newest < self.changes.number:
            return None
        return ChangedValues([row[:2] for row in rows], {pk for pk, _ in gone})

    def next_id(self, value: Any, pk: int) -> int | None:
        """The id that comes after `pk`, which has this value; None if it is the last. Two queries,
        since a condition with OR would not be looked up in an index."""
        equal = {self.value_column: value, f"{self.id_column}__gt": pk}
        for wanted in (equal, {f"{self.value_column}__gt": value}):
            for found in self._ranked().filter(**wanted).values_list(self.id_column, flat=True)[:1]:
                return int(found)
        return None

    def _ranked(self) -> QuerySet[Any]:
        having = {f"{each}__isnull": False for each in (self.id_column, self.value_column)}
        return self.values.filter(**having).order_by(self.value_column, self.id_column)

    def _removed_since(self, number: int) -> Any:
        if self.changes is None or self.changes.removed is None:
            return ()
        removed = self.changes.removed.filter(number__gt=number).order_by()
        return removed.values_list("item_id", "number")


@dataclass(frozen=True)
class RandomOrder:
    """By a pseudo-random number that is computed from the row's id and `seed`.

    So a seed gives the same order on every server and both databases, and the other rows keep their
    order when rows are added or removed. The number is a quadratic polynomial modulo a prime. A
    linear one would not do: the numbers of neighbouring ids would always differ by the same amount.
    """

    seed: int
    state: str = ""
    has_index: ClassVar[bool] = False

    @property
    def terms(self) -> list[OrderBy]:
        square, linear, constant = _factors(self.seed)
        small: Any = F("pk").bitand(_PRIME)
        number = ((small * square + linear) % _PRIME * small + constant) % _PRIME
        return [ExpressionWrapper(number, BigIntegerField()).asc(), F("pk").asc()]

    def number_of(self, pk: int) -> int:
        """The number of this id, for ids that are sorted without the database."""
        square, linear, constant = _factors(self.seed)
        small = pk & _PRIME
        return ((small * square + linear) % _PRIME * small + constant) % _PRIME


@lru_cache(maxsize=64)
def _factors(seed: int) -> tuple[int, int, int]:
    digest = blake2b(str(seed).encode(), digest_size=24).digest()
    square, linear, constant = (
        int.from_bytes(digest[at : at + 8], "big") % _PRIME for at in (0, 8, 16)
    )
    return square, linear, constant


def _term(value: F | Subquery, *, descends: bool, nullable: bool = True) -> OrderBy:
    """NULL is named only where it can occur: PostgreSQL would not use the index otherwise."""
    if descends:
        return value.desc(nulls_last=nullable or None)
    return value.asc(nulls_first=nullable or None)


def _both_ways(orders: dict[str, tuple[str, ...]]) -> dict[str, ColumnOrder]:
    """Each order `name` and its reverse, `-name`."""
    forwards = {name: ColumnOrder(columns) for name, columns in orders.items()}
    return {**forwards, **{f"-{name}": order.reversed() for name, order in forwards.items()}}


TRACK_ORDERS = _both_ways(
    {  # each is served by an index of Track that has the same columns
        "title": ("title_key", "id"),
        "artist": ("artist_key", "album_key", "disc_number", "track_number", "id"),
        "album": ("album_key", "disc_number", "track_number", "id"),
        "added": ("added_at", "id"),
        "year": ("first_year", "id"),
        "duration": ("duration_s", "id"),
    }
)
ALBUM_ORDERS = _both_ways(
    {
        "title": ("title_key", "id"),
        "artist": ("artist_key", "first_date", "release_date", "title_key", "id"),
        "year": ("first_date", "release_date", "title_key", "id"),
        "added": ("first_added_at", "id"),
    }
)
ARTIST_ORDERS = _both_ways({"name": ("sort_key", "id"), "added": ("id",)})


def named_order(orders: dict[str, ColumnOrder], name: str, seed: int) -> RowOrder:
    """The order called `name`, which is one of `orders` or RANDOM."""
    return RandomOrder(seed) if name == RANDOM else orders[name]
