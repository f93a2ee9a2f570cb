"""The queue: seen, jumped in, put in another order, added to, taken from, cleared."""

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.sound.listening import Listener
from tests.browser.sound.shelf import LONG, SHORT

pytestmark = [pytest.mark.browser, pytest.mark.server]


def queue_row(tab: Listener, title: str) -> Locator:
    return tab.row(title, grid="Queue")


def shows(tab: Listener, *titles: str) -> None:
    """The rows of the queue, sooner or later."""
    expect(queue_row(tab, titles[0])).to_be_visible()
    for _ in range(100):
        if tab.queued() == list(titles):
            return
        tab.page.evaluate("new Promise(resolve => requestAnimationFrame(resolve))")
    assert tab.queued() == list(titles)


def choose(tab: Listener, title: str, action: str) -> None:
    """From the menu of a track on the page."""
    tab.row(title).locator(".title").click(button="right")
    tab.page.get_by_role("menuitem", name=action, exact=True).click()


def test_the_queue_shows_what_comes_and_marks_what_plays(tab: Listener) -> None:
    tab.play("Two")
    panel = tab.open_queue()
    shows(tab, *LONG)
    expect(panel).to_contain_text("5 tracks, 3 to come")
    expect(queue_row(tab, "Two")).to_contain_text("Playing:")


def test_of_a_track_that_is_there_twice_one_row_plays(tab: Listener) -> None:
    tab.play("Four")
    choose(tab, "Four", "Add to the queue")
    tab.open_queue()
    shows(tab, *LONG, "Four")
    playing = tab.page.locator("#queue .row").filter(has_text="Playing:")
    expect(playing).to_have_attribute("aria-rowindex", "4")
    queue_row(tab, "Four").last.dblclick()
    expect(playing).to_have_attribute("aria-rowindex", "6")
    expect(queue_row(tab, "Four").first).to_contain_text("Played:")


def test_a_double_click_jumps_in_the_queue(tab: Listener) -> None:
    tab.play("One")
    tab.open_queue()
    queue_row(tab, "Four").dblclick()
    tab.hears("Four")
    tab.button("Next").click()
    tab.hears("Five")


def test_a_jump_in_a_shuffled_queue_leaves_what_it_jumped_over_to_come(tab: Listener) -> None:
    tab.play("One")
    tab.button("Shuffle").click()
    tab.open_queue()
    order = tab.queued()
    queue_row(tab, order[3]).dblclick()
    tab.hears(order[3])
    shows(tab, order[0], order[3], order[1], order[2], order[4])


def test_a_row_is_dragged_to_another_place_while_the_sound_goes_on(tab: Listener) -> None:
    tab.play("One")
    tab.open_queue()
    handle = queue_row(tab, "Four").locator(".start").bounding_box()
    target = queue_row(tab, "Two").bounding_box()
    assert handle
    assert target
    x = handle["x"] + 4
    tab.page.mouse.move(x, handle["y"] + handle["height"] / 2)
    tab.page.mouse.down()
    tab.page.mouse.move(x, target["y"] + 4, steps=8)
    expect(tab.page.locator("#queue .drop-line")).to_be_visible()
    tab.page.mouse.up()
    shows(tab, "One", "Four", "Two", "Three", "Five")
    tab.sound_goes_on()
    tab.button("Next").click()
    tab.hears("Four")


def test_keys_move_a_row_and_take_it_out(tab: Listener) -> None:
    tab.play("One")
    tab.open_queue()
    queue_row(tab, "Five").click()
    tab.page.keyboard.press("Alt+ArrowUp")
    tab.page.keyboard.press("Alt+ArrowUp")
    shows(tab, "One", "Two", "Five", "Three", "Four")
    tab.page.keyboard.press("Alt+ArrowDown")
    shows(tab, "One", "Two", "Three", "Five", "Four")
    tab.page.keyboard.press("Delete")
    shows(tab, "One", "Two", "Three", "Four")
    tab.sound_goes_on()


def test_the_track_that_plays_is_taken_out_and_the_next_one_plays(tab: Listener) -> None:
    tab.play("Two")
    tab.open_queue()
    queue_row(tab, "Two").click(button="right")
    tab.page.get_by_role("menuitem", name="Remove from the queue").click()
    tab.hears("Three")
    shows(tab, "One", "Three", "Four", "Five")


def test_the_queue_is_cleared_but_for_what_plays(tab: Listener) -> None:
    tab.play("Two")
    panel = tab.open_queue()
    panel.get_by_role("button", name="Clear").click()
    shows(tab, "Two")
    tab.sound_goes_on()


def test_a_track_is_played_next_or_added_at_the_end(tab: Listener) -> None:
    tab.play("One")
    tab.page.goto(tab.shelf.album("Short Cuts"))
    expect(tab.title).to_have_text("One")
    choose(tab, "Uno", "Play next")
    choose(tab, "Tre", "Add to the queue")
    tab.open_queue()
    shows(tab, "One", "Uno", *LONG[1:], "Tre")


def test_an_album_is_played_next_or_added_at_the_end(tab: Listener) -> None:
    tab.play("Five")
    tab.page.goto(tab.shelf.album("Short Cuts"))
    expect(tab.title).to_have_text("Five")
    main = tab.page.get_by_role("main")
    main.get_by_role("button", name="Play next").click()
    main.get_by_role("button", name="Add to the queue").click()
    tab.open_queue()
    shows(tab, *LONG, *SHORT, *SHORT)


def test_what_is_added_to_an_empty_queue_waits_to_be_played(tab: Listener) -> None:
    tab.open("Short Cuts")
    choose(tab, "Due", "Add to the queue")
    expect(tab.title).to_have_text("Due")
    tab.button("Play").click()
    tab.hears("Due")
