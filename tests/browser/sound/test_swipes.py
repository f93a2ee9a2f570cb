"""Swipes on the full player of a phone close it, change the track, or do nothing."""

import pytest
from playwright.sync_api import expect

from tests.browser.sound.listening import Listener
from tests.browser.sound.phones import closing, middle_of_cover, open_player, shows_album, swipe

pytestmark = [pytest.mark.browser, pytest.mark.server]


def test_a_swipe_down_closes_the_player(phone: Listener) -> None:
    page = phone.page
    open_player(phone)
    x, y = middle_of_cover(page)
    swipe(page, (x, y), (x + 10, y + 250))
    expect(closing(page)).to_be_hidden()
    page.wait_for_function("() => !history.state.layers")
    shows_album(page)
    phone.sound_goes_on()


def test_a_short_pull_and_a_swipe_up_leave_the_player_open(phone: Listener) -> None:
    page = phone.page
    open_player(phone)
    x, y = middle_of_cover(page)
    swipe(page, (x, y), (x, y + 50), steps=20)
    swipe(page, (x, y), (x, y - 250))
    expect(closing(page)).to_be_visible()
    assert page.locator("#player").evaluate("player => player.style.transform") == ""
    expect(phone.title).to_have_text("Two")


def test_a_swipe_sideways_on_the_cover_changes_the_track(phone: Listener) -> None:
    page = phone.page
    open_player(phone)
    x, y = middle_of_cover(page)
    swipe(page, (x + 80, y), (x - 80, y))
    phone.hears("Three")
    phone.until("heard() > 3.5")  # the button would go to the beginning of the same track
    swipe(page, (x - 80, y), (x + 80, y))
    phone.hears("Two")
    expect(closing(page)).to_be_visible()


def test_a_swipe_sideways_beside_the_cover_changes_nothing(phone: Listener) -> None:
    page = phone.page
    open_player(phone)
    box = phone.title.bounding_box()
    assert box
    swipe(page, (300, box["y"] + 10), (100, box["y"] + 10))
    expect(phone.title).to_have_text("Two")
    phone.sound_goes_on()


def test_the_slider_is_dragged_and_no_swipe_begins_there(phone: Listener) -> None:
    page = phone.page
    open_player(phone)
    box = phone.seek.bounding_box()
    assert box
    y = box["y"] + box["height"] / 2
    swipe(page, (box["x"] + 20, y), (box["x"] + box["width"] * 0.75, y + 150))
    phone.until("heard() > 20")
    expect(closing(page)).to_be_visible()
