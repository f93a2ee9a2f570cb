"""Scans in another process while somebody listens, in Chromium: what changed is shown in place."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, Request, expect

from tests.browser.conftest import Watched, log_in, watch
from tests.browser.live_house import LiveHouse, live_house

pytestmark = [pytest.mark.browser, pytest.mark.server]

NOTE_SOUNDS = """
window.sounds = [];
window.Audio = new Proxy(Audio, { construct(target, given) {
  const made = new target(...given);
  sounds.push(made);
  return made;
} });
window.heard = () => sounds.find((each) => !each.paused && !each.ended);
"""
# From now on: which rows were ever marked as new, and by which animation.
NOTE_GLOW = """() => {
  window.glows = [];
  new MutationObserver(() => {
    for (const row of document.querySelectorAll("main .row.is-new")) {
      const title = row.querySelector(".title .text").textContent;
      glows.push([title, getComputedStyle(row).animationName]);
    }
  }).observe(document.querySelector("main"), { attributes: true, subtree: true });
}"""


@pytest.fixture(scope="module")
def house(
    browser: Browser, live_library: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveHouse]:
    with live_house(tmp_path_factory.mktemp("live"), live_library) as house:
        yield house


@pytest.fixture
def tab(browser: Browser, house: LiveHouse) -> Iterator[Watched]:
    yield from logged_in(browser, house)


@pytest.fixture
def calm(browser: Browser, house: LiveHouse) -> Iterator[Watched]:
    yield from logged_in(browser, house, is_calm=True)


def logged_in(browser: Browser, house: LiveHouse, *, is_calm: bool = False) -> Iterator[Watched]:
    tab = watch(browser, house.server, 1280, "dark", is_calm=is_calm)
    tab.page.add_init_script(NOTE_SOUNDS)
    log_in(tab)
    house.wait_until_heard_by(tab.page)
    yield tab
    tab.page.context.close()
    assert tab.complaints == []


def row(page: Page, title: str) -> Locator:
    return page.locator("main .rows .row").filter(has=page.get_by_text(title, exact=True))


def scroll_to(page: Page, top: int) -> None:
    """As soon as the list is long enough."""
    scroll = """(top) => { const main = document.querySelector('main');
      main.scrollTop = top; return main.scrollTop === top; }"""
    page.wait_for_function(scroll, arg=top)


def place_of(found: Locator) -> float:
    box = found.bounding_box()
    assert box is not None
    return box["y"]


def test_a_scan_while_a_track_plays_changes_the_list_and_leaves_all_else_alone(
    tab: Watched, house: LiveHouse
) -> None:
    page = tab.page
    row(page, "Tone").dblclick()
    page.wait_for_function("() => heard()?.currentTime > 0.3")
    source = page.evaluate("heard().src")
    scroll_to(page, 6000)
    row(page, "m120").click()
    count = int(page.locator(".heading .count").inner_text().split()[0])
    before = place_of(row(page, "m120"))
    for number in range(5):
        house.add(f"above {number}", artist="B")
    house.rename_tone("Tone renamed")
    house.scan()
    expect(page.locator(".heading .count")).to_have_text(f"{count + 5} tracks")
    expect(page.locator("#player").get_by_text("Tone renamed")).to_be_visible()
    assert place_of(row(page, "m120")) == before
    expect(row(page, "m120")).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("grid", name="Tracks")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(row(page, "m121")).to_have_attribute("aria-selected", "true")
    then = page.evaluate("heard().currentTime")
    page.wait_for_function("(then) => heard()?.currentTime > then + 0.3", arg=then)
    assert page.evaluate("heard().src") == source
    said = "Music library scan completed. 5 tracks added, 1 track updated."
    expect(page.locator(".toast.success")).to_contain_text(said)


def test_many_rows_that_come_above_do_not_move_what_is_in_sight(
    tab: Watched, house: LiveHouse
) -> None:
    page = tab.page
    scroll_to(page, 9000)
    row(page, "m180").click()
    before = place_of(row(page, "m180"))
    for number in range(230):
        house.add(f"many {number:03}", artist="C")
    house.scan()
    expect(page.locator(".toast.success")).to_be_visible()
    page.wait_for_function("() => document.querySelector('main').scrollTop > 9000 + 200 * 52")
    expect(row(page, "m180")).to_have_attribute("aria-selected", "true")
    assert place_of(row(page, "m180")) == before


def test_new_rows_glow_for_a_moment(tab: Watched, house: LiveHouse) -> None:
    page = tab.page
    page.goto("/tracks?sort=-added")
    expect(page.locator("main .row:not([hidden], .is-loading)").nth(3)).to_be_visible()
    page.evaluate(NOTE_GLOW)
    house.add("brand new", artist="Z")
    house.scan()
    expect(page.locator("main .rows .row:not([hidden])").first).to_contain_text("brand new")
    page.wait_for_function("() => glows.length && !document.querySelector('.row.is-new')")
    assert {tuple(each) for each in page.evaluate("glows")} == {("brand new", "glow")}


def test_nothing_glows_where_motion_is_to_be_reduced(calm: Watched, house: LiveHouse) -> None:
    page = calm.page
    page.goto("/tracks?sort=-added")
    expect(page.locator("main .row:not([hidden], .is-loading)").nth(3)).to_be_visible()
    page.evaluate(NOTE_GLOW)
    house.add("new and calm", artist="Z")
    house.scan()
    page.wait_for_function("() => glows.length && !document.querySelector('.row.is-new')")
    assert {animation for _, animation in page.evaluate("glows")} == {"none"}


def test_the_album_in_sight_is_fetched_again_in_place(tab: Watched, house: LiveHouse) -> None:
    page = tab.page
    page.goto("/tracks?q=m003")
    row(page, "m003").get_by_role("link", name="Silence").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Silence")
    row(page, "m002").click()
    house.add("m000 and a half", artist="M", album="Silence", track_number=1)
    house.scan()
    expect(row(page, "m000 and a half")).to_be_visible()
    expect(row(page, "m002")).to_have_attribute("aria-selected", "true")
    expect(page.locator(".album-head .count")).to_contain_text("261 tracks")


def test_a_scan_that_changed_nothing_asks_nothing_and_says_nothing(
    tab: Watched, house: LiveHouse
) -> None:
    page = tab.page
    asked: list[Request] = []
    expect(page.locator("main .row").nth(3)).to_contain_text("B")

    def note(request: Request) -> None:
        if "&offset=0&" in request.url:
            asked.append(request)

    page.on("request", note)
    house.scan()
    house.say(("warning", "the next event"))
    expect(page.locator(".toast")).to_have_text("Warning: the next event")
    assert asked == []


def scan_before_it_listens(page: Page, house: LiveHouse, title: str) -> None:
    """Open the list, whose clock stands still: the page does not listen. Then a track is added."""
    page.clock.install()
    page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 1)
    page.goto("/tracks?sort=-added")
    expect(page.locator("main .rows .row").first).to_be_visible()
    house.add(title)
    house.scan()
    expect(row(page, title)).to_have_count(0)
    page.clock.resume()
    expect(row(page, title)).to_be_visible()


def test_a_scan_between_the_rows_and_the_stream_of_events_is_shown(
    tab: Watched, house: LiveHouse
) -> None:
    page = tab.page
    page.goto("about:blank")
    house.wait_for_streams(0)
    scan_before_it_listens(page, house, "Between")


def test_a_tab_that_opens_while_the_stream_is_open_shows_what_a_scan_did_before(
    tab: Watched, house: LiveHouse
) -> None:
    second = Watched(tab.page.context.new_page(), tab.own_host)
    page = second.page
    scan_before_it_listens(page, house, "Before it listens")
    house.wait_for_streams(1)  # the one of the first tab, which was open all the time
    assert second.complaints == []
