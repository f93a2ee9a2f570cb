"""Two tabs of one browser: one plays, the other follows, and they share one stream of events."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.sound.listening import Listener
from tests.browser.sound.shelf import LONG, Shelf
from tests.library.runner.house import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.server]

OPEN = Callable[[], Listener]
SPEAK = """
from django.db import transaction
from events.storage import store
from events.summary import MessageLevel, Summary
with transaction.atomic():
    store(Summary(message_to_show="A test speaks.", message_level=MessageLevel.WARNING))
"""
VANISH = """() => {
  addEventListener('pagehide', each => each.stopImmediatePropagation(), true);
  BroadcastChannel.prototype.postMessage = () => {};
}"""


@pytest.fixture
def pair(open_tab: OPEN) -> tuple[Listener, Listener]:
    """One that plays "Two" of an album, and another one."""
    playing, other = open_tab(), open_tab()
    playing.play("Two")
    other.open("Short Cuts")
    expect(other.bar.get_by_text("Plays in another tab")).to_be_visible()
    return playing, other


def test_the_second_tab_shows_what_the_first_plays_and_is_silent(
    pair: tuple[Listener, Listener],
) -> None:
    playing, other = pair
    expect(other.title).to_have_text("Two")
    expect(other.button("Pause")).to_be_visible()
    playing.seek_to(20)
    other.is_at(21)
    shown = other.bar.locator("[data-part=position]").inner_text()
    expect(other.bar.locator("[data-part=position]")).not_to_have_text(shown)  # it goes on
    other.is_silent()
    playing.sound_goes_on()


def test_the_buttons_of_the_second_tab_steer_the_first(pair: tuple[Listener, Listener]) -> None:
    playing, other = pair
    other.button("Next").click()
    playing.hears("Three")
    expect(other.title).to_have_text("Three")
    other.button("Pause").click()
    playing.is_silent()
    expect(other.button("Play")).to_be_visible()
    other.button("Play").click()
    playing.sound_goes_on()
    other.volume.fill("50")
    playing.until("sounding()[0].volume === 0.5")
    expect(other.bar.locator("[data-part=percent]")).to_have_text("50 %")
    other.seek_to(30)
    playing.until("heard() > 30")
    other.row("Uno").click(button="right")
    other.page.get_by_role("menuitem", name="Play next", exact=True).click()
    playing.open_queue()
    expect(playing.row("Uno", grid="Queue")).to_be_visible()
    other.is_silent()


def test_play_here_moves_the_sound_with_queue_position_and_modes(
    pair: tuple[Listener, Listener],
) -> None:
    playing, other = pair
    playing.seek_to(20)
    playing.volume.fill("40")
    playing.button("Repeat: off").click()
    expect(other.bar.locator("[data-part=percent]")).to_have_text("40 %")
    other.bar.get_by_role("button", name="Play here").click()
    other.hears("Two")
    playing.is_silent()
    assert 20 <= other.position() < 30
    assert other.page.evaluate("sounding()[0].volume") == 0.4
    expect(other.button("Repeat: all")).to_be_visible()
    expect(playing.bar.get_by_text("Plays in another tab")).to_be_visible()
    expect(other.bar.get_by_text("Plays in another tab")).to_be_hidden()
    other.open_queue()
    expect(other.row("Five", grid="Queue")).to_be_visible()
    assert other.queued() == LONG
    other.button("Next").click()
    other.hears("Three")


def test_playing_something_in_the_second_tab_stops_the_first(
    pair: tuple[Listener, Listener],
) -> None:
    playing, other = pair
    other.open("Long Player")
    other.row("Five").dblclick()
    other.hears("Five")
    playing.is_silent()
    expect(playing.title).to_have_text("Five")


def test_closing_the_tab_that_plays_frees_the_other(
    pair: tuple[Listener, Listener],
) -> None:
    playing, other = pair
    playing.seek_to(15)
    playing.until("heard() > 15")
    playing.leave()
    expect(other.bar.get_by_text("Plays in another tab")).to_be_hidden()
    expect(other.title).to_have_text("Two")
    other.is_silent()
    other.button("Play").click()
    other.hears("Two")
    assert other.position() > 15
    other.button("Next").click()
    other.hears("Three")


def test_a_tab_that_vanished_without_a_word_while_it_was_paused_frees_the_other(
    pair: tuple[Listener, Listener],
) -> None:
    playing, other = pair
    playing.button("Pause").click()
    expect(other.button("Play")).to_be_visible()
    # As a crash: no event of its end reaches the page.
    playing.page.evaluate(VANISH)
    other.button("Play").click()
    expect(other.bar.get_by_text("Plays in another tab")).to_be_hidden()
    other.button("Play").click()
    other.hears("Two")


def test_only_the_tab_that_plays_saves(pair: tuple[Listener, Listener]) -> None:
    playing, other = pair
    at = playing.position()
    playing.until(f"heard() > {at + 6}")
    assert playing.saves() != []
    assert other.saves() == []


def test_two_tabs_have_one_stream_of_events(open_tab: OPEN, shelf: Shelf) -> None:
    wait_until(lambda: shelf.listeners() == 0)
    first, second = open_tab(), open_tab()
    first.open()
    wait_until(lambda: shelf.listeners() == 1)
    second.open()
    shelf.server.python(SPEAK)
    for tab in (first, second):
        tab.says("A test speaks.")
    assert shelf.listeners() == 1
    first.leave()
    assert shelf.listeners() == 1
