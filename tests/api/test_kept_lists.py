"""What lists keep from request to request on PostgreSQL, as long as the library is as it was."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from library.models import ScanState, Track
from library.postgresql_halves import span_of
from library.postgresql_lists import Matching, searched
from tests.api.library import get
from tests.databases import IS_POSTGRESQL
from tests.web.library_rows import make_scan, make_track, make_tracks

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not IS_POSTGRESQL, reason="of PostgreSQL alone"),
]
# Session, user, revision, its scan; which ids there are, whether most match, the matches; their
# order; the rows.
QUERIES = 9
KEPT = 3


def test_pages_of_a_search_share_its_matches_until_the_library_changes(
    api: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    scan = make_scan(state=ScanState.RUNNING)
    make_tracks(50, revision=scan.pk)
    with django_assert_num_queries(QUERIES):
        first = get(api, "tracks?q=track&limit=2")
    assert first["count"] == 50
    with django_assert_num_queries(QUERIES - KEPT):
        second = get(api, "tracks?q=track&limit=2&offset=2")
    assert {row["id"] for row in first["results"]}.isdisjoint(
        row["id"] for row in second["results"]
    )
    make_track(title="Another track", search_text="another track", revision=scan.pk)
    scan.added += 1
    scan.save()
    assert get(api, "tracks?q=track&limit=2")["count"] == 51


@pytest.mark.parametrize("near", [0, 15, 100])
@pytest.mark.parametrize("sort", ["title", "-added"])
def test_a_page_is_the_same_wherever_its_tracks_are_chosen(
    api: Client, monkeypatch: pytest.MonkeyPatch, near: int, sort: str
) -> None:
    monkeypatch.setattr("library.postgresql_lists._NEAR", near)
    for title, number in (("b most", 60), ("a few", 10), ("c some", 30)):
        make_tracks(number, title=title, title_key=title, search_text=title)
    make_scan(added=100)
    column = {"title": "title_key", "-added": "-added_at"}[sort]
    order = "-pk" if sort.startswith("-") else "pk"
    for word in ("most", "few", "some", "missing"):
        tracks = Track.objects.filter(search_text__contains=word).order_by(column, order)
        expected = list(tracks.values_list("pk", flat=True))
        assert get(api, f"tracks/ids?q={word}&sort={sort}")["ids"] == expected
        for offset in (0, 3, len(expected) // 2, max(len(expected) - 5, 0)):
            page = get(api, f"tracks?q={word}&sort={sort}&offset={offset}&limit=5")
            assert page["count"] == len(expected)
            assert [row["id"] for row in page["results"]] == expected[offset : offset + 5]


def test_a_random_order_stays_when_a_search_finds_most_tracks_at_last(api: Client) -> None:
    """Whether most do is told by a sample, by each server for itself: no page may depend on it."""
    make_tracks(100, search_text="other")
    make_tracks(99, search_text="often")
    make_scan(added=199)
    before = get(api, "tracks/ids?q=often&sort=random&seed=3")["ids"]
    make_tracks(2, search_text="often")
    make_scan(added=2)
    after = get(api, "tracks/ids?q=often&sort=random&seed=3")["ids"]
    assert [pk for pk in after if pk in before] == before
    page = get(api, "tracks?q=often&sort=random&seed=3&offset=40&limit=20")
    assert [row["id"] for row in page["results"]] == after[40:60]


def test_whether_most_tracks_match_is_a_guess_that_changes_no_list(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    make_tracks(10, search_text="often")
    assert searched("often") == Matching(10, frozenset(), are_others=True)
    make_tracks(20, search_text="other")
    with django_assert_num_queries(1):
        stale = searched("often")
    assert stale == Matching(10, ids_of_tracks("other"), are_others=True)
    span_of.cache_clear()  # a minute later
    assert searched("often") == Matching(10, ids_of_tracks("often"), are_others=False)


def ids_of_tracks(search_text: str) -> frozenset[int]:
    tracks = Track.objects.filter(search_text=search_text)
    return frozenset(tracks.values_list("pk", flat=True))
