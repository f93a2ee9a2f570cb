"""`GET tracks`, `GET tracks/ids` and `GET tracks/{id}`."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from library.models.catalogue import Artist, ArtistRole, Track
from library.queries.revision import library_revision
from tests.api.library import credit, error, get, make_album, make_artist, on_album, titles
from tests.web.library_rows import make_track

SO_WHAT = {
    "title": "So What",
    "artist": "Miles Davis feat. Bill Evans",
    "artists": ["Miles Davis", "Bill Evans"],
    "album_artist": "Miles Davis",
    "track_number": 1,
    "disc_number": 1,
    "year": 1959,
    "first_year": 1959,
    "genre": "Jazz",
    "genres": ["Jazz", "Modal"],
    "explicit_status": "clean",
    "duration_s": 561.7,
    "composer": "Miles Davis",
    "work": "",
    "movement": "",
    "movement_number": None,
    "has_cover": True,
    "cover_id": "c0ffee",
    "revision": 7,
}


def test_a_row_has_what_a_player_shows(api: Client) -> None:
    album = make_album("Kind of Blue", "Miles Davis")
    track = on_album(album, **SO_WHAT, added_at=datetime(2026, 3, 1, 12, tzinfo=UTC))
    assert get(api, "tracks") == {
        "count": 1,
        "revision": library_revision()[0],
        "results": [
            {
                **SO_WHAT,
                "id": track.pk,
                "artist_ids": [],
                "album": "Kind of Blue",
                "album_id": album.pk,
                "album_disambiguation": "",
                "added_at": "2026-03-01T12:00:00Z",
            }
        ],
    }


def test_an_empty_library_is_an_empty_list(api: Client) -> None:
    revision, _ = library_revision()
    assert get(api, "tracks") == {"count": 0, "revision": revision, "results": []}
    assert get(api, "tracks?q=nothing") == {"count": 0, "revision": revision, "results": []}
    assert get(api, "tracks/ids") == {"count": 0, "revision": revision, "ids": []}


def test_a_missing_track_is_in_no_list(api: Client) -> None:
    make_track(title="Gone", missing=True)
    make_track(title="Here")
    for query in ("", "?q=g", "?sort=random", "?genre="):
        assert titles(api, query) in (["Here"], [])


def test_each_word_has_to_be_found_somewhere_blind_to_case_and_accents(api: Client) -> None:
    make_track(title="Jóga", artist="Björk", album_title="Homogenic")
    make_track(title="Army of Me", artist="Björk", album_title="Post")
    assert titles(api, "?q=HOMOGENIC+bjork") == ["Jóga"]
    assert titles(api, "?q=%20%20") == titles(api)
    assert titles(api, "?q=post+homogenic") == []


@pytest.mark.parametrize("sign", ["%25", "_", "*", "\\", "'", '"', "%22%20OR%201=1"])
def test_signs_with_a_meaning_for_the_database_are_searched_for_as_they_are(
    api: Client, sign: str
) -> None:
    make_track(title="Plain")
    assert titles(api, f"?q={sign}") == []


def test_an_artist_has_the_tracks_that_name_it_as_artist_or_album_artist(api: Client) -> None:
    miles, gil = make_artist("Miles Davis"), make_artist("Gil Evans")
    credit(make_track(title="As artist"), miles)
    both = credit(make_track(title="As both"), miles)
    credit(both, miles, ArtistRole.ALBUM_ARTIST)
    credit(make_track(title="Composed only"), miles, ArtistRole.COMPOSER)
    credit(make_track(title="Another's"), gil)
    assert titles(api, f"?artist={miles.pk}&sort=title") == ["As artist", "As both"]
    assert titles(api, f"?artist={miles.pk}&q=both") == ["As both"]
    assert titles(api, "?artist=999") == []


def test_an_album_has_its_tracks_in_the_order_of_discs_and_numbers(api: Client) -> None:
    album = make_album("Live")
    for title, disc, number in (("c", 2, 1), ("b", 1, 10), ("a", 1, 9)):
        on_album(album, title=title, disc_number=disc, track_number=number, album_key="live")
    make_track(title="elsewhere")
    assert titles(api, f"?album={album.pk}&sort=album") == ["a", "b", "c"]
    assert titles(api, f"?album={album.pk}&sort=-album") == ["c", "b", "a"]


def test_a_genre_is_compared_exactly(api: Client) -> None:
    make_track(title="a", genre="Hip-Hop")
    make_track(title="b", genre="hip-hop")
    make_track(title="c", genre="")
    assert titles(api, "?genre=Hip-Hop") == ["a"]
    assert titles(api, "?genre=") == ["c"]


def test_a_genre_is_found_at_any_place(api: Client) -> None:
    """Several with `; ` between them, as versions before wrote them, must all be there."""
    make_track(title="a", genres=["Rock", "Jazz"])
    make_track(title="b", genres=["Jazz"])
    make_track(title="c", genres=["Jazz Rock"])
    assert titles(api, "?genre=Jazz") == ["a", "b"]
    assert titles(api, "?genre=Rock;%20Jazz") == ["a"]


@pytest.mark.parametrize(
    ("year", "found"),
    [
        ("1959", ["a"]),
        ("1950-1969", ["a", "b"]),
        ("1960-", ["b", "c"]),
        ("-1959", ["a"]),
        ("0-9999", ["a", "b", "c"]),
        ("2004", []),
    ],
)
def test_years_are_those_of_the_original_release(api: Client, year: str, found: list[str]) -> None:
    make_track(title="a", year=2004, first_year=1959)
    make_track(title="b", year=1965)
    make_track(title="c", year=1999)
    make_track(title="d")
    assert titles(api, f"?year={year}") == found


@pytest.mark.parametrize("year", ["", "-", "x", "19999", "1959--", "1969-1950", "1959,1960"])
@pytest.mark.parametrize("path", ["tracks", "albums", "tracks/ids"])
def test_what_is_no_year_is_refused(api: Client, path: str, year: str) -> None:
    message = error(api.get(f"/api/v1/{path}?year={year}"), 422, "invalid")
    assert "year" in message
    assert "pattern" not in message


def test_a_track_has_everybody_in_every_role(api: Client) -> None:
    track = make_track()
    for name, role, instrument in (
        ("Producer", "producer", ""),
        ("Player", "performer", "oud"),
        ("Player", "performer", "bass"),
        ("Writer", "composer", ""),
        ("Band", "albumartist", ""),
        ("Singer", "artist", ""),
    ):
        artist = Artist.objects.filter(name=name).first() or make_artist(name)
        credit(track, artist, ArtistRole(role), instrument)
    credits_ = get(api, f"tracks/{track.pk}")["credits"]
    assert [(row["role"], row["name"], row["instrument"]) for row in credits_] == [
        ("artist", "Singer", ""),
        ("album_artist", "Band", ""),
        ("composer", "Writer", ""),
        ("producer", "Producer", ""),
        ("performer", "Player", "oud"),
        ("performer", "Player", "bass"),
    ]
    assert credits_[0]["artist_id"] == Artist.objects.get(name="Singer").pk


def test_a_track_shows_every_field(api: Client) -> None:
    fields: dict[str, Any] = {
        "title_sort": "Zoo, The",
        "disc_subtitle": "Live",
        "original_date": "1973-03",
        "release_date": "1999-01-02",
        "release_types": ["album", "live"],
        "edition": "Deluxe",
        "labels": ["ECM"],
        "catalogue_number": "ECM 1064",
        "moods": ["calm"],
        "bpm": 120.5,
        "comment": "Ünsign'd",
        "grouping": "G",
        "isrc": ["GBAYE7300001"],
        "work": "Op. 1",
        "movement": "Allegro",
        "movement_number": 1,
        "movement_total": 4,
        "bit_depth": 24,
        "lyrics_kind": "synced",
        "lyrics_language": "eng",
    }
    shown = get(api, f"tracks/{make_track(**fields).pk}")
    assert {name: shown[name] for name in fields} == fields


def test_one_track_has_all_that_is_known_of_it(api: Client, staff: Client) -> None:
    miles, bill, gil = (make_artist(name) for name in ("Miles", "Bill", "Gil"))
    track = make_track(
        title="So What",
        root="/music",
        path="caf\udce9/\N{REPLACEMENT CHARACTER}.flac",
        codec="FLAC",
        replaygain_track_gain_db=-7.5,
        musicbrainz_artist_ids=["one"],
    )
    credit(track, miles)
    credit(track, bill)
    credit(track, miles, ArtistRole.ALBUM_ARTIST)
    credit(track, gil, ArtistRole.COMPOSER)
    found = get(api, f"tracks/{track.pk}")
    assert found["title"] == "So What"
    assert found["artist_ids"] == [miles.pk, bill.pk]
    assert found["album_artist_ids"] == [miles.pk]
    assert found["composer_ids"] == [gil.pk]
    assert found["codec"] == "FLAC"
    assert found["replaygain_track_gain_db"] == -7.5
    assert found["musicbrainz_artist_ids"] == ["one"]
    assert found["missing_since"] is None
    assert (found["root"], found["path"]) == ("", "")  # of somebody without rights
    found = get(staff, f"tracks/{track.pk}")
    assert found["root"] == "/music"
    assert found["path"] == "caf\ufffde9/\ufffdef\ufffdbf\ufffdbd.flac"


def test_a_missing_track_is_found_by_its_id_and_says_since_when(api: Client) -> None:
    track = make_track(missing=True)
    assert get(api, f"tracks/{track.pk}")["missing_since"] is not None


@pytest.mark.parametrize("track_id", ["1", "9223372036854775807"])
def test_a_track_that_is_not_there_is_404(api: Client, track_id: str) -> None:
    Track.objects.all().delete()
    message = error(api.get(f"/api/v1/tracks/{track_id}"), 404, "not_found")
    assert track_id in message


@pytest.mark.parametrize(
    ("query", "complaint"),
    [
        ("limit=0", "limit: input should be greater than or equal to 1; found '0'"),
        ("limit=501", "limit: input should be less than or equal to 500; found '501'"),
        ("limit=ten", "limit: input should be a valid integer"),
        ("offset=-1", "offset: input should be greater than or equal to 0; found '-1'"),
        ("offset=10000001", "offset: input should be less than or equal to 10000000"),
        ("offset=" + "9" * 5000, "offset: "),
        ("artist=x", "artist: input should be a valid integer"),
        ("artist=9223372036854775808", "artist: input should be less than or equal to"),
        ("album=0", "album: input should be greater than or equal to 1"),
        ("seed=99999999999999999999", "seed: input should be less than or equal to"),
        ("sort=loudness", "sort: should be one of title, artist, album, added, year"),
        ("sort=-random", "sort: should be one of"),
        ("q=a%00b", "q: a NUL character is not allowed"),
        ("genre=%00", "genre: a NUL character is not allowed"),
        ("q=" + "x" * 201, "q: string should have at most 200 characters"),
        ("qq=miles", "There is no parameter 'qq', only q, artist, genre"),
        ("limit=0&offset=-1", "offset: "),
    ],
)
def test_a_query_that_makes_no_sense_is_422_and_says_what_is_allowed(
    api: Client, query: str, complaint: str
) -> None:
    message = error(api.get(f"/api/v1/tracks?{query}"), 422, "invalid")
    assert complaint in message
    assert len(message) < 1000


@pytest.mark.parametrize("track_id", ["x", "0", "-1", "1.5", "9223372036854775808", "9" * 4400])
def test_an_id_that_cannot_be_one_is_422(api: Client, track_id: str) -> None:
    assert "track_id: " in error(api.get(f"/api/v1/tracks/{track_id}"), 422, "invalid")


def test_bytes_that_are_no_utf8_are_searched_for_and_not_found(api: Client) -> None:
    make_track(title="Plain")
    assert titles(api, "?q=%ff%fe") == []
