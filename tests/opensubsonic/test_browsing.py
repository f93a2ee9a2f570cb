"""Browsing by tags."""

from itertools import chain
from typing import Any

import pytest
from django.contrib.auth.models import User
from pytest_django.fixtures import Settings

from library.models.albums import Album
from library.models.catalogue import Artist, ArtistRole, Track
from library.models.revision import NextRevision
from library.models.tombstones import Tombstone
from listening.favourites import change_favourites
from listening.ratings import change_ratings
from tests.api.library import credit, make_album, make_artist, on_album
from tests.opensubsonic.in_process import Rest
from tests.opensubsonic.rows import done_at, image_address, make_folder, place
from tests.web.library_rows import make_scan, make_track

pytestmark = pytest.mark.django_db


def own_album(artist: Artist, title: str = "", **fields: Any) -> Album:
    """An album of one track, which names the artist as album artist."""
    album = make_album(title or f"Of {artist.name}", artist.name, **fields)
    track = on_album(album)
    credit(credit(track, artist), artist, ArtistRole.ALBUM_ARTIST)
    return album


def names(answer: Any) -> dict[str, list[str]]:
    """Of the artists, by their letters."""
    return {
        each["name"]: [artist["name"] for artist in each["artist"]]
        for each in answer["artists"]["index"]
    }


def test_artists_are_listed_by_their_letters(rest: Rest, settings: Settings) -> None:
    settings.IGNORED_ARTICLES = ("The", "Die")
    for name in ("The Beatles", "björk", "Ärzte", "Die Toten Hosen", "10cc", "!!!", "Кино", "Abba"):
        own_album(make_artist(name))
    own_album(make_artist("David Bowie", sort_name="Bowie, David"))
    answer = rest("getArtists")
    assert names(answer) == {
        "A": ["Abba", "Ärzte"],
        "B": ["The Beatles", "björk", "David Bowie"],
        "T": ["Die Toten Hosen"],
        "#": ["!!!", "10cc", "Кино"],
    }
    assert answer["artists"]["ignoredArticles"] == "The Die"


def test_artists_without_an_album_of_their_own_are_left_out(rest: Rest, settings: Settings) -> None:
    """Guests of an album are not listed, nor its composer; who is on an album that names no album
    artist is. A setting lists the guests as well."""
    host, guest, composer = (make_artist(name) for name in ("Host", "Guest", "Composer"))
    album = make_album("Duets", "Host")
    track = credit(credit(on_album(album), host), guest)
    credit(credit(track, host, ArtistRole.ALBUM_ARTIST), composer, ArtistRole.COMPOSER)
    mixed = make_album("Mixed", "")
    credit(on_album(mixed), make_artist("One"))
    credit(on_album(mixed), make_artist("Two"))
    assert names(rest("getArtists")) == {"H": ["Host"], "O": ["One"], "T": ["Two"]}
    settings.SUBSONIC_ALL_ARTISTS = True
    assert names(rest("getArtists"))["G"] == ["Guest"]
    assert "C" not in names(rest("getArtists"))


def test_an_empty_library_has_its_containers(rest: Rest) -> None:
    assert rest("getArtists")["artists"]["index"] == []
    assert rest("getGenres")["genres"] == {"genre": []}
    assert rest("getVideos")["videos"] == {"video": []}


def test_artists_tell_what_they_are(rest: Rest, listener: User) -> None:
    artist = make_artist("Miles", musicbrainz_artist_id="1" * 8, sort_name="Davis, Miles")
    older = own_album(artist, "Older", cover_id="a" * 10, first_date="1959", year=1959)
    newer = own_album(artist, "Newer", cover_id="b" * 10, first_date="1960", year=1960)
    for album in (older, newer):
        album.tracks.update(has_cover=True, cover_id=album.cover_id)
        Album.objects.filter(pk=album.pk).update(cover_track_id=album.tracks.get().pk)
    change_favourites(listener.pk, {"artist": [artist.pk]}, {})
    change_ratings(listener.pk, {"artist": {artist.pk: 4}}, {})
    [index] = rest("getArtists")["artists"]["index"]
    [found] = index["artist"]
    assert found.pop("starred")[-1] == "Z"
    cover = f"tr-{newer.tracks.get().pk}_bbbbbbbb"
    assert found == {
        "id": f"ar-{artist.pk}",
        "name": "Miles",
        "coverArt": cover,
        "artistImageUrl": image_address(rest) + cover,
        "albumCount": 2,
        "userRating": 4,
        "musicBrainzId": "1" * 8,
        "sortName": "Davis, Miles",
        "roles": ["artist", "albumartist"],
    }
    answer = rest("getArtist", id=f"ar-{artist.pk}")["artist"]
    assert [each["name"] for each in answer.pop("album")] == ["Older", "Newer"]
    assert answer.keys() == {*found, "starred"}


def test_the_number_of_statements_does_not_grow_with_the_artists(rest: Rest) -> None:
    counts = []
    NextRevision().number  # noqa: B018  # raises it: the first one of a library counts everything
    rest("getArtists")
    for number in (1, 30):
        changed: Any = {"revision": NextRevision().number}
        for each in range(number):
            album = make_album(f"{number} {each}", **changed)
            credit(on_album(album, **changed), make_artist(f"{number} {each}", **changed))
        listed = [*chain.from_iterable(names(rest("getArtists")).values())]
        assert f"{number} 0" in listed
        counts.append(len(rest.statements))
    assert counts[0] == counts[1]
    rest("getArtists")
    assert len(rest.statements) <= 5


def test_an_artist_has_the_own_albums_then_those_it_plays_on(rest: Rest) -> None:
    """navidrome#4406."""
    artist, host = make_artist("Guest"), make_artist("Host")
    other = own_album(host, "Elsewhere", year=1950)
    credit(other.tracks.get(), artist, ArtistRole.PERFORMER)
    for title, year in (("Late", 1990), ("B", 1980), ("A", 1980), ("Undated", None)):
        own_album(artist, title, year=year)
    composed = own_album(host, "Composed", year=1940)
    credit(composed.tracks.get(), artist, ArtistRole.COMPOSER)
    found = rest("getArtist", id=f"ar-{artist.pk}")["artist"]
    titles = [each["name"] for each in found["album"]]
    assert titles == ["A", "B", "Late", "Undated", "Elsewhere"]
    assert found["albumCount"] == 5


def test_a_composer_has_the_albums_of_the_works(rest: Rest) -> None:
    composer = make_artist("Composer")
    credit(own_album(make_artist("Host")).tracks.get(), composer, ArtistRole.COMPOSER)
    found = rest("getArtist", id=f"ar-{composer.pk}")["artist"]
    assert [each["name"] for each in found["album"]] == ["Of Host"]


def test_a_change_of_the_library_is_seen_at_once(rest: Rest) -> None:
    """Of what a process keeps only the part that changed is counted anew."""
    one, other = make_artist("One"), make_artist("Other")
    album = own_album(one)
    own_album(other)
    assert names(rest("getArtists")) == {"O": ["One", "Other"]}
    track = album.tracks.get()
    track.track_artists.update(artist=make_artist("New"))
    track.revision = NextRevision().number
    track.save()
    assert names(rest("getArtists")) == {"N": ["New"], "O": ["Other"]}
    track.missing_since, track.revision = track.added_at, NextRevision().number
    track.save()
    assert names(rest("getArtists")) == {"O": ["Other"]}
    Track.objects.filter(album__title="Of Other").update(album=None)
    Album.objects.filter(title="Of Other").delete()
    NextRevision().number  # noqa: B018  # raises it
    assert names(rest("getArtists")) == {}


BLUE: dict[str, Any] = {
    "title_sort": "Blue, Kind of",
    "year": 1997,
    "original_date": "1959-08",
    "release_date": "1997-03-25",
    "release_types": ["album", "live"],
    "edition": "Legacy",
    "labels": ["Columbia"],
    "disc_titles": {"2": "Takes", "1": "Songs"},
    "compilation": True,
    "musicbrainz_release_id": "2" * 8,
}
BLUE_ANSWERED: dict[str, Any] = {
    "name": "Blue",
    "artist": "Miles Davis",
    "songCount": 4,
    "duration": 41,
    "year": 1997,
    "genre": "Jazz",
    "genres": [{"name": "Jazz"}],
    "displayArtist": "Miles Davis",
    "recordLabels": [{"name": "Columbia"}],
    "sortName": "Blue, Kind of",
    "version": "Legacy",
    "musicBrainzId": "2" * 8,
    "releaseTypes": ["album", "live"],
    "originalReleaseDate": {"year": 1959, "month": 8},
    "releaseDate": {"year": 1997, "month": 3, "day": 25},
    "isCompilation": True,
    "discTitles": [{"disc": 1, "title": "Songs"}, {"disc": 2, "title": "Takes"}],
    "moods": ["calm"],
    "explicitStatus": "clean",
}


def test_an_album_has_its_songs_in_order(rest: Rest) -> None:
    artist = make_artist("Miles")
    album = make_album("Blue", "Miles Davis", **BLUE)
    places = [(2, 1, "d"), (1, 2, "c"), (1, 1, "b"), (None, None, "a")]
    of_all = {"duration_s": 10.3, "genres": ["Jazz"], "moods": ["calm"]}
    for disc, number, title in places:
        status = "clean" if disc == 2 else ""
        own = {"disc_number": disc, "track_number": number, "title": title}
        track = on_album(album, explicit_status=status, **own, **of_all)
        credit(credit(track, artist), artist, ArtistRole.ALBUM_ARTIST)
    found = rest("getAlbum", id=f"al-{album.pk}")["album"]
    assert [song["title"] for song in found.pop("song")] == ["a", "b", "c", "d"]
    assert found.pop("created")[-1] == "Z"
    assert found == BLUE_ANSWERED | {
        "id": f"al-{album.pk}",
        "artistId": f"ar-{artist.pk}",
        "artists": [{"id": f"ar-{artist.pk}", "name": "Miles"}],
    }


def test_files_on_no_album_are_on_one_of_their_folder(rest: Rest, listener: User) -> None:
    """Every albumId that a song has is answered, and its artist leads to it."""
    artist, folder = make_artist("Unknown Artist"), make_folder("Tapes")
    track = credit(place(make_track(title="memo", path="m.mp3", duration_s=5), folder), artist)
    change_favourites(listener.pk, {"folder": [folder.pk]}, {})
    song = rest("getSong", id=f"tr-{track.pk}")["song"]
    album = rest("getAlbum", id=song["albumId"])["album"]
    assert [each["id"] for each in album["song"]] == [song["id"]]
    assert {**album, **song}.items() >= {"name": "[Tapes]", "artistId": f"ar-{artist.pk}"}.items()
    assert (album["songCount"], album["duration"], "starred" in album) == (1, 5, True)
    assert album["artist"] == "Unknown Artist"
    found = rest("getArtist", id=song["artistId"])["artist"]
    assert [each["id"] for each in found["album"]] == [song["albumId"]]
    assert names(rest("getArtists")) == {"U": ["Unknown Artist"]}


def test_ids_of_joined_rows_are_answered_by_the_living_ones(rest: Rest) -> None:
    artist = make_artist("Miles")
    album = own_album(artist)
    living = {"track": album.tracks.get().pk, "album": album.pk, "artist": artist.pk}
    for kind, pk in living.items():
        Tombstone.objects.create(kind=kind, row_id=9_000, revision=1, replaced_by=pk)
    assert rest("getSong", id="tr-9000")["song"]["id"] == f"tr-{living['track']}"
    assert rest("getAlbum", id="al-9000")["album"]["id"] == f"al-{album.pk}"
    assert rest("getArtist", id="ar-9000")["artist"]["id"] == f"ar-{artist.pk}"
    assert rest("getTopSongs", id="ar-9000")["topSongs"]["song"]


@pytest.mark.parametrize(
    ("endpoint", "id_"),
    [
        *(("getArtist", each) for each in ("ar-999", "al-1", "x", "ar-0", "ar-" + "9" * 30)),
        *(("getAlbum", each) for each in ("al-999", "tr-1", "fo-999")),
        *(("getSong", each) for each in ("tr-999", "al-1")),
        *(("getMusicDirectory", each) for each in ("fo-999", "al-9", "ar-9", "77", "pl-1")),
        *(("getArtistInfo", each) for each in ("ar-999", "pl-1")),
        *(("getAlbumInfo2", each) for each in ("al-999", "ar-1")),
        *(("getSimilarSongs", each) for each in ("tr-999", "pl-1")),
        *((each, "1") for each in ("getVideoInfo", "getCaptions")),
    ],
)
def test_what_is_not_there_is_not_found(rest: Rest, endpoint: str, id_: str) -> None:
    assert rest.error(endpoint, id=id_)["code"] == 70
    assert rest.error(endpoint)["code"] == 10


def test_a_missing_track_is_not_found(rest: Rest) -> None:
    assert rest.error("getSong", id=f"tr-{make_track(missing=True).pk}")["code"] == 70


def test_a_number_alone_is_an_artist(rest: Rest) -> None:
    """DSub#1043: it cut `ar-` off."""
    artist = make_artist("Miles")
    own_album(artist)
    assert rest("getArtist", id=artist.pk)["artist"]["id"] == f"ar-{artist.pk}"


def test_genres_have_all_three_fields(rest: Rest) -> None:
    """kima#126."""
    make_track(genres=["Jazz", "Modal"])
    on_album(make_album("Blue"), genres=["Jazz"])
    assert rest("getGenres")["genres"]["genre"] == [
        {"value": "Jazz", "songCount": 2, "albumCount": 1},
        {"value": "Modal", "songCount": 1, "albumCount": 0},
    ]


def test_the_time_of_the_last_change_is_told(rest: Rest) -> None:
    assert rest("getArtists")["artists"]["lastModified"] == 0
    changing = make_scan(revision=7)
    make_scan()
    expected = round(done_at(changing).timestamp() * 1000)
    assert rest("getArtists")["artists"]["lastModified"] == expected


def test_one_music_folder_alone(rest: Rest) -> None:
    one, other = make_folder("", "/one"), make_folder("", "/other")
    for folder, name in ((one, "One"), (other, "Other")):
        album = own_album(make_artist(name))
        place(album.tracks.get(), folder)
    numbers = {
        each["name"]: each["id"] for each in rest("getMusicFolders")["musicFolders"]["musicFolder"]
    }
    assert names(rest("getArtists", musicFolderId=numbers["one"])) == {"O": ["One"]}
    assert names(rest("getArtists", musicFolderId=numbers["other"])) == {"O": ["Other"]}
    assert len(names(rest("getArtists"))["O"]) == 2
