"""Smart playlists in Chromium: made by rules, changed, kept from a search, taken away as a file."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Watched
from tests.browser.playlist_pages import PHONE, ROW, WIDE, api, opened
from tests.web.served import ServedMus

pytestmark = [pytest.mark.browser, pytest.mark.server]


@pytest.fixture(params=[WIDE, PHONE])
def tab(request: pytest.FixtureRequest, browser: Browser, listed: ServedMus) -> Iterator[Watched]:
    yield from opened(browser, listed, request.param)


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog")


def test_it_is_made_by_rules_and_changed(tab: Watched) -> None:
    page = tab.page
    page.goto("/playlists")
    page.locator(".heading").get_by_role("button", name="New smart playlist").click()
    expect(dialog(page)).to_contain_text("Give each rule a value")
    dialog(page).get_by_role("textbox", name="Name").fill("Ones")
    dialog(page).get_by_label("What").select_option("title")
    dialog(page).get_by_label("How it compares").select_option("contains")
    dialog(page).get_by_label("Title: value").fill("1")
    expect(dialog(page).get_by_role("status")).to_contain_text("tracks")
    dialog(page).get_by_label("At most tracks").fill("3")
    expect(dialog(page).get_by_role("status")).to_contain_text("3 tracks")
    assert tab.overflow() == 0
    dialog(page).get_by_role("button", name="Make it").click()
    expect(page.get_by_role("heading", name="Ones")).to_be_visible()
    expect(page.locator(".playlist-head")).to_contain_text("Smart playlist")
    expect(page.locator(ROW)).to_have_count(3)
    change = page.get_by_role("button", name="Change the rules")
    if change.is_visible():
        change.click()
    else:  # a phone has it in the menu
        page.get_by_role("button", name="More for Ones").click()
        page.get_by_role("menuitem", name="Change the rules").click()
    expect(dialog(page).get_by_label("Title: value")).to_have_value("1")
    dialog(page).get_by_label("At most tracks").fill("2")
    dialog(page).get_by_role("button", name="Save").click()
    expect(page.locator(ROW)).to_have_count(2)
    page.goto("/playlists")
    expect(page.locator(".playlist-link:visible")).to_contain_text("Smart playlist · 2 tracks")


def test_a_search_is_kept_as_a_playlist(tab: Watched) -> None:
    page = tab.page
    page.goto("/tracks?q=1&sort=-title")
    expect(page.locator(ROW).first).to_be_visible()
    page.get_by_role("button", name="Save as a smart playlist").click()
    expect(dialog(page).get_by_role("textbox", name="Name")).to_have_value("1")
    expect(dialog(page).get_by_label("Anything: value")).to_have_value("1")
    dialog(page).get_by_role("button", name="Make it").click()
    expect(page.locator(".playlist-head")).to_contain_text("Smart playlist")
    expect(page.locator(ROW).first).to_be_visible()


def test_favourites_come_and_go_by_themselves(tab: Watched) -> None:
    page = tab.page
    rules = {"all": [{"field": "favourite", "operator": "is", "value": True}]}
    made = api(page, "POST", "playlists", {"name": "Loved", "rules": rules})
    page.goto(f"/playlists/{made['id']}")
    expect(page.get_by_role("heading", name="No track fits the rules now")).to_be_visible()
    track = api(page, "GET", "tracks?limit=1")["results"][0]
    api(page, "PUT", f"favourites/tracks/{track['id']}")
    expect(page.locator(ROW)).to_contain_text(track["title"])
    api(page, "DELETE", f"favourites/tracks/{track['id']}")
    expect(page.get_by_role("heading", name="No track fits the rules now")).to_be_visible()
