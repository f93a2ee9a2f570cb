"""What all users' plays say of tracks: which are played most, and which are played near others."""

from collections.abc import Sequence
from datetime import timedelta

from django.db.models import Q, Sum

from library.models.catalogue import Track
from listening.kinds import among
from listening.models import Play, PlayCount
from listening.ratings import average_stars

NEAR = timedelta(minutes=30)
MOST_PLAYS = 40
"""So many of the latest plays of the tracks asked about are looked at, by whichever users. What the
same user played within NEAR of one was played near it."""


def most_played(track_ids: Sequence[int]) -> list[int]:
    """The present ones of these tracks: by the plays of all users, then by their ratings, then in
    the order of albums."""
    counts = PlayCount.objects.filter(among("track", track_ids)).order_by().values("track")
    plays = dict(counts.annotate(plays=Sum("count")).values_list("track", "plays"))
    stars = average_stars("track", track_ids)
    tracks = Track.objects.present().filter(among("pk", track_ids))
    in_order = tracks.order_by("album_key", "disc_number", "track_number", "pk")
    ids = in_order.values_list("pk", flat=True)
    return sorted(ids, key=lambda pk: (-plays.get(pk, 0), -stars.get(pk, 0.0)))


def played_near(track_ids: Sequence[int]) -> list[int]:
    """The tracks that users played within half an hour of one of these. Of how many plays is
    bounded."""
    plays = Play.objects.filter(among("track", track_ids)).order_by("-started_at", "-pk")
    spans = plays.values_list("user", "started_at")[:MOST_PLAYS]
    near = Q()
    for user_id, at in spans:
        near |= Q(user=user_id, started_at__range=(at - NEAR, at + NEAR))
    if not near:
        return []
    heard = Play.objects.filter(near, track__isnull=False).order_by("track")
    return list(heard.values_list("track", flat=True).distinct())
