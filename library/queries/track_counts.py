"""How many tracks lists have."""

from functools import lru_cache

from django.db import connection
from django.db.models import Count, Q

from library.queries.stretches import in_stretches, stretches_of
from library.queries.track_filter import TrackFilter

KEPT_COUNTS = 64

Counts = tuple[tuple[Q, int], ...]
"""Stretches of tracks, and how many are in each."""


def stretches_for(wanted: TrackFilter, column: str) -> tuple[Q, ...]:
    """Those of an index that holds all that is asked of a track: on PostgreSQL the one of any order
    that begins with `column`, where nothing is asked but a search; on SQLite the one of ids."""
    if connection.vendor == "sqlite":
        return (Q(),) if wanted.is_narrow else stretches_of("id")
    return stretches_of(column) if wanted.is_search_alone else (Q(),)


def counted(wanted: TrackFilter, column: str, state: str | None = None) -> Counts:
    """In stretches for `column`. `state` stands for the library as it is now."""
    return _counted(wanted, column) if state is None else kept_counts(state, wanted, column)


@lru_cache(maxsize=KEPT_COUNTS)
def kept_counts(_state: str, wanted: TrackFilter, column: str) -> Counts:
    """Who scrolls asks for page after page of the same."""
    return _counted(wanted, column)


def _counted(wanted: TrackFilter, column: str) -> Counts:
    stretches = stretches_for(wanted, column)
    found = in_stretches(wanted.tracks(), stretches, count=Count("pk"))
    return tuple(zip(stretches, (each["count"] for each in found), strict=True))
