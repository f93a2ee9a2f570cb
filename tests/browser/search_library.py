"""A library for the search in everything, written straight to a database."""

from typing import Any

from django.db import transaction

from library.models.albums import Album
from library.models.catalogue import ArtistRole, Track
from library.models.folding import search_text
from library.models.searched import searched_text
from library.scanning.words import new_words, store_words
from tests.api.library import credit, label, make_album, make_artist, on_album
from tests.web.library_rows import make_track

ALBUMS = {
    "Kind of Blue": (
        "Miles Davis",
        1959,
        "Jazz",
        ["So What", "Freddie Freeloader", "Blue in Green"],
    ),
    "Blue Train": ("John Coltrane", 1958, "Jazz", ["Blue Train", "Moment's Notice", "Locomotion"]),
    "Blue": ("Joni Mitchell", 1971, "Folk", ["All I Want", "My Old Man", "Blue", "Carey"]),
    "Blues Breakers": ("John Mayall", 1966, "Blues", ["All Your Love", "Hideaway"]),
    "OK Computer": ("Radiohead", 1997, "Rock", ["Airbag", "Paranoid Android", "Karma Police"]),
}
SONGS = 30
"""Tracks of one more album, whose titles all have `Song` in them."""


def fill_search_library() -> None:
    for title, (artist, year, genre, names) in ALBUMS.items():
        album = _album(title, artist, year)
        performer = make_artist(artist, search_text=search_text([artist]))
        label(album, "Blue Note" if genre == "Jazz" else "Reprise")
        for number, name in enumerate(names, 1):
            track = _track(album, name, genre, track_number=number)
            credit(track, performer)
            credit(track, performer, ArtistRole.ALBUM_ARTIST)
    composer = make_artist("Carl Blue", search_text=search_text(["Carl Blue"]))
    credit(Track.objects.get(title="Blue in Green"), composer, ArtistRole.COMPOSER)
    songs = _album("Songbook", "Somebody", 2001)
    for number in range(1, SONGS + 1):
        _track(songs, f"Song {number:02}", "Pop", track_number=number)
    bold = search_text(["<b>bold</b>"])
    make_track(title="<b>Bold</b>", artist="x", search_text=bold, path="Old Tapes/side-b.mp3")
    _two_editions()
    with transaction.atomic():
        store_words(new_words(Track.objects.values_list("search_text", flat=True)))


def _two_editions() -> None:
    for year, note in ((1970, ""), (2020, "Deluxe edition")):
        _track(_album("Twice", "Somebody", year, disambiguation=note), "Once", "Pop")


def _album(title: str, artist: str, year: int, **fields: Any) -> Album:
    text = searched_text((title, artist), (), (year,))
    return make_album(title, artist, year=year, search_text=text, **fields)


def _track(album: Album, title: str, genre: str, **fields: Any) -> Track:
    names = (title, album.album_artist, album.title, album.album_artist)
    text = searched_text(names, [genre], (album.year,))
    return on_album(
        album,
        title=title,
        artist=album.album_artist,
        year=album.year,
        genres=[genre],
        search_text=text,
        duration_s=215,
        **fields,
    )
