"""What belongs to users: the rows of any app that are deleted together with them.

Django's own list of these loads every row, and a user may have played a million tracks.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from typing import Any

from django.contrib.auth.models import User
from django.db.models import (
    DO_NOTHING,
    PROTECT,
    RESTRICT,
    SET_NULL,
    ManyToOneRel,
    Model,
    QuerySet,
)

LEVELS = 3
"""Rows that belong to users, rows that belong to these, such as the entries of a playlist, and one
level more."""


def count_belongings(user_ids: Collection[int]) -> Counter[type[Model]]:
    """How many rows of each model are deleted together with these users, without the users. A query
    for each foreign key."""
    counts: Counter[type[Model]] = Counter()
    for model, lookup in _keys_to(User, "", LEVELS):
        rows: QuerySet[Any] = QuerySet(model)
        counts[model] += rows.filter(**{f"{lookup}__in": user_ids}).count()
    return +counts


def describe(counts: Counter[type[Model]]) -> list[str]:
    """Such as "14 plays", the most first."""
    return [f"{count:,} {_noun(model, count)}" for model, count in counts.most_common()]


_KEEPING = (DO_NOTHING, PROTECT, RESTRICT, SET_NULL)
"""Every other way to delete what a key points at deletes at least some of the rows with the key."""


def _noun(model: type[Model], count: int) -> str:
    return str(model._meta.verbose_name if count == 1 else model._meta.verbose_name_plural)


def _keys_to(model: type[Model], suffix: str, levels: int) -> Iterator[tuple[type[Model], str]]:
    """The models with rows that are deleted together with one of `model`, and how a query goes from
    them to the user."""
    for relation in model._meta.get_fields(include_hidden=True):
        if not isinstance(relation, ManyToOneRel) or relation.on_delete in _KEEPING:
            continue
        other = relation.related_model
        if other is model or isinstance(other, str):
            continue
        lookup = f"{relation.field.name}{suffix}"
        yield other, lookup
        if levels > 1:
            yield from _keys_to(other, f"__{lookup}", levels - 1)
