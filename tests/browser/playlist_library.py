"""A library for playlists: 60 tracks of six albums, and two that have no file any more."""

from django.db import transaction

from library.models.catalogue import ArtistRole
from tests.api.library import credit, make_album, make_artist, on_album
from tests.web.library_rows import make_track

ALBUMS = 6
TRACKS_OF_AN_ALBUM = 10


@transaction.atomic
def fill_playlist_library() -> None:
    """Track 41 is `title000041`, by `artist4`, on `album4`, which has ten."""
    for number in range(ALBUMS):
        album, artist = make_album(f"album{number}"), make_artist(f"artist{number}")
        for place in range(TRACKS_OF_AN_ALBUM):
            track = on_album(
                album,
                title=f"title{number * TRACKS_OF_AN_ALBUM + place:06}",
                artist=f"artist{number}",
                track_number=place + 1,
                duration_s=200,
            )
            credit(track, artist)
            credit(track, artist, ArtistRole.ALBUM_ARTIST)
    for number in range(2):
        make_track(title=f"gone{number:06}", missing=True)
