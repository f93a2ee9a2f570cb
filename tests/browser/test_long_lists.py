"""A library of 100,000 tracks in Chromium: lists scroll to their ends with few elements."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Watched, log_in, watch
from tests.web.served import ServedMus

pytestmark = [pytest.mark.browser, pytest.mark.server]

MOST_ROWS = 200
ROW = "main [role=row], main [role=listitem]"
COUNT_ROWS = """(selector) => {
  window.mostRows = 0;
  new MutationObserver(() => {
    window.mostRows = Math.max(window.mostRows, document.querySelectorAll(selector).length);
  }).observe(document.querySelector("main"), { childList: true, subtree: true });
}"""
# Is there a loaded row, as far as the list goes, at each pixel between its top and the bar?
IS_FULL = """() => {
  const list = document.querySelector("main :is(.rows, .tiles, .artists)");
  const main = document.querySelector("main").getBoundingClientRect();
  const sticky = document.querySelector("main .headings")?.getBoundingClientRect();
  const box = list.getBoundingClientRect();
  const top = Math.max(box.top, main.top, sticky?.bottom ?? 0);
  const bottom = Math.min(box.bottom, main.bottom);
  for (let y = top + 2, blank = 0; y < bottom - 2; y += 4) {
    const hit = document.elementFromPoint(box.left + 24, y);
    const row = hit?.closest("[role=row], [role=listitem]");
    if (row?.classList.contains("is-loading")) return false;
    blank = row ? 0 : blank + 4;
    if (blank > 20) return false;
  }
  return bottom - top > 100;
}"""
TITLES = """() => [...document.querySelectorAll("main .rows > .row:not([hidden], .is-loading)")]
  .sort((one, other) => one.getBoundingClientRect().top - other.getBoundingClientRect().top)
  .map((row) => row.querySelector(".title .text").textContent)"""
SCROLL_THROUGH = """async (steps) => {
  const main = document.querySelector("main");
  for (let step = 1; step <= steps; step += 1) {
    main.scrollTop = (main.scrollHeight * step) / steps;
    await new Promise(requestAnimationFrame);
  }
}"""


@pytest.fixture
def tab(browser: Browser, long: ServedMus) -> Iterator[Watched]:
    tab = watch(browser, long, 1280, "dark")
    log_in(tab)
    yield tab
    tab.page.context.close()
    assert tab.complaints == []


def open_list(tab: Watched, address: str) -> Page:
    page = tab.page
    page.goto(address)
    expect(page.locator(ROW).nth(2)).to_be_visible()
    page.evaluate(COUNT_ROWS, ROW)
    return page


def wait_until_full(page: Page) -> None:
    page.wait_for_function(IS_FULL)


def test_a_hundred_thousand_tracks_scroll_to_the_end_with_few_rows_in_the_document(
    tab: Watched,
) -> None:
    page = open_list(tab, "/tracks")
    expect(page.locator(".heading .count")).to_have_text("100,000 tracks")
    expect(page.get_by_role("grid", name="Tracks")).to_have_attribute("aria-rowcount", "100001")
    wait_until_full(page)
    page.evaluate(SCROLL_THROUGH, 100)
    last = page.get_by_role("row").filter(has_text="title-099999")
    expect(last).to_be_visible()
    wait_until_full(page)
    assert 0 < page.evaluate("window.mostRows") < MOST_ROWS
    row, bar = last.bounding_box(), page.locator("#player").bounding_box()
    assert row is not None
    assert bar is not None
    assert row["y"] + row["height"] <= bar["y"]


def test_nothing_stays_blank_wherever_the_scrolling_stops(tab: Watched) -> None:
    page = open_list(tab, "/tracks?sort=title")
    for part in (0.5, 0.1, 0.93, 0.931, 0.5001, 0):
        page.evaluate(
            f"(main = document.querySelector('main')).scrollTop = main.scrollHeight * {part}"
        )
        wait_until_full(page)
    expect(page.get_by_role("row").filter(has_text="title-000000")).to_be_visible()


def test_keys_reach_both_ends_and_move_by_pages(tab: Watched) -> None:
    page = open_list(tab, "/tracks")
    selected = page.locator("main [role=row][aria-selected=true]")
    page.get_by_role("grid", name="Tracks").focus()
    page.keyboard.press("End")
    expect(selected).to_contain_text("title-099999")
    page.keyboard.press("PageUp")
    expect(selected).to_contain_text("title-099989")
    page.keyboard.press("Home")
    expect(selected).to_contain_text("title-000000")
    page.keyboard.press("PageDown")
    page.keyboard.press("PageDown")
    expect(selected).to_contain_text("title-000020")
    page.keyboard.press("ArrowUp")
    expect(selected).to_contain_text("title-000019")
    expect(selected).to_be_in_viewport(ratio=1)
    assert page.evaluate("window.mostRows") < MOST_ROWS


def test_the_wheel_scrolls_without_a_row_twice_or_out_of_order(tab: Watched) -> None:
    page = open_list(tab, "/tracks")
    page.mouse.move(600, 400)
    for _ in range(12):
        page.mouse.wheel(0, 900)
    page.wait_for_function("() => document.querySelector('main').scrollTop > 9000")
    wait_until_full(page)
    titles = page.evaluate(TITLES)
    assert titles == sorted(set(titles))
    assert len(titles) > 10


@pytest.mark.parametrize(
    ("address", "last"), [("/albums", "album-09999"), ("/artists", "artist-04999")]
)
def test_albums_and_artists_are_windows_too(tab: Watched, address: str, last: str) -> None:
    page = open_list(tab, address)
    page.evaluate(SCROLL_THROUGH, 60)
    link = page.get_by_role("listitem").filter(has_text=last)
    expect(link).to_be_in_viewport(ratio=1)
    wait_until_full(page)
    assert 0 < page.evaluate("window.mostRows") < MOST_ROWS


def test_albums_fit_the_window_in_columns(tab: Watched) -> None:
    page = open_list(tab, "/albums")
    for width in (1280, 700, 390):
        page.set_viewport_size({"width": width, "height": 844})
        wait_until_full(page)
        first = page.get_by_role("listitem").first.bounding_box()
        assert first is not None
        assert 140 <= first["width"] <= 240
        assert tab.overflow() == 0
