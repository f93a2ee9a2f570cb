"""The number of tracks in a list, counted in stretches (see `library.queries.stretches`)."""

from functools import lru_cache

from django.db import connection
from django.db.models import Count, Q

from library.queries.stretches import in_stretches, stretches_of
from library.queries.track_filter import TrackFilter

KEPT_COUNTS = 64

Counts = tuple[tuple[Q, int], ...]
"""Pairs of a condition and the number of tracks that fit the condition."""


def stretches_for(wanted: TrackFilter, column: str) -> tuple[Q, ...]:
    """The stretches in which to look for `wanted`, by a column whose index covers the whole query.

    On PostgreSQL the index that begins with `column`, which also holds the searched text; only if
    nothing but a search is asked for. On SQLite the index `track_search`, which begins with the id.
    Otherwise one stretch of all tracks.
    """
    if connection.vendor == "sqlite":
        return (Q(),) if wanted.is_narrow else stretches_of("id")
    return stretches_of(column) if wanted.is_search_alone else (Q(),)


def counted(wanted: TrackFilter, column: str, state: str | None = None) -> Counts:
    """The number of tracks that fit `wanted`, in stretches by `column`.

    `state` identifies the state of the library: counts are kept while it stays the same. With None
    they are computed anew.
    """
    return _counted(wanted, column) if state is None else kept_counts(state, wanted, column)


@lru_cache(maxsize=KEPT_COUNTS)
def kept_counts(_state: str, wanted: TrackFilter, column: str) -> Counts:
    """Counts kept for later pages of the same list. Another `_state` is counted anew."""
    return _counted(wanted, column)


def _counted(wanted: TrackFilter, column: str) -> Counts:
    stretches = stretches_for(wanted, column)
    found = in_stretches(wanted.tracks(), stretches, count=Count("pk"))
    return tuple(zip(stretches, (each["count"] for each in found), strict=True))
