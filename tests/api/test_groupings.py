"""`GET genres`, `labels`, `years` and `composers`, each also by id, and lists filtered by them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from library.models.catalogue import ArtistRole, Track
from library.models.genres import Genre, Label
from library.queries.revision import library_revision
from tests.api.library import (
    credit,
    error,
    get,
    label,
    make_album,
    make_artist,
    on_album,
    titles,
)
from tests.kept_lists import forget_lists
from tests.web.library_rows import count_tracks, make_track

KINDS = ("genres", "labels", "years", "decades", "composers")


def counts(client: Client, path: str) -> list[tuple[str, int, int]]:
    rows: list[dict[str, Any]] = get(client, path)["results"]
    return [(row["name"], row["track_count"], row["album_count"]) for row in rows]


@pytest.fixture
def library(db: None) -> None:
    """Two albums with two tracks each, and a track without an album. One track of each kind is
    missing; nobody but these would be of `Polka`, `Gone` and 1900."""
    shorter, silver = make_artist("Shorter", sort_name="Wayne"), make_artist("Silver")
    blue, red = make_album("Blue", first_year=1959), make_album("Red", first_year=1974)
    label(blue, "Columbia", "Blue Note")
    label(red, "Columbia")
    first = on_album(blue, title="1", genres=["Jazz", "Modal"], first_year=1959)
    second = on_album(blue, title="2", genres=["Jazz"], first_year=1959)
    on_album(red, title="3", genres=["Rock", "Jazz"], year=1974)
    on_album(red, title="4", genres=["Polka"], year=1900, missing=True)
    alone = make_track(title="5", genres=["Rock"], year=1974)
    gone = make_album("Gone", first_year=1900)
    label(gone, "Gone")
    credit(on_album(gone, genres=["Polka"], year=1900, missing=True), silver, ArtistRole.COMPOSER)
    for track in (first, second):
        credit(track, shorter, ArtistRole.COMPOSER)
    credit(alone, silver, ArtistRole.ARTIST)
    credit(alone, make_artist("Ábel"), ArtistRole.COMPOSER)


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("genres", [("Jazz", 3, 2), ("Modal", 1, 1), ("Rock", 2, 1)]),
        ("genres?sort=-name", [("Rock", 2, 1), ("Modal", 1, 1), ("Jazz", 3, 2)]),
        ("genres?sort=tracks", [("Modal", 1, 1), ("Rock", 2, 1), ("Jazz", 3, 2)]),
        ("genres?sort=-tracks", [("Jazz", 3, 2), ("Rock", 2, 1), ("Modal", 1, 1)]),
        ("genres?sort=-albums", [("Jazz", 3, 2), ("Modal", 1, 1), ("Rock", 2, 1)]),
        ("genres?q=JÄZZ", [("Jazz", 3, 2)]),
        ("genres?q=none", []),
        ("genres?limit=1&offset=1", [("Modal", 1, 1)]),
        ("genres?offset=9", []),
        ("labels", [("Blue Note", 2, 1), ("Columbia", 3, 2)]),
        ("labels?q=note+blue", [("Blue Note", 2, 1)]),
        ("labels?sort=-albums", [("Columbia", 3, 2), ("Blue Note", 2, 1)]),
        ("years", [("1959", 2, 1), ("1974", 2, 1)]),
        ("years?sort=-name", [("1974", 2, 1), ("1959", 2, 1)]),
        ("years?q=197", [("1974", 2, 1)]),
        ("decades", [("1950s", 2, 1), ("1970s", 2, 1)]),
        ("decades?sort=-name", [("1970s", 2, 1), ("1950s", 2, 1)]),
        ("composers", [("Ábel", 1, 0), ("Shorter", 2, 1)]),
        ("composers?sort=-name", [("Shorter", 2, 1), ("Ábel", 1, 0)]),
        ("composers?q=wayne", [("Shorter", 2, 1)]),
    ],
)
def test_each_is_listed_with_its_present_tracks_and_albums(
    api: Client, path: str, expected: list[tuple[str, int, int]]
) -> None:
    assert counts(api, path) == expected


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("kind", KINDS)
def test_a_page_says_how_many_there_are(api: Client, kind: str) -> None:
    page = get(api, f"{kind}?limit=1")
    assert (page["count"], len(page["results"])) == (3 if kind == "genres" else 2, 1)
    assert page["revision"] == library_revision()[0]


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize(
    ("kind", "parameter"),
    [("genres", "genre_id"), ("labels", "label"), ("years", "year"), ("composers", "composer")],
)
def test_each_can_be_asked_for_with_its_tracks_and_albums(
    api: Client, kind: str, parameter: str
) -> None:
    """The lists have as many rows as the counts say."""
    for row in get(api, kind)["results"]:
        assert get(api, f"{kind}/{row['id']}") == row
        wanted = f"{parameter}={row['id']}"
        assert get(api, f"tracks?{wanted}")["count"] == row["track_count"]
        assert get(api, f"tracks/ids?{wanted}")["count"] == row["track_count"]
        assert get(api, f"albums?{wanted}")["count"] == row["album_count"]


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("kind", KINDS)
def test_what_no_present_track_has_is_not_found(api: Client, kind: str) -> None:
    gone: dict[str, Callable[[], int]] = {
        "genres": lambda: Genre.objects.get(name="Polka").pk,
        "labels": lambda: Label.objects.get(name="Gone").pk,
        "years": lambda: 1900,
        "decades": lambda: 1900,
        "composers": lambda: make_artist("Nobody").pk,
    }
    for wanted in (gone[kind](), 10**6, 2**63 - 1):
        message = error(api.get(f"/api/v1/{kind}/{wanted}"), 404, "not_found")
        assert f"{kind.removesuffix('s')} {wanted} with tracks" in message
    error(api.get(f"/api/v1/{kind}/0"), 422, "invalid")


@pytest.mark.usefixtures("library")
def test_filters_are_combined(api: Client) -> None:
    jazz = Genre.objects.get(name="Jazz").pk
    columbia = Label.objects.get(name="Columbia").pk
    assert titles(api, f"?genre_id={jazz}&label={columbia}&year=1950-1960&q=2&sort=title") == ["2"]
    assert get(api, f"albums?genre_id={jazz}&label={columbia}&year=1970-")["count"] == 1
    assert get(api, f"artists?genre_id={Genre.objects.get(name='Rock').pk}")["count"] == 1
    assert get(api, f"artists?genre_id={jazz}")["count"] == 0


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize("kind", KINDS)
def test_a_list_that_a_client_has_is_not_sent_again(api: Client, kind: str) -> None:
    response = api.get(f"/api/v1/{kind}")
    again = api.get(f"/api/v1/{kind}", headers={"If-None-Match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize(
    ("kind", "queries", "again"),
    [("genres", 6, 3), ("labels", 6, 3), ("years", 5, 3), ("decades", 5, 3)],
)
def test_they_are_counted_once_while_the_library_stays_the_same(
    api: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
    kind: str,
    queries: int,
    again: int,
) -> None:
    """Session, user and revision are asked for each time."""
    forget_lists()
    with django_assert_num_queries(queries):
        get(api, kind)
    with django_assert_num_queries(again):
        get(api, f"{kind}?sort=-albums&q=1&offset=1")


@pytest.mark.usefixtures("library")
def test_composers_take_as_many_queries_as_artists(
    api: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(20):
        credit(make_track(), make_artist(f"C {number}"), ArtistRole.COMPOSER)
    forget_lists()
    with django_assert_num_queries(6):
        assert len(get(api, "composers")["results"]) == 22


def test_an_empty_library_has_none(api: Client) -> None:
    for kind in KINDS:
        assert get(api, kind)["results"] == []


def test_names_that_differ_in_case_count_together(api: Client) -> None:
    """As the rows of a scan do; each album names a genre as its own tracks do."""
    albums = [make_album("One"), make_album("Two")]
    on_album(albums[0], genres=["Hip-Hop"])
    other = on_album(albums[1], genres=["hip-hop"])
    assert isinstance(other, Track)
    assert counts(api, "genres") == [("Hip-Hop", 2, 2)]
    Track.objects.update(missing_since="2026-01-01T00:00:00Z")
    for album in albums:
        count_tracks(album)
    forget_lists()
    assert counts(api, "genres") == []


@pytest.mark.parametrize(
    "path",
    [
        "genres?sort=random",
        "genres?sort=title",
        "genres?genre=Rock",
        "labels?limit=0",
        "tracks?genre_id=0",
        "tracks?label=x",
        "albums?composer=-1",
        f"tracks?genre_id={2**63}",
        "composers?genre_id=1",
    ],
)
def test_what_makes_no_sense_is_refused(api: Client, path: str) -> None:
    response = api.get(f"/api/v1/{path}")
    assert response.status_code == 422
    assert response.json()["error"]["message"]
