"""What pages and lists of the player ask beside the rows: letters, similar artists, artists by
other filters, and files."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from library.models.catalogue import ArtistRole
from library.models.revision import Revision
from tests.api.library import credit, error, get, label, make_album, make_artist, on_album
from tests.kept_lists import forget_lists
from tests.web.library_rows import make_track

HAN = "\u6f22"


def letters(client: Client, path: str) -> list[tuple[str, int]]:
    body = get(client, path)
    assert body["count"] == len(body["results"])
    return [(row["letter"], row["offset"]) for row in body["results"]]


def names(client: Client, path: str) -> list[str]:
    rows: list[dict[str, Any]] = get(client, path)["results"]
    return [row["name"] for row in rows]


class TestLetters:
    @pytest.mark.parametrize(("sort", "first"), [("title", "Águila"), ("-title", "apple")])
    def test_each_letter_is_where_its_first_row_is(
        self, api: Client, sort: str, first: str
    ) -> None:
        for title in ("99", "(x)", "Águila", "apple", "The Zoo", "Жук", "\u6771", "\u4eac", "!!!"):
            make_track(title=title, artist="One")
        shown = get(api, f"tracks?sort={sort}")["results"]
        places = letters(api, f"tracks/letters?sort={sort}")
        titles = {letter: shown[at]["title"] for letter, at in places}
        assert [*titles] == sorted(titles, reverse=sort == "-title")
        assert titles.keys() == {"#", "A", "X", "Z", "Ж", HAN}
        assert (titles["A"], titles["Z"]) == (first, "The Zoo")
        assert titles[HAN] in {"\u6771", "\u4eac"}
        assert letters(api, "tracks/letters?sort=artist") == [("O", 0)]

    def test_they_are_those_of_the_filtered_list(self, api: Client) -> None:
        for title, genre in (("Aa", "Jazz"), ("Bb", "Rock"), ("Cc", "Jazz")):
            make_track(title=title, genre=genre)
        assert letters(api, "tracks/letters?sort=title&genre=Jazz") == [("A", 0), ("C", 1)]
        assert letters(api, "tracks/letters?sort=title&q=bb") == [("B", 0)]
        assert letters(api, "tracks/letters?sort=title&q=nothing") == []

    def test_other_orders_have_none(self, api: Client) -> None:
        make_track(title="A")
        for sort in ("-added", "year", "random", "-plays"):
            assert letters(api, f"tracks/letters?sort={sort}") == []
        assert "sort: " in error(api.get("/api/v1/tracks/letters?sort=x"), 422, "invalid")

    def test_albums_artists_and_composers_have_them(self, api: Client) -> None:
        for title, artist in (("Blue", "Zoe"), ("Red", "Ann")):
            track = on_album(make_album(title, artist))
            credit(track, make_artist(artist))
            credit(track, make_artist(f"C{artist}"), ArtistRole.COMPOSER)
        assert letters(api, "albums/letters") == [("B", 0), ("R", 1)]
        assert letters(api, "albums/letters?sort=artist") == [("A", 0), ("Z", 1)]
        assert letters(api, "artists/letters?sort=-name") == [("Z", 0), ("A", 1)]
        assert letters(api, "composers/letters") == [("C", 0)]

    def test_they_are_counted_by_one_query_and_kept(
        self, api: Client, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        for title in "abcdefgh":
            make_track(title=title)
        Revision.objects.raised()
        path = "tracks/letters?sort=title"
        get(api, "tracks?sort=title")
        with django_assert_num_queries(4):  # session, user, revision, letters
            answer = api.get(f"/api/v1/{path}")
        with django_assert_num_queries(3):
            get(api, path)
        headers = {"If-None-Match": answer["ETag"]}
        assert api.get(f"/api/v1/{path}", headers=headers).status_code == 304


@pytest.fixture
def artists(db: None) -> dict[str, int]:
    """`Seed` plays mostly modal jazz of the fifties."""
    made = {}
    for name, year, *genres in (
        ("Seed", 1959, "Modal", "Modal", "Jazz"),
        ("Near", 1962, "Modal", "Modal", "Jazz"),
        ("Other", 1955, "Jazz", "Jazz", "Rock"),
        ("Later", 2010, "Modal", "Modal"),
        ("Far", 1959, "Polka", "Polka"),
    ):
        artist = make_artist(name)
        for genre in genres:
            credit(make_track(artist=name, genre=genre, year=year), artist)
        made[name] = artist.pk
    forget_lists()
    return made


class TestSimilarArtists:
    def test_those_of_the_same_genres_and_time(self, api: Client, artists: dict[str, int]) -> None:
        assert names(api, f"artists/{artists['Seed']}/similar") == ["Near", "Other"]
        assert names(api, f"artists/{artists['Seed']}/similar?limit=1") == ["Near"]
        assert names(api, f"artists/{artists['Far']}/similar") == []

    def test_the_number_of_queries_is_fixed_and_they_are_kept(
        self,
        api: Client,
        artists: dict[str, int],
        django_assert_num_queries: DjangoAssertNumQueries,
    ) -> None:
        path = f"artists/{artists['Seed']}/similar"
        with django_assert_num_queries(9):  # session, user, the artist, revision, four, rows
            get(api, path)
        with django_assert_num_queries(5):
            get(api, path)

    def test_somebody_who_is_not_there_is_404(self, api: Client) -> None:
        error(api.get("/api/v1/artists/987654/similar"), 404, "not_found")


def test_artists_are_filtered_like_albums(api: Client) -> None:
    writer = make_artist("Writer")
    for name, year in (("Early", 1959), ("Late", 1974)):
        album = make_album(name, first_year=year)
        label(album, name)
        track = credit(on_album(album, year=year), make_artist(name))
        if name == "Late":
            credit(track, writer, ArtistRole.COMPOSER)
    label_id = get(api, "labels?q=Early")["results"][0]["id"]
    assert names(api, f"artists?label={label_id}") == ["Early"]
    assert names(api, f"artists?composer={writer.pk}") == ["Late"]
    assert names(api, "artists?year=1970-1979") == ["Late"]
    assert names(api, "artists?year=1950-1979&q=early") == ["Early"]


def test_a_row_names_the_ids_of_its_artists_in_the_order_of_the_file(
    api: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    two, one = make_artist("Two"), make_artist("One")
    track = make_track()
    for artist in (one, two):
        credit(track, artist)
    credit(track, two, ArtistRole.COMPOSER)
    make_track()
    rows = get(api, "tracks?sort=added")["results"]
    assert [row["artist_ids"] for row in rows] == [[one.pk, two.pk], []]
    with django_assert_num_queries(4):  # session, user, revision, rows
        get(api, f"tracks?ids={track.pk}")


class TestFiles:
    def test_rows_tell_them_if_asked(self, api: Client) -> None:
        track = make_track(codec="flac", bitrate_kbps=900, sample_rate_hz=44100, bit_depth=16)
        assert "file" not in get(api, "tracks")["results"][0]
        for query in ("file=true", f"ids={track.pk}&file=true&own=true"):
            found = get(api, f"tracks?{query}")["results"][0]["file"]
            assert found["codec"] == "flac"
            assert (found["bitrate_kbps"], found["sample_rate_hz"]) == (900, 44100)
            assert found["path"] == ""

    def test_rows_tell_their_replaygain_if_asked(self, api: Client) -> None:
        track = make_track(replaygain_track_gain_db=-7.5, replaygain_album_peak=0.9)
        assert "gain" not in get(api, "tracks")["results"][0]
        for query in ("gain=true", f"ids={track.pk}&gain=true&file=true"):
            assert get(api, f"tracks?{query}")["results"][0]["gain"] == {
                "replaygain_track_gain_db": -7.5,
                "replaygain_track_peak": None,
                "replaygain_album_gain_db": None,
                "replaygain_album_peak": 0.9,
            }

    def test_only_administrators_see_paths(self, api: Client, staff: Client) -> None:
        track = make_track(path="caf\udce9/1.flac")
        seen = staff.get("/api/v1/tracks?file=true")
        assert seen.json()["results"][0]["file"]["path"] == "caf\ufffde9/1.flac"
        headers = {"If-None-Match": seen["ETag"]}
        assert api.get("/api/v1/tracks?file=true", headers=headers).status_code == 200
        for path in ("tracks?file=true", f"tracks/{track.pk}"):
            assert b"1.flac" not in api.get(f"/api/v1/{path}").content

    def test_they_take_one_query_for_any_number(
        self, api: Client, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        for number in (1, 20):
            for _ in range(number):
                make_track()
            Revision.objects.raised()
            with django_assert_num_queries(7):  # one more than without
                get(api, "tracks?file=true")


class TestGroups:
    def test_rows_tell_them_if_asked(self, api: Client) -> None:
        one, two, album = make_artist("One"), make_artist("Two"), make_album("Blue")
        track = on_album(album, genres=["Jazz", "Soul"])
        label(album, "Columbia")
        for artist, role in ((one, ArtistRole.ARTIST), (two, ArtistRole.ALBUM_ARTIST)):
            credit(track, artist, role)
        credit(track, one, ArtistRole.ALBUM_ARTIST)
        credit(track, two, ArtistRole.COMPOSER)
        assert "groups" not in get(api, "tracks")["results"][0]
        (row,) = get(api, f"tracks?ids={track.pk}&groups=true")["results"]
        named = {kind: [each["name"] for each in found] for kind, found in row["groups"].items()}
        assert named == {
            "artists": ["Two", "One"],
            "composers": ["Two"],
            "genres": ["Jazz", "Soul"],
            "labels": ["Columbia"],
        }
        for kind, found in row["groups"].items():
            for each in found:
                assert get(api, f"{kind}/{each['id']}")["name"] == each["name"]
