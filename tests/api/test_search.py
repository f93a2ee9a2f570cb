"""`GET search`: the best of everything at once."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from library.models.catalogue import ArtistRole
from library.models.folding import search_text
from library.models.revision import Revision
from library.models.searched import searched_text
from library.queries.revision import library_revision
from tests.api.library import credit, error, get, label, make_album, make_artist, on_album
from tests.web.library_rows import make_tracks

KINDS = ("artists", "albums", "tracks", "composers", "genres", "labels")
NOTHING = {"count": 0, "count_is_exact": True, "results": []}


@pytest.fixture
def library(db: None) -> dict[str, Any]:
    """One of each kind with `blue` in its name, and a track beside them."""
    album = make_album("Kind of Blue", "Miles Davis", search_text=search_text(["Kind of Blue"]))
    text = searched_text(("Blue in Green", "Blue Man", "Kind of Blue"), ["Blues"], ())
    track = on_album(album, title="Blue in Green", search_text=text, genres=["Blues"])
    artist = make_artist("Blue Man", search_text=search_text(["Blue Man"]))
    composer = make_artist("Carl Blue", search_text=search_text(["Carl Blue"]))
    credit(track, artist)
    credit(track, composer, ArtistRole.COMPOSER)
    label(album, "Blue Note")
    make_tracks(3, title="Other", search_text="other")
    return {"artist": artist, "album": album, "track": track, "composer": composer}


def test_rows_are_those_of_their_own_lists(api: Client, library: dict[str, Any]) -> None:
    body = get(api, "search?q=BLUE")
    assert list(body) == ["q", "corrected_q", "notes", "revision", "best", *KINDS, "playlists"]
    assert (body["q"], body["corrected_q"]) == ("BLUE", None)
    assert body["revision"] == library_revision()[0]
    for kind in KINDS:
        own = [
            row for row in get(api, kind)["results"] if "lu" in (row.get("title") or row["name"])
        ]
        assert body[kind] == {"count": 1, "count_is_exact": True, "results": own}, kind
    assert body["best"] == {"kind": "artist", "id": library["artist"].pk}


@pytest.mark.parametrize("query", ["", "?q=", "?q=%20%20", "?q=no+such+thing"])
def test_nothing_is_found(api: Client, library: dict[str, Any], query: str) -> None:
    body = get(api, f"search{query}")
    assert all(body[kind] == NOTHING for kind in KINDS)
    assert body["best"] is None
    assert body["corrected_q"] is None


def test_limit_is_that_of_each_kind(api: Client, library: dict[str, Any]) -> None:
    make_tracks(20, title="Blue", search_text=search_text(["Blue"]))
    body = get(api, "search?q=blue&limit=3")
    assert len(body["tracks"]["results"]) == 3
    assert body["tracks"]["count"] == 21
    assert body["best"]["kind"] == "track"
    assert body["best"]["id"] == body["tracks"]["results"][0]["id"]
    assert len(get(api, "search?q=blue")["tracks"]["results"]) == 10


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (f"q={'x' * 201}", "q"),
        ("q=%00", "q"),
        ("q=a&limit=0", "limit"),
        ("q=a&limit=51", "limit"),
        ("q=a&limit=many", "limit"),
        ("query=a", "query"),
        ("q=a&offset=1", "offset"),
    ],
)
def test_bad_values_are_refused(api: Client, query: str, said: str) -> None:
    assert said in error(api.get(f"/api/v1/search?{query}"), 422, "invalid")


def test_it_needs_a_login(client: Client, db: None) -> None:
    error(client.get("/api/v1/search?q=a"), 401, "not_logged_in")


def test_an_unchanged_library_is_not_searched_again(
    api: Client, library: dict[str, Any], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    first = api.get("/api/v1/search?q=blue")
    assert first["Cache-Control"] == "private, no-cache"
    with django_assert_num_queries(4):  # session, user, revision, playlists
        same = api.get("/api/v1/search?q=blue", headers={"If-None-Match": first["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    Revision.objects.raised()
    other = api.get("/api/v1/search?q=blue", headers={"If-None-Match": first["ETag"]})
    assert other.status_code == 200


def test_queries_do_not_grow_with_what_is_found(
    api: Client, library: dict[str, Any], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    get(api, "search?q=blue")
    # Session, user, revision; artists, albums, tracks that fit, their ranks; then the rows of
    # artists, albums, tracks and composers. Genres and labels are kept.
    with django_assert_num_queries(13):
        get(api, "search?q=blue")
    make_tracks(30, title="Blue", search_text=search_text(["Blue"]))
    with django_assert_num_queries(13):
        get(api, "search?q=blue")


def test_head_answers_too(api: Client, library: dict[str, Any]) -> None:
    assert api.head("/api/v1/search?q=blue").status_code == 200
    assert api.post("/api/v1/search?q=blue").status_code == 405
