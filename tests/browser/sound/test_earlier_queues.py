"""A queue becomes an earlier one as it was left, also where another replaces it at once."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.sound.listening import Listener
from tests.browser.sound.shelf import LONG
from tests.browser.sound.test_queue import choose, queue_row, shows
from tests.browser.sound.test_queue_undo import go_to, toast

pytestmark = [pytest.mark.browser, pytest.mark.server]

# Faster than the page saves its place.
STEP_AND_PLAY = """() => {
  for (const [part, name] of [["#player", "Next"], ["main", "Play"]]) {
    const buttons = [...document.querySelectorAll(`${part} button`)];
    const isWanted = ({ textContent, ariaLabel }) => (ariaLabel ?? textContent).trim() === name;
    buttons.find(isWanted).click();
  }
}"""


def is_sent(tab: Listener) -> None:
    """The server has this browser's queue."""
    tab.until("JSON.parse(localStorage['mus-queue-number-ada'])?.number > 0")
    tab.until("JSON.parse(localStorage['mus-queue-number-ada']).changedAt === null")


def offers(tab: Listener, name: str) -> Locator:
    """As the only one."""
    tab.page.get_by_role("button", name="Earlier").click()
    offered = tab.page.get_by_role("menu", name="Earlier queues").get_by_role("menuitem")
    expect(offered).to_have_count(1)
    expect(offered).to_contain_text(name)
    return offered


def test_at_the_track_to_which_one_stepped_a_moment_before(tab: Listener) -> None:
    tab.play("Two")
    tab.open_queue()
    is_sent(tab)
    go_to(tab, "Short Cuts")
    tab.page.evaluate(STEP_AND_PLAY)
    expect(toast(tab, "was replaced.")).to_be_visible()
    offers(tab, "Three and 4 more")


def test_at_its_position(tab: Listener) -> None:
    tab.play("Two")
    tab.open_queue()
    is_sent(tab)
    go_to(tab, "Symphony")
    tab.seek_to(20)
    tab.page.get_by_role("main").get_by_role("button", name="Play", exact=True).click()
    offers(tab, "Two and 4 more")
    (queue,) = tab.shelf.query("SELECT * FROM listening_playqueue WHERE NOT is_current")
    assert queue["position_s"] >= 20


def test_with_what_was_changed_a_moment_before(tab: Listener) -> None:
    tab.play("Two")
    tab.open_queue()
    go_to(tab, "Symphony")
    choose(tab, "Endless", "Add to the queue")
    is_sent(tab)
    queue_row(tab, "One").click()
    tab.page.keyboard.press("Delete")
    tab.page.get_by_role("main").get_by_role("button", name="Play", exact=True).click()
    shows(tab, "Endless")
    offers(tab, "Two and 4 more").click()
    shows(tab, *LONG[1:], "Endless")
