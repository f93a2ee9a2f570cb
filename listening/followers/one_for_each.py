"""Things of which a user has at most one for each track, album, artist or folder."""

from abc import abstractmethod
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from django.db.models import DateTimeField, Exists, OuterRef, QuerySet

from events.marks import raise_marks
from listening.changes import Area
from listening.followers.own_things import OwnThings, number_of, pointed
from listening.models import RemovedItem
from listening.removed import note_removed


class OneForEach(OwnThings):
    """Where a user has one for both rows that become one, the two are made one by `unite`.

    `area`: the mark of these things. `what`: what they are called in `RemovedItem`; None if users
    cannot remove them. `kept`: the columns that say what a person made, which `remember` keeps.
    """

    area: ClassVar[Area]
    what: ClassVar[str | None] = None
    kept: ClassVar[tuple[str, ...]]
    goes_back_whole: ClassVar[bool] = True
    """Whether `part` gives a row back as it is that was not made one with another. Otherwise it is
    made anew for what was parted, and `take_back` takes it from the row that stays."""

    @abstractmethod
    def unite(self, stays: Any, goes: Any) -> bool:
        """Give the row `stays` what the other row has. Returns whether it changed."""

    def replace(self, source: str, replaced: Mapping[int, int], target: str) -> int:
        going = list(self.at(source, replaced.keys()).order_by("pk"))
        if not going:
            return 0
        numbers = raise_marks({row.user_id for row in going}, self.area)
        there = {
            (row.user_id, getattr(row, f"{target}_id")): row
            for row in self.at(target, set(replaced.values())).filter(user__in=numbers)
        }
        united: dict[int, Any] = {}
        gone: list[int] = []
        for row in going:
            place = (row.user_id, replaced[getattr(row, f"{source}_id")])
            stays = there.setdefault(place, row)
            if stays is not row:
                gone.append(row.pk)
                if self.unite(stays, row):
                    stays.number = numbers[stays.user_id]
                    united[stays.pk] = stays
        self._rows(gone).delete()
        update = {**pointed(source, replaced, target), "number": number_of("user", numbers)}
        self.at(source, replaced.keys()).update(**update)
        if united:
            QuerySet(self.model).bulk_update(united.values(), [*self.kept, "number"])
        if target == self.field_name:
            self._forget_removed(numbers, replaced.values())
        return len(going)

    def remember(self, ids: Collection[int]) -> dict[int, list[Any]]:
        """The primary key, the user, and what the person made."""
        found = defaultdict[int, list[Any]](list)
        columns = (self.field_name, "pk", "user_id", *self.kept)
        for followed, *values in self.pointing_at(ids).order_by("pk").values_list(*columns):
            found[followed].append([_as_json(value) for value in values])
        return found

    def part(self, remembered: Sequence[Any], living: int, parted: int) -> None:
        """A row that was made one with another is made anew, as it was, unless the user has taken
        away the one that they had become."""
        before = {pk: values for pk, *values in remembered}
        numbers = raise_marks({user_id for user_id, *_ in before.values()}, self.area)
        number = number_of("user", numbers)
        with_living = self.pointing_at([living]).filter(user__in=numbers)
        owners = dict(with_living.values_list("user_id", "pk"))
        has_parted = set(self.pointing_at([parted]).values_list("user_id", flat=True))
        moved = {
            pk
            for pk, (user_id, *_) in before.items()
            if self.goes_back_whole and owners.get(user_id) == pk and user_id not in has_parted
        }
        self._rows(moved).update(**{self.field_name: parted, "number": number})
        if self.what is not None:
            for pk in moved:
                user_id = before[pk][0]
                note_removed(user_id, self.what, self.field_name, [living], numbers[user_id])
        anew = {
            user_id: values
            for pk, (user_id, *values) in before.items()
            if pk not in moved and user_id in owners and user_id not in has_parted
        }
        self.make_anew(anew, numbers, parted)
        self._forget_removed(numbers, [parted])
        if anew:
            self.take_back(anew, numbers, living)

    def make_anew(
        self, anew: Mapping[int, Sequence[Any]], numbers: Mapping[int, int], parted: int
    ) -> None:
        """`anew`: what the users had for `parted`, by user."""
        rows: list[Any] = [
            self.model(
                user_id=user_id,
                number=numbers[user_id],
                **{f"{self.field_name}_id": parted},
                **dict(zip(self.kept, map(self._from_json, self.kept, values), strict=True)),
            )
            for user_id, values in anew.items()
        ]
        self._rows(()).bulk_create(rows)

    def take_back(
        self, anew: Mapping[int, Sequence[Any]], numbers: Mapping[int, int], living: int
    ) -> None:
        """Take what was made anew from the row `living`, where it was added to what is there."""

    def _forget_removed(self, user_ids: Collection[int], ids: Collection[int]) -> None:
        """What these users have of the rows with these ids is there again: clients that keep a copy
        must not take it away."""
        if self.what is not None:
            rows: QuerySet[Any] = QuerySet(self.model)
            there = rows.filter(user=OuterRef("user"), **{self.field_name: OuterRef("item_id")})
            gone = RemovedItem.objects.filter(what=self.what, kind=self.field_name)
            gone.filter(Exists(there), user__in=[*user_ids], item_id__in=[*ids]).delete()

    def _rows(self, pks: Collection[int]) -> QuerySet[Any]:
        return QuerySet(self.model).filter(pk__in=pks)

    def _from_json(self, name: str, value: Any) -> Any:
        is_time = isinstance(self.model._meta.get_field(name), DateTimeField)
        return datetime.fromisoformat(value) if is_time and value else value


def _as_json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
