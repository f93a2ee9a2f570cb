"""What lists can be sorted by, for the pages and for the API.

An order is a tuple of columns, for `terms`. Each ends in the id, so that a list looks the same from
page to page, and each `name` has its reverse, `-name`.
"""

from django.db.models import F
from django.db.models.expressions import OrderBy

Order = tuple[str, ...]

RANDOM = "random"

_TRACK_KEYS = {  # each with an index that begins so
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
    "added": ("id",),  # the scan makes an album with its first track
}
_ARTIST_KEYS = {
    "name": ("sort_key", "id"),
    "added": ("id",),
}


def _both_ways(keys: dict[str, tuple[str, ...]]) -> dict[str, Order]:
    return {**keys, **{f"-{name}": reverse(order) for name, order in keys.items()}}


def reverse(order: Order) -> Order:
    """The same order from its end."""
    return tuple(key[1:] if key.startswith("-") else f"-{key}" for key in order)


def terms(order: Order) -> list[str | OrderBy]:
    """For `order_by`: rows without a value come before the others on every database, and after
    them in the reverse."""
    return [_term(key) if key.removeprefix("-") in _NULLABLE else key for key in order]


def _term(key: str) -> OrderBy:
    if key.startswith("-"):
        return F(key[1:]).desc(nulls_last=True)
    return F(key).asc(nulls_first=True)


TRACK_ORDERS = _both_ways(_TRACK_KEYS)
ALBUM_ORDERS = _both_ways(_ALBUM_KEYS)
ARTIST_ORDERS = _both_ways(_ARTIST_KEYS)
