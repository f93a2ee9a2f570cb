"""A whole session in Chromium without a pointer: all can be reached, and the focus is seen."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Watched, forget_players, log_in, watch
from tests.web.served import ServedMus

pytestmark = [pytest.mark.browser, pytest.mark.server]

# Is what has the focus in sight, and marked by an outline (its own, or that of the selected row)?
FOCUS_IS_SEEN = """() => {
  let focused = document.activeElement;
  if (focused.matches("[role=grid]")) {
    focused = focused.querySelector("[aria-selected=true]") ?? focused;
  }
  const box = focused.getBoundingClientRect();
  // The link of a tile has its outline around the whole tile.
  const styles = [getComputedStyle(focused), getComputedStyle(focused, "::after")];
  return box.width > 0 && box.bottom <= innerHeight && box.top >= 0 && styles.some(
    (style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2);
}"""


@pytest.fixture(scope="module", autouse=True)
def forget_what_was_played(long: ServedMus) -> Iterator[None]:
    """Of this library there are no files, which the browser would tell every test after this."""
    yield
    forget_players(long)


@pytest.fixture
def tab(browser: Browser, long: ServedMus) -> Iterator[Watched]:
    tab = watch(browser, long, 1280, "dark", is_calm=True)
    log_in(tab)
    expect(tab.page.get_by_text("title000003", exact=True)).to_be_visible()
    yield tab
    tab.page.context.close()
    assert [each for each in tab.complaints if "status of 404" not in each] == []


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def test_a_session_from_the_search_to_the_queue_and_back(tab: Watched) -> None:
    page = tab.page
    grid = page.get_by_role("grid", name="Tracks")
    press(page, "/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("title0777")
    expect(page.locator(".heading .count")).to_have_text("100 tracks found")
    while not grid.evaluate("(grid) => grid === document.activeElement"):
        press(page, "Tab")
        assert page.evaluate(FOCUS_IS_SEEN)
    press(page, "ArrowDown", "ArrowDown")
    expect(page.locator("main [aria-selected=true]")).to_contain_text("title07770")
    press(page, "Shift+F10")
    expect(page.get_by_role("menuitem", name="Play next")).to_be_focused()
    press(page, "ArrowDown")
    expect(page.get_by_role("menuitem", name="Add to the queue")).to_be_focused()
    assert page.evaluate(FOCUS_IS_SEEN)
    press(page, "Enter")
    expect(grid).to_be_focused()
    press(page, "ArrowDown", "Shift+F10", "Enter")
    queue = page.get_by_role("navigation", name="Places", exact=True).get_by_role(
        "button", name="Queue"
    )
    queue.focus()
    press(page, "Enter")
    expect(page.get_by_role("grid", name="Queue")).to_be_focused()
    expect(page.locator("#queue .row:not([hidden])")).to_have_count(2)
    press(page, "Home", "Alt+ArrowDown")
    expect(page.locator("#queue [aria-selected=true]")).to_have_attribute("aria-rowindex", "2")
    press(page, "Delete")
    expect(page.locator("#queue .row:not([hidden])")).to_have_count(1)
    press(page, "Escape")
    expect(queue).to_be_focused()


def test_menus_and_dialogs_give_the_focus_back(tab: Watched) -> None:
    page = tab.page
    account = page.get_by_role("button", name="Account and more")
    account.focus()
    press(page, "Enter", "Escape")
    expect(account).to_be_focused()
    press(page, "?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    press(page, "Escape")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_hidden()
    expect(account).to_be_focused()
    grid = page.get_by_role("grid", name="Tracks")
    grid.focus()
    press(page, "ArrowDown", "Shift+F10", "Escape")
    expect(grid).to_be_focused()


def test_every_stop_of_the_tab_key_is_seen(tab: Watched) -> None:
    page = tab.page
    for address in ("/tracks", "/albums/1", "/artists/1", "/search?q=album00777", "/scans"):
        page.goto(address)
        expect(page.locator("main h1")).to_be_visible()
        loaded = page.locator("main :is(.row, .tile, td):not(.is-loading, .heading-row)")
        expect(loaded.nth(1)).to_be_visible()
        for _ in range(22):
            press(page, "Tab")
            what = page.evaluate("document.activeElement.outerHTML.slice(0, 120)")
            if what.startswith("<body"):
                break
            assert page.evaluate(FOCUS_IS_SEEN), (address, what)
