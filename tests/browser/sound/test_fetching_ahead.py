"""The next track is fetched before the one that plays is over, and fetched once."""

import pytest
from playwright.sync_api import expect

from tests.browser.sound.listening import Listener
from tests.browser.sound.shelf import LONG_SECONDS

pytestmark = [pytest.mark.browser, pytest.mark.server]

NEAR_THE_END = LONG_SECONDS - 15


def waits_for(tab: Listener, title: str) -> None:
    """Its file is being fetched, and nothing of it is heard."""
    path = f"/api/v1/tracks/{tab.shelf.track(title)}/stream"
    tab.until(
        "sounds.some(each => each.paused && each.src.endsWith(arg) && each.readyState >= 3)",
        arg=path,
    )


def loads(tab: Listener, title: str) -> int:
    """How often an audio element began to load its file."""
    path = f"/api/v1/tracks/{tab.shelf.track(title)}/stream"
    return int(tab.page.evaluate("path => loads.filter(each => each.endsWith(path)).length", path))


def test_nothing_is_fetched_ahead_while_the_end_is_far(tab: Listener) -> None:
    tab.play("One")
    tab.until("heard() > 1")
    assert tab.streams("Two") == []


def test_the_next_track_is_fetched_before_the_end_and_the_swap_uses_it(tab: Listener) -> None:
    tab.play("One")
    tab.seek_to(NEAR_THE_END)
    waits_for(tab, "Two")
    expect(tab.title).to_have_text("One")
    assert tab.streams("Two") != []
    tab.seek_to(LONG_SECONDS - 0.5)
    tab.hears("Two")
    tab.until("heard() > 2")
    assert loads(tab, "Two") == 1


def test_next_uses_what_was_fetched_ahead(tab: Listener) -> None:
    tab.play("One")
    tab.seek_to(NEAR_THE_END)
    waits_for(tab, "Two")
    tab.button("Next").click()
    tab.hears("Two")
    assert loads(tab, "Two") == 1


def test_what_is_fetched_changes_with_what_comes_next(tab: Listener) -> None:
    tab.play("One")
    tab.seek_to(NEAR_THE_END)
    waits_for(tab, "Two")
    tab.row("Four").click(button="right")
    tab.page.get_by_role("menuitem", name="Play next", exact=True).click()
    waits_for(tab, "Four")
    tab.button("Next").click()
    tab.hears("Four")


def test_a_track_that_is_added_during_the_last_seconds_is_fetched_too(tab: Listener) -> None:
    tab.play("Five")
    tab.seek_to(NEAR_THE_END)
    tab.sound_goes_on()
    tab.row("Two").click(button="right")
    tab.page.get_by_role("menuitem", name="Add to the queue", exact=True).click()
    waits_for(tab, "Two")
