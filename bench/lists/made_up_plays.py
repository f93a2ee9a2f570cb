"""Fills the history of the only user with made-up plays; imported where Django is set up."""

import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.db import connection, transaction

from bench.lists.storing import store_rows
from library.models.catalogue import Track
from listening.models import Play, PlayCount

PLAYS = 1_000_000
FIRST = datetime(2014, 1, 1, tzinfo=UTC)


def hear(plays: int) -> None:
    """Each track is heard once, then some of them far more often than others."""
    user = User.objects.get()
    ids = [*Track.objects.order_by("pk").values_list("pk", flat=True)]
    rng = random.Random(1)
    counts, last, rows = Counter[int](), dict[int, datetime](), list[tuple[Any, ...]]()
    for track_id, at in _heard(ids, plays, rng):
        counts[track_id] += 1
        last[track_id] = at
        rows.append((user.pk, track_id, _time(at), 200.0, "mus"))
    names = ("user_id", "track_id", "count", "last_played_at", "number")
    counted = [(user.pk, pk, number, _time(last[pk]), 1) for pk, number in counts.items()]
    with transaction.atomic():
        store_rows(Play, ("user_id", "track_id", "started_at", "heard_s", "client"), rows)
        store_rows(PlayCount, names, counted)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")


def _heard(ids: list[int], plays: int, rng: random.Random) -> Iterator[tuple[int, datetime]]:
    at = FIRST
    for number in range(plays):
        at += timedelta(seconds=rng.randint(60, 700))
        yield ids[number if number < len(ids) else int(len(ids) * rng.random() ** 3)], at


def _time(at: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(at)
