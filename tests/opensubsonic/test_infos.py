"""What is told of artists and albums, and which songs go with others."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User

from library.models.catalogue import Artist, ArtistRole, Track
from listening.models import Play, PlayCount
from listening.ratings import change_ratings
from tests.api.library import credit, make_album, make_artist, on_album
from tests.opensubsonic.in_process import Rest
from tests.opensubsonic.rows import image_address, make_folder, place
from tests.web.library_rows import make_track

pytestmark = pytest.mark.django_db
TEXTS = {
    *("musicBrainzId", "lastFmUrl", "smallImageUrl", "mediumImageUrl", "largeImageUrl"),
}
AT = datetime(2026, 11, 1, 12, tzinfo=UTC)


def song_of(artist: Artist, **fields: Any) -> Track:
    return credit(make_track(artist=artist.name, **fields), artist)


def ids(songs: Any) -> list[str]:
    return [each["id"] for each in songs["song"]]


def named(*tracks: Track) -> list[str]:
    return [f"tr-{each.pk}" for each in tracks]


def test_all_six_texts_are_always_there(rest: Rest) -> None:
    """knuckles demands them; `null` breaks Music Assistant (oc-music#1233)."""
    artist = make_artist("Miles", cover_id="ab" * 5, musicbrainz_artist_id="1" * 8)
    album = make_album("Blue", musicbrainz_release_id="2" * 8)
    track = credit(credit(on_album(album), artist), artist, ArtistRole.ALBUM_ARTIST)
    image = f"{image_address(rest)}ar-{artist.pk}_abababab"
    for id_ in (f"ar-{artist.pk}", f"al-{album.pk}", f"tr-{track.pk}"):
        for name in ("artistInfo", "artistInfo2"):
            info = rest(f"get{name[0].upper()}{name[1:]}", id=id_)[name]
            assert info.keys() == {*TEXTS, "biography", "similarArtist"}
            assert (info["musicBrainzId"], info["similarArtist"]) == ("1" * 8, [])
            assert info["smallImageUrl"] == f"{image}&size=160"
    for id_ in (f"al-{album.pk}", f"tr-{track.pk}"):
        for endpoint in ("getAlbumInfo", "getAlbumInfo2"):
            info = rest(endpoint, id=id_)["albumInfo"]
            assert info.keys() == {*TEXTS, "notes"}
            assert (info["musicBrainzId"], info["largeImageUrl"]) == ("2" * 8, "")


def test_texts_are_elements_in_xml(rest: Rest) -> None:
    artist = make_artist("Miles", musicbrainz_artist_id="1" * 8)
    song_of(artist, album=make_album("Blue"))
    content = rest.ask("getArtistInfo2", id=f"ar-{artist.pk}", f="xml").content
    assert b"<artistInfo2><biography></biography><musicBrainzId>11111111</musicBrainzId>" in content


def test_a_folder_of_files_without_an_album_has_an_info(rest: Rest) -> None:
    folder = make_folder("Tapes")
    place(song_of(make_artist("Unknown Artist")), folder)
    assert rest("getAlbumInfo2", id=f"fo-{folder.pk}")["albumInfo"]["notes"] == ""
    assert rest("getArtistInfo", id=f"fo-{folder.pk}")["artistInfo"]["biography"] == ""


def test_artists_of_the_same_albums_are_related(rest: Rest) -> None:
    miles, gil, john = (make_artist(name) for name in ("Miles", "Gil", "John"))
    for title in ("One", "Two"):
        credit(credit(on_album(make_album(title)), miles), gil)
    credit(credit(on_album(make_album("Three")), miles), john)
    info = rest("getArtistInfo2", id=f"ar-{miles.pk}")["artistInfo2"]
    assert [each["name"] for each in info["similarArtist"]] == ["Gil", "John"]
    info = rest("getArtistInfo", id=f"ar-{miles.pk}", count=1)["artistInfo"]
    assert [each["name"] for each in info["similarArtist"]] == ["Gil"]


def test_names_of_nobody_are_not_related(rest: Rest) -> None:
    """Sublime Music offered "Various Artists" as a similar artist of everybody on a sampler."""
    miles, gil = make_artist("Miles"), make_artist("Gil")
    for name in ("Various Artists", "VA", "Unknown Artist"):
        credit(credit(on_album(make_album(f"By {name}")), miles), make_artist(name))
    credit(credit(on_album(make_album("Two")), miles), gil)
    info = rest("getArtistInfo2", id=f"ar-{miles.pk}")["artistInfo2"]
    assert [each["name"] for each in info["similarArtist"]] == ["Gil"]


def test_top_songs_are_those_that_all_users_play_most(rest: Rest, listener: User) -> None:
    other = User.objects.create_user("other")
    artist = make_artist("Miles")
    first, second, rated, played = (song_of(artist, track_number=each) for each in (1, 2, 3, 4))
    song_of(make_artist("Other"))
    for user in (listener, other):
        PlayCount.objects.create(user=user, track=played, count=2, last_played_at=AT)
    change_ratings(other.pk, {"track": {rated.pk: 5}}, {})
    expected = named(played, rated, first, second)
    assert ids(rest("getTopSongs", artist="miles")["topSongs"]) == expected
    assert ids(rest("getTopSongs", id=f"ar-{artist.pk}", artist="Other")["topSongs"]) == expected
    assert ids(rest("getTopSongs", artist=f"ar-{artist.pk}")["topSongs"]) == expected
    assert ids(rest("getTopSongs", artist="Miles", count=1)["topSongs"]) == expected[:1]
    assert rest("getTopSongs", artist="Nobody")["topSongs"] == {"song": []}
    for unknown in ("ar-99", "x", "al-1"):
        assert rest("getTopSongs", id=unknown)["topSongs"] == {"song": []}
    assert rest.error("getTopSongs")["code"] == 10


def test_similar_songs_share_the_artist_the_genre_or_the_listener(rest: Rest) -> None:
    artist = make_artist("Miles")
    song = song_of(artist, genres=["Jazz"], year=1960)
    same = song_of(artist, genres=["Rock"], year=2000)
    near = make_track(genres=["Jazz"], year=1969)
    make_track(genres=["Jazz"], year=1971)
    heard, _never = make_track(), make_track()
    listeners = [User.objects.create_user(name) for name in ("one", "two")]
    Play.objects.create(user=listeners[0], track=song, started_at=AT)
    Play.objects.create(user=listeners[0], track=heard, started_at=AT + timedelta(minutes=20))
    Play.objects.create(user=listeners[1], track=_never, started_at=AT)
    found = ids(rest("getSimilarSongs", id=f"tr-{song.pk}")["similarSongs"])
    assert sorted(found) == sorted(named(same, near, heard))
    assert ids(rest("getSimilarSongs", id=f"tr-{song.pk}")["similarSongs"]) == found
    assert len(ids(rest("getSimilarSongs", id=f"tr-{song.pk}", count=2)["similarSongs"])) == 2
    of_artist = ids(rest("getSimilarSongs2", id=f"ar-{artist.pk}")["similarSongs2"])
    assert {*named(song, same, near, heard)} <= {*of_artist}


def test_similar_songs_of_an_album_and_of_a_folder(rest: Rest) -> None:
    album = make_album("Blue")
    track = place(on_album(album, genres=["Jazz"]), make_folder("Blue"))
    other = make_track(genres=["Jazz"])
    for id_ in (f"al-{album.pk}", f"fo-{track.folder_id}"):
        assert ids(rest("getSimilarSongs", id=id_)["similarSongs"]) == named(other)


def test_a_song_that_nothing_goes_with(rest: Rest) -> None:
    track = make_track()
    assert rest("getSimilarSongs2", id=f"tr-{track.pk}")["similarSongs2"] == {"song": []}
