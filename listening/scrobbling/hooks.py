"""Has plays and favourites told to services."""

from listening.favourites import on_favourite_tracks
from listening.plays import on_plays
from listening.scrobbling.outbox import store_favourites, store_plays


def register() -> None:
    """Called when Django starts."""
    on_plays("scrobbling", store_plays)
    on_favourite_tracks("scrobbling", store_favourites)
