"""A library of 100,000 tracks in Chromium: lists scroll to their ends with few elements."""

from collections.abc import Iterator

import pytest
from django.templatetags.static import static
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
    if (blank > 44) return false; // a tile has room for a second line of its title
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

# A list of a million rows in an element of its own. `seen()` are the numbers of the rows that are
# wholly in sight, from above.
MILLION = """async (module) => {
  const { WindowedList } = await import(module);
  const scroller = document.createElement('div');
  scroller.className = 'million';
  const body = document.createElement('div');
  scroller.append(body);
  document.body.replaceChildren(scroller);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    .million { position: fixed; inset: 0 auto auto 0; block-size: 600px; inline-size: 300px; }
    .million { overflow: auto; }
    .million > div { position: relative; }
    .million p { position: absolute; inset-block-start: 0; block-size: 50px; margin: 0; }`);
  document.adoptedStyleSheets.push(sheet);
  const million = { count: 1_000_000, row: (index) => index, want() {} };
  const source = Object.assign(new EventTarget(), million);
  const list = new WindowedList({
    scroller, body, source,
    make: () => document.createElement('p'),
    fill: (row, item) => (row.textContent = item),
    shape: () => ({ columns: 1, height: 50 }),
  });
  list.update();
  const seen = () => [...body.children]
    .filter((row) => !row.hidden)
    .map((row) => ({ number: Number(row.textContent), top: row.getBoundingClientRect().top }))
    .filter(({ top }) => top > -4 && top < 554)
    .sort((one, other) => one.top - other.top)
    .map(({ number }) => number);
  window.million = { list, scroller, seen };
}"""
AFTER = """async (act) => {
  const { list, scroller, seen } = window.million;
  new Function('list', 'scroller', act)(list, scroller);
  await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
  return seen();
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
    expect(page.locator(ROW).and_(page.locator(":not(.is-loading)")).nth(2)).to_be_visible()
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
    last = page.get_by_role("row").filter(has_text="title099999")
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
    expect(page.get_by_role("row").filter(has_text="title000000")).to_be_visible()


def test_keys_reach_both_ends_and_move_by_pages(tab: Watched) -> None:
    page = open_list(tab, "/tracks")
    selected = page.locator("main [role=row][aria-selected=true]")
    page.get_by_role("grid", name="Tracks").focus()
    page.keyboard.press("End")
    expect(selected).to_contain_text("title099999")
    page.keyboard.press("PageUp")
    expect(selected).to_contain_text("title099989")
    page.keyboard.press("Home")
    expect(selected).to_contain_text("title000000")
    page.keyboard.press("PageDown")
    page.keyboard.press("PageDown")
    expect(selected).to_contain_text("title000020")
    page.keyboard.press("ArrowUp")
    expect(selected).to_contain_text("title000019")
    expect(selected).to_be_in_viewport(ratio=1)
    assert page.evaluate("window.mostRows") < MOST_ROWS


def test_the_wheel_scrolls_without_a_row_twice_or_out_of_order(tab: Watched) -> None:
    page = open_list(tab, "/tracks")
    page.mouse.move(600, 400)
    while page.evaluate("() => document.querySelector('main').scrollTop") < 9_000:
        page.mouse.wheel(0, 900)  # a busy browser makes one turn of several
    wait_until_full(page)
    titles = page.evaluate(TITLES)
    assert titles == sorted(set(titles))
    assert len(titles) > 10


@pytest.mark.parametrize(
    ("address", "last"), [("/albums", "album09999"), ("/artists", "artist04999")]
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


def test_a_list_longer_than_browsers_let_an_element_be_is_all_within_reach(tab: Watched) -> None:
    page = open_list(tab, "/tracks")
    page.evaluate(MILLION, static("web/player/windowed-list.js"))
    last = 999_999
    assert page.evaluate(AFTER, "scroller.scrollTop = scroller.scrollHeight")[-1] == last
    middle = page.evaluate(AFTER, "scroller.scrollTop = scroller.scrollHeight / 2")
    assert 499_000 < middle[0] < 501_000
    assert middle == list(range(middle[0], middle[0] + len(middle)))
    assert len(middle) >= 11
    for index in (700_000, 700_001, 699_999, 0, last):
        seen = page.evaluate(AFTER, f"list.reveal({index})")
        assert index in seen
    assert page.evaluate(AFTER, "list.reveal(5000)")[0] == 5_000
    assert page.evaluate(AFTER, "list.shift(10)")[0] == 5_010
    assert page.evaluate("() => window.million.list.inSight().first") == 5_010
