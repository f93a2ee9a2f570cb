"""What lists keep from request to request on PostgreSQL, as long as the library is as it was."""

from itertools import islice

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from library.models import ScanState, Track
from library.postgresql_lists import IdsInOrder
from tests.api.library import get
from tests.databases import IS_POSTGRESQL
from tests.web.library_rows import make_scan, make_track, make_tracks

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not IS_POSTGRESQL, reason="of PostgreSQL alone"),
]
# Session, user, revision, its scan; whether most match, the matches; how many tracks there are, and
# their order; the rows.
QUERIES = 9


def test_pages_of_a_search_share_its_matches_until_the_library_changes(
    api: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    scan = make_scan(state=ScanState.RUNNING)
    make_tracks(50, revision=scan.pk)
    first = get(api, "tracks?q=track&limit=2")
    assert first["count"] == 50
    with django_assert_num_queries(QUERIES - 3):
        second = get(api, "tracks?q=track&limit=2&offset=2")
    assert {row["id"] for row in first["results"]}.isdisjoint(
        row["id"] for row in second["results"]
    )
    make_track(title="Another track", search_text="another track", revision=scan.pk)
    scan.added += 1
    scan.save()
    assert get(api, "tracks?q=track&limit=2")["count"] == 51


def test_an_order_is_walked_once_for_many_searches(
    api: Client, django_assert_num_queries: DjangoAssertNumQueries, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("library.track_selection.SORTED_BY_THEMSELVES", 10)
    make_scan(added=200)
    make_tracks(140, search_text="other")
    make_tracks(30, search_text="one")
    make_tracks(30, search_text="two")
    with django_assert_num_queries(QUERIES):
        first = get(api, "tracks?q=one&sort=title")
    with django_assert_num_queries(QUERIES - 1):
        second = get(api, "tracks?q=two&sort=title")
    assert first["count"] == second["count"] == 30
    assert not {row["id"] for row in first["results"]} & {row["id"] for row in second["results"]}
    make_scan(added=1)
    with django_assert_num_queries(QUERIES):
        get(api, "tracks?q=two&sort=title")


def test_an_order_is_fetched_as_far_as_it_is_wanted(
    django_assert_num_queries: DjangoAssertNumQueries, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("library.postgresql_lists._CHUNK", 20)
    make_tracks(45)
    expected = list(Track.objects.order_by("-pk").values_list("pk", flat=True))
    order = IdsInOrder(Track.objects.order_by("-pk"))
    with django_assert_num_queries(1):
        assert list(islice(order.ids(10), 20)) == expected[:20]
    with django_assert_num_queries(2):
        assert list(order.ids(10)) == expected
    with django_assert_num_queries(0):
        assert list(order.ids(45)) == expected


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
