"""The sleep timer in Chromium: it pauses after a time, fading out, or when tracks have ended."""

import pytest
from playwright.sync_api import expect

from tests.browser.sound.listening import Listener
from tests.browser.sound.test_queue import choose
from tests.browser.sound.test_queue_undo import go_to

pytestmark = [pytest.mark.browser, pytest.mark.server]

NEAR_THE_END = 38.5


def set_timer(tab: Listener, *choices: str) -> None:
    tab.bar.get_by_role("button", name="Sleep timer").click()
    for choice in choices:
        tab.page.get_by_role("menuitem", name=choice, exact=True).click()


def open_player(tab: Listener) -> None:
    tab.page.keyboard.press("v")
    expect(tab.page.get_by_role("button", name="Close the player")).to_be_visible()


def test_it_fades_out_and_pauses_after_a_time_and_outlives_a_reload(tab: Listener) -> None:
    page = tab.page
    page.clock.install()
    tab.play("Endless", album="Symphony")
    open_player(tab)
    set_timer(tab, "In 15 minutes")
    left = page.locator(".bar-sleep .time")
    expect(left).to_contain_text("14:")
    set_timer(tab, "15 minutes more")
    expect(left).to_contain_text("29:")
    page.clock.fast_forward("15:00")
    expect(left).to_contain_text("14:")
    page.reload()
    expect(left).to_contain_text("14:")  # in the small bar, too
    tab.button("Play").click()
    tab.hears("Endless")
    page.clock.pause_at(page.evaluate("Date.now() / 1000 + 1"))
    ends_at = page.evaluate("JSON.parse(localStorage['mus-sleep-ada']).endsAt / 1000")
    page.clock.pause_at(ends_at - 5)
    tab.until("sounding().length === 1 && sounding()[0].volume < 0.6")
    page.clock.pause_at(ends_at + 1)
    tab.is_silent()
    tab.until("sounds[0].volume === 1 && sounds[0].currentTime > 0")
    expect(tab.bar.get_by_role("button", name="Sleep timer")).to_be_hidden()
    page.clock.resume()
    page.locator(".toast").get_by_role("button", name="Play on").click()
    tab.hears("Endless")
    open_player(tab)
    set_timer(tab, "In 60 minutes")
    set_timer(tab, "End the sleep timer")
    expect(left).to_be_hidden()


def test_an_album_that_is_repeated_ends_too(tab: Listener) -> None:
    tab.play("Five")
    tab.button("Repeat: off").click()
    open_player(tab)
    set_timer(tab, "At the end of the album")
    tab.seek_to(NEAR_THE_END)
    expect(tab.title).to_have_text("One")
    tab.is_silent()
    tab.says("The sleep timer has paused the music.")


def test_it_pauses_when_tracks_or_the_album_have_ended(tab: Listener) -> None:
    page = tab.page
    tab.play("One")
    open_player(tab)
    set_timer(tab, "At the end of the track")
    tab.seek_to(NEAR_THE_END)
    expect(tab.title).to_have_text("Two")
    expect(tab.button("Play")).to_be_visible()
    tab.is_silent()
    tab.says("The sleep timer has paused the music.")
    tab.button("Play").click()
    tab.hears("Two")
    set_timer(tab, "After several tracks…", "After 2 tracks")
    tab.seek_to(NEAR_THE_END)
    tab.hears("Three")
    expect(tab.button("Sleep timer: 1 track")).to_be_visible()
    tab.seek_to(NEAR_THE_END)
    expect(tab.title).to_have_text("Four")
    tab.is_silent()
    page.keyboard.press("v")
    go_to(tab, "Short Cuts")
    choose(tab, "Uno", "Add to the queue")
    open_player(tab)
    tab.button("Play").click()
    tab.hears("Four")
    set_timer(tab, "At the end of the album")
    tab.seek_to(NEAR_THE_END)
    tab.hears("Five")
    tab.seek_to(NEAR_THE_END)
    expect(tab.title).to_have_text("Uno")
    tab.is_silent()
