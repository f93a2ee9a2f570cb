"""Keys of keyboards without Latin letters in Chromium: they do what the Latin letter does that lies
on the same key."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.other_keyboard import press
from tests.browser.playlist_pages import expect_rows, make_playlist, opened, row
from tests.browser.test_playlists import open_playlist
from tests.web.served import ServedMus

pytestmark = [pytest.mark.browser, pytest.mark.server]


@pytest.fixture
def page(browser: Browser, listed: ServedMus) -> Iterator[Page]:
    for tab in opened(browser, listed, 1280):
        yield tab.page


def test_all_is_chosen_and_undone_on_a_russian_keyboard(page: Page) -> None:
    page.goto("/tracks?sort=title")
    row(page, 2).click()
    press(page, "ф", "KeyA", is_command=True)
    expect(page.locator(".toast", has_text="60 tracks selected")).to_be_visible()
    page.goto("/albums?sort=title")
    page.get_by_role("link", name="album1").first.focus()
    press(page, "ф", "KeyA", is_command=True)
    expect(page.get_by_text("6 albums selected").first).to_be_visible()
    playlist_id = make_playlist(page, "Removed", 3, 4, 5)
    open_playlist(page, playlist_id, 3)
    row(page, 4).click()
    page.keyboard.press("Delete")
    expect_rows(page, 3, 5)
    press(page, "я", "KeyZ", is_command=True)
    expect_rows(page, 3, 4, 5)


def test_plus_is_plus_where_it_lies_on_the_key_of_a_digit(page: Page) -> None:
    page.goto("/tracks?sort=title")
    row(page, 2).click()
    percent = page.locator("[data-part=percent]")
    page.keyboard.press("-")
    expect(percent).to_have_text("95 %")
    press(page, "+", "Digit1")  # a Czech keyboard
    expect(percent).to_have_text("100 %")
    press(page, "&", "Digit1")  # a French one
    expect(page.locator(".toast", has_text="1 star")).to_be_visible()
