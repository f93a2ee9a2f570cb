"""Pages and ids of lists: the same rows whichever way they are found, and found once."""

from itertools import product
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from library.models.albums import Album
from library.models.catalogue import Artist, Track
from library.models.folding import words_of
from library.queries import lists
from library.queries.albums import AlbumFilter
from library.queries.lists import RowList
from library.queries.orders import ALBUM_ORDERS, RANDOM, TRACK_ORDERS, named_order
from library.queries.tracks import TRACK_SORTS, TrackFilter
from tests.api.library import credit, make_album, make_artist, on_album
from tests.web.library_rows import make_track, make_tracks

pytestmark = pytest.mark.django_db


def track_list(sort: str = "title", state: str = "", **wanted: Any) -> RowList:
    order = named_order(TRACK_ORDERS, sort, 5)
    return RowList(filter=TrackFilter(**wanted), order=order, state=state)


def make_library() -> None:
    """120 tracks: with and without a year, a genre and an album, and many of one title."""
    album, artist = make_album("Blue"), make_artist("Somebody")
    for year in (None, 1959, 1971):
        make_tracks(20, year=year, title_key="same", search_text="often same", genre="Jazz")
        make_tracks(20, year=year, search_text="often", added_at="2026-01-01T00:00:00Z")
    for track in Track.objects.all()[::3]:
        track.album, track.album_key = album, "blue"
        track.save()
        credit(track, artist)


FILTERS: tuple[dict[str, Any], ...] = (
    {},
    {"search": "often"},
    {"search": "same often"},
    {"search": "nothing"},
    {"search": "\u0301"},  # of an accent alone no word is left
    {"genre": "Jazz"},
    {"genre": "Jazz", "search": "same"},
)


@pytest.mark.parametrize("few", [0, 1_000])
@pytest.mark.parametrize("sort", TRACK_SORTS)
def test_pages_make_up_the_list_in_its_order(
    monkeypatch: pytest.MonkeyPatch, sort: str, few: int
) -> None:
    """Whether the matches are many or few, on either half of the list."""
    monkeypatch.setattr(lists, "_FEW", few)
    make_library()
    album: dict[str, Any] = {"album_id": Album.objects.get().pk}
    artist: dict[str, Any] = {"artist_id": Artist.objects.get().pk}
    for wanted in (*FILTERS, album, artist):
        found = track_list(sort, **wanted)
        rows = TrackFilter(**wanted).matching().order_by(*found.order.terms)
        expected = list(rows.values_list("pk", flat=True))
        assert found.ids() == expected, wanted
        for offset, limit in product((0, 3, 19, 50, 110, 119, 120, 10_000), (1, 7, 500)):
            page = found.page(offset, limit)
            assert page.count == len(expected)
            assert page.ids == expected[offset : offset + limit], (wanted, offset, limit)


def test_a_descending_order_is_the_reverse() -> None:
    make_library()
    for name in TRACK_ORDERS:
        if not name.startswith("-"):
            assert track_list(f"-{name}").ids() == track_list(name).ids()[::-1], name


def test_rows_without_a_value_come_first_on_both_databases() -> None:
    make_library()
    ids = track_list("year").ids()
    years = dict(Track.objects.values_list("pk", "year"))
    assert [years[pk] for pk in ids] == [None] * 40 + [1959] * 40 + [1971] * 40


def test_missing_tracks_and_albums_without_tracks_are_in_no_list() -> None:
    make_track(missing=True, genre="Jazz", search_text="often")
    make_album("Empty")
    on_album(make_album("Gone"), missing=True)
    kept = on_album(make_album("Here")).album
    for wanted in FILTERS[1:4]:
        assert track_list(**wanted).page(0, 5) == lists.Page(0, [])
    albums = RowList(filter=AlbumFilter(), order=ALBUM_ORDERS["title"], state="")
    assert kept is not None
    assert albums.ids() == albums.page(0, 5).ids == [kept.pk]


@pytest.mark.parametrize("wanted", FILTERS)
@pytest.mark.parametrize("sort", ["title", "-year", RANDOM])
def test_matches_are_found_once_while_the_library_stays_the_same(
    django_assert_num_queries: DjangoAssertNumQueries, wanted: dict[str, str], sort: str
) -> None:
    make_library()
    is_found = wanted.get("search") != "nothing"
    words = len(words_of(wanted.get("search", "")))
    # The words as they are, the beginning of each, and whether there are any.
    of_spellings = (words and words + 2) + (0 if is_found else 3)
    with django_assert_num_queries(of_spellings + (2 if is_found else 1)):
        first = track_list(sort, state="one", **wanted).page(0, 5)
    with django_assert_num_queries(0 if first.count == 0 else 1):
        track_list("-added", state="one", **wanted).page(5, 5)
    make_tracks(1, search_text="often same", genre="Jazz")
    assert track_list(sort, state="one", **wanted).page(0, 5).count == first.count
    expected = first.count if wanted.get("search") == "nothing" else first.count + 1
    assert track_list(sort, state="two", **wanted).page(0, 5).count == expected


def test_what_is_kept_is_bounded() -> None:
    for number in range(lists.KEPT_MATCHES + 5):
        track_list(search=f"{number}").page(0, 1)
    assert lists.kept_matches.cache_info().currsize == lists.KEPT_MATCHES


@pytest.mark.parametrize("wanted", FILTERS)
def test_all_ids_come_as_one_row(wanted: dict[str, str]) -> None:
    """A row for each id takes ten times as long on SQLite if other threads are busy."""
    make_library()
    with CaptureQueriesContext(connection) as queries:
        found = track_list(**wanted)
        assert len(found.ids()) == found.page(0, 1).count
    of_ids = queries.captured_queries[1]["sql"]
    with connection.cursor() as cursor:
        cursor.execute(of_ids.replace("%", "%%"))
        assert len(cursor.fetchall()) <= 1


def test_pages_of_equal_rows_repeat_and_miss_none() -> None:
    """Of one title, one time and no year, as a library imported at once has them."""
    make_tracks(60, title_key="same", added_at="2026-01-01T00:00:00Z")
    for sort in ("title", "-title", "added", "-added", "year", RANDOM):
        pages = [track_list(sort).page(offset, 7).ids for offset in range(0, 60, 7)]
        assert sorted(pk for page in pages for pk in page) == sorted(track_list().ids()), sort


def test_the_order_of_a_short_list_is_kept_for_its_other_pages(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    make_library()
    first = track_list("title", state="one", genre="Jazz").page(0, 5)
    with django_assert_num_queries(0):
        second = track_list("title", state="one", genre="Jazz").page(5, 5)
    assert first.ids + second.ids == track_list("title", genre="Jazz").ids()[:10]
    with django_assert_num_queries(1):
        backwards = track_list("-title", state="one", genre="Jazz").page(0, 5)
    assert backwards.ids == track_list("-title", genre="Jazz").ids()[:5]
