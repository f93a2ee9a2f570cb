"""Two browsers of one user: the queue follows, and one plays while the other steers it."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import APIResponse, Browser, Route, expect

from tests.browser.sound.conftest import without_conflicts
from tests.browser.sound.listening import Listener, open_context
from tests.browser.sound.queue_trial import queue_of, waited
from tests.browser.sound.shelf import LONG, Shelf
from tests.browser.sound.test_sleep_timer import open_player, set_timer
from tests.library.runner.house import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.server]

PHONE = (390, 844)
PAUSE_AND_CLOSE = """(button) => {
  button.click();
  dispatchEvent(new Event('pagehide'));
  window.fetch = () => new Promise(() => null);
}"""


@pytest.fixture
def phone(browser: Browser, shelf: Shelf, session: object, tab: Listener) -> Iterator[Listener]:
    """A second browser of the same user, as large as a phone."""
    context = open_context(browser, shelf, session, PHONE, is_touched=True)
    phone = Listener(context, shelf)
    yield phone
    phone.save_no_more()
    context.close()
    assert without_conflicts(phone) == []


def test_a_phone_takes_over_what_the_laptop_plays(tab: Listener, phone: Listener) -> None:
    tab.play("Two")
    phone.page.goto("/")
    expect(phone.bar).to_contain_text("Plays on Chrome on Linux.")
    expect(phone.title).to_have_text("Two")
    tab.seek_to(20)
    phone.until("document.querySelector('[data-part=seek]').value >= 20")
    phone.button("Open the player").click()
    phone.button("Pause").click()  # of the laptop
    tab.is_silent()
    expect(phone.bar.locator("[data-part=elsewhere]")).to_be_hidden()
    expect(tab.button("Play")).to_be_visible()
    tab.button("Play").click()
    tab.sound_goes_on()
    phone.button("Next").click()
    tab.hears("Three")
    expect(phone.title).to_have_text("Three")
    phone.button("Play here").click()
    tab.is_silent()
    phone.hears("Three")
    expect(tab.bar).to_contain_text("Plays on")
    tab.volume.fill("35")
    phone.until("sounding()[0].volume < 0.4")


def test_a_sleep_timer_by_tracks_ends_where_another_device_takes_over(
    tab: Listener, phone: Listener
) -> None:
    tab.play("Two")
    open_player(tab)
    set_timer(tab, "At the end of the album")
    phone.page.goto("/")
    expect(phone.bar).to_contain_text("Plays on Chrome on Linux.")
    phone.button("Open the player").click()
    phone.button("Play here").click()
    phone.hears("Two")
    tab.says("The sleep timer has ended: another device plays now.")
    expect(tab.button("Sleep timer")).to_have_attribute("aria-pressed", "false")


def test_a_change_of_the_queue_is_shown_in_the_other_browser_and_what_plays_goes_on(
    tab: Listener, phone: Listener
) -> None:
    tab.play("One")
    phone.page.goto("/")
    expect(phone.title).to_have_text("One")
    tab.open_queue()
    wait_until(lambda: tab.queued() == LONG)
    phone.page.get_by_role("button", name="Open the player").click()
    panel = phone.open_queue()
    expect(panel.locator(".count")).to_have_text("5 tracks, 4 to come")
    wait_until(lambda: phone.queued() == LONG)
    loads = tab.begun_loads("One")
    phone.row("Three", grid="Queue").click()
    phone.page.keyboard.press("Alt+ArrowUp")
    wait_until(lambda: tab.queued() == [LONG[0], LONG[2], LONG[1], *LONG[3:]])
    tab.sound_goes_on()
    assert tab.begun_loads("One") == loads
    moved = [tab.shelf.track(title) for title in tab.queued()]
    wait_until(lambda: queue_of(phone.page)[0] == moved)  # kept in the browser that does not play
    phone.page.keyboard.press("Delete")
    wait_until(lambda: tab.queued() == [LONG[0], LONG[1], *LONG[3:]])
    phone.page.get_by_role("button", name="Undo").click()
    wait_until(lambda: tab.queued() == [LONG[0], LONG[2], LONG[1], *LONG[3:]])


def test_an_earlier_queue_of_one_browser_is_taken_up_in_another(
    tab: Listener, phone: Listener, open_tab: Callable[[], Listener]
) -> None:
    tab.play("Two")
    wait_until(lambda: tab.shelf.query("SELECT id FROM listening_playqueue"))
    tab.play("Endless", "Symphony")
    wait_until(lambda: len(tab.shelf.query("SELECT id FROM listening_playqueue")) == 2)
    tab.button("Pause").click()
    phone.page.goto("/")
    phone.page.get_by_role("button", name="Open the player").click()
    panel = phone.open_queue()
    expect(panel.locator(".count")).to_have_text("1 track, the last one")
    panel.get_by_role("button", name="Earlier").click()
    phone.page.get_by_role("menuitem", name="Two and 4 more").click()
    expect(panel.locator(".count")).to_have_text("5 tracks, 3 to come")
    expect(tab.title).to_have_text("Two")


def test_a_device_is_renamed_in_its_menu(tab: Listener) -> None:
    tab.page.goto("/")
    panel = tab.open_queue()
    panel.get_by_role("button", name="Devices").click()
    tab.page.get_by_role("menuitem", name="Rename").click()
    tab.page.get_by_role("textbox").last.fill("Kitchen")
    tab.page.get_by_role("button", name="Save").last.click()
    wait_until(lambda: tab.shelf.query("SELECT name FROM listening_device")[0]["name"] == "Kitchen")


def test_a_page_that_closes_just_after_a_pause_does_not_count_as_playing(tab: Listener) -> None:
    def plays() -> list[bool]:
        rows = tab.shelf.query("SELECT is_playing FROM listening_device")
        return [bool(row["is_playing"]) for row in rows]

    tab.play("Two")
    wait_until(lambda: plays() == [True])
    tab.button("Pause").evaluate(PAUSE_AND_CLOSE)
    wait_until(lambda: plays() == [False])


def test_a_state_of_before_that_comes_late_changes_nothing(tab: Listener, phone: Listener) -> None:
    tab.play("Two")
    tab.button("Pause").click()
    phone.load()
    expect(phone.title).to_have_text("Two")
    held: list[tuple[Route, APIResponse]] = []

    def hold(route: Route) -> None:
        if held or route.request.method != "GET":
            route.continue_()
        else:
            held.append((route, route.fetch()))

    tab.page.route("**/player/state", hold)
    phone.page.get_by_role("button", name="Open the player").click()
    phone.button("Repeat: off").click()
    wait_until(lambda: waited(tab) and bool(held))
    tab.button("Next").click()
    three = tab.shelf.track("Three")
    wait_until(lambda: waited(tab) and tab.shelf.state()["current_track_id"] == three)
    ((route, answer),) = held
    with tab.page.expect_response("**/player/state"):
        route.fulfill(response=answer)
    tab.page.wait_for_timeout(2000)
    expect(tab.title).to_have_text("Three")
    tab.page.unroute_all(behavior="ignoreErrors")
