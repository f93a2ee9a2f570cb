"""Rows of other apps that point at the catalogue, and what becomes of them when it changes.

Apps above `library` hold foreign keys to tracks, albums and artists. When Django starts, they
register a `Follower` for each of these keys. Code that joins, purges or adds rows of the catalogue
calls the functions of this module inside its transaction, so that both change together or neither.
"""

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any, ClassVar

from django.db import models
from django.db.models import Case, Value, When

Model = type[models.Model]


class Follower(ABC):
    """What is to be done about one foreign key, `field_name` of `model`.

    Each method is called inside the transaction that changes the catalogue, with at most a few
    hundred ids at once, and should take a fixed number of queries.
    """

    model: ClassVar[Model]
    field_name: ClassVar[str]

    @property
    def followed(self) -> Model:
        """The model of the catalogue that the foreign key points at."""
        related: Model = self.model._meta.get_field(self.field_name).related_model  # type: ignore[assignment]
        return related

    def pointing_at(self, ids: Collection[int] | models.QuerySet[Any]) -> models.QuerySet[Any]:
        """The rows of `model` whose foreign key is one of `ids`."""
        rows: models.QuerySet[Any] = models.QuerySet(self.model)
        return rows.filter(**{f"{self.field_name}__in": ids})

    def join(self, replaced: Mapping[int, int]) -> None:
        """Rows of the catalogue become others: `replaced` maps ids that go to those that stay.

        Override this where a foreign key is part of a unique constraint: two rows that become
        equal have to be made one.
        """
        name = self.field_name
        cases = [When(**{name: old}, then=Value(new)) for old, new in replaced.items()]
        self.pointing_at(replaced.keys()).update(**{name: Case(*cases)})

    @abstractmethod
    def purge(self, ids: Collection[int]) -> int:
        """The rows with these ids are about to be deleted. Return how many rows of `model` pointed
        at them; none may do so afterwards."""

    @abstractmethod
    def describe(self, count: int) -> str:
        """What rows of the catalogue are for that many rows of `model`, as it follows "in use as":
        "the current track of 2 players"."""

    def is_waiting(self) -> bool:
        """Whether any row of `model` lost what it pointed at, and wants it back. Asked once a scan;
        only if so, `link` is called for the rows that the scan adds."""
        return False

    def link(self, added: Collection[int]) -> None:  # noqa: B027  # nothing, unless rows wait
        """Rows with these ids are new: point those rows of `model` at them that lost them."""


_followers: dict[tuple[Model, str], Follower] = {}


def register(follower: Follower) -> None:
    """Called by `AppConfig.ready` of the app that has the foreign key."""
    _followers[follower.model, follower.field_name] = follower


def join(model: Model, replaced: Mapping[int, int]) -> None:
    """Have all followers of `model` point at the rows that stay; see `Follower.join`."""
    for follower in _following(model):
        follower.join(replaced)


def count(going: models.QuerySet[Any]) -> Counter[Follower]:
    """How many rows of each follower point at the rows in `going`: one query for each follower."""
    ids = going.order_by().values("pk")
    return Counter({each: each.pointing_at(ids).count() for each in _following(going.model)})


def purge(model: Model, ids: Collection[int]) -> Counter[Follower]:
    """Prepare all followers of `model` for the deletion of these rows, and count as `count`."""
    return Counter({each: each.purge(ids) for each in _following(model)})


def describe(counts: Counter[Follower]) -> tuple[str, ...]:
    """A phrase for each follower that has any rows; see `Follower.describe`."""
    return tuple(follower.describe(count) for follower, count in counts.items() if count)


def waiting(model: Model) -> tuple[Follower, ...]:
    """The followers of which some row waits for one of `model` to come back."""
    return tuple(follower for follower in _following(model) if follower.is_waiting())


def _following(model: Model) -> list[Follower]:
    return [follower for follower in _followers.values() if follower.followed is model]
