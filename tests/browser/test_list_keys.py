"""Lists by keys in Chromium: arrows, Page, Home, End and Tab reach every item of every list."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.browser.conftest import Watched, forget_players, log_in, watch
from tests.web.served import ServedMus

pytestmark = [pytest.mark.browser, pytest.mark.server]

FOCUSED = "() => document.activeElement.innerText.split('\\n')[0]"
LIST = {"albums": "Albums", "artists": "Artists"}


@pytest.fixture(scope="module", autouse=True)
def forget_what_was_played(long: ServedMus) -> Iterator[None]:
    """Of this library there are no files, which the browser would tell every test after this."""
    yield
    forget_players(long)


@pytest.fixture
def tab(browser: Browser, long: ServedMus) -> Iterator[Watched]:
    tab = watch(browser, long, 1280, "dark", is_calm=True)
    log_in(tab)
    held: list[Route] = []  # there are no files, and what plays is to stay what plays
    tab.page.route("**/api/v1/tracks/*/stream", lambda route: held.append(route))  # noqa: PLW0108 (Playwright marks it)
    yield tab
    complaints = [each for each in tab.complaints if "status of 404" not in each]
    for route in held:
        route.abort()
    tab.page.context.close()
    assert complaints == []


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def open_list(tab: Watched, address: str) -> Page:
    page = tab.page
    page.goto(address)
    first = page.locator("main :is(.row, .tile, .artist-row):not(.is-loading, .heading-row)").first
    expect(first).to_be_visible()
    return page


def expect_focus(page: Page, text: str) -> None:
    page.wait_for_function(f"(text) => ({FOCUSED})().includes(text)", arg=text)
    assert page.evaluate(
        """() => {
      const box = document.activeElement.getBoundingClientRect();
      const main = document.querySelector("main").getBoundingClientRect();
      return box.top >= main.top - 1 && box.bottom <= main.bottom + 1;
    }"""
    )


def selected(page: Page) -> Locator:
    return page.locator("main [role=row][aria-selected=true]")


def columns(page: Page) -> int:
    return int(
        page.evaluate(
            "Math.round(1 / (parseFloat(document.querySelector('.tile').style.width) / 100))"
        )
    )


def test_tab_walks_a_grid_of_albums_past_what_is_in_the_document(tab: Watched) -> None:
    page = open_list(tab, "/albums")
    page.get_by_label("Sort by").focus()
    for number in range(130):
        press(page, "Tab")
        expect_focus(page, f"album{number:05}")
    press(page, "Shift+Tab")
    expect_focus(page, "album00128")


def test_tab_leaves_a_grid_at_its_ends_and_nowhere_else(tab: Watched) -> None:
    page = open_list(tab, "/albums?q=album007")
    expect(page.locator(".heading .count")).to_have_text("100 albums found")
    page.get_by_label("Sort by").focus()
    press(page, "Tab", "End")
    expect_focus(page, "album00799")
    press(page, "Tab")
    assert page.evaluate("document.activeElement.closest('.tiles') === null")
    press(page, "Shift+Tab")
    expect_focus(page, "album00799")
    press(page, "Home", "Shift+Tab")
    expect(page.get_by_label("Sort by")).to_be_focused()


def test_a_focused_album_that_is_scrolled_away_keeps_the_focus(tab: Watched) -> None:
    page = open_list(tab, "/albums")
    press(page, "ArrowDown")
    expect_focus(page, "album00000")
    page.evaluate("document.querySelector('main').scrollTop = 30000")
    loaded = "!document.querySelector('main .tile.is-loading:not([hidden])')"
    page.wait_for_function(f"() => {loaded} && document.querySelector('main').scrollTop === 30000")
    page.wait_for_timeout(300)
    assert page.evaluate(FOCUSED) == "album00000"
    press(page, "Tab")
    expect_focus(page, "album00001")


def test_arrows_page_home_and_end_walk_albums_without_a_click(tab: Watched) -> None:
    page = open_list(tab, "/albums")
    across = columns(page)
    press(page, "ArrowDown")
    expect_focus(page, "album00000")
    press(page, "ArrowRight", "ArrowDown")
    expect_focus(page, f"album{across + 1:05}")
    press(page, "ArrowLeft", "ArrowUp")
    expect_focus(page, "album00000")
    press(page, "ArrowUp")
    expect_focus(page, "album00000")
    press(page, "PageDown")
    page_items = int(page.evaluate(FOCUSED)[-5:])
    assert page_items >= 2 * across
    assert page_items % across == 0
    press(page, "End")
    expect_focus(page, "album09999")
    press(page, "ArrowDown")
    expect_focus(page, "album09999")
    press(page, "Home")
    expect_focus(page, "album00000")
    assert page.evaluate("document.querySelector('main').scrollTop") == 0
    press(page, "Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("album00000")


def test_arrows_page_home_and_end_walk_artists_without_a_click(tab: Watched) -> None:
    page = open_list(tab, "/artists")
    press(page, "End")
    expect_focus(page, "artist04999")
    press(page, "ArrowUp")
    expect_focus(page, "artist04998")
    press(page, "Home", "PageDown", "PageUp", "ArrowDown")
    expect_focus(page, "artist00001")
    press(page, "Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("artist00001")
    expect(page.get_by_role("listitem").first).to_be_visible()
    press(page, "ArrowDown", "ArrowRight", "Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("album0000")


@pytest.mark.parametrize("key", ["PageDown", "End", "ArrowDown", "Home"])
def test_keys_select_tracks_without_a_click(tab: Watched, key: str) -> None:
    page = open_list(tab, "/tracks")
    expected = {"PageDown": "10", "End": "099999", "ArrowDown": "00", "Home": "00"}
    press(page, key)
    expect(selected(page)).to_have_count(1)
    expect(selected(page).locator(".title")).to_contain_text(f"{expected[key]:0>6}")
    page.get_by_role("button", name="Account and more").click()
    press(page, "Escape", "ArrowUp")
    expect(page.get_by_role("grid", name="Tracks")).to_be_focused()


def test_arrows_in_an_album_pass_over_the_headings_of_discs(tab: Watched) -> None:
    page = open_list(tab, "/albums/1")
    press(page, "ArrowDown")
    expect(selected(page)).to_contain_text("title000000")
    press(page, "ArrowUp")
    expect(selected(page)).to_contain_text("title000000")
    press(page, *["ArrowDown"] * 5)
    expect(selected(page)).to_contain_text("title000005")
    press(page, "ArrowUp")
    expect(selected(page)).to_contain_text("title000004")
    press(page, "End")
    expect(selected(page)).to_contain_text("title000009")
    press(page, "Home")
    expect(selected(page)).to_contain_text("title000000")
    page.locator("main .is-heading").first.click()
    expect(selected(page)).to_contain_text("title000000")


def test_arrows_walk_the_scans_and_enter_opens_one(tab: Watched) -> None:
    page = tab.page
    page.goto("/scans")
    expect(page.get_by_role("grid", name="The latest scans")).to_be_visible()
    press(page, "ArrowDown")
    expect(selected(page)).to_have_count(1)
    press(page, "Enter")
    page.wait_for_url("**/admin/library/scan/*/change/")


def test_the_queue_is_walked_from_what_plays(tab: Watched) -> None:
    page = open_list(tab, "/albums/2")
    page.locator("main .row:not([hidden], .is-loading)").nth(3).dblclick()
    page.locator(".rail [data-does=queue]").click()
    expect(page.locator("#queue .row.is-current")).to_be_visible()
    at = int(page.locator("#queue .row.is-current").get_attribute("aria-rowindex") or 0)
    press(page, "ArrowDown")
    chosen = page.locator("#queue [aria-selected=true]")
    expect(chosen).to_have_attribute("aria-rowindex", str(at))
    press(page, "End")
    expect(chosen).to_contain_text("title000019")
    page.locator("#player [data-part=mute]").click()
    press(page, "ArrowUp")  # the list that had the focus last has it again
    expect(chosen).to_contain_text("title000018")


def test_from_the_search_arrow_down_goes_to_the_first_result(tab: Watched) -> None:
    page = open_list(tab, "/tracks")
    press(page, "End", "/")
    page.keyboard.type("title0777")
    press(page, "ArrowDown")
    expect(selected(page)).to_contain_text("title077700")
    expect(page.get_by_role("grid", name="Tracks")).to_be_focused()
    press(page, "ArrowDown", "Enter")
    expect(page.locator("#player [data-part=title]")).to_have_text("title077701")
    page.goto("/albums")
    press(page, "/")
    page.keyboard.type("album0777")
    press(page, "ArrowDown")
    expect_focus(page, "album07770")


@pytest.mark.parametrize(
    ("place", "text", "first"),
    [
        ("/albums", "album0777", "album07770"),
        ("/artists", "artist0377", "artist03770"),
    ],
)
def test_enter_in_the_search_opens_the_first_result(
    tab: Watched, place: str, text: str, first: str
) -> None:
    page = open_list(tab, place)
    press(page, "/")
    page.keyboard.type(text)
    press(page, "Enter")  # before the search has been answered
    expect(page.get_by_role("heading", level=1)).to_have_text(first)


def test_enter_in_the_search_plays_the_first_track_and_nothing_without_a_search(
    tab: Watched,
) -> None:
    page = open_list(tab, "/albums/9")
    title = page.locator("#player [data-part=title]")
    expect(title).not_to_have_text("…")  # what is known of the track has come
    before = title.inner_text()
    press(page, "/", "Enter")
    expect(page.locator("main .row").first).to_be_visible()
    assert title.inner_text() == before
    page.keyboard.type("title0777")
    press(page, "Enter")
    expect(title).to_have_text("title077700")
    expect(page.locator(".heading .count")).to_have_text("100 tracks found")


def test_a_list_is_as_it_was_left_when_one_comes_back_from_the_rail(tab: Watched) -> None:
    page = open_list(tab, "/albums?q=album007&sort=-year")
    rail = page.get_by_role("navigation", name="Places", exact=True)
    rail.get_by_role("link", name="Artists").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Artists")
    rail.get_by_role("link", name="Albums").click()
    expect(page.get_by_label("Sort by")).to_have_value("-year")
    expect(page.locator(".heading .count")).to_have_text("100 albums found")
    page.get_by_role("listitem").first.click()
    expect(page.locator(".album-head")).to_be_visible()
    rail.get_by_role("link", name="Albums").click()
    expect(page.locator(".heading .count")).to_have_text("100 albums found")
    rail.get_by_role("link", name="Albums").click()  # where one is already: all, in the same order
    expect(page.locator(".heading .count")).to_have_text("10,000 albums")
    expect(page.get_by_label("Sort by")).to_have_value("-year")


def test_a_random_order_is_the_same_when_one_comes_back(tab: Watched) -> None:
    page = open_list(tab, "/albums")
    page.get_by_label("Sort by").select_option("Random")
    page.wait_for_url("**seed=*")
    first = page.get_by_role("listitem").first
    expect(first).not_to_contain_text("album00000")
    title = first.inner_text()
    page.get_by_role("link", name="Artists").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Artists")
    page.wait_for_timeout(1100)  # a seed of the time would be another
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Albums")
    expect(page.get_by_role("listitem").first).to_have_text(title.replace("\n", ""))
