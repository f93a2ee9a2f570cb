"""The order of artists, and of composers, by how many present tracks credit them. A search shows
those that fit equally well in this order.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Count, Q

from library.models.catalogue import OWN_ROLES, Artist, ArtistRole, Track, TrackArtist


@dataclass(frozen=True, slots=True)
class Standing:
    """The artists and the composers that present tracks credit. Each id has a place: the most often
    credited artist has 0."""

    artists: Mapping[int, int]
    composers: Mapping[int, int]


@lru_cache(maxsize=2)
def kept_standing(_state: str) -> Standing:
    # The ids of missing tracks, which are few, are found in an index. A join would look up each
    # track. The order is asked for apart, so that an index groups the credits.
    present = TrackArtist.objects.exclude(track__in=Track.objects.missing().values("pk"))
    counted = (
        present.order_by()
        .values("artist")
        .annotate(
            own=Count("pk", filter=Q(role__in=OWN_ROLES)),
            composed=Count("pk", filter=Q(role=ArtistRole.COMPOSER)),
        )
    )
    rows = [*counted.values_list("artist", "own", "composed")]
    ids = Artist.objects.order_by("sort_key", "pk").values_list("pk", flat=True)
    by_name = {pk: place for place, pk in enumerate(ids)}
    return Standing(_places(rows, 1, by_name), _places(rows, 2, by_name))


def _places(
    rows: Sequence[tuple[int, ...]], column: int, by_name: dict[int, int]
) -> dict[int, int]:
    listed = sorted((-row[column], by_name[row[0]], row[0]) for row in rows if row[column])
    return {pk: place for place, (*_, pk) in enumerate(listed)}
