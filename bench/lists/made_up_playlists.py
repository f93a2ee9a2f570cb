"""Fills the library with made-up playlists of its tracks; imported where Django is set up.

The first user owns most of them. Some are another user's, shared with the first.
"""

import random
from collections.abc import Sequence

from django.contrib.auth.models import User
from django.db import connection

from library.models.catalogue import Track
from listening.models import Sharing
from listening.playlists.editing import make

PLAYLISTS = 500
LONG_ENTRIES = 20_000
"""Of the first playlist; the others have ten to a hundred."""
SHARED = 50
FEW, MANY = 10, 100


def fill_playlists() -> None:
    owner = User.objects.order_by("pk")[0]
    other, _ = User.objects.get_or_create(username="other")
    ids = [*Track.objects.order_by("pk").values_list("pk", flat=True)]
    _make(owner, 0, random.Random(0).choices(ids, k=LONG_ENTRIES), Sharing.PRIVATE)
    for number in range(1, PLAYLISTS):
        numbers = random.Random(number)  # not for secrets
        start = numbers.randrange(len(ids))
        entries = ids[start : start + numbers.randint(FEW, MANY)]
        is_shared = number <= SHARED
        _make(other if is_shared else owner, number, entries, Sharing.WRITE if is_shared else None)
    if connection.vendor == "postgresql":  # as its autovacuum does within a minute or two
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def _make(user: User, number: int, entries: Sequence[int], sharing: Sharing | None) -> None:
    values = {
        "name": f"Playlist {number} for a {'rainy' if number % 2 else 'sunny'} day",
        "description": "Made up.",
        "sharing": sharing or Sharing.PRIVATE,
    }
    make(user.pk, values, entries)
