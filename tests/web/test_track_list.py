"""The page that lists the tracks."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from pytest_django.asserts import assertContains, assertNotContains

from library.models import ScanState
from tests.web.library_rows import make_scan, make_track, make_tracks

# Session, user, the tracks that match, their order, the page of them, the latest scan.
QUERIES = 6


def titles(page: Client, url: str = "/") -> list[str]:
    """The titles on the page, in their order."""
    html = page.get(url).content.decode()
    return re.findall(r'<td class="title"><span[^>]*>([^<]*)<', html)


def test_a_present_track_is_shown_with_what_is_known_of_it(page: Client) -> None:
    make_track(
        title="So What",
        artist="Miles Davis",
        album_title="Kind of Blue",
        year=1959,
        duration_s=561.7,
        added_at=datetime(2026, 3, 1, 12, tzinfo=UTC),
    )
    response = page.get("/")
    for text in ("So What", "Miles Davis", "Kind of Blue", "1959", "9:22", "2026-03-01", "1 track"):
        assertContains(response, text)


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0, ""), (59.4, "0:59"), (60, "1:00"), (3599.6, "1:00:00"), (36000, "10:00:00")],
)
def test_a_length_is_shown_as_on_a_player(page: Client, seconds: float, shown: str) -> None:
    make_track(duration_s=seconds)
    assertContains(page.get("/"), f'<td class="length">{shown}</td>')


def test_a_missing_track_is_not_shown(page: Client) -> None:
    make_track(title="Here")
    make_track(title="Gone", missing=True)
    assert titles(page) == ["Here"]


def test_words_are_found_in_any_order_blind_to_case_and_accents(page: Client) -> None:
    make_track(title="Jóga", artist="Björk", album_title="Homogenic")
    make_track(title="Army of Me", artist="Björk", album_title="Post")
    assert titles(page, "/?q=HOMOGENIC+bjork") == ["Jóga"]
    assert titles(page, "/?q=björk&sort=-title") == ["Jóga", "Army of Me"]


@pytest.mark.parametrize("wildcard", ["%25", "_", "*", "\\", "'", '"'])
def test_what_means_something_to_a_database_is_searched_for_as_it_is(
    page: Client, wildcard: str
) -> None:
    make_track(title="Plain")
    assert titles(page, f"/?q={wildcard}") == []


def test_a_search_is_kept_in_the_box_and_in_the_links(page: Client) -> None:
    make_tracks(101, title="Blue", artist="Miles & Co")
    response = page.get("/?q=miles+%26+co&sort=title")
    assertContains(response, 'value="miles &amp; co"')
    assertContains(response, "?q=miles+%26+co&amp;sort=title&amp;page=2")


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("title", ["Äb", "ac", "Zz"]),
        ("-title", ["Zz", "ac", "Äb"]),
        ("artist", ["Zz", "Äb", "ac"]),
        ("-artist", ["ac", "Äb", "Zz"]),
        ("album", ["ac", "Zz", "Äb"]),
        ("-album", ["Äb", "Zz", "ac"]),
        ("added", ["Äb", "ac", "Zz"]),
        ("-added", ["Zz", "ac", "Äb"]),
    ],
)
def test_the_list_is_sorted_either_way_blind_to_case_and_accents(
    page: Client, sort: str, order: list[str]
) -> None:
    then = datetime(2026, 1, 1, tzinfo=UTC)
    make_track(title="Äb", artist="b", album_title="Z", added_at=then)
    make_track(title="ac", artist="C", album_title="X", added_at=then + timedelta(1))
    make_track(title="Zz", artist="á", album_title="y", added_at=then + timedelta(2))
    assert titles(page, f"/?sort={sort}") == order


def test_the_tracks_of_an_album_stand_in_their_order(page: Client) -> None:
    for title, disc, number in (("c", 2, 1), ("b", 1, 10), ("a", 1, 9)):
        make_track(title=title, album_title="Live", disc_number=disc, track_number=number)
    for sort in ("artist", "album"):
        assert titles(page, f"/?sort={sort}") == ["a", "b", "c"]


def test_a_heading_says_how_the_list_is_sorted_and_turns_it_round(page: Client) -> None:
    make_track()
    assertContains(page.get("/?sort=title"), 'aria-sort="ascending"')
    assertContains(page.get("/?sort=title"), 'href="?sort=-title"')
    assertContains(page.get("/?sort=-title"), 'aria-sort="descending"')
    assertContains(page.get("/?sort=title&page=1"), 'href="?sort=-added"')


def test_a_hundred_tracks_are_a_page(page: Client) -> None:
    make_tracks(201)
    first = page.get("/?sort=added")
    assertContains(first, "201 tracks")
    assertContains(first, "Page 1 of 3")
    assertNotContains(first, "Previous")
    shown: Iterable[list[str]] = (titles(page, f"/?sort=added&page={n}") for n in (1, 2, 3))
    pages = [set(each) for each in shown]
    assert [len(each) for each in pages] == [100, 100, 1]
    assert not pages[0] & pages[1]


@pytest.mark.parametrize(
    ("query", "complaint"),
    [
        ("page=abc", "The page has to be a whole number."),
        ("page=1.5", "The page has to be a whole number."),
        ("page=0", "Pages are counted from 1."),
        ("page=-1", "Pages are counted from 1."),
        ("sort=loudness", "cannot be sorted by “loudness”"),
        ("sort=id", "cannot be sorted by “id”"),
        ("q=" + "x" * 201, "at most 200 characters"),
        ("q=a%00b", "Null characters are not allowed."),
    ],
)
def test_a_query_that_makes_no_sense_is_400_with_a_page_that_says_why(
    page: Client, query: str, complaint: str
) -> None:
    assertContains(page.get(f"/?{query}"), complaint, status_code=400)


def test_a_page_beyond_the_last_is_404_with_a_way_back(page: Client) -> None:
    make_track()
    response = page.get("/?page=2")
    assertContains(response, "The list has no page 2", status_code=404)
    assertContains(response, 'href="/"', status_code=404)


@pytest.mark.parametrize("number", ["9" * 30, "9" * 200])
def test_a_page_number_beyond_reason_is_no_fault_of_the_server(page: Client, number: str) -> None:
    assert page.get(f"/?page={number}").status_code == 404


def test_what_tags_hold_is_text_never_markup(page: Client) -> None:
    evil = "</span><script>alert('x')</script><img src=x onerror=alert(1)>"
    make_track(title=evil, artist=evil, album_title=evil)
    for url in ("/", "/?q=%3C%2Fspan%3E%3Cscript%3E"):
        response = page.get(url)
        assertNotContains(response, "<script>alert")
        assertNotContains(response, "<img src=x")
        assertContains(response, "&lt;script&gt;")


def test_a_search_that_finds_nothing_says_so_and_can_be_cleared(page: Client) -> None:
    make_track()
    response = page.get("/?q=%3Cb%3Enothing&sort=-added")
    assertContains(response, "&lt;b&gt;nothing")
    assertContains(response, 'href="?sort=-added"')


@pytest.mark.parametrize("number", [1, 150])
def test_a_page_is_a_fixed_number_of_queries(
    page: Client, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    make_tracks(number)
    make_scan()
    for url in ("/", "/?q=track&sort=-added"):
        with django_assert_num_queries(QUERIES):
            page.get(url)


def test_a_running_scan_is_told_with_its_counts(page: Client) -> None:
    make_track()
    make_scan(state=ScanState.RUNNING, seen=12345, added=678)
    assertContains(page.get("/"), "12,345 files seen")
    assertContains(page.get("/"), "678 tracks added")


def test_a_failed_scan_is_told_with_its_reason(page: Client) -> None:
    make_track()
    reason = "The disk is full."
    make_scan(state=ScanState.FAILED, message=f"Scan failed: {reason}", error=reason)
    assertContains(page.get("/"), reason, count=1)


def test_a_scan_whose_process_died_does_not_run(page: Client) -> None:
    make_track()
    long_ago = datetime(2026, 1, 1, tzinfo=UTC)
    make_scan(state=ScanState.RUNNING, heartbeat_at=long_ago, started_at=long_ago)
    response = page.get("/")
    assertContains(response, "Music library scan was interrupted.")
    assertNotContains(response, "A scan is running")


def test_only_staff_is_shown_the_way_to_the_administration(
    page: Client, admin_client: Client, admin_user: User
) -> None:
    make_track()
    assertNotContains(page.get("/"), "/admin/")
    assertContains(admin_client.get("/"), "/admin/")


def test_a_list_is_read_never_posted_to(page: Client) -> None:
    assert page.post("/").status_code == 405
    assert page.head("/").status_code == 200
