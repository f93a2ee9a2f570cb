"""Two browsers of one user and one of another: changes at random, the network cut at random."""

import json
from collections.abc import Iterator

import pytest
from django.templatetags.static import static
from playwright.sync_api import Browser, Route, expect

from tests.browser.sound.listening import Listener, open_context
from tests.browser.sound.queue_trial import CURRENT, HEAR, LOG_IN, QueueTrial, queue_of, waited
from tests.browser.sound.shelf import LONG, Shelf
from tests.library.runner.house import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.server]

SECONDS = 15
SURELY_EARLIER_MS = 3000


@pytest.fixture
def browsers(browser: Browser, shelf: Shelf, session: object) -> Iterator[list[Listener]]:
    shelf.forget_state()
    contexts = [open_context(browser, shelf, session) for _ in range(2)]
    listeners = [Listener(context, shelf) for context in contexts]
    yield listeners
    for listener, context in zip(listeners, contexts, strict=True):
        listener.save_no_more()
        context.close()


@pytest.fixture
def guest(browser: Browser, shelf: Shelf) -> Iterator[Listener]:
    context = open_context(browser, shelf)
    session = shelf.server.python(LOG_IN.format(name="guest")).split()[-1]
    context.add_cookies([{"name": "sessionid", "value": session, "url": shelf.server.url}])
    yield Listener(context, shelf)
    context.close()


def test_they_agree_at_the_end_and_nothing_reaches_another_user(
    browsers: list[Listener], guest: Listener
) -> None:
    for each in (*browsers, guest):
        each.open()
        each.open_queue()
    guest.page.evaluate(HEAR, static("web/player/live.js"))
    trial = QueueTrial(browsers, seed=7)
    trial.run(SECONDS)
    ids = trial.settle()
    assert ids
    assert queue_of(guest.page, "guest")[0] == []
    assert guest.page.evaluate("changes").count("queue") == 0
    assert guest.page.locator("#queue .rows .row:not([hidden])").count() == 0


def press(browser: Listener, title: str, key: str) -> None:
    browser.row(title, grid="Queue").click()
    browser.page.keyboard.press(key)


def have(browsers: list[Listener], *titles: str) -> None:
    """The server and these browsers have this queue, sooner or later."""
    shelf = browsers[0].shelf
    ids = [shelf.track(title) for title in titles]
    wait_until(lambda: [json.loads(row["entries"]) for row in shelf.query(CURRENT)] == [ids])
    for each in browsers:
        wait_until(lambda page=each.page: queue_of(page)[0] == ids)  # type: ignore[misc]
        assert each.queued() == list(titles)


def hold_the_first_answer(browser: Listener) -> list[Route]:
    """The first request for the queue waits for the test, which finds it in this list."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        if route.request.method == "GET" and not held:
            held.append(route)
        else:
            route.continue_()

    browser.page.route("**/player/queue", hold)
    return held


def test_a_change_made_while_the_servers_queue_arrives_is_the_later_one(
    browsers: list[Listener],
) -> None:
    there, here = browsers
    there.play("One")
    there.button("Pause").click()
    there.open_queue()
    here.load()
    here.open_queue()
    expect(here.row("Five", grid="Queue")).to_be_visible()
    have(browsers, *LONG)
    here.page.context.set_offline(True)
    press(here, "Five", "Alt+ArrowUp")
    here.page.wait_for_timeout(SURELY_EARLIER_MS)  # requests of a busy machine take time
    press(there, "Two", "Delete")
    have([there], "One", "Three", "Four", "Five")
    held = hold_the_first_answer(here)
    here.page.context.set_offline(False)
    wait_until(lambda: waited(here) and bool(held), 30)
    here.page.keyboard.press("Alt+ArrowUp")
    held[0].continue_()
    here.page.unroute("**/player/queue")
    have(browsers, "One", "Two", "Five", "Three", "Four")


def test_changes_are_sent_after_one_that_the_first_exchange_took_along(
    browsers: list[Listener],
) -> None:
    """Somebody plays while the page still asks for the queue that the server has."""
    here = browsers[0]
    held = hold_the_first_answer(here)
    here.page.clock.install()
    here.open()
    wait_until(lambda: waited(here) and bool(held), 30)
    here.page.clock.pause_at(here.page.evaluate("Date.now()") / 1000 + 1)
    here.row("One").dblclick()
    held[0].continue_()
    here.page.unroute("**/player/queue")
    wait_until(lambda: waited(here) and queue_of(here.page)[1].get("changedAt", 1) is None)
    here.page.clock.run_for(2000)  # the page would send the change now, which the server has
    here.page.clock.resume()
    here.open_queue()
    press(here, "Five", "Delete")
    have([here], *LONG[:-1])
