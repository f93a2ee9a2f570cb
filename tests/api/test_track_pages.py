"""Orders and pages of the list of tracks, and how many queries they take."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise, product

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from library.models.catalogue import Track
from library.models.revision import Revision
from library.queries.orders import TRACK_ORDERS
from tests.api.library import get, titles
from tests.kept_lists import forget_lists
from tests.web.library_rows import make_track, make_tracks

# Of a page, and of the ids alone. Session, user, revision; which tracks match, those of the page,
# their rows.
QUERIES = (6, 5)


KEPT = 1


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("title", ["Äb", "ac", "Zz"]),
        ("artist", ["Zz", "Äb", "ac"]),
        ("album", ["ac", "Zz", "Äb"]),
        ("added", ["Äb", "ac", "Zz"]),
        ("year", ["Äb", "Zz", "ac"]),
        ("duration", ["ac", "Äb", "Zz"]),
    ],
)
@pytest.mark.parametrize("others", ["", "&q=needle"])
def test_a_list_is_sorted_either_way(api: Client, sort: str, order: list[str], others: str) -> None:
    then = datetime(2026, 1, 1, tzinfo=UTC)
    for number, (title, artist, album, year, duration) in enumerate(
        [("Äb", "b", "Z", None, 2), ("ac", "C", "X", 1999, 1), ("Zz", "á", "y", 1970, 3)]
    ):
        make_track(
            title=title,
            artist=artist,
            album_title=album,
            year=year,
            duration_s=duration,
            added_at=then + timedelta(number),
            search_text="needle",
        )
    assert titles(api, f"?sort={sort}{others}") == order
    assert titles(api, f"?sort=-{sort}{others}") == order[::-1]


MANY = 300


ALL_SORTS = [
    *("title", "-title", "artist", "-artist", "album", "-album", "added", "-added"),
    *("year", "-year", "duration", "-duration", "random"),
]


def test_pages_in_whatever_order_make_up_the_whole_list(
    api: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A search that finds all (of an accent alone nothing is left), few, more than are looked up
    one by one, and most."""
    monkeypatch.setattr("library.queries.lists._FEW", 50)
    make_tracks(60, title="Same", search_text="same")
    make_tracks(40, title="Same", search_text="rare often")
    make_tracks(MANY, title="Same", search_text="often")
    numbers = {"": MANY + 100, "\u0301": MANY + 100, "rare": 40, "same": 60, "often": MANY + 40}
    for sort, search in product(ALL_SORTS, numbers):
        query = f"sort={sort}&q={search}"
        whole = get(api, f"tracks/ids?{query}")
        pages: list[int] = []
        for offset in range(0, whole["count"] + 110, 110):
            page = get(api, f"tracks?{query}&limit=110&offset={offset}")
            assert page["count"] == whole["count"]
            pages += [row["id"] for row in page["results"]]
        assert pages == whole["ids"], query
        assert len(set(pages)) == numbers[search]
        if sort != "random":
            tracks = Track.objects.search(search).order_by(*TRACK_ORDERS[sort].terms)
            assert pages == list(tracks.values_list("pk", flat=True)), query


def test_a_seed_makes_one_random_order_of_many(api: Client) -> None:
    make_tracks(200)
    orders = [get(api, f"tracks/ids?sort=random&seed={seed}")["ids"] for seed in (1, 2, -1)]
    assert get(api, "tracks/ids?sort=random&seed=1")["ids"] == orders[0]
    assert len({tuple(order) for order in orders}) == 3
    assert all(sorted(order) == sorted(orders[0]) for order in orders)


def test_neighbours_in_one_random_order_are_no_neighbours_in_another(api: Client) -> None:
    make_tracks(500)
    steps = []
    for seed in (1, 2):
        ids = get(api, f"tracks/ids?sort=random&seed={seed}")["ids"]
        steps.append(set(pairwise(ids)))
        distances = [other - one for one, other in pairwise(ids)]
        assert len(set(distances)) > 200
    assert len(steps[0] & steps[1]) < 20


@pytest.mark.parametrize("number", [1, 150])
@pytest.mark.parametrize("query", ["", "?q=track", "?sort=random", "?q=track&sort=-added"])
def test_a_page_is_a_fixed_number_of_queries(
    api: Client, django_assert_num_queries: DjangoAssertNumQueries, number: int, query: str
) -> None:
    make_tracks(number, artists=["Somebody"])
    Revision.objects.raised()
    of_page, of_ids = QUERIES
    of_spellings = 3 if "q=" in query else 0
    with django_assert_num_queries(of_page + of_spellings):
        api.get(f"/api/v1/tracks{query}")
    forget_lists()
    with django_assert_num_queries(of_ids + of_spellings):
        api.get(f"/api/v1/tracks/ids{query}")


def test_the_next_page_of_all_tracks_need_not_count_them_again(
    api: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_tracks(5)
    Revision.objects.raised()
    assert get(api, "tracks?limit=2")["count"] == 5
    with django_assert_num_queries(QUERIES[0] - KEPT):
        assert get(api, "tracks?limit=2&offset=2")["count"] == 5
    make_tracks(1)
    Revision.objects.raised()
    assert get(api, "tracks?limit=2&offset=4")["count"] == 6
