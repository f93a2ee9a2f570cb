"""Loudness and crossfade in Chromium, as they are chosen on the account's page."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from playwright.sync_api import Route, expect

from tests.browser.sound.listening import Listener
from tests.browser.sound.shelf import ENDLESS_SECONDS, LONG_SECONDS, Shelf
from tests.browser.sound.test_sleep_timer import open_player, set_timer

pytestmark = [pytest.mark.browser, pytest.mark.server]

HALF_DB = -6.0206
IS_HALF = "sounding().length === 1 && Math.abs(sounding()[0].volume - 0.5) < 0.01"
QUARTER_DB = -12.0412
IS_AS_WITHOUT_GAIN = "sounding().length === 1 && Math.abs(sounding()[0].volume - 0.501) < 0.01"
NOTE_VOLUMES = """() => {
  window.volumes = [];
  setInterval(() => sounding().length && volumes.push(sounding()[0].volume), 20);
}"""
SLOW_MS = 1500
NOTE_LOUDEST = """() => {
  const each = new Map(sounds.filter((audio) => !audio.paused).map((audio) => [audio, 0]));
  setInterval(() => {
    for (const audio of sounding()) each.set(audio, Math.max(each.get(audio) ?? 0, audio.volume));
    window.loudest = [...each.values()];
  }, 20);
}"""
NOTE_MOST = """() => {
  window.most = 0;
  setInterval(() => (most = Math.max(most, sounding().length)), 20);
}"""


@pytest.fixture(autouse=True)
def _as_it_is(shelf: Shelf) -> Iterator[None]:
    yield
    shelf.execute("DELETE FROM listening_soundchoice")
    shelf.execute("DELETE FROM listening_radiostation")
    shelf.execute("UPDATE library_track SET replaygain_track_gain_db = NULL")


def set_gain(tab: Listener, title: str, gain_db: float) -> None:
    tab.shelf.execute(
        "UPDATE library_track SET replaygain_track_gain_db = ? WHERE title = ?", gain_db, title
    )


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
    set_gain(tab, "Two", HALF_DB)
    choose(tab, loudness="All tracks alike")
    tab.play("Two")
    tab.until(IS_HALF)
    expect(tab.volume).to_have_value("100")


def test_a_track_without_replaygain_is_no_louder_than_the_others(tab: Listener) -> None:
    set_gain(tab, "Two", QUARTER_DB)
    choose(tab, loudness="All tracks alike")
    tab.play("Two")
    tab.until("Math.abs(sounding()[0].volume - 0.25) < 0.01")
    tab.button("Next").click()
    tab.hears("Three")
    tab.until(IS_AS_WITHOUT_GAIN)
    choose(tab)
    tab.play("Three")
    tab.until("sounding()[0].volume === 1")


def test_a_gain_that_comes_late_makes_no_jump(tab: Listener) -> None:
    def answer_late(route: Route) -> None:
        tab.page.wait_for_timeout(SLOW_MS)
        route.continue_()

    set_gain(tab, "Two", QUARTER_DB)
    choose(tab, loudness="All tracks alike")
    tab.open()
    tab.page.evaluate(NOTE_VOLUMES)
    tab.page.route("**/tracks?ids=*gain=true", answer_late)
    tab.row("Two").dblclick()
    tab.until("Math.abs(sounding()[0].volume - 0.25) < 0.01")
    volumes = tab.page.evaluate("volumes")
    assert volumes[0] == pytest.approx(0.501, abs=0.01)
    drops = [after / before for before, after in pairwise(volumes)]
    assert min(drops) > 0.7  # 3 dB


def test_a_track_without_replaygain_fades_in_beneath_one_that_has_it(tab: Listener) -> None:
    set_gain(tab, "Endless", QUARTER_DB)
    choose(tab, loudness="All tracks alike", crossfade="12 seconds")
    play_endless(tab)
    tab.until("Math.abs(sounding()[0].volume - 0.25) < 0.01")
    tab.page.evaluate(NOTE_LOUDEST)
    tab.seek_to(ENDLESS_SECONDS - 14)
    tab.until("sounding().length === 2")
    expect(tab.title).to_have_text("Five")
    tab.until(IS_AS_WITHOUT_GAIN)
    loudest = tab.page.evaluate("loudest")
    assert loudest[0] == pytest.approx(0.25, abs=0.01)
    assert loudest[1] == pytest.approx(0.501, abs=0.01)


def test_a_station_is_as_loud_as_music_without_replaygain(tab: Listener) -> None:
    set_gain(tab, "Two", QUARTER_DB)
    stream = f"{tab.shelf.server.url}/api/v1/tracks/{tab.shelf.track('One')}/stream"
    tab.shelf.execute(
        "INSERT INTO listening_radiostation"
        " (name, stream_url, home_page_url, created_at, changed_at)"
        " VALUES ('Nightly', ?, '', '2026-01-01', '2026-01-01')",
        stream,
    )
    choose(tab, loudness="All tracks alike")
    tab.play("Two")
    tab.until("Math.abs(sounding()[0].volume - 0.25) < 0.01")
    tab.page.get_by_role("link", name="Radio", exact=True).click()
    tab.page.get_by_role("button", name="Play Nightly").click()
    tab.until(IS_AS_WITHOUT_GAIN)


def test_the_sleep_timer_lets_the_last_track_end(tab: Listener) -> None:
    choose(tab, crossfade="12 seconds")
    play_endless(tab)
    open_player(tab)
    set_timer(tab, "At the end of the track")
    tab.seek_to(ENDLESS_SECONDS - 3)
    tab.is_silent()
    expect(tab.title).to_have_text("Five")
