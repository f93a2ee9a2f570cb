"""Rows of other apps that point at the catalogue, and what becomes of them when it changes.

Apps above `library` hold foreign keys to tracks, albums, artists and folders. When Django starts,
they register a `Follower` for each of these keys, and `Newcomers` for rows that have lost what they
pointed at. Code that joins, purges or adds rows of the catalogue calls the functions of this module
inside its transaction, so that both change together or neither.
"""

from abc import ABC, abstractmethod
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import reduce
from operator import or_
from typing import Any, ClassVar, Protocol

from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Value, When

Model = type[models.Model]
Followed = dict[str, list[Any]]
"""What followers remember of the rows that pointed at a row of the catalogue before it was joined
with another one, by the follower's name: JSON values, which only that follower understands."""


class Follower(ABC):
    """What is to be done about one foreign key, `field_name` of `model`.

    Each method is called inside the transaction that changes the catalogue, with at most a few
    hundred ids at once, and should take a fixed number of queries.
    """

    model: ClassVar[Model]
    field_name: ClassVar[str]

    @property
    def name(self) -> str:
        """Names the follower in the database: it must stay the same in later versions."""
        return f"{self.model._meta.label_lower}.{self.field_name}"

    @property
    def followed(self) -> Model:
        """The model of the catalogue that the foreign key points at."""
        related: Model = self.model._meta.get_field(self.field_name).related_model  # type: ignore[assignment]
        return related

    def pointing_at(self, ids: Collection[int] | models.QuerySet[Any]) -> models.QuerySet[Any]:
        """The rows of `model` whose foreign key is one of `ids`."""
        rows: models.QuerySet[Any] = models.QuerySet(self.model)
        return rows.filter(**{f"{self.field_name}__in": ids})

    def points_at_outer(self) -> Q:
        """The condition, in a query for rows of the catalogue, that any row points at them."""
        rows: models.QuerySet[Any] = models.QuerySet(self.model)
        return Q(Exists(rows.filter(**{self.field_name: OuterRef("pk")})))

    def join(self, replaced: Mapping[int, int]) -> None:
        """Rows of the catalogue become others: `replaced` maps ids that go to those that stay.

        Override this where a foreign key is part of a unique constraint: two rows that become
        equal have to be made one.
        """
        name = self.field_name
        cases = [When(**{name: old}, then=Value(new)) for old, new in replaced.items()]
        self.pointing_at(replaced.keys()).update(**{name: Case(*cases)})

    def remember(self, ids: Collection[int]) -> dict[int, list[Any]]:
        """What `part` needs to know of the rows that point at each of `ids`, as JSON values. Asked
        right before `join`: here, the primary keys.

        Override this together with `join` where rows are made one, and with `part`.
        """
        found = defaultdict[int, list[Any]](list)
        rows = self.pointing_at(ids).order_by("pk")
        for followed, pk in rows.values_list(self.field_name, "pk"):
            found[followed].append(pk)
        return found

    def part(self, remembered: Sequence[Any], living: int, parted: int) -> None:
        """A person undoes a join: the row `parted` of the catalogue is there again, which had
        become `living`. Rows that pointed at `parted` do so again, unless they point at another row
        than `living` by now. `remembered`: see `remember`."""
        rows = self.pointing_at([living]).filter(pk__in=remembered)
        rows.update(**{self.field_name: parted})

    def change_lengths(self, ids: Collection[int]) -> None:  # noqa: B027  # nothing to do for most
        """The tracks with these ids are longer or shorter than they were."""

    @abstractmethod
    def purge(self, ids: Collection[int]) -> int:
        """The rows with these ids are about to be deleted. Return how many rows of `model` pointed
        at them; none may do so afterwards."""

    @abstractmethod
    def describe(self, count: int) -> str:
        """What rows of the catalogue are for that many rows of `model`, as it follows "in use as":
        "the current track of 2 players"."""


class Revision(Protocol):
    """The revision that a transaction makes: `library.models.revision.NextRevision`, which cannot
    be imported before all apps are loaded."""

    @property
    def number(self) -> int: ...


class Newcomers(ABC):
    """Awaits rows of the catalogue for rows of other apps that have lost what they pointed at.

    Called inside the transactions that change the catalogue, as followers are, and takes a fixed
    number of queries as well.
    """

    @abstractmethod
    def is_waiting(self, model: Model, /) -> bool:
        """Whether anything waits for rows of `model` of the catalogue. Asked for each batch that
        adds some, so this should be one cheap query."""

    @abstractmethod
    def link(self, model: Model, added: Collection[int], revision: Revision, /) -> None:
        """Rows of `model` with these ids are new: point the rows at them that lost them.
        `revision`: the one that the transaction makes."""

    def before_purge(self, model: Model, ids: Collection[int], /) -> None:  # noqa: B027  # optional
        """The rows of `model` with these ids are about to be deleted. Followers are asked, too;
        this is for what refers to the rows without a foreign key."""


_followers: dict[tuple[Model, str], Follower] = {}
_newcomers: dict[type[Newcomers], Newcomers] = {}


def register(follower: Follower) -> None:
    """Called by `AppConfig.ready` of the app that has the foreign key."""
    _followers[follower.model, follower.field_name] = follower


def register_newcomers(newcomers: Newcomers) -> None:
    """Called by `AppConfig.ready` of the app whose rows lose what they pointed at."""
    _newcomers[type(newcomers)] = newcomers


def join(model: Model, replaced: Mapping[int, int]) -> None:
    """Have all followers of `model` point at the rows that stay; see `Follower.join`."""
    for follower in _following(model):
        follower.join(replaced)


def join_remembering(model: Model, replaced: Mapping[int, int]) -> dict[int, Followed]:
    """The same as `join`. Returns what `part` needs, for each id that goes."""
    remembered: dict[int, Followed] = {pk: {} for pk in replaced}
    for follower in _following(model):
        for pk, rows in follower.remember(replaced.keys()).items():
            remembered[pk][follower.name] = rows
        follower.join(replaced)
    return remembered


def united(one: Followed, other: Followed) -> Followed:
    """What was remembered at two times of the same row."""
    return {name: [*one.get(name, ()), *other.get(name, ())] for name in {*one, *other}}


def part(model: Model, followed: Followed, living: int, parted: int) -> None:
    """Have the rows that were remembered point at the row `parted` again; see `Follower.part`."""
    for follower in _following(model):
        if remembered := followed.get(follower.name):
            follower.part(remembered, living, parted)


def describe_remembered(model: Model, followed: Followed) -> tuple[str, ...]:
    """A phrase for each follower that remembers any rows; see `Follower.describe`."""
    remembered = ((each, followed.get(each.name)) for each in _following(model))
    return tuple(each.describe(len(rows)) for each, rows in remembered if rows)


def change_lengths(model: Model, ids: Collection[int]) -> None:
    """Tell the followers of tracks; see `Follower.change_lengths`."""
    for follower in _following(model):
        follower.change_lengths(ids)


def count(going: models.QuerySet[Any]) -> Counter[Follower]:
    """How many rows of each follower point at the rows in `going`: one query for each follower."""
    ids = going.order_by().values("pk")
    return Counter({each: each.pointing_at(ids).count() for each in _following(going.model)})


def in_use(model: Model) -> Q:
    """The condition, in a query for rows of `model`, that any row of a follower points at them."""
    return reduce(or_, (each.points_at_outer() for each in _following(model)), Q(pk__in=()))


def purge(model: Model, ids: Collection[int]) -> Counter[Follower]:
    """Prepare all followers of `model` for the deletion of these rows, and count as `count`."""
    for newcomers in _newcomers.values():
        newcomers.before_purge(model, ids)
    return Counter({each: each.purge(ids) for each in _following(model)})


def describe(counts: Counter[Follower]) -> tuple[str, ...]:
    """A phrase for each follower that has any rows; see `Follower.describe`."""
    return tuple(follower.describe(count) for follower, count in counts.items() if count)


def waiting(model: Model) -> tuple[Newcomers, ...]:
    """Those for whom something waits for rows of `model` to come."""
    return tuple(each for each in _newcomers.values() if each.is_waiting(model))


def link(model: Model, added: Collection[int], revision: Revision) -> None:
    """Offer new rows of `model` to everything that waits; see `Newcomers.link`. One query for each
    of `Newcomers` if nothing waits."""
    if added:
        for newcomers in waiting(model):
            newcomers.link(model, added, revision)


def _following(model: Model) -> list[Follower]:
    return [follower for follower in _followers.values() if follower.followed is model]
