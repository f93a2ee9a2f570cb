"""Shuffle and repeat: in which order tracks are heard."""

import pytest
from playwright.sync_api import expect

from tests.browser.sound.listening import Listener
from tests.browser.sound.shelf import LONG, LONG_SECONDS

pytestmark = [pytest.mark.browser, pytest.mark.server]


def press_next(tab: Listener) -> str:
    """Which track is heard then."""
    before = tab.title.text_content()
    tab.button("Next").click()
    expect(tab.title).not_to_have_text(before or "")
    return tab.title.text_content() or ""


def shuffle_album(tab: Listener) -> str:
    tab.open()
    tab.page.get_by_role("main").get_by_role("button", name="Shuffle").click()
    expect(tab.button("Pause")).to_be_visible()
    expect(tab.button("Shuffle")).to_have_attribute("aria-pressed", "true")
    tab.sound_goes_on()
    return tab.title.text_content() or ""


def test_shuffle_plays_each_once_before_any_comes_again(tab: Listener) -> None:
    first = shuffle_album(tab)
    tab.button("Repeat: off").click()
    round_one = [first, *(press_next(tab) for _ in LONG[1:])]
    round_two = [press_next(tab) for _ in LONG]
    assert sorted(round_one) == sorted(round_two) == sorted(LONG)
    assert round_two[0] != round_one[-1]


def test_previous_goes_back_through_what_was_played_however_it_was_shuffled(tab: Listener) -> None:
    heard = [shuffle_album(tab)]
    tab.button("Repeat: off").click()
    heard += [press_next(tab) for _ in range(len(LONG) + 1)]
    for title in reversed(heard[:-1]):
        tab.button("Previous").click()
        expect(tab.title).to_have_text(title)
    for title in heard[1:]:
        tab.button("Next").click()
        expect(tab.title).to_have_text(title)


def test_shuffle_of_what_plays_does_not_interrupt_it_and_can_be_taken_back(tab: Listener) -> None:
    tab.play("Three")
    asked = len(tab.streams("Three"))
    tab.button("Shuffle").click()
    tab.sound_goes_on()
    tab.button("Shuffle").click()
    tab.hears("Three")
    assert len(tab.streams("Three")) == asked
    tab.button("Next").click()
    tab.hears("Four")


def test_repeat_one_begins_the_track_again(tab: Listener) -> None:
    tab.play("One")
    tab.button("Repeat: off").click()
    tab.button("Repeat: all").click()
    expect(tab.button("Repeat: this track")).to_have_attribute("aria-pressed", "true")
    tab.seek_to(LONG_SECONDS - 4)
    tab.until(f"heard() > {LONG_SECONDS} / 2")
    tab.until(f"heard() >= 0 && heard() < {LONG_SECONDS} / 2")
    tab.hears("One")


def test_repeat_all_begins_the_queue_again(tab: Listener) -> None:
    tab.play("Five")
    tab.button("Repeat: off").click()
    tab.seek_to(LONG_SECONDS - 2)
    tab.hears("One")
