"""What apps play at the moment."""

from collections.abc import Collection

from django.db.models import Q

from library.followers import Follower
from listening.models import NowPlaying


class NowPlayingFollower(Follower):
    """It is forgotten with its track, and spares no track from a purge: the file is gone, so nobody
    plays it any more."""

    model = NowPlaying
    field_name = "track"

    def points_at_outer(self) -> Q:
        return Q(pk__in=())

    def purge(self, ids: Collection[int]) -> int:
        return self.pointing_at(ids).delete()[0]

    def describe(self, count: int) -> str:
        return f"what {count:,} app{' plays' if count == 1 else 's play'}"
