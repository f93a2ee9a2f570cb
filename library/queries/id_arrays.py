"""The ids of everything that matches a filter, kept as an array: for random picks and for clients
that walk through the whole library."""

import random
from array import array
from collections.abc import Collection
from datetime import datetime
from functools import lru_cache

from django.db.models import F, Value

from library.models.catalogue import Track
from library.queries.filters import RowFilter
from library.queries.lists import RowList, kept_ids
from library.queries.prepared import IsAmong, ids_from, ids_value

KEPT_ARRAYS = 16
"""How many a process keeps. One of 100,000 ids takes 0.8 MB."""


@lru_cache(maxsize=KEPT_ARRAYS)
def kept_id_array(state: str, wanted: RowFilter) -> "array[int]":
    """The ids of the rows that match, ascending. Nobody may change the array. `state`: see
    `library.queries.revision`."""
    return array("q", sorted(ids_from(kept_ids(state, wanted).ids)))


@lru_cache(maxsize=KEPT_ARRAYS)
def kept_list_ids(rows: RowList) -> "array[int]":
    """All ids of a list in its order. Nobody may change the array."""
    return array("q", rows.ids())


def drawn(state: str, wanted: RowFilter, number: int) -> list[int]:
    """Up to `number` ids of rows that match, in random order, each at most once. Every call draws
    others, and costs the same however many rows match."""
    ids = kept_id_array(state, wanted)
    places = random.sample(range(len(ids)), min(number, len(ids)))
    return [ids[place] for place in places]


def still_matching(wanted: RowFilter, ids: Collection[int]) -> set[int]:
    """Those of `ids` whose rows match now."""
    among = IsAmong(F("pk"), Value(ids_value([*ids])))
    found = wanted.matching().order_by().filter(among)
    return set(found.values_list("pk", flat=True))


def added_after(track_ids: Collection[int], time: datetime) -> set[int]:
    """Those of these tracks that were added later than `time`."""
    among = IsAmong(F("pk"), Value(ids_value([*track_ids])))
    newer = Track.objects.filter(among, added_at__gt=time).order_by()
    return set(newer.values_list("pk", flat=True))
