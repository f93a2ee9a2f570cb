"""Tracks that go with given ones: of the same artists, and of the same genres and time."""

from collections.abc import Iterable, Sequence

from library.models.catalogue import OWN_ROLES, Track, TrackArtist, TrackGenre
from library.queries.prepared import ids_in_order

YEARS_APART = 10
MOST_SEEDS = 200
"""Of an artist with more tracks these many stand for all."""


def artists_of(track_ids: Iterable[int]) -> list[int]:
    """The artists and album artists of these tracks."""
    credits_ = TrackArtist.objects.filter(track__in=[*track_ids], role__in=OWN_ROLES)
    return list(credits_.order_by().values_list("artist", flat=True).distinct())


def tracks_by(artist_ids: Sequence[int]) -> list[int]:
    """The present tracks that name one of these as artist or album artist."""
    credits_ = TrackArtist.objects.filter(artist__in=artist_ids, role__in=OWN_ROLES)
    tracks = Track.objects.present().filter(pk__in=credits_.order_by().values("track"))
    return ids_in_order(tracks.order_by("pk"), "pk")


def tracks_of_genres_near(track_ids: Sequence[int]) -> list[int]:
    """The present tracks that share a genre with one of these, and were first released from
    YEARS_APART before the oldest of these to as long after the newest. If none of these has a year,
    the genre alone counts."""
    of_these = TrackGenre.objects.filter(track__in=track_ids).order_by()
    genre_ids = list(of_these.values_list("genre", flat=True).distinct())
    if not genre_ids:
        return []
    shared = TrackGenre.objects.filter(genre__in=genre_ids).order_by().values("track")
    tracks = Track.objects.present().filter(pk__in=shared)
    of_tracks = (
        Track.objects.filter(pk__in=track_ids).order_by().values_list("first_year", flat=True)
    )
    years = [year for year in of_tracks if year is not None]
    if years:
        span = (min(years) - YEARS_APART, max(years) + YEARS_APART)
        tracks = tracks.filter(first_year__range=span)
    return ids_in_order(tracks.order_by("pk"), "pk")


def present_among(track_ids: Sequence[int]) -> list[int]:
    tracks = Track.objects.present().filter(pk__in=track_ids)
    return list(tracks.order_by("pk").values_list("pk", flat=True))
