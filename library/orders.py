"""What lists can be sorted by, for the pages and for the API.

An order is a tuple for `order_by`. Each ends in the id, so that a list looks the same from page to
page, and each `name` has its reverse, `-name`.
"""

from hashlib import blake2b

from django.db.models import F
from django.db.models.expressions import CombinedExpression, OrderBy

Order = tuple[str | OrderBy, ...]

RANDOM = "random"

_TRACK_KEYS = {  # each with an index that begins so
    "title": ("title_key", "id"),
    "artist": ("artist_key", "album_key", "disc_number", "track_number", "id"),
    "album": ("album_key", "disc_number", "track_number", "id"),
    "added": ("added_at", "id"),
    "year": ("year", "id"),
    "duration": ("duration_s", "id"),
}
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
    return tuple(_reverse_part(part) for part in order)


def _reverse_part(part: str | OrderBy) -> str | OrderBy:
    if isinstance(part, str):
        return part.removeprefix("-") if part.startswith("-") else f"-{part}"
    turned = part.copy()
    turned.reverse_ordering()
    return turned


TRACK_ORDERS = _both_ways(_TRACK_KEYS)
ALBUM_ORDERS = _both_ways(_ALBUM_KEYS)
ARTIST_ORDERS = _both_ways(_ARTIST_KEYS)

_PRIME = 2**31 - 1
_FACTORS = 3


def random_order(seed: int) -> Order:
    """An order that looks random and is the same whenever `seed` is.

    Sorted by a polynomial of the id of the third degree modulo a prime, its coefficients drawn
    from the seed: integers that every database computes alike. One of the first degree would
    leave the same pattern in every shuffle.
    """
    digest = blake2b(str(seed).encode(), digest_size=8 * _FACTORS).digest()
    value = _linear(digest[:8])
    for start in range(8, 8 * _FACTORS, 8):
        value = value * _linear(digest[start : start + 8]) % _PRIME
    return (value.asc(), "id")


def _linear(digest: bytes) -> CombinedExpression:
    """`(id * factor + summand) % prime`; the factor leaves room for 2⁴² ids in 64 bits."""
    factor = int.from_bytes(digest[:4], "big") % 2**20 + 1
    return (F("id") * factor + int.from_bytes(digest[4:], "big") % _PRIME) % _PRIME
