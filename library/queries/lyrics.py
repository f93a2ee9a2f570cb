"""Finds the track whose lyrics are meant where only its artist and title are known."""

from django.db.models import Q

from library.models.catalogue import Track
from library.models.folding import fold

MOST_LOOKED_AT = 200
"""Tracks in which the words of the title occur; of these, the title has to be equal."""


def find_track_with_lyrics(artist: str, title: str) -> int | None:
    """The id of a present track with lyrics of this title, by this artist; by anybody, if no artist
    is named. Case and accents make no difference."""
    if not fold(title):
        return None
    has_lyrics = ~Q(lyrics_kind="") | ~Q(lyrics_file_name="")
    found = Track.objects.present().search(f"{title} {artist}").filter(has_lyrics).order_by("pk")
    rows = found.values_list("pk", "title", "artist", "artists")[:MOST_LOOKED_AT]
    for pk, own_title, own_artist, artists in rows:
        names = {fold(name) for name in (own_artist, *artists)}
        if fold(own_title) == fold(title) and (not artist or fold(artist) in names):
            return int(pk)
    return None
