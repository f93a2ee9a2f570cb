"""The server dies while music plays, and comes back: nobody has to do anything."""

from collections.abc import Iterator
from signal import SIGKILL

import pytest
from playwright.sync_api import Browser, Request, expect

from tests.browser.sound.listening import Listener, log_in, open_context
from tests.browser.sound.shelf import ENDLESS_SECONDS, Shelf, reopened

pytestmark = [pytest.mark.browser, pytest.mark.server]

# Of a request, and of the service worker's script.
AWAY = ("ERR_", "when fetching the script")


@pytest.fixture
def tab(browser: Browser, house: Shelf) -> Iterator[Listener]:
    context = open_context(browser, house, has_worker=True)
    tab = Listener(context, house)
    log_in(tab.page)
    yield tab
    context.close()
    # That nobody answered is told at the console, by the browser itself.
    assert [each for each in tab.complaints if not any(word in each for word in AWAY)] == []


def requests_for(path: str, asked: list[Request]) -> int:
    return sum(f"/api/v1/{path}" in each.url for each in asked)


def test_playback_goes_on_and_the_page_comes_back_by_itself(house: Shelf, tab: Listener) -> None:
    tab.play("Two")
    line = tab.page.get_by_text("The server does not answer.")
    house.server.end(SIGKILL)
    expect(line).to_be_visible()
    tab.sound_goes_on()
    before = len(tab.asked)
    with reopened(house) as again:
        expect(line).to_be_hidden()
        tab.hears("Two")
        tab.page.wait_for_timeout(4000)  # for what must not come: a second reload
        assert requests_for("sync?", tab.asked[before:]) == 1
        assert requests_for("tracks?album=", tab.asked[before:]) == 0  # nothing has changed
        tab.button("Next").click()
        tab.hears("Three")
        assert again.listeners() == 1


def test_where_the_buffer_ends_it_waits_and_goes_on_from_there(house: Shelf, tab: Listener) -> None:
    tab.play("Endless", album="Symphony")
    house.server.end(SIGKILL)
    tab.seek_to(ENDLESS_SECONDS - 100)
    expect(tab.page.get_by_text("The server does not answer.")).to_be_visible()
    expect(tab.button("Pause")).to_be_visible()
    with reopened(house):
        tab.until(f"heard() > {ENDLESS_SECONDS - 99}")
        assert tab.position() < ENDLESS_SECONDS - 60


def test_a_track_that_could_not_begin_begins_when_the_server_is_back(
    house: Shelf, tab: Listener
) -> None:
    tab.play("Two")
    house.server.end(SIGKILL)
    tab.button("Next").click()
    expect(tab.page.get_by_text("The server does not answer.")).to_be_visible()
    expect(tab.title).to_have_text("Three")
    with reopened(house):
        tab.hears("Three")
        expect(tab.page.get_by_role("log", name="Messages")).not_to_contain_text("Could not play")


def test_who_paused_meanwhile_hears_nothing_when_the_server_is_back(
    house: Shelf, tab: Listener
) -> None:
    tab.play("Two")
    house.server.end(SIGKILL)
    tab.button("Next").click()
    line = tab.page.get_by_text("The server does not answer.")
    expect(line).to_be_visible()
    tab.button("Pause").click()
    with reopened(house):
        expect(line).to_be_hidden()
        expect(tab.button("Play")).to_be_visible()
        tab.is_silent()
        tab.button("Play").click()
        tab.hears("Three")


def test_a_page_that_only_looks_notices_too(house: Shelf, tab: Listener) -> None:
    tab.open()
    house.server.end(SIGKILL)
    line = tab.page.get_by_text("The server does not answer.")
    expect(line).to_be_visible()
    with reopened(house):
        expect(line).to_be_hidden()
