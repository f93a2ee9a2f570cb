"""What the followers of people's things have in common.

A thing points at a row of the catalogue or at a `LostItem`. Joining two tracks, purging a track and
finding it again are the same to it: what it points at is replaced by something else.
"""

from abc import abstractmethod
from collections.abc import Collection, Iterable, Mapping
from typing import Any, ClassVar

from django.db.models import Case, QuerySet, Value, When

from library.followers import Follower
from library.models.tombstones import kind_of
from listening.lost import lost_items
from listening.models import LostKind

LOST = "lost"


class OwnThings(Follower):
    """A follower of rows with a column `lost` beside the foreign key to the catalogue.

    `noun`: what one row is, for people; a plural in "s".
    """

    noun: ClassVar[str]

    @abstractmethod
    def replace(self, source: str, replaced: Mapping[int, int], target: str) -> int:
        """Have the rows whose column `source` is a key of `replaced` point, by the column `target`,
        at the value for that key. Returns how many they were."""

    def join(self, replaced: Mapping[int, int]) -> None:
        self.replace(self.field_name, replaced, self.field_name)

    def purge(self, ids: Collection[int]) -> int:
        used = self.pointing_at(ids).order_by().values_list(self.field_name, flat=True).distinct()
        if not (going := set(used)):
            return 0
        kind = LostKind(kind_of(self.followed))  # type: ignore[arg-type]
        return self.replace(self.field_name, lost_items(kind, going), LOST)

    def find(self, found: Mapping[int, int]) -> None:
        """Lost items, by id, are these rows of the catalogue."""
        self.replace(LOST, found, self.field_name)

    def describe(self, count: int) -> str:
        return f"{count:,} {self.noun}{'' if count == 1 else 's'}"

    def at(self, source: str, ids: Collection[int]) -> QuerySet[Any]:
        """The rows whose column `source` is one of `ids`."""
        rows: QuerySet[Any] = QuerySet(self.model)
        return rows.filter(**{f"{source}__in": ids})


def pointed(source: str, replaced: Mapping[int, int], target: str) -> dict[str, Any]:
    """The columns of rows that are replaced, for an update; see `OwnThings.replace`."""
    cases = [When(**{source: old}, then=Value(new)) for old, new in replaced.items()]
    cleared = {} if source == target else {source: None}
    return {**cleared, target: Case(*cases)}


def number_of(user: str, numbers: Mapping[int, int]) -> Case:
    """The new change number of the user that the column `user` names."""
    return Case(*(When(**{user: pk}, then=Value(number)) for pk, number in numbers.items()))


def rounds(replaced: Mapping[int, int]) -> Iterable[Mapping[int, int]]:
    """`replaced` in parts: in each, no two become the same one."""
    left = dict(replaced)
    while left:
        one = {new: old for old, new in left.items()}
        part = {old: new for new, old in one.items()}
        yield part
        left = {old: new for old, new in left.items() if old not in part}
