"""Marks in Chromium: all tabs of a browser hear what another browser of the user changed."""

from collections.abc import Iterator

import pytest
from django.templatetags.static import static
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Watched, log_in, watch
from tests.events.browsers import RAISE
from tests.web.served import ServedMus

pytestmark = [pytest.mark.browser, pytest.mark.server]

# The page's own worker, so that no second stream is opened.
LISTEN = """async (module) => {
  const { Live } = await import(module);
  window.changes = [];
  const live = new Live(document.body.dataset.eventsWorker);
  live.addEventListener("changed", ({ detail }) => {
    changes.push([detail.name, detail.number]);
  });
  live.begin();
}"""
IS_NEWEST = """(number) =>
  Math.max(0, ...changes.filter(([name]) => name === "queue").map((each) => each[1])) === number
"""


@pytest.fixture
def tab(browser: Browser, filled: ServedMus) -> Iterator[Watched]:
    tab = watch(browser, filled, 1280, "dark")
    log_in(tab)
    yield tab
    tab.page.context.close()
    assert [each for each in tab.complaints if "ERR_INTERNET_DISCONNECTED" not in each] == []


def raise_mark(server: ServedMus, name: str = "ada") -> int:
    return int(server.python(RAISE.format(name=name)).split()[-1])


def wait_for(page: Page, number: int) -> None:
    page.wait_for_function(IS_NEWEST, arg=number)


def test_all_tabs_hear_a_change_and_after_an_absence_of_all_that_may_have_changed(
    tab: Watched, filled: ServedMus
) -> None:
    second = tab.page.context.new_page()
    second.goto("/tracks")
    for page in (tab.page, second):
        page.evaluate(LISTEN, static("web/player/live.js"))
    raise_mark(filled, "guest")
    number = raise_mark(filled)
    for page in (tab.page, second):
        wait_for(page, number)
    third = tab.page.context.new_page()
    third.goto("/tracks")
    third.evaluate(LISTEN, static("web/player/live.js"))
    wait_for(third, number)  # the stream was open before this tab
    filled_changes = "changes.filter((each) => each[1] === null).map((each) => each[0])"
    assert third.evaluate(filled_changes) == []
    for page in (second, third):
        page.close()
    # A stream that has ended, as after an outage.
    tab.page.evaluate("changes.length = 0")
    tab.page.evaluate(
        """async (module) => {
          const { Feed } = await import(module);
          window.told = [];
          const feed = new Feed("/api/v1/events/track-updates", (message) => told.push(message));
          while (!told.length) await new Promise((resolve) => setTimeout(resolve, 20));
          feed.retry();
        }""",
        static("web/player/feed.js"),
    )
    tab.page.wait_for_function("() => told.filter(({ type }) => type === 'open').length === 2")
    opened = tab.page.evaluate("told.filter(({ type }) => type === 'open')")
    assert [each["wasAway"] for each in opened] == [False, True]
