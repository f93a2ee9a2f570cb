"""Tiles in Chromium: they play, have menus, and are selected, as rows are."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Watched
from tests.browser.playlist_pages import api, toast
from tests.browser.test_axe import expect_no_violation
from tests.browser.test_several_rows import expect_queue
from tests.browser.tile_pages import (
    Finger,
    expect_queue_begins,
    link,
    open_albums,
    open_queue,
    opened_player,
    tile,
    tracks,
)
from tests.databases import execute, place_in
from tests.web.served import ServedMus

pytestmark = [pytest.mark.browser, pytest.mark.server]

COLUMNS = """() => {
  const tiles = [...document.querySelectorAll("main .tile:not([hidden])")];
  const tops = tiles.map((each) => each.getBoundingClientRect().top);
  return tops.filter((top) => top === Math.min(...tops)).length;
}"""


def chosen(page: Page) -> list[int]:
    titles = page.locator("main .tile.is-chosen:not([hidden]) .tile-title")
    return sorted(int(each[5:]) for each in titles.all_text_contents())


def test_a_tile_plays(tab: Watched) -> None:
    page = tab.page
    open_albums(page)
    expect(tile(page, 2).get_by_role("button", name="Play album00002")).to_be_hidden()
    tile(page, 2).hover()
    tile(page, 2).get_by_role("button", name="Play album00002").click()
    expect(page.locator("#player [data-part=title]")).to_have_text("title000020")
    assert page.url.endswith("/albums")
    open_queue(page)
    expect_queue(page, *tracks(2))


def test_a_tile_has_the_menu_of_a_row(tab: Watched) -> None:
    page = tab.page
    open_albums(page)
    link(page, 3).click(button="right")
    menu = page.get_by_role("menu", name="For album00003")
    for name in ("Play", "Shuffle", "Play next", "Add to the queue", "Add to a playlist…"):
        expect(menu.get_by_role("menuitem", name=name, exact=True)).to_be_visible()
    for name in ("Add to favourites", "Rate…", "Go to the album", "Go to the artist", "Select"):
        expect(menu.get_by_role("menuitem", name=name, exact=True)).to_be_visible()
    expect_no_violation(page, "the menu of a tile")
    menu.get_by_role("menuitem", name="Play next").click()
    expect(toast(page, "“album00003” (10 tracks) plays next.")).to_be_visible()


def test_the_menu_of_a_tile_is_opened_by_keys(tab: Watched) -> None:
    page = tab.page
    open_albums(page)
    link(page, 1).focus()
    page.keyboard.press("ArrowRight")
    expect(link(page, 2)).to_be_focused()
    expect(tile(page, 2).get_by_role("button", name="More for album00002")).to_be_visible()
    page.keyboard.press("Shift+F10")
    page.get_by_role("menuitem", name="Add to favourites").press("Enter")
    expect(tile(page, 2).get_by_role("button", name="Favourite: album00002")).to_have_attribute(
        "aria-pressed", "true"
    )
    expect(link(page, 2)).to_be_focused()
    page.keyboard.press("ContextMenu")
    page.get_by_role("menuitem", name="Remove from favourites").press("Enter")


def test_the_row_of_an_artist_plays(tab: Watched) -> None:
    page = tab.page
    page.goto("/artists")
    row = page.locator(".artist-row:not([hidden])").filter(has_text="artist00004")
    row.hover()
    row.get_by_role("button", name="Play artist00004").click()
    expect(page.locator("#player [data-part=title]")).to_have_text("title000080")
    open_queue(page)
    expect(page.locator("#queue [data-count]")).to_have_text("20 tracks, 19 to come")


def test_several_tiles_are_selected_by_clicks(tab: Watched) -> None:
    page = tab.page
    open_albums(page)
    link(page, 5).click(modifiers=["Control"])
    link(page, 1).click(modifiers=["Meta"])
    link(page, 3).click(modifiers=["Shift"])
    assert len(page.context.pages) == 1
    expect(page.get_by_text("4 albums selected")).to_be_visible()
    assert chosen(page) == [1, 2, 3, 5]
    link(page, 2).click()  # one click more
    assert chosen(page) == [1, 3, 5]
    expect_no_violation(page, "selected tiles")
    link(page, 3).click(button="right")
    page.get_by_role("menu", name="For 3 albums").get_by_role(
        "menuitem", name="Play", exact=True
    ).click()
    open_queue(page)
    expect_queue_begins(page, *tracks(5, 1, 3))
    page.keyboard.press("Escape")  # the selection
    expect(page.get_by_text("3 albums selected")).to_be_hidden()


def test_several_tiles_are_selected_by_keys(tab: Watched) -> None:
    page = tab.page
    open_albums(page)
    link(page, 0).focus()
    columns = page.evaluate(COLUMNS)
    page.keyboard.press("Shift+ArrowDown")
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("Shift+ArrowLeft")
    expect(page.get_by_text(f"{columns + 1} albums selected")).to_be_visible()
    assert chosen(page) == list(range(columns + 1))
    page.keyboard.press("End")
    expect(link(page, 9999)).to_be_focused()
    page.keyboard.press("Control+Space")
    expect(page.get_by_text(f"{columns + 2} albums selected")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+PageUp")
    page.keyboard.press("Enter")  # plays what is selected
    expect(page.locator("#player [data-part=title]")).to_have_text(re.compile("title09"))
    page.keyboard.press("Home")
    expect(link(page, 0)).to_be_focused()


def test_ten_thousand_selected_albums_are_added_in_one_request(tab: Watched) -> None:
    page = tab.page
    open_albums(page)
    link(page, 0).focus()
    page.keyboard.press("Control+a")
    expect(page.get_by_text("10,000 albums selected")).to_be_visible()
    with page.expect_request("**/api/v1/track-ids") as asked:
        page.get_by_role("group", name="What is selected").get_by_role(
            "button", name="Add to the queue"
        ).click()
    body = asked.value.post_data_json
    assert body is not None
    assert len(body["album_ids"]) == 10_000
    link(page, 0).press("Tab")
    expect(link(page, 1)).to_be_focused()


def test_all_are_selected_from_the_first_one_on(tab: Watched) -> None:
    page = tab.page
    open_albums(page)
    link(page, 7).click(modifiers=["Control"])
    page.keyboard.press("Control+a")  # from the first one on
    expect(page.get_by_text("10,000 albums selected")).to_be_visible()
    page.keyboard.press("Escape")
    page.goto("/tracks")
    page.get_by_role("grid", name="Tracks").press("Control+a")
    expect(toast(page, "100,000 tracks selected")).to_be_visible()


def test_a_tile_leads_to_the_artist(tab: Watched) -> None:
    page = tab.page
    open_albums(page)
    link(page, 3).focus()
    page.keyboard.press("Tab")  # not to the artist
    expect(link(page, 4)).to_be_focused()
    artist = tile(page, 3).locator(".tile-line a")
    name = artist.inner_text()
    box = tile(page, 3).bounding_box()
    assert box
    artist.click()
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Albums", level=1)).to_be_visible()
    expect(tile(page, 3)).to_be_visible()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] - 6)  # below the texts
    expect(page.get_by_role("heading", name="album00003", level=1)).to_be_visible()


ONE_ROW = """(head) => {
  const buttons = [...head.querySelectorAll('.actions > *')];
  const boxes = buttons.map((each) => each.getBoundingClientRect());
  const seen = boxes.filter(({ width }) => width);
  return seen.every(({ top, bottom }) => top < seen[0].bottom && bottom > seen[0].top);
}"""


def test_a_phone_has_one_row_of_buttons_and_selects_a_whole_list(phone: Watched) -> None:
    page = phone.page
    page.goto("/tracks")
    page.get_by_role("navigation", name="Browse by").get_by_role("link", name="Albums").tap()
    link(page, 3).click(button="right")
    page.get_by_role("menuitem", name="Select").tap()
    bar = page.get_by_role("group", name="What is selected")
    expect(bar).to_contain_text("1 album selected")
    assert phone.overflow() == 0
    bar.get_by_role("button", name="Select all").tap()
    expect(bar).to_contain_text("10,000 albums selected")
    bar.get_by_role("button", name="Select nothing").tap()
    link(page, 3).tap()
    expect(page.get_by_role("heading", name="album00003", level=1)).to_be_visible()
    for size in ((390, 844), (844, 390), (320, 568)):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        assert page.locator(".album-head").evaluate(ONE_ROW)
        assert phone.overflow() == 0
    page.get_by_role("button", name="More for album00003").tap()
    expect_no_violation(page, "the menu of a phone's album")
    page.get_by_role("menuitem", name="Play next").tap()
    expect(toast(page, "“album00003” (10 tracks) plays next.")).to_be_visible()
    page.locator(".album-head .by a").tap()
    expect(page.locator(".artist-head")).to_be_visible()
    assert page.locator(".artist-head").evaluate(ONE_ROW)
    page.locator(".artist-head").get_by_role("button", name="More for").tap()
    page.get_by_role("menuitem", name="All tracks").tap()
    expect(page.locator(".heading .count")).to_contain_text("tracks")


def test_a_playlist_of_missing_files_says_so_and_keeps_the_queue(
    browser: Browser, filled: ServedMus
) -> None:
    with opened_player(browser, filled) as tab:
        page = tab.page
        track = api(page, "GET", "tracks?limit=1")["results"][0]["id"]
        made = api(page, "POST", "playlists", {"name": "Lost"})
        api(page, "POST", f"playlists/{made['id']}/entries", {"track_ids": [track]})
        place = place_in(Path(filled.variables["DATA_DIR"]))
        set_missing = "UPDATE library_track SET missing_since = {} WHERE id = %s"
        execute(place, set_missing.format("'2026-01-01 00:00:00'") % track)
        page.goto("/playlists")
        line = page.locator(".playlist-row:not([hidden])").filter(has_text="Lost")
        line.hover()
        line.get_by_role("button", name="Play Lost").click()
        expect(toast(page, "“Lost” cannot be played: its only file is missing.")).to_be_visible()
        execute(place, set_missing.format("NULL") % track)


def test_a_finger_that_holds_a_tile_opens_its_menu_and_selects(phone: Watched) -> None:
    page = phone.page
    open_albums(page)
    finger = Finger(page)
    finger.hold(link(page, 1))
    finger.lift()
    menu = page.get_by_role("menu", name="For album00001")
    expect(menu).to_be_visible()
    expect_no_violation(page, "the menu of a tile on a phone")
    menu.get_by_role("menuitem", name="Select").tap()
    expect(page.get_by_text("1 album selected")).to_be_visible()
    link(page, 2).tap()
    link(page, 3).tap()
    link(page, 2).tap()
    expect(page.get_by_text("2 albums selected")).to_be_visible()
    expect_no_violation(page, "selected tiles on a phone")
    assert phone.overflow() == 0
    page.go_back()
    expect(page.get_by_text("2 albums selected")).to_be_hidden()
    assert page.url.endswith("/albums")


def test_a_finger_that_holds_a_row_opens_its_menu(phone: Watched) -> None:
    page = phone.page
    open_albums(page)
    link(page, 2).tap()
    row = page.locator("main .rows .row:not([hidden])").filter(has_text="title000021")
    finger = Finger(page)
    finger.hold(row.locator(".start"))
    finger.lift()
    expect(page.get_by_role("menu", name="For title000021")).to_be_visible()
