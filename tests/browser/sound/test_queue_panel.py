"""The queue's panel in Chromium: what was played, how long the rest takes, earlier queues."""

import pytest
from playwright.sync_api import expect

from tests.browser.sound.listening import Listener
from tests.browser.sound.shelf import LONG
from tests.browser.sound.test_queue import queue_row, shows
from tests.browser.sound.test_queue_undo import go_to, toast, undo
from tests.browser.test_axe import expect_no_violation

pytestmark = [pytest.mark.browser, pytest.mark.server]


def test_a_queue_from_its_begin_to_its_end(tab: Listener) -> None:
    page = tab.page
    tab.play("Three")
    panel = tab.open_queue()
    expect(panel.locator(".queue-count")).to_have_text("5 tracks, 2 to come2 min left")
    for title in ("One", "Two"):
        expect(queue_row(tab, title)).to_contain_text("Played:")
    expect(queue_row(tab, "Four")).not_to_contain_text("Played:")
    for scheme in ("dark", "light"):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        expect_no_violation(page, f"the queue, {scheme}")
    panel.get_by_role("button", name="Remove played").click()
    shows(tab, *LONG[2:])
    expect(panel.get_by_role("button", name="Remove played")).to_be_hidden()
    tab.sound_goes_on()
    undo(tab, "2 tracks removed from the queue.")
    shows(tab, *LONG)
    tab.sound_goes_on()
    queue_row(tab, "Five").click()
    panel.get_by_role("button", name="Jump to what plays").click()
    expect(queue_row(tab, "Three")).to_have_attribute("aria-selected", "true")
    queue_row(tab, "Five").dblclick()
    tab.hears("Five")
    tab.seek_to(38.5)
    expect(tab.button("Play")).to_be_visible()
    tab.button("Play").click()
    tab.hears("One")
    go_to(tab, "Short Cuts")
    page.get_by_role("main").get_by_role("button", name="Play", exact=True).click()
    expect(toast(tab, "was replaced.")).to_be_visible()
    panel.get_by_role("button", name="Earlier").click()
    earlier = page.get_by_role("menuitem", name="One and 4 more")
    expect(earlier).to_contain_text("One, Two, Three, …")
    earlier.click()
    shows(tab, *LONG)
