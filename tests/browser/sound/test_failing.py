"""Files that cannot be played are named with the reason and passed over; three in a row stop."""

import json
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.sound.listening import Listener

pytestmark = [pytest.mark.browser, pytest.mark.server]


@pytest.fixture
def tab(open_tab: Callable[[], Listener]) -> Iterator[Listener]:
    """That a file is not there is told at the console, by the browser itself."""
    tab = open_tab()
    yield tab
    tab.complaints[:] = [each for each in tab.complaints if "status of 404" not in each]


def says(tab: Listener, *words: str) -> None:
    log = tab.page.get_by_role("log", name="Messages")
    for each in words:
        expect(log).to_contain_text(each)


def start(tab: Listener, title: str) -> None:
    tab.open("Broken")
    tab.row(title).dblclick()


def test_a_file_that_is_gone_is_named_and_skipped(tab: Listener) -> None:
    start(tab, "Gone")
    says(tab, "Could not play “Gone” (the file is missing). Skipped.")


def test_a_damaged_file_is_named_and_skipped(tab: Listener) -> None:
    start(tab, "Corrupt")
    says(tab, "Could not play “Corrupt” (the file is damaged). Skipped.")


def test_a_format_that_the_browser_does_not_play_is_named(tab: Listener) -> None:
    start(tab, "Windows")
    says(tab, "Could not play “Windows” (this browser cannot play WMA)", "Could not play “Monkey” (this browser cannot play Monkey’s Audio)")
    tab.hears("Sound")


def test_three_in_a_row_stop(tab: Listener) -> None:
    start(tab, "Gone")
    says(tab, "“Gone”", "“Corrupt”", "“Windows”", "That is three in a row: stopped.")
    expect(tab.title).to_have_text("Windows")
    expect(tab.button("Play")).to_be_visible()
    tab.is_silent()


def test_a_broken_track_that_was_restored_does_not_start_the_next_one(tab: Listener) -> None:
    tab.open("Broken")
    broken, sound = tab.shelf.track("Monkey"), tab.shelf.track("Sound")
    tab.shelf.set_state(current_track_id=broken, progress_seconds=3)
    tab.keep_queue(json.dumps({"ids": [broken, sound], "order": None, "position": 0}))
    tab.page.reload()
    says(tab, "Could not play “Monkey”")
    expect(tab.title).to_have_text("Sound")
    expect(tab.button("Play")).to_be_visible()
    tab.is_silent()
