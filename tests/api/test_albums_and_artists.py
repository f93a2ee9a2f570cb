"""`GET albums` and `GET artists`, each also by id."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from library.models.catalogue import ArtistRole
from library.queries.revision import library_revision
from tests.api.library import credit, error, get, make_album, make_artist, on_album
from tests.web.library_rows import count_tracks, make_track

# Session, user, revision, which match, the ids of the page, the rows with their sums.
QUERIES = 6


def names(client: Client, path: str) -> list[str]:
    rows: list[dict[str, Any]] = get(client, path)["results"]
    return [row.get("title") or row["name"] for row in rows]


def test_an_album_counts_its_present_tracks_and_shows_a_cover(api: Client) -> None:
    fields = {
        "original_date": "1995-06",
        "release_types": ["album"],
        "edition": "Deluxe",
        "labels": ["One Little Indian"],
        "catalogue_number": "TPLP51",
        "disc_titles": {"2": "Live"},
    }
    apart = {"together_by": "release_id", "apart_by": "edition", "disambiguation": "Deluxe"}
    album = make_album("Post", "Björk", year=1995, cover_id="c0ffee", **fields, **apart)
    first = on_album(album, duration_s=100.2, genres=["Electronic", "Pop"])
    pictured = on_album(album, duration_s=200.1, has_cover=True, cover_id="c0ffee")
    on_album(album, duration_s=9, has_cover=True, cover_id="other")
    on_album(album, duration_s=999, missing=True, has_cover=True, cover_id="c0ffee")
    row = {
        "id": album.pk,
        "title": "Post",
        "album_artist": "Björk",
        "title_sort": "",
        "album_artist_sort": "",
        "year": 1995,
        "first_year": 1995,
        **fields,
        "release_date": "",
        "genres": ["Electronic", "Pop"],
        "compilation": False,
        "musicbrainz_release_id": "",
        "musicbrainz_release_group_id": "",
        "cover_id": "c0ffee",
        "cover_track_id": pictured.pk,
        "track_count": 3,
        "duration_s": 309.3,
        "first_added_at": get(api, f"tracks/{first.pk}")["added_at"],
        **apart,
    }
    assert get(api, "albums") == {"count": 1, "revision": library_revision()[0], "results": [row]}
    assert get(api, f"albums/{album.pk}").items() >= row.items()


def test_an_artist_counts_each_present_track_once(api: Client) -> None:
    miles = make_artist("Miles Davis", sort_name="Davis, Miles", cover_id="c0ffee")
    albums = [make_album("One"), make_album("Two")]
    both = credit(on_album(albums[0], duration_s=1.5), miles)
    credit(both, miles, ArtistRole.ALBUM_ARTIST)
    credit(on_album(albums[1], duration_s=2), miles, ArtistRole.ALBUM_ARTIST)
    credit(make_track(duration_s=4), miles)
    credit(make_track(duration_s=99), miles, ArtistRole.COMPOSER)
    credit(make_track(duration_s=99, missing=True), miles)
    row = {
        "id": miles.pk,
        "name": "Miles Davis",
        "sort_name": "Davis, Miles",
        "musicbrainz_artist_id": "",
        "cover_id": "c0ffee",
        "track_count": 3,
        "album_count": 2,
        "duration_s": 7.5,
    }
    assert get(api, "artists") == {"count": 1, "revision": library_revision()[0], "results": [row]}
    assert get(api, f"artists/{miles.pk}") == row


def test_who_has_no_present_track_is_not_listed_and_404(api: Client) -> None:
    album, artist, composer = make_album("Gone"), make_artist("Gone"), make_artist("Composer")
    credit(on_album(album, missing=True), artist)
    credit(make_track(), composer, ArtistRole.COMPOSER)
    assert names(api, "albums") == names(api, "artists") == []
    for path in (f"albums/{album.pk}", f"artists/{artist.pk}", f"artists/{composer.pk}"):
        assert "with tracks that are present" in error(api.get(f"/api/v1/{path}"), 404, "not_found")


def test_an_album_or_artist_that_has_lost_its_last_track_is_not_found(api: Client) -> None:
    """Its row is there without any track between two transactions of a purge, and after a join."""
    album, artist = make_album("Post"), make_artist("Björk")
    for path in (f"albums/{album.pk}", f"artists/{artist.pk}"):
        error(api.get(f"/api/v1/{path}"), 404, "not_found")
    assert get(api, "albums")["results"] == get(api, "artists")["results"] == []


def test_they_come_back_with_their_tracks(api: Client) -> None:
    album, artist = make_album("Back"), make_artist("Back")
    track = credit(on_album(album, missing=True), artist)
    track.missing_since = None
    track.save()
    assert track.album is not None
    count_tracks(track.album)
    assert names(api, "albums") == names(api, "artists") == ["Back"]


def listed_library() -> dict[str, Any]:
    """Three albums by three artists, with a track each."""
    made = {}
    for title, artist, year, genre in (
        ("Äb", "Zoë", 1999, "Rock"),
        ("ac", "Ánna", None, "Jazz"),
        ("Zz", "bob", 1970, "Rock"),
    ):
        album = make_album(title, artist, year=year)
        made[artist] = make_artist(artist)
        credit(on_album(album, genre=genre), made[artist])
    return made


@pytest.mark.parametrize(
    ("path", "order"),
    [
        ("albums", ["Äb", "ac", "Zz"]),
        ("albums?sort=-title", ["Zz", "ac", "Äb"]),
        ("albums?sort=artist", ["ac", "Zz", "Äb"]),
        ("albums?sort=year", ["ac", "Zz", "Äb"]),
        ("albums?sort=-added", ["Zz", "ac", "Äb"]),
        ("albums?limit=1&offset=1", ["ac"]),
        ("albums?q=AB+zoe", ["Äb"]),
        ("albums?q=nobody", []),
        ("albums?genre=Rock", ["Äb", "Zz"]),
        ("artists", ["Ánna", "bob", "Zoë"]),
        ("artists?sort=-name", ["Zoë", "bob", "Ánna"]),
        ("artists?sort=added", ["Zoë", "Ánna", "bob"]),
        ("artists?q=ANNA", ["Ánna"]),
        ("artists?genre=Jazz", ["Ánna"]),
        ("artists?offset=3", []),
    ],
)
def test_lists_are_filtered_sorted_and_cut_into_pages(
    api: Client, path: str, order: list[str]
) -> None:
    listed_library()
    assert names(api, path) == order


def test_albums_of_one_year_are_sorted_by_their_whole_dates(api: Client) -> None:
    """The same original date: by the date of the release."""
    for title, original, release in (
        ("Anthology", "1964-07-10", ""),
        ("B-sides", "1964", "2009"),
        ("Remaster", "1963-03-22", "2009-09-09"),
        ("Original", "1963-03-22", "1963-03-22"),
        ("Sampler", "", "1963-11-22"),
    ):
        year = int((original or release)[:4])
        on_album(make_album(title, year=year, original_date=original, release_date=release))
    order = ["Original", "Remaster", "Sampler", "B-sides", "Anthology"]
    assert names(api, "albums?sort=year") == order
    assert names(api, "albums?sort=-year") == order[::-1]
    assert names(api, "albums?sort=artist") == order


def test_albums_link_their_artists(api: Client) -> None:
    duo = [make_artist(name) for name in ("Ella", "Louis")]
    for title, artist, roles in (
        ("Both", "Ella & Louis", (ArtistRole.ALBUM_ARTIST,) * 2),
        ("Hers", "Ella", (ArtistRole.ARTIST,)),
        ("Mixed", "", (ArtistRole.ARTIST,)),
    ):
        track = on_album(make_album(title, artist))
        for role, named in zip(roles, duo, strict=False):
            credit(track, named, role)
    ella, louis = ({"id": each.pk, "name": each.name} for each in duo)
    listed = get(api, "albums?artists=true")["results"]
    assert [each["album_artists"] for each in listed] == [[ella, louis], [ella], []]


def test_the_albums_of_an_artist(api: Client) -> None:
    artists = listed_library()
    assert names(api, f"albums?artist={artists['bob'].pk}") == ["Zz"]


@pytest.mark.parametrize("path", ["albums", "artists"])
def test_random_orders_are_told_apart_by_their_seed(api: Client, path: str) -> None:
    for number in range(30):
        credit(on_album(make_album(f"Album {number}")), make_artist(f"Artist {number}"))
    orders = [names(api, f"{path}?sort=random&seed={seed}") for seed in (1, 1, 2)]
    assert orders[0] == orders[1] != orders[2]
    assert sorted(orders[0]) == sorted(orders[2])


@pytest.mark.parametrize("number", [1, 20])
@pytest.mark.parametrize(
    ("path", "more"), [("albums", 0), ("artists", 0), ("albums?q=a&genre=Rock&artists=true", 3)]
)
def test_a_page_is_a_fixed_number_of_queries(
    api: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
    number: int,
    path: str,
    more: int,
) -> None:
    """A search first asks which of its words occur. Links to artists are one more query."""
    for each in range(number):
        album = make_album(f"Album {each}")
        credit(on_album(album, genre="Rock"), make_artist(f"Artist {each}"))
    with django_assert_num_queries(QUERIES + more):
        api.get(f"/api/v1/{path}")


@pytest.mark.parametrize("query", ["sort=loudness", "album=1", "limit=0", "q=%00", "sort=duration"])
@pytest.mark.parametrize("path", ["albums", "artists"])
def test_a_query_that_makes_no_sense_is_422(api: Client, path: str, query: str) -> None:
    error(api.get(f"/api/v1/{path}?{query}"), 422, "invalid")


@pytest.mark.parametrize("path", ["albums/0", "artists/x", "albums/9223372036854775808"])
def test_an_id_that_cannot_be_one_is_422(api: Client, path: str) -> None:
    error(api.get(f"/api/v1/{path}"), 422, "invalid")


@pytest.mark.parametrize(
    "name", ["R.E.M.", "Bal-Sagoth", "Mr. Bungle", "AC/DC", "'t Hof", "!!!", "坂本龍一"]
)
def test_names_with_signs_are_listed_and_found_by_them(api: Client, name: str) -> None:
    credit(on_album(make_album(name, name)), make_artist(name))
    credit(on_album(make_album("Else")), make_artist("Else"))
    for path in ("artists", "albums"):
        assert name in names(api, path)
        assert [row["id"] for row in get(api, f"{path}?q={name}")["results"]] == [
            row["id"]
            for row in get(api, path)["results"]
            if name in (row.get("title"), row.get("name"))
        ]
