"""Which tracks a list is of."""

from dataclasses import dataclass

from library.models.catalogue import Track, TrackQuerySet
from library.models.folding import words_of


@dataclass(frozen=True, kw_only=True)
class TrackFilter:
    """The present tracks that fit all that is given.

    `search`: as for `TrackQuerySet.search`. `artist_id`: named as artist or album artist. `genre`:
    exactly as in the tags.
    """

    search: str = ""
    artist_id: int | None = None
    album_id: int | None = None
    genre: str | None = None

    @property
    def is_search_alone(self) -> bool:
        """Or nothing at all."""
        return self.artist_id is None and self.album_id is None and self.genre is None

    @property
    def is_narrow(self) -> bool:
        """Few tracks fit, which an index finds at once."""
        return self.artist_id is not None or self.album_id is not None

    @property
    def is_all(self) -> bool:
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
