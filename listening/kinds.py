"""The four kinds of things that users mark and rate: tracks, albums, artists and folders."""

from collections.abc import Callable, Collection, Iterable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar

from django.db import IntegrityError
from django.db.models import F, QuerySet, Value

from library.models.albums import Album
from library.models.catalogue import Artist, Track
from library.models.folders import Folder
from library.models.tombstones import Catalogue
from library.queries.prepared import IsAmong, PreparedQuery, ids_value
from library.queries.tombstones import living_ids
from listening.models.targets import KINDS

Result = TypeVar("Result")

MODELS: Mapping[str, Catalogue] = dict(zip(KINDS, (Track, Album, Artist, Folder), strict=True))

IdsByKind = Mapping[str, Collection[int]]
"""Ids of tracks, albums and so on, by their kind: the keys are some of KINDS."""

_ATTEMPTS = 3


class NoSuchTrack(LookupError):
    """There is no track of this id."""


def among(column: str, ids: Iterable[int]) -> IsAmong:
    """The condition that `column` is one of many ids."""
    return IsAmong(F(column), Value(ids_value([*ids])))


def of_each_kind(
    make: Callable[[str], QuerySet[Any, Any]],
) -> Mapping[str, PreparedQuery]:
    """A prepared query for each kind, which names the column that points at things of the kind."""
    return {kind: PreparedQuery(partial(make, kind)) for kind in KINDS}


def living(kind: str, ids: Collection[int]) -> dict[int, int]:
    """For each of these ids that names a row, the id of this row. That is the id itself or, if the
    row was joined with another one, the id of the other. Ids that name no row are left out."""
    found = {pk: pk for pk in _there(kind, ids)}
    if gone := set(ids) - found.keys():
        joined = living_ids(MODELS[kind], gone)
        there = _there(kind, joined.values())
        found |= {old: new for old, new in joined.items() if new in there}
    return found


def _there(kind: str, ids: Collection[int]) -> set[int]:
    if not ids:
        return set()
    rows: QuerySet[Any] = QuerySet(MODELS[kind])
    return set(rows.filter(among("pk", ids)).values_list("pk", flat=True))


def until_rows_stay(attempt: Callable[[], Result]) -> Result:
    """Call `attempt`, which looks up rows of the library and writes rows that point at them. Call
    it again if a scan or a purge deletes one of them meanwhile."""
    for _ in range(_ATTEMPTS - 1):
        with suppress(IntegrityError):
            return attempt()
    return attempt()
