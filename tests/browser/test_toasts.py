"""What scans say, as short messages in Chromium; and when a page asks for what has changed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from tests.browser.conftest import Watched, log_in, watch
from tests.browser.live_house import CHANGES, LiveHouse, live_house
from tests.library.runner.house import wait_until
from tests.services import free_port
from tests.web.served import serve

pytestmark = [pytest.mark.browser, pytest.mark.server]

TOP = "/api/v1/tracks?sort=artist&offset=0&"
RELOAD = "reload_tracks"
BEHIND = "Object.defineProperty(document, 'hidden', { configurable: true, value: true })"
NOTE_BEGINNING = """(address) => {
  window.began = 0;
  new PerformanceObserver((list) => {
    for (const { name, startTime } of list.getEntries()) {
      if (name.includes(address)) began ||= performance.timeOrigin + startTime;
    }
  }).observe({ type: "resource" });
}"""
IN_FRONT = """() => {
  delete document.hidden;
  document.dispatchEvent(new Event("visibilitychange"));
}"""


@pytest.fixture(scope="module")
def house(
    browser: Browser, live_library: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveHouse]:
    with live_house(
        tmp_path_factory.mktemp("toasts"), live_library, PORT=str(free_port())
    ) as house:
        yield house


@pytest.fixture
def tab(browser: Browser, house: LiveHouse) -> Iterator[Watched]:
    tab = watch(browser, house.server, 1280, "dark")
    log_in(tab)
    expect(tab.page.get_by_text("m003", exact=True)).to_be_visible()
    house.wait_until_heard_by(tab.page)
    yield tab
    tab.page.context.close()
    assert tab.complaints == []


def requests_for(address: str, page: Page) -> list[str]:
    """The page's requests for this address from now on."""
    asked: list[str] = []

    def note(request: Request) -> None:
        if address in request.url:
            asked.append(request.url)

    page.on("request", note)
    return asked


def test_toasts_show_the_level_three_at_most_and_can_be_closed(
    tab: Watched, house: LiveHouse
) -> None:
    page = tab.page
    house.say(("success", "one"), ("success", "two"), ("warning", "three"), ("error", "four"))
    toasts = page.locator(".toast")
    expect(toasts).to_have_text(["Done: two", "Warning: three", "Error: four"])
    expect(page.locator(".toast.error")).to_have_text("Error: four")
    expect(page.get_by_role("log", name="Messages")).to_have_attribute("aria-live", "polite")
    toasts.filter(has_text="three").get_by_role("button").click()
    expect(toasts).to_have_text(["Done: two", "Error: four"])


def test_toasts_go_by_themselves_but_not_under_the_pointer(tab: Watched, house: LiveHouse) -> None:
    page = tab.page
    page.clock.install()
    house.say(("success", "stays"), ("success", "goes"))
    expect(page.locator(".toast")).to_have_count(2)
    page.locator(".toast").filter(has_text="stays").hover()
    page.clock.fast_forward(20_000)
    expect(page.locator(".toast")).to_have_text(["Done: stays"])
    page.mouse.move(600, 10)
    page.clock.fast_forward(20_000)
    expect(page.locator(".toast")).to_have_count(0)


def test_a_tab_behind_others_asks_when_it_is_seen_again(tab: Watched, house: LiveHouse) -> None:
    page = tab.page
    asked = requests_for(CHANGES, page)
    page.evaluate(BEHIND)
    house.say(("success", "changed"), action=RELOAD)
    expect(page.locator(".toast")).to_have_text("Done: changed")
    page.wait_for_timeout(700)  # longer than the moment within which a page asks
    assert asked == []
    page.evaluate(IN_FRONT)
    expect(page.locator("main .row:not([hidden], .is-loading)").nth(3)).to_be_visible()
    wait_until(lambda: page.evaluate("1") and asked, seconds=5)


def test_many_browsers_do_not_ask_at_the_same_moment(
    browser: Browser, tab: Watched, house: LiveHouse
) -> None:
    others = [watch(browser, house.server, 1280, "dark") for _ in range(3)]
    for other in others:
        other.page.context.add_cookies(tab.page.context.cookies())  # type: ignore[arg-type]
        other.page.goto("/tracks")
        expect(other.page.get_by_text("m003", exact=True)).to_be_visible()
    pages = [tab.page, *(other.page for other in others)]
    house.wait_until_heard_by(*pages)
    for page in pages:
        page.evaluate(NOTE_BEGINNING, CHANGES)
    house.say(("success", "changed"), action=RELOAD)
    for page in pages:
        page.wait_for_function("() => began > 0")
    moments = [page.evaluate("began") for page in pages]
    assert max(moments) - min(moments) > 5
    assert len({round(moment) for moment in moments}) > 1
    for other in others:
        other.page.context.close()


# As scans of changed files leave them, one after another.
SCANNED = """
from django.db import transaction
from events.storage import store
from events.summary import MessageLevel, Summary
said = "Music library scan completed. {seen} items processed.{failed}"
with transaction.atomic():
    store(Summary(
        message_to_show=said, message_level=MessageLevel("{level}"),
        action_key="{action}",
        action_payload={{"revision": 1, "counts": {{"added": {added}, {news}}}}},
    ))
"""


def scanned(
    house: LiveHouse, added: int, level: str = "success", failed: str = "", news: str = ""
) -> None:
    values = {"seen": added, "added": added, "level": level, "failed": failed, "news": news}
    house.server.python(SCANNED.format(action=RELOAD, **values))


def test_scans_that_follow_each_other_do_not_show_a_message_each(
    tab: Watched, house: LiveHouse
) -> None:
    page, toasts = tab.page, tab.page.locator(".toast")
    scanned(house, 1)
    expect(toasts).to_have_text(["Done: Music library scan completed. 1 track added."])
    toasts.hover()  # so that it stays
    scanned(house, 11)
    expect(toasts).to_have_text(["Done: Music library scan completed. 12 tracks added."])
    toasts.get_by_role("button").click()
    new = '"albums": 2, "added_alone": 1, "restored": 2, "failed": 3, "damaged": 1'
    scanned(house, 30, "warning", " 3 failed.", news=new)
    expect(toasts).to_have_text(
        "Warning: Music library scan completed. 2 albums added, 1 track added, 2 tracks came back,"
        " 1 file damaged, 2 files could not be read."
    )
    toasts.get_by_role("button").click()
    scanned(house, 5)
    scanned(house, 1, "warning", " 2 failed.")
    expect(toasts).to_have_class("toast warning")
    toasts.get_by_role("button").click()
    scanned(house, 2, "warning", " 2 failed.")  # the same problem again
    house.say(("error", "Music library scan failed."))
    expect(toasts).to_have_text(["Error: Music library scan failed."])
    page.mouse.move(600, 10)


def test_after_a_restart_of_the_server_the_page_asks_once(tab: Watched, house: LiveHouse) -> None:
    page = tab.page
    page.get_by_role("link", name="Albums").first.click()
    expect(page.get_by_role("listitem").first).to_be_visible()
    house.server.end()
    page.get_by_role("link", name="Tracks", exact=True).first.click()
    expect(page.get_by_role("heading", name="The tracks could not be loaded")).to_be_visible()
    expect(page.get_by_text("The server does not answer. Loaded music plays on")).to_be_visible()
    asked = requests_for(TOP, page)
    with serve(house.folder, None, "--no-scan", **house.server.variables) as server:
        expect(page.locator("main .row:not([hidden], .is-loading)").nth(3)).to_be_visible()
        expect(page.get_by_text("The server does not answer.")).to_be_hidden()
        house.server = server
        house.wait_for_streams(1)
        house.say(("success", "heard"))
        expect(page.locator(".toast").filter(has_text="heard")).to_be_visible()
        page.wait_for_timeout(1200)  # longer than the moment within which a page asks
        page.goto("about:blank")  # so that it asks nothing while the server ends
    assert len(asked) == 1
    tab.complaints[:] = [each for each in tab.complaints if "net::ERR_CONNECTION" not in each]
