"""Search as you type in Chromium: few requests, and an older answer never beats a newer one."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Request, Route, expect

from tests.browser.conftest import Watched, log_in, watch
from tests.web.served import ServedMus

pytestmark = [pytest.mark.browser, pytest.mark.server]

KEY_PAUSE_MS = 20
LIST = "/api/v1/tracks?"


@pytest.fixture
def tab(browser: Browser, long: ServedMus) -> Iterator[Watched]:
    tab = watch(browser, long, 1280, "dark")
    log_in(tab)
    tab.page.goto("/tracks")
    expect(tab.page.get_by_text("title000003", exact=True)).to_be_visible()
    yield tab
    tab.page.context.close()
    assert tab.complaints == []


def searches_of(tab: Watched) -> list[str]:
    """What is searched for from now on, a text for each request of the beginning of a list."""
    searches: list[str] = []

    def note(request: Request) -> None:
        query = parse_qs(urlsplit(request.url).query)
        if LIST in request.url and query.get("offset") == ["0"]:
            searches.append(query.get("q", [""])[0])

    tab.page.on("request", note)
    return searches


def test_a_word_typed_quickly_is_asked_for_at_once_and_then_seldom(tab: Watched) -> None:
    searches = searches_of(tab)
    tab.page.keyboard.press("/")
    expect(tab.page.get_by_role("searchbox")).to_be_focused()
    tab.page.keyboard.type("title0777", delay=KEY_PAUSE_MS)
    expect(tab.page.locator(".heading .count")).to_have_text("100 tracks found")
    assert searches[0] == "t"  # the first key does not wait
    assert searches[-1] == "title0777"
    assert len(searches) == len(set(searches))  # on an idle machine there are four


def test_an_older_answer_that_comes_late_is_dropped(tab: Watched) -> None:
    page = tab.page
    held: list[Route] = []
    page.route("**/api/v1/tracks?*q=title07&*", lambda route: held.append(route))  # noqa: PLW0108 (Playwright marks it)
    field = page.get_by_role("searchbox")
    with page.expect_request(lambda request: "q=title07&" in request.url):
        field.fill("title07")
    field.fill("title0777")
    expect(page.locator(".heading .count")).to_have_text("100 tracks found")
    for route in held:
        route.continue_()
    with page.expect_response("**/healthz"):
        page.evaluate("fetch('/healthz')")
    expect(page.locator(".heading .count")).to_have_text("100 tracks found")
    expect(page.get_by_role("row").nth(1)).to_contain_text("title077700")


def test_what_is_found_stays_in_sight_until_the_next_answer_is_here(tab: Watched) -> None:
    page = tab.page
    held: list[Route] = []
    page.route("**/api/v1/tracks?*q=title0777*", lambda route: held.append(route))  # noqa: PLW0108 (Playwright marks it)
    with page.expect_request("**/api/v1/tracks?*q=title0777*"):
        page.get_by_role("searchbox").fill("title0777")
    expect(page.get_by_text("title000003", exact=True)).to_be_visible()
    for route in held:
        route.continue_()
    expect(page.get_by_text("title077700", exact=True)).to_be_visible()
    expect(page.get_by_text("title000003", exact=True)).to_have_count(0)


def test_escape_clears_the_search(tab: Watched) -> None:
    page = tab.page
    page.get_by_role("searchbox").fill("title0777")
    expect(page.locator(".heading .count")).to_have_text("100 tracks found")
    page.keyboard.press("Escape")
    expect(page.locator(".heading .count")).to_have_text("100,000 tracks")
    expect(page.get_by_role("searchbox")).to_have_value("")
    assert urlsplit(page.url).query == ""


def test_a_search_lives_in_the_address_and_is_one_step_back(tab: Watched) -> None:
    page = tab.page
    field = page.get_by_role("searchbox")
    field.click()
    page.keyboard.type("title07", delay=KEY_PAUSE_MS)
    expect(page.locator(".heading .count")).to_have_text("10,000 tracks found")
    page.keyboard.type("77", delay=KEY_PAUSE_MS)
    expect(page.locator(".heading .count")).to_have_text("100 tracks found")
    assert parse_qs(urlsplit(page.url).query) == {"q": ["title0777"]}
    page.go_back()
    expect(page.locator(".heading .count")).to_have_text("100,000 tracks")
    expect(field).to_have_value("")
    page.go_forward()
    expect(field).to_have_value("title0777")


@pytest.mark.parametrize(
    ("place", "text", "found"),
    [
        ("/albums", "album0777", "10 albums found"),
        ("/artists", "artist0377", "10 artists found"),
    ],
)
def test_the_search_is_in_the_list_in_sight(
    tab: Watched, place: str, text: str, found: str
) -> None:
    tab.page.goto(place)
    tab.page.get_by_role("searchbox").fill(text)
    expect(tab.page.locator(".heading .count")).to_have_text(found)
