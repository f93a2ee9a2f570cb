"""The system around the page: media keys and lock screens, the title of the tab, shortcuts."""

import pytest
from playwright.sync_api import expect

from tests.browser.sound.listening import Listener

pytestmark = [pytest.mark.browser, pytest.mark.server]


def test_the_media_session_names_what_plays_and_how_far_it_is(tab: Listener) -> None:
    tab.play("Two")
    said = tab.page.evaluate(
        """() => { const { title, artist, album } = navigator.mediaSession.metadata;
          return [title, artist, album, navigator.mediaSession.playbackState]; }"""
    )
    assert said == ["Two", "Long Player Band", "Long Player", "playing"]
    tab.until("window.positionState.duration === 40")
    tab.seek_to(25)
    tab.until("Math.abs(window.positionState.position - 25) < 1")
    tab.button("Pause").click()
    tab.until("navigator.mediaSession.playbackState === 'paused'")
    tab.button("Next").click()
    tab.until("navigator.mediaSession.metadata.title === 'Three'")
    tab.until("window.positionState.position === 0")


def test_media_keys_steer_the_player(tab: Listener) -> None:
    tab.play("Two")
    act = "([name, details]) => { actions[name]({ action: name, ...details }); }"
    tab.page.evaluate(act, ["nexttrack", {}])
    tab.hears("Three")
    tab.page.evaluate(act, ["previoustrack", {}])
    tab.hears("Two")
    tab.page.evaluate(act, ["pause", {}])
    tab.is_silent()
    tab.page.evaluate(act, ["play", {}])
    tab.sound_goes_on()
    tab.page.evaluate(act, ["seekto", {"seekTime": 12}])
    tab.until("heard() >= 12 && heard() < 15")
    tab.page.evaluate(act, ["seekforward", {}])
    tab.until("heard() >= 22 && heard() < 27")
    tab.page.evaluate(act, ["seekbackward", {"seekOffset": 15}])
    tab.until("heard() >= 7 && heard() < 14")
    tab.page.evaluate(act, ["stop", {}])
    tab.is_silent()


def test_the_lock_screen_of_ios_has_buttons_for_tracks(tab: Listener) -> None:
    for name, value in (("vendor", "'Apple Computer, Inc.'"), ("maxTouchPoints", "5")):
        tab.page.add_init_script(
            f"Object.defineProperty(Navigator.prototype, '{name}', {{ get: () => {value} }})"
        )
    tab.play("Two")
    names = tab.page.evaluate("Object.keys(actions).filter((name) => actions[name] !== null)")
    assert {"nexttrack", "previoustrack", "seekto"} <= {*names}
    assert not {"seekforward", "seekbackward"} & {*names}


def test_high_contrast_shows_how_far_the_track_is(tab: Listener) -> None:
    tab.open()
    tab.page.emulate_media(forced_colors="active")
    colours = tab.page.evaluate(
        """() => ['#player', '.seek-line', '.seek-played'].map((each) =>
          getComputedStyle(document.querySelector(each)).backgroundColor)"""
    )
    assert len(set(colours)) == 3


def test_the_title_of_the_tab_is_what_plays_else_the_place(tab: Listener) -> None:
    tab.open()
    expect(tab.page).to_have_title("Long Player · mus")
    tab.row("One").dblclick()
    expect(tab.page).to_have_title("Long Player Band - One")
    tab.button("Next").click()
    expect(tab.page).to_have_title("Long Player Band - Two")
    tab.button("Pause").click()
    expect(tab.page).to_have_title("Long Player · mus")
    tab.page.get_by_role("link", name="Albums").first.click()
    expect(tab.page).to_have_title("Albums · mus")


def test_keys_do_what_the_overlay_says(tab: Listener) -> None:
    tab.play("Two")
    press = tab.page.keyboard.press
    press("Space")
    tab.is_silent()
    press("Space")
    tab.sound_goes_on()
    press("n")
    tab.hears("Three")
    press("p")
    tab.hears("Two")
    press("l")
    tab.until("heard() >= 10")
    press("j")
    tab.until("heard() < 8")
    press("m")
    tab.until("sounding()[0].muted")
    press("m")
    press("-")
    tab.until("!sounding()[0].muted && sounding()[0].volume === 0.95")
    press("+")
    tab.until("sounding()[0].volume === 1")
    press("s")
    expect(tab.button("Shuffle")).to_have_attribute("aria-pressed", "true")
    press("r")
    expect(tab.button("Repeat: all")).to_be_visible()


def test_the_overlay_opens_and_closes_and_keeps_keys_from_the_player(tab: Listener) -> None:
    tab.play("Two")
    tab.page.keyboard.press("?")
    overlay = tab.page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(overlay).to_be_visible()
    tab.page.keyboard.press("n")
    tab.page.keyboard.press("Escape")
    expect(overlay).to_be_hidden()
    tab.hears("Two")
    tab.page.keyboard.press("?")
    overlay.get_by_role("button", name="Close").click()
    expect(overlay).to_be_hidden()


def test_keys_in_a_field_are_text(tab: Listener) -> None:
    tab.play("Two")
    tab.page.keyboard.press("/")
    field = tab.page.get_by_role("searchbox")
    expect(field).to_be_focused()
    tab.page.keyboard.type("mnsr p?")
    expect(field).to_have_value("mnsr p?")
    tab.hears("Two")
    assert tab.page.evaluate("sounding()[0].muted") is False
    expect(tab.button("Shuffle")).to_have_attribute("aria-pressed", "false")
    expect(tab.page.get_by_role("dialog")).to_have_count(0)


def test_enter_plays_the_row_that_arrows_selected(tab: Listener) -> None:
    tab.open()
    tab.page.keyboard.press("ArrowDown")
    tab.page.keyboard.press("ArrowDown")
    tab.page.keyboard.press("Enter")
    expect(tab.button("Pause")).to_be_visible()
    tab.sound_goes_on()
