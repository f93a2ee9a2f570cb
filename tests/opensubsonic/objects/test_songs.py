"""Songs have every field that mus knows, by a fixed number of queries."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from library.models.catalogue import ArtistRole
from listening.bookmarks import Position, set_bookmark
from listening.favourites import change_favourites
from listening.models import PlayCount
from listening.ratings import change_ratings
from opensubsonic.objects.songs import songs
from tests.api.library import credit, make_album, make_artist, on_album
from tests.opensubsonic.rows import call_of, make_folder, place
from tests.web.library_rows import make_track

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 28, 13, 43, 39, 123456, tzinfo=UTC)
TOLD: dict[str, Any] = {
    "path": "Blue/01 So.FLAC",
    "title": "So What",
    "title_sort": "What",
    "artist": "Miles Davis & Gil Evans",
    "track_number": 1,
    "disc_number": 2,
    "year": 1959,
    "genres": ["Jazz", "Modal"],
    "moods": ["calm"],
    "isrc": ["USSM15900113"],
    "bpm": 136.4,
    "comment": "Take 3",
    "grouping": "Side one",
    "work": "Suite",
    "movement": "First",
    "movement_number": 1,
    "movement_total": 4,
    "explicit_status": "clean",
    "duration_s": 0.4,
    "size_bytes": 1234,
    "bitrate_kbps": 900,
    "bit_depth": 24,
    "sample_rate_hz": 96000,
    "channels": 2,
    "codec": "flac",
    "composer": "Gil Evans",
    "musicbrainz_recording_id": "11111111-1111-1111-1111-111111111111",
    "replaygain_track_gain_db": -6.5,
    "replaygain_album_peak": 0.9,
    "has_cover": True,
    "cover_id": "4f3a9c21aa",
    "added_at": AT,
}
"""What a file tells of a track."""
ANSWERED = {
    "isDir": False,
    "title": "So What",
    "album": "Blue",
    "track": 1,
    "discNumber": 2,
    "year": 1959,
    "genre": "Jazz",
    "size": 1234,
    "contentType": "audio/flac",
    "suffix": "flac",
    "duration": 1,
    "bitRate": 900,
    "bitDepth": 24,
    "samplingRate": 96000,
    "channelCount": 2,
    "path": "Blue/01 So.FLAC",
    "isVideo": False,
    "created": "2026-11-28T13:43:39.123Z",
    "type": "music",
    "mediaType": "song",
    "bpm": 136,
    "comment": "Take 3",
    "sortName": "What",
    "musicBrainzId": "11111111-1111-1111-1111-111111111111",
    "isrc": ["USSM15900113"],
    "genres": [{"name": "Jazz"}, {"name": "Modal"}],
    "moods": ["calm"],
    "groupings": ["Side one"],
    "works": [{"name": "Suite"}],
    "movements": [{"name": "First", "number": 1, "count": 4}],
    "explicitStatus": "clean",
    "replayGain": {"trackGain": -6.5, "albumPeak": 0.9},
    "artist": "Miles Davis & Gil Evans",
    "displayArtist": "Miles Davis & Gil Evans",
    "displayAlbumArtist": "Miles Davis",
    "displayComposer": "Gil Evans",
}
"""The fields of its song that do not depend on ids."""


@pytest.fixture
def user() -> User:
    return User.objects.create_user("lee")


def test_a_song_has_all_that_its_file_tells(user: User) -> None:
    miles, gil = make_artist("Miles Davis"), make_artist("Gil Evans")
    album = make_album("Blue", "Miles Davis", cover_id="4f3a9c21aa")
    track = on_album(album, **TOLD)
    credit(credit(track, miles), gil)
    credit(track, miles, ArtistRole.ALBUM_ARTIST)
    credit(credit(track, gil, ArtistRole.COMPOSER), gil, ArtistRole.PERFORMER, "piano")
    [song] = songs(call_of(user), [track.pk])
    both = [{"id": f"ar-{each.pk}", "name": each.name} for each in (miles, gil)]
    assert song == ANSWERED | {
        "id": f"tr-{track.pk}",
        "albumId": f"al-{album.pk}",
        "coverArt": f"tr-{track.pk}_4f3a9c21",
        "artistId": both[0]["id"],
        "artists": both,
        "albumArtists": both[:1],
        "contributors": [
            {"role": "composer", "artist": both[1]},
            {"role": "performer", "subRole": "piano", "artist": both[1]},
        ],
    }


def test_what_is_unknown_is_empty_or_left_out(user: User) -> None:
    """Fields of OpenSubsonic are empty, those of the older protocol are left out."""
    folder = make_folder("Tapes")
    track = place(make_track(title="memo", path="memo.mp3"), folder)
    credit(track, make_artist("Unknown Artist"))
    [song] = songs(call_of(user), [track.pk])
    empty = {name: song[name] for name in song if song[name] in ("", 0, [], {})}
    assert empty.keys() == {
        *("comment", "sortName", "musicBrainzId", "displayComposer", "explicitStatus"),
        *("bpm", "bitDepth", "samplingRate", "channelCount", "duration", "isDir", "isVideo"),
        *("isrc", "genres", "moods", "groupings", "works", "movements", "contributors"),
        "replayGain",
    }
    absent = {"track", "discNumber", "year", "genre", "coverArt", "bitRate", "starred", "played"}
    assert not absent & song.keys()
    assert None not in song.values()


def test_a_file_without_an_album_is_on_one_of_its_folder(user: User) -> None:
    folder = make_folder("Tapes")
    track = place(make_track(path="memo.mp3"), folder)
    [song] = songs(call_of(user), [track.pk])
    assert (song["album"], song["albumId"]) == ("[Tapes]", f"fo-{folder.pk}")
    assert song["parent"] == f"fo-{folder.pk}"


def test_bytes_that_are_no_text_are_replaced(user: User) -> None:
    folder = make_folder("Caf\udce9")
    track = place(make_track(path="\udce9.mp3"), folder)
    [song] = songs(call_of(user), [track.pk])
    assert song["path"] == "Caf\ufffd/\ufffd.mp3"
    assert song["album"] == "[Caf\ufffd]"


def test_a_song_tells_what_its_user_made_of_it(user: User) -> None:
    other = User.objects.create_user("other")
    track = make_track(duration_s=100)
    change_favourites(user.pk, {"track": [track.pk]}, {}, AT)
    change_ratings(user.pk, {"track": {track.pk: 5}}, {})
    change_ratings(other.pk, {"track": {track.pk: 2}}, {})
    PlayCount.objects.create(user=user, track=track, count=7, last_played_at=AT)
    set_bookmark(user.pk, track, Position(position_s=12.5))
    fields = {
        "starred": "2026-11-28T13:43:39.123Z",
        "userRating": 5,
        "averageRating": 3.5,
        "playCount": 7,
        "played": "2026-11-28T13:43:39.123Z",
        "bookmarkPosition": 12500,
    }
    [song] = songs(call_of(user), [track.pk])
    assert {name: song.get(name) for name in fields} == fields
    [song] = songs(call_of(other), [track.pk])
    assert {name for name in fields if name in song} == {"userRating", "averageRating"}


def test_songs_come_in_the_order_of_their_ids(user: User) -> None:
    one, other, missing = make_track(), make_track(), make_track(missing=True)
    found = songs(call_of(user), [other.pk, missing.pk, 999_999, one.pk, other.pk])
    assert [each["id"] for each in found] == [f"tr-{pk}" for pk in (other.pk, one.pk, other.pk)]


def test_songs_of_one_picture_name_the_same_cover(user: User) -> None:
    album = make_album("Blue", cover_id="aaaaaaaaaa")
    pictures = ("aaaaaaaaaa", "aaaaaaaaaa", "bbbbbbbbbb")
    tracks = [on_album(album, has_cover=True, cover_id=each) for each in pictures]
    first, second, third = songs(call_of(user), [each.pk for each in tracks])
    assert first["coverArt"] == second["coverArt"] == f"tr-{tracks[0].pk}_aaaaaaaa"
    assert third["coverArt"] == f"tr-{tracks[2].pk}_bbbbbbbb"


def test_the_number_of_queries_is_fixed(user: User) -> None:
    counts = []
    for number in (1, 30):
        tracks = [credit(make_track(), make_artist(f"{number} {each}")) for each in range(number)]
        with CaptureQueriesContext(
            connection,
        ) as queries:
            songs(call_of(user), [each.pk for each in tracks])
        counts.append(len(queries))
    assert counts == [8, 8]
