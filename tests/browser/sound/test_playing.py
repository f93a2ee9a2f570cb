"""Sound in Chromium: it plays, pauses, goes on, is sought in, and is as loud as it shows."""

import pytest
from playwright.sync_api import expect

from tests.browser.sound.listening import Listener
from tests.browser.sound.shelf import LONG_SECONDS

pytestmark = [pytest.mark.browser, pytest.mark.server]


def test_a_track_that_is_double_clicked_really_sounds(tab: Listener) -> None:
    tab.play("Two")
    expect(tab.bar.locator("[data-part=artist]")).to_have_text("Long Player Band")
    expect(tab.bar.locator("[data-part=duration]")).to_have_text("0:40")
    tab.until("heard() > 1")
    tab.is_at(1)


def test_pause_holds_the_sound_and_play_goes_on_from_there(tab: Listener) -> None:
    tab.play("One")
    tab.button("Pause").click()
    tab.is_silent()
    at = tab.page.evaluate("Math.max(...sounds.map(each => each.currentTime))")
    tab.button("Play").click()
    tab.sound_goes_on()
    assert at <= tab.position() < at + 2


def test_next_goes_on_to_the_track_that_follows(tab: Listener) -> None:
    tab.play("One")
    tab.button("Next").click()
    tab.hears("Two")


def test_next_of_a_paused_player_stays_paused(tab: Listener) -> None:
    tab.play("One")
    tab.button("Pause").click()
    tab.button("Next").click()
    expect(tab.title).to_have_text("Two")
    expect(tab.button("Play")).to_be_visible()
    tab.is_silent()


def test_previous_goes_back_a_track_when_it_is_early(tab: Listener) -> None:
    tab.play("Two")
    tab.button("Previous").click()
    tab.hears("One")


def test_previous_goes_to_the_beginning_when_it_is_later(tab: Listener) -> None:
    tab.play("Two")
    tab.seek_to(20)
    tab.until("heard() > 20")
    tab.button("Previous").click()
    tab.until("heard() >= 0 && heard() < 5")
    expect(tab.title).to_have_text("Two")


def test_the_next_track_follows_by_itself_and_the_end_of_all_stops(tab: Listener) -> None:
    tab.play("Uno", album="Short Cuts")
    tab.hears("Due")
    tab.hears("Tre")
    expect(tab.button("Play")).to_be_visible()
    tab.is_silent()
    expect(tab.title).to_have_text("Tre")
    expect(tab.bar.locator("[data-part=position]")).to_have_text("0:00")


def test_the_pointer_seeks_and_the_sound_moves_only_when_it_is_released(tab: Listener) -> None:
    tab.play("One")
    box = tab.seek.bounding_box()
    assert box
    y = box["y"] + box["height"] / 2
    tab.page.mouse.move(box["x"] + box["width"] * 0.2, y)
    tab.page.mouse.down()
    tab.page.mouse.move(box["x"] + box["width"] * 0.75, y, steps=5)
    expect(tab.bar.locator("[data-part=position]")).to_have_text("0:30")
    tab.sound_goes_on()
    assert tab.position() < 10
    expect(tab.bar.locator("[data-part=position]")).to_have_text("0:30")
    tab.page.mouse.up()
    tab.until("heard() > 29 && heard() < 35")


def test_the_time_under_the_pointer_is_shown(tab: Listener) -> None:
    tab.play("One")
    box = tab.seek.bounding_box()
    assert box
    tab.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    hint = tab.bar.locator("[data-part=hint]")
    expect(hint).to_have_text("0:20")
    expect(hint).to_be_visible()
    shown, button = hint.bounding_box(), tab.button("Pause").bounding_box()
    assert shown
    assert button
    assert shown["y"] >= button["y"] + button["height"]
    tab.page.mouse.move(5, 5)
    expect(hint).to_be_hidden()


def test_keys_on_the_seek_bar_seek(tab: Listener) -> None:
    tab.play("One")
    tab.seek.focus()
    tab.page.keyboard.press("End")
    # At its end it may be over before anybody has looked, and the next one plays.
    is_next = "document.querySelector('#player [data-part=title]').textContent !== 'One'"
    tab.until(f"heard() > {LONG_SECONDS} - 1 || sounding().length === 0 || {is_next}")
    tab.page.keyboard.press("Home")
    tab.until("heard() >= 0 && heard() < 5")
    tab.page.keyboard.press("ArrowRight")
    tab.until("heard() > 4.5 && heard() < 12")


def test_what_is_buffered_is_shown(tab: Listener) -> None:
    """As the browser has it: when the machine is busy it may leave a gap before the end."""
    tab.play("One")
    tab.until(
        """(() => {
            const { buffered, duration } = sounding()[0];
            const shown = [...document.querySelectorAll(".seek-buffered span")];
            const isNear = (percent, seconds) =>
                Math.abs(parseFloat(percent) - (seconds / duration) * 100) < 0.1;
            const isRight = ({ style }, at) =>
                isNear(style.left, buffered.start(at)) &&
                isNear(style.width, buffered.end(at) - buffered.start(at));
            return shown.length > 0 && shown.length === buffered.length && shown.every(isRight);
        })()"""
    )
    box, whole = tab.bar.locator("[data-part=buffered]").bounding_box(), tab.seek.bounding_box()
    part = tab.bar.locator("[data-part=buffered] span").first.bounding_box()
    assert box
    assert whole
    assert part
    assert box["width"] > whole["width"] * 0.9
    assert part["width"] > whole["width"] * 0.1


def test_volume_and_mute_are_heard_and_shown(tab: Listener) -> None:
    tab.play("One")
    percent = tab.bar.locator("[data-part=percent]")
    expect(percent).to_have_text("100 %")
    tab.volume.fill("40")
    expect(percent).to_have_text("40 %")
    tab.until("sounding()[0].volume === 0.4")
    tab.button("Mute").click()
    expect(percent).to_have_text("muted")
    tab.until("sounding()[0].muted")
    expect(tab.button("Mute")).to_have_attribute("aria-pressed", "true")
    expect(tab.volume).to_have_attribute("aria-valuetext", "muted")
    tab.button("Mute").click()
    tab.until("!sounding()[0].muted && sounding()[0].volume === 0.4")
    expect(tab.volume).to_have_value("40")
