"""What lists keep from request to request as long as the library is as it was."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from library.models.catalogue import Track
from library.models.revision import Revision
from tests.api.library import get
from tests.databases import IS_POSTGRESQL
from tests.web.library_rows import make_scan, make_track, make_tracks

pytestmark = pytest.mark.django_db

# Session, user, revision; which ids there are, how many tracks match, a page of them; the
# rows. SQLite is asked, too, whether most match.
QUERIES = 7
KEPT = 2
SEARCHED = 0 if IS_POSTGRESQL else 1


def test_pages_of_a_search_count_its_matches_once_until_the_library_changes(
    api: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_tracks(50)
    with django_assert_num_queries(QUERIES + SEARCHED):
        first = get(api, "tracks?q=track&limit=2")
    assert first["count"] == 50
    with django_assert_num_queries(QUERIES - KEPT):
        second = get(api, "tracks?q=track&limit=2&offset=2")
    assert {row["id"] for row in first["results"]}.isdisjoint(
        row["id"] for row in second["results"]
    )
    make_track(title="Another track", search_text="another track")
    Revision.objects.raised()
    assert get(api, "tracks?q=track&limit=2")["count"] == 51


@pytest.mark.parametrize("sort", ["title", "-added"])
def test_a_page_is_the_part_of_the_whole(api: Client, sort: str) -> None:
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


@pytest.mark.parametrize("query", ["q=often&", ""])
def test_a_page_in_random_order_is_found_from_how_many_there_were(
    api: Client, django_assert_num_queries: DjangoAssertNumQueries, query: str
) -> None:
    """And is the same where that is wrong, which takes a second look."""
    make_tracks(3_000, search_text="often")
    path = f"{query}sort=random&seed=3"
    get(api, f"tracks?{path}&limit=1")
    whole = get(api, f"tracks/ids?{path}")["ids"]
    with django_assert_num_queries(QUERIES - KEPT):
        page = get(api, f"tracks?{path}&offset=1400&limit=20")
    assert page["count"] == 3_000
    assert [row["id"] for row in page["results"]] == whole[1400:1420]
    Track.objects.filter(pk__in=whole[:1200]).delete()
    with django_assert_num_queries(QUERIES - KEPT + 1):
        page = get(api, f"tracks?{path}&offset=1400&limit=20")
    assert page["count"] == 1_800
    assert [row["id"] for row in page["results"]] == whole[2600:2620]
    assert get(api, f"tracks?{path}&offset=1800")["results"] == []


def test_a_random_order_leaves_the_others_where_they_are_when_tracks_come(api: Client) -> None:
    make_tracks(99, search_text="often")
    before = get(api, "tracks/ids?q=often&sort=random&seed=3")["ids"]
    make_tracks(2, search_text="often")
    after = get(api, "tracks/ids?q=often&sort=random&seed=3")["ids"]
    assert [pk for pk in after if pk in before] == before
    page = get(api, "tracks?q=often&sort=random&seed=3&offset=40&limit=20")
    assert [row["id"] for row in page["results"]] == after[40:60]
