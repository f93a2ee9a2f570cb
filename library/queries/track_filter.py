"""The filter of a list of tracks: the values a request may filter by, and their queryset."""

from dataclasses import dataclass

from library.models.catalogue import Track, TrackQuerySet
from library.models.folding import words_of


@dataclass(frozen=True, kw_only=True)
class TrackFilter:
    """The present tracks that fit every condition given.

    `search`: see `TrackQuerySet.search`. `artist_id`: the artist or album artist. `genre`: spelled
    exactly as in the tags.
    """

    search: str = ""
    artist_id: int | None = None
    album_id: int | None = None
    genre: str | None = None

    @property
    def is_search_alone(self) -> bool:
        """Whether there is no condition except, perhaps, a search."""
        return self.artist_id is None and self.album_id is None and self.genre is None

    @property
    def is_narrow(self) -> bool:
        """Whether only few tracks can fit, which an index finds directly."""
        return self.artist_id is not None or self.album_id is not None

    @property
    def is_all(self) -> bool:
        """Whether every present track fits."""
        return self.is_search_alone and not words_of(self.search)

    def tracks(self) -> TrackQuerySet:
        tracks = Track.objects.present()
        if self.artist_id is not None:
            tracks = tracks.by_artist(self.artist_id)
        if self.album_id is not None:
            tracks = tracks.filter(album=self.album_id)
        if self.genre is not None:
            tracks = tracks.filter(genre=self.genre)
        return tracks.search(self.search)
