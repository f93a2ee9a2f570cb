"""Loudness and crossfade in Chromium, as they are chosen on the account's page."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.sound.listening import Listener
from tests.browser.sound.shelf import ENDLESS_SECONDS, LONG_SECONDS, Shelf
from tests.browser.sound.test_sleep_timer import open_player, set_timer

pytestmark = [pytest.mark.browser, pytest.mark.server]

HALF_DB = -6.0206
IS_HALF = "sounding().length === 1 && Math.abs(sounding()[0].volume - 0.5) < 0.01"
NOTE_MOST = """() => {
  window.most = 0;
  setInterval(() => (most = Math.max(most, sounding().length)), 20);
}"""


@pytest.fixture(autouse=True)
def _as_it_is(shelf: Shelf) -> Iterator[None]:
    yield
    shelf.execute("DELETE FROM listening_soundchoice")
    shelf.execute("UPDATE library_track SET replaygain_track_gain_db = NULL")


def choose(tab: Listener, *, loudness: str = "As the files are", crossfade: str = "None") -> None:
    page = tab.page
    page.goto("/account/")
    page.get_by_label(loudness).check()
    page.get_by_label("Crossfade").select_option(crossfade)
    page.get_by_role("button", name="Save the sound").click()
    expect(page.get_by_role("status").first).to_contain_text("Music sounds like this")
    expect(page.get_by_label(loudness)).to_be_checked()
    expect(page.get_by_label("Crossfade").locator("option:checked")).to_have_text(crossfade)


def play_endless(tab: Listener) -> None:
    """In a list in which a track of another album follows."""
    tab.page.goto("/tracks?sort=title")
    tab.row("Endless").dblclick()
    tab.hears("Endless")


def test_tracks_of_two_albums_fade_into_each_other(tab: Listener) -> None:
    choose(tab, crossfade="12 seconds")
    play_endless(tab)
    tab.seek_to(ENDLESS_SECONDS - 14)
    tab.until("sounding().length === 2 && sounding().every((each) => each.volume < 1)")
    expect(tab.title).to_have_text("Five")
    tab.until("sounding().length === 1 && sounding()[0].volume === 1")
    tab.hears("Five")


def test_a_pause_in_a_fade_silences_both(tab: Listener) -> None:
    choose(tab, crossfade="12 seconds")
    play_endless(tab)
    tab.seek_to(ENDLESS_SECONDS - 14)
    tab.until("sounding().length === 2")
    tab.button("Pause").click()
    tab.is_silent()
    tab.button("Play").click()
    tab.hears("Five")
    tab.until("sounding()[0].volume === 1")


def test_tracks_that_follow_on_an_album_do_not_fade(tab: Listener) -> None:
    choose(tab, crossfade="2 seconds")
    tab.play("One")
    tab.page.evaluate(NOTE_MOST)
    tab.seek_to(LONG_SECONDS - 3)
    tab.hears("Two")
    assert tab.page.evaluate("most") == 1


def test_a_loud_track_is_played_as_its_replaygain_wants(tab: Listener) -> None:
    tab.shelf.execute(
        "UPDATE library_track SET replaygain_track_gain_db = ? WHERE title = 'Two'", HALF_DB
    )
    choose(tab, loudness="All tracks alike")
    tab.play("Two")
    tab.until(IS_HALF)
    expect(tab.volume).to_have_value("100")
    tab.button("Next").click()
    tab.hears("Three")
    tab.until("sounding()[0].volume === 1")


def test_the_sleep_timer_lets_the_last_track_end(tab: Listener) -> None:
    choose(tab, crossfade="12 seconds")
    play_endless(tab)
    open_player(tab)
    set_timer(tab, "At the end of the track")
    tab.seek_to(ENDLESS_SECONDS - 3)
    tab.is_silent()
    expect(tab.title).to_have_text("Five")
