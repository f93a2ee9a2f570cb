"""What lists can be sorted by, for the pages and for the API.

An order is a tuple of columns, for `terms`. Each ends in the id, so that a list looks the same from
page to page, and each `name` has its reverse, `-name`.
"""

from collections.abc import Sequence
from hashlib import blake2b
from math import isqrt

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

_PRIME = 2**61 - 1
_FEW = 1_000


def shuffled(ids: Sequence[int], seed: int) -> list[int]:
    """`ids` in an order that looks random: by a key of each id, so that it is the same whenever the
    seed is, and stays as it is where ids come and go."""
    return [pk for _, pk in sorted(zip(_random_keys(ids, seed), ids, strict=True))]


def shuffled_part(ids: Sequence[int], seed: int, start: int, stop: int) -> list[int]:
    """The same as `shuffled(ids, seed)[start:stop]`, without sorting all of it.

    The keys are spread evenly, so those of the part lie between two numbers that can be told
    beforehand, but for the luck of the draw: eight standard deviations are left for it.
    """
    if len(ids) < _FEW:
        return shuffled(ids, seed)[start:stop]
    keys = _random_keys(ids, seed)
    slack = 4 * isqrt(len(ids))
    low, high = (position * _PRIME // len(ids) for position in (start - slack, stop + slack))
    before = sum(map(low.__gt__, keys))
    near = sorted((key, pk) for key, pk in zip(keys, ids, strict=True) if low <= key < high)
    if before <= start and stop <= before + len(near):
        return [pk for _, pk in near[start - before : stop - before]]
    return shuffled(ids, seed)[start:stop]


def _random_keys(ids: Sequence[int], seed: int) -> list[int]:
    """A polynomial of the second degree modulo a prime, its coefficients drawn from the seed.

    One of the first degree would leave the same steps from track to track in every shuffle.
    """
    digest = blake2b(str(seed).encode(), digest_size=24).digest()
    square, linear, constant = (int.from_bytes(digest[at : at + 8], "big") for at in (0, 8, 16))
    return [((square * pk + linear) * pk + constant) % _PRIME for pk in ids]
