"""Addresses in Chromium: each tells a place whole, and back and forward lead to where one was."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Watched, log_in, watch
from tests.web.served import ServedMus

pytestmark = [pytest.mark.browser, pytest.mark.server]


@pytest.fixture
def tab(browser: Browser, long: ServedMus) -> Iterator[Watched]:
    tab = watch(browser, long, 1280, "light")
    log_in(tab)
    yield tab
    tab.page.context.close()
    assert tab.complaints == []


@pytest.fixture
def phone(browser: Browser, long: ServedMus) -> Iterator[Watched]:
    tab = watch(browser, long, 390, "light", is_touched=True)
    log_in(tab)
    yield tab
    tab.page.context.close()
    assert tab.complaints == []


def query(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def first_row(page: Page) -> str:
    return page.locator("main .rows [role=row]:not([hidden])").first.inner_text()


def menu_of(page: Page, title: str) -> None:
    row = page.get_by_role("row").filter(has_text=title)
    row.hover()
    row.get_by_role("button", name=f"More for {title}").click()


def test_headings_sort_and_turn_round(tab: Watched) -> None:
    page = tab.page
    page.goto("/tracks?q=title")
    heading = page.get_by_role("columnheader", name="Title")
    heading.get_by_role("button").click()
    expect(heading).to_have_attribute("aria-sort", "ascending")
    expect(page.get_by_role("row").nth(1)).to_contain_text("title000000")
    heading.get_by_role("button").focus()
    page.keyboard.press("Enter")
    expect(heading).to_have_attribute("aria-sort", "descending")
    expect(page.get_by_role("row").nth(1)).to_contain_text("title099999")
    expect(heading.get_by_role("button")).to_be_focused()
    assert query(page) == {"q": ["title"], "sort": ["-title"]}


def test_a_phone_sorts_by_a_choice(phone: Watched) -> None:
    page = phone.page
    page.goto("/tracks")
    page.get_by_label("Sort by").select_option("Year")
    expect(page.get_by_role("row").filter(has_text="title099959")).to_be_visible()
    assert query(page) == {"sort": ["-year"]}
    assert phone.overflow() == 0


def test_albums_are_sorted_by_a_choice(tab: Watched) -> None:
    page = tab.page
    page.goto("/albums")
    page.get_by_label("Sort by").select_option("Newest first")
    expect(page.get_by_role("listitem").first).to_contain_text("album09939")
    assert query(page) == {"sort": ["-year"]}


@pytest.mark.parametrize(
    ("address", "count", "heading"),
    [
        ("/tracks?genre=Jazz", "50,000 tracks", "Jazz"),
        ("/tracks?artist=8", "20 tracks", "artist00007"),
        ("/tracks?album=8", "10 tracks", "album00007"),
        ("/tracks?artist=8&q=000145&sort=-title", "1 track found", "artist00007"),
    ],
)
def test_filters_live_in_the_address_and_say_what_they_are(
    tab: Watched, address: str, count: str, heading: str
) -> None:
    page = tab.page
    page.goto(address)
    expect(page.locator(".heading .count")).to_have_text(count)
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    page.get_by_role("link", name="Show all tracks").click()
    expect(page.locator(".heading .count")).to_have_text("100,000 tracks")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tracks")


def test_a_link_opens_the_same_for_somebody_else(
    tab: Watched, browser: Browser, long: ServedMus
) -> None:
    page = tab.page
    page.goto("/tracks?genre=Jazz")
    page.get_by_role("searchbox").fill("title0771")
    # At once: what was typed a moment ago is searched for all the same.
    page.get_by_role("columnheader", name="Title").get_by_role("button").click()
    page.get_by_role("columnheader", name="Title").get_by_role("button").click()
    expect(page.get_by_role("row").nth(1)).to_contain_text("title077199")
    other = watch(browser, long, 1280, "light")
    log_in(other)
    other.page.goto(page.url)
    expect(other.page.get_by_role("row").nth(1)).to_contain_text("title077199")
    expect(other.page.locator(".heading .count")).to_have_text("50 tracks found")
    expect(other.page.get_by_role("searchbox")).to_have_value("title0771")
    other.page.context.close()


@pytest.mark.parametrize("address", ["/tracks", "/albums", "/artists"])
def test_back_and_forward_restore_place_and_scroll(tab: Watched, address: str) -> None:
    page = tab.page
    page.goto(address)
    scroll = "document.querySelector('main').scrollTop"
    settled = "!document.querySelector('main .is-loading:not([hidden])')"
    item = page.locator("main [role=row] .album a, main [role=listitem] a").first
    expect(item).to_be_visible()
    page.evaluate(f"{scroll} = 20000")
    page.wait_for_function(f"() => {settled} && {scroll} > 19900")
    before = page.evaluate(scroll)
    other = "Artists" if address == "/albums" else "Albums"
    page.get_by_role("link", name=other).first.click()
    expect(page.get_by_role("heading", name=other, level=1)).to_be_visible()
    expect(page.get_by_role("listitem").nth(3)).to_be_visible()
    assert page.evaluate(scroll) == 0
    page.wait_for_function(f"() => {settled}")  # before that the list is as short as its skeleton
    page.evaluate(f"{scroll} = 3000")
    page.wait_for_function("() => history.state?.scrollTop === 3000")
    page.go_back()
    page.wait_for_function(f"() => {scroll} === {before} && {settled}")
    page.go_forward()
    page.wait_for_function(f"() => {scroll} === 3000")
    page.reload()
    page.wait_for_function(f"() => {scroll} === 3000")


def test_a_reload_before_the_rows_are_there_keeps_the_place(tab: Watched) -> None:
    page = tab.page
    page.goto("/artists")
    scroll = "document.querySelector('main').scrollTop"
    expect(page.get_by_role("listitem").get_by_role("link").first).to_be_visible()
    page.evaluate(f"{scroll} = 3000")
    page.wait_for_function("() => history.state?.scrollTop === 3000")
    page.get_by_role("link", name="Albums").first.click()
    expect(page.get_by_role("listitem").locator("a[href^='/albums/']").first).to_be_visible()
    page.evaluate(f"{scroll} = 500")
    page.wait_for_function("() => history.state?.scrollTop === 500")
    page.route("**/api/v1/artists?*", lambda _: None)  # asked, and not answered yet
    with page.expect_request("**/api/v1/artists?*"):
        page.go_back()
    page.wait_for_timeout(600)  # longer than the page waits before it remembers its place
    page.unroute_all()
    page.reload()
    page.wait_for_function(f"() => {scroll} === 3000")


def test_a_row_leads_to_its_album_its_artist_and_its_genre(tab: Watched) -> None:
    page = tab.page
    page.goto("/tracks?sort=title")
    menu_of(page, "title000003")
    page.get_by_role("menuitem", name="Go to the album").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("album00000")
    page.go_back()
    menu_of(page, "title000003")
    page.get_by_role("menuitem", name="Go to the artist").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("artist00000")
    page.go_back()
    menu_of(page, "title000003")
    page.get_by_role("menuitem", name="More Rock").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Rock")


def test_discs_are_headings_where_there_are_several(tab: Watched) -> None:
    page = tab.page
    page.goto("/albums/1")
    rows = page.locator("main .rows [role=row]")
    expect(rows).to_have_count(12)
    expect(rows.nth(0)).to_contain_text("Disc 1")
    expect(rows.nth(6)).to_contain_text("Disc 2")
    page.goto("/albums/2")
    expect(rows).to_have_count(10)
    expect(page.get_by_text("Disc 1")).to_have_count(0)


def test_an_album_leads_to_its_artist_and_an_artist_to_all_tracks(tab: Watched) -> None:
    page = tab.page
    page.goto("/albums/15")
    page.get_by_role("link", name="artist00007").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("artist00007")
    expect(page.locator("main .tile:not([hidden])")).to_have_count(2)
    page.get_by_role("link", name="All tracks").click()
    expect(page.locator(".heading .count")).to_have_text("20 tracks")
