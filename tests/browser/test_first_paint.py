"""The first view of a page, in Chromium: nothing else is asked for before it is painted. The page's
clock stands still, so that it is the order that is tested and not how fast this machine is."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.browser.conftest import Watched, log_in, watch
from tests.web.served import ServedMus

pytestmark = [pytest.mark.browser, pytest.mark.server]

NOON = 1_764_500_000
LISTS = "**/api/v1/tracks?*"
OTHERS = ("favourites", "ratings", "bookmarks")


@pytest.fixture
def tab(browser: Browser, filled: ServedMus) -> Iterator[Watched]:
    tab = watch(browser, filled, 1440, "dark")
    log_in(tab)
    tab.page.goto("about:blank")
    tab.page.clock.install(time=NOON)
    tab.page.clock.pause_at(NOON + 1)
    yield tab
    assert tab.complaints == []
    tab.page.context.close()


@pytest.fixture
def asked(tab: Watched) -> list[str]:
    """The paths that the page has asked the API for, from now on."""
    asked: list[str] = []

    def note(url: str) -> None:
        if "/api/v1/" in url:
            asked.append(url.split("/api/v1/")[1].split("?", maxsplit=1)[0])

    tab.page.on("request", lambda request: note(request.url))
    return asked


@pytest.fixture
def held(tab: Watched) -> list[Route]:
    """Requests for tracks, which wait for the test."""
    held: list[Route] = []
    tab.page.route(LISTS, lambda route: held.append(route))  # noqa: PLW0108  # Playwright marks it
    return held


def test_the_rest_of_the_page_begins_when_the_first_rows_are_painted(
    tab: Watched, asked: list[str], held: list[Route]
) -> None:
    page = tab.page
    with page.expect_request(LISTS):
        page.goto("/tracks")
    held[0].continue_()
    expect(page.locator("main .row:not(.is-loading)").first).to_be_visible()
    assert asked[0] == "tracks"
    assert not {*OTHERS} & {*asked}
    with ExitStack() as others:
        for name in OTHERS:
            others.enter_context(page.expect_request(f"**/api/v1/{name}"))
        page.clock.run_for(50)


def test_the_rest_of_the_page_does_not_wait_for_a_list_that_takes_long(
    tab: Watched, held: list[Route]
) -> None:
    page = tab.page
    with page.expect_request(LISTS):
        page.goto("/tracks")
    with ExitStack() as others:
        for name in OTHERS:
            others.enter_context(page.expect_request(f"**/api/v1/{name}"))
        page.clock.run_for(600)
    held[0].continue_()
    expect(page.locator("main .row:not(.is-loading)").first).to_be_visible()


def test_rows_without_content_are_shown_only_if_the_answer_takes_long(
    tab: Watched, held: list[Route]
) -> None:
    page = tab.page
    with page.expect_request(LISTS):
        page.goto("/tracks")
    page.clock.run_for(50)
    expect(page.locator("main .rows .row")).to_have_count(0)
    page.clock.run_for(100)
    expect(page.locator("main .row.is-loading").first).to_be_attached()
    held[0].continue_()
    expect(page.locator("main .row:not(.is-loading)").first).to_be_visible()
    expect(page.locator("main .row.is-loading:visible")).to_have_count(0)


def test_rows_out_of_sight_and_dates_come_after_the_first_paint(tab: Watched) -> None:
    page = tab.page
    page.set_viewport_size({"width": 1440, "height": 400})
    page.goto("/tracks")
    rows = page.locator("main .rows .row:not([hidden])")
    expect(rows.first).to_be_visible()
    first = rows.count()
    expect(rows.first.locator(".added")).to_have_text("")
    page.clock.run_for(50)
    expect(rows.first.locator(".added")).not_to_have_text("")
    assert rows.count() > first


def test_a_part_that_is_loaded_later_says_when_the_server_does_not_answer(
    browser: Browser, filled: ServedMus
) -> None:
    tab = watch(browser, filled, 1440, "dark")
    log_in(tab)
    page = tab.page
    page.route("**/joined-player-later*", lambda route: route.abort())
    page.locator("main .rows .row").first.click(button="right")
    page.get_by_role("menuitem", name="Details…").click()
    expect(page.get_by_role("log", name="Messages")).to_contain_text("The server does not answer.")
    page.unroute("**/joined-player-later*")
    page.context.close()
