"""The orders that lists can have, by the names that the API uses.

An order is a tuple of columns; `terms` turns it into arguments for `order_by`. Each order ends in
the id: rows with equal values then keep their places from page to page. Each order `name` has a
reverse, `-name`.
"""

from django.db.models import F
from django.db.models.expressions import OrderBy

Order = tuple[str, ...]

RANDOM = "random"

_TRACK_KEYS = {  # each of these is served by an index of Track that has the same columns
    "title": ("title_key", "id"),
    "artist": ("artist_key", "album_key", "disc_number", "track_number", "id"),
    "album": ("album_key", "disc_number", "track_number", "id"),
    "added": ("added_at", "id"),
    "year": ("year", "id"),
    "duration": ("duration_s", "id"),
}
_NULLABLE = {"year", "disc_number", "track_number"}
_ALBUM_KEYS = {
    "title": ("title_key", "id"),
    "artist": ("artist_key", "year", "title_key", "id"),
    "year": ("year", "title_key", "id"),
    "added": ("id",),  # a scan creates an album together with its first track
}
_ARTIST_KEYS = {
    "name": ("sort_key", "id"),
    "added": ("id",),
}


def _both_ways(keys: dict[str, tuple[str, ...]]) -> dict[str, Order]:
    return {**keys, **{f"-{name}": reverse(order) for name, order in keys.items()}}


def reverse(order: Order) -> Order:
    """The same order, backwards."""
    return tuple(key[1:] if key.startswith("-") else f"-{key}" for key in order)


def terms(order: Order) -> list[str | OrderBy]:
    """`order` as arguments for `order_by`. NULL sorts first on both databases, or last in a
    descending order."""
    return [_term(key) if key.removeprefix("-") in _NULLABLE else key for key in order]


def _term(key: str) -> OrderBy:
    if key.startswith("-"):
        return F(key[1:]).desc(nulls_last=True)
    return F(key).asc(nulls_first=True)


TRACK_ORDERS = _both_ways(_TRACK_KEYS)
ALBUM_ORDERS = _both_ways(_ALBUM_KEYS)
ARTIST_ORDERS = _both_ways(_ARTIST_KEYS)
