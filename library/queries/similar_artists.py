"""Artists whose music is like that of a given one: of the same genres, at about the same time."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from math import log, sqrt

from django.db.models import Count, Max, Min

from library.models.catalogue import ArtistRole, Track, TrackGenre, TrackQuerySet
from library.queries.similar import YEARS_APART

MOST_TRACKS = 20_000
"""The rarest genres of the artist that have together up to this many tracks are looked at, and at
least one. A common genre tells little and costs most."""
_FEW_TRACKS = 2

Genres = Mapping[int, float]


@lru_cache(maxsize=64)
def similar_artists(_state: str, artist_id: int) -> list[int]:
    """The ids of other artists of present tracks, the most similar first; empty if the artist's
    tracks have no genre. Four queries; kept as long as the library stays the same.

    `_state` identifies the state of the library, see `library.queries.revision`.
    """
    own = _genres_of(artist_id)
    weights = _weights(own)
    if not weights:
        return []
    others = _others(artist_id, weights)
    scores = {pk: _likeness(weights, own, genres) for pk, genres in others.items()}
    return sorted(scores, key=lambda pk: (-scores[pk], pk))


def _tracks_of(artist_id: int) -> TrackQuerySet:
    return Track.objects.present().by_artist(artist_id).order_by()


def _genres_of(artist_id: int) -> Counter[int]:
    """How many of the artist's tracks are of each genre."""
    of_tracks = TrackGenre.objects.filter(track__in=_tracks_of(artist_id).values("pk"))
    return Counter(dict(of_tracks.order_by().values_list("genre").annotate(Count("pk"))))


def _weights(genre_ids: Iterable[int]) -> dict[int, float]:
    """The genres to look at. The fewer tracks a genre has, the more it tells."""
    of_genres = TrackGenre.objects.filter(genre__in=[*genre_ids]).order_by()
    counts = dict(of_genres.values_list("genre").annotate(Count("pk")))
    weights: dict[int, float] = {}
    tracks = 0
    for genre in sorted(counts, key=lambda each: (counts[each], each)):
        tracks += counts[genre]
        if weights and tracks > MOST_TRACKS:
            break
        weights[genre] = 1 / log(2 + counts[genre])
    return weights


def _others(artist_id: int, genre_ids: Iterable[int]) -> dict[int, Counter[int]]:
    """By the id of each other artist, how many of the tracks near in time are of each genre."""
    ends = _tracks_of(artist_id).aggregate(first=Min("first_year"), last=Max("first_year"))
    near = TrackGenre.objects.filter(
        genre__in=[*genre_ids],
        track__missing_since__isnull=True,
        track__track_artists__role=ArtistRole.ARTIST,
    )
    if ends["first"] is not None:
        span = (ends["first"] - YEARS_APART, ends["last"] + YEARS_APART)
        near = near.filter(track__first_year__range=span)
    counted = near.order_by().values_list("track__track_artists__artist", "genre")
    others: defaultdict[int, Counter[int]] = defaultdict(Counter)
    for pk, genre, number in counted.annotate(Count("pk")):
        if pk != artist_id:
            others[pk][genre] = number
    return others


def _likeness(weights: Genres, own: Mapping[int, int], other: Mapping[int, int]) -> float:
    """The cosine of the two artists' weighted genres; less for one with few tracks, of whom these
    tell little."""
    product = sum(own[genre] * other[genre] * weights[genre] ** 2 for genre in other)
    tracks = sum(other.values())
    return product / (_size(weights, own) * _size(weights, other)) * tracks / (tracks + _FEW_TRACKS)


def _size(weights: Genres, counts: Mapping[int, int]) -> float:
    return sqrt(sum((counts[genre] * weight) ** 2 for genre, weight in weights.items()))
