"""Playlists in Chromium: made, filled from any list, put in order by mouse and keys, undone."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.conftest import Watched
from tests.browser.playlist_pages import (
    WIDE,
    api,
    choose_playlist,
    expect_rows,
    expect_stored,
    id_in_address,
    make_playlist,
    opened,
    row,
    toast,
    undo,
)
from tests.web.served import ServedMus

pytestmark = [pytest.mark.browser, pytest.mark.server]


@pytest.fixture
def tab(browser: Browser, listed: ServedMus) -> Iterator[Watched]:
    yield from opened(browser, listed, WIDE)


def open_playlist(page: Page, playlist_id: int, count: int) -> None:
    page.goto(f"/playlists/{playlist_id}")
    expect(page.locator("main .rows .row:not([hidden], .is-loading)")).to_have_count(count)


def drag(page: Page, dragged: int, to: int) -> None:
    """To below row `to`."""
    box = row(page, to).bounding_box()
    assert box is not None
    row(page, dragged).hover()
    page.mouse.down()
    page.mouse.move(box["x"] + 20, box["y"] + box["height"] / 2)
    page.mouse.move(box["x"] + 20, box["y"] + box["height"] + 8)
    page.mouse.up()


def test_a_playlist_is_made_filled_put_in_order_and_all_is_undone(tab: Watched) -> None:
    playlist_id = make_road(tab.page)
    fill_road(tab.page)
    put_in_order(tab.page, playlist_id)
    undo_all(tab.page, playlist_id)


def make_road(page: Page) -> int:
    page.goto("/playlists")
    expect(page.get_by_role("heading", name="No playlists yet")).to_be_visible()
    page.locator(".heading").get_by_role("button", name="New playlist").click()
    page.get_by_role("dialog").get_by_role("textbox", name="Name").fill("Road")
    page.keyboard.press("Enter")
    playlist_id = id_in_address(page)
    expect(page.get_by_role("heading", name="Nothing in it yet")).to_be_visible()
    return playlist_id


def fill_road(page: Page) -> None:
    """With tracks of the list, and with an album."""
    page.goto("/tracks?sort=title")
    row(page, 0).click()
    row(page, 9).click(modifiers=["Shift"])
    page.keyboard.press("a")
    choose_playlist(page, "Road")
    expect(toast(page, "10 tracks added to “Road”.")).to_be_visible()
    page.goto("/albums")
    page.get_by_role("link", name="album1").click()
    page.get_by_role("button", name="Add to a playlist").click()
    choose_playlist(page, "road")
    toast(page, "10 tracks added to “Road”.").get_by_role("link", name="Show it").click()
    expect_rows(page, *range(13))  # what the window shows
    expect(page.locator("main .count").first).to_contain_text("20 tracks · 1 h 7 min")


def put_in_order(page: Page, playlist_id: int) -> None:
    """By mouse and keys; two tracks are removed."""
    drag(page, 0, 3)
    expect_rows(page, 1, 2, 3, 0, *range(4, 13))
    expect_stored(page, playlist_id, 1, 2, 3, 0, *range(4, 20))
    row(page, 1).click()
    row(page, 2).click(modifiers=["Shift"])
    drag(page, 1, 0)
    expect_rows(page, 3, 0, 1, 2, *range(4, 13))
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Alt+ArrowUp")
    expect_rows(page, 1, 2, 3, 0, *range(4, 13))
    page.keyboard.press("Alt+ArrowUp")  # it is at the top
    page.keyboard.press("Alt+ArrowDown")
    expect_rows(page, 3, 1, 2, 0, *range(4, 13))
    page.keyboard.press("Delete")
    expect_rows(page, 3, 0, *range(4, 15))
    expect_stored(page, playlist_id, 3, 0, *range(4, 20))


def undo_all(page: Page, playlist_id: int) -> None:
    undo(page, "2 tracks were removed")
    expect_rows(page, 3, 1, 2, 0, *range(4, 13))
    for _ in range(5):
        page.keyboard.press("Control+z")
    expect_rows(page, *range(13))
    expect_stored(page, playlist_id, *range(20))


def test_keys_pressed_quickly_arrive_in_their_order(tab: Watched) -> None:
    page = tab.page
    playlist_id = make_playlist(page, "Quick", *range(8))
    open_playlist(page, playlist_id, 8)
    row(page, 0).click()
    for _ in range(5):
        page.keyboard.press("Alt+ArrowDown")
    page.keyboard.press("Alt+ArrowUp")
    expect_rows(page, 1, 2, 3, 4, 0, 5, 6, 7)
    expect_stored(page, playlist_id, 1, 2, 3, 4, 0, 5, 6, 7)
    expect(page.locator(".toast")).to_have_count(1)
    page.reload()
    expect_rows(page, 1, 2, 3, 4, 0, 5, 6, 7)


def test_an_answer_from_before_a_change_does_not_move_rows_back(tab: Watched) -> None:
    page, reads, changes = tab.page, list[Route](), list[Route]()
    playlist_id = make_playlist(page, "Slow", *range(6))
    open_playlist(page, playlist_id, 6)

    def hold(route: Route) -> None:
        """The first answer with the entries, and the second change."""
        if route.request.method == "GET":
            route.fallback() if reads else reads.append(route)
        else:
            changes.append(route)
            if len(changes) != 2:
                route.fallback()

    page.route("**/entries**", hold)
    row(page, 0).click()
    page.keyboard.press("Alt+ArrowDown")
    while not reads:
        page.wait_for_timeout(20)
    before = reads[0].fetch()
    page.keyboard.press("Alt+ArrowDown")
    reads[0].fulfill(response=before)
    page.wait_for_timeout(300)  # for the page to show that answer, if it were to
    expect_rows(page, 1, 2, 0, 3, 4, 5)
    page.keyboard.press("Alt+ArrowDown")
    expect_rows(page, 1, 2, 3, 0, 4, 5)
    changes[1].fallback()
    page.unroute_all(behavior="ignoreErrors")
    expect_stored(page, playlist_id, 1, 2, 3, 0, 4, 5)
    expect_rows(page, 1, 2, 3, 0, 4, 5)


def test_a_playlist_is_made_where_tracks_are_added_and_undo_takes_both_back(tab: Watched) -> None:
    page = tab.page
    page.goto("/tracks?sort=title")
    row(page, 4).click(button="right")
    page.get_by_role("menuitem", name="Add to a playlist").click()
    expect(page.get_by_role("dialog", name="Add “title000004” to a playlist")).to_be_visible()
    expect(page.get_by_text("You have no playlists yet.")).to_be_visible()
    choose_playlist(page, "First")
    expect(toast(page, "The playlist “First” was made with “title000004”.")).to_be_visible()
    assert [each["name"] for each in api(page, "GET", "playlists")["results"]] == ["First"]
    with page.expect_response(lambda answer: answer.request.method == "DELETE"):
        undo(page, "was made")
    assert api(page, "GET", "playlists")["count"] == 0


def test_tracks_that_are_there_already_are_added_only_if_one_says_so(tab: Watched) -> None:
    page = tab.page
    playlist_id = make_playlist(page, "Some", 0, 1, 2)
    page.goto("/tracks?sort=title")
    row(page, 1).click()
    row(page, 4).click(modifiers=["Shift"])
    page.keyboard.press("a")
    choose_playlist(page, "Some")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("2 of the 4 tracks are in Some already.")).to_be_visible()
    expect(dialog.get_by_role("button", name="Add the other 2")).to_be_focused()
    page.keyboard.press("Enter")
    expect(toast(page, "2 tracks added to “Some”.")).to_be_visible()
    expect_stored(page, playlist_id, 0, 1, 2, 3, 4)
    page.keyboard.press("a")
    choose_playlist(page, "Some")
    expect(dialog.get_by_text("All 4 tracks are in Some already.")).to_be_visible()
    dialog.get_by_role("button", name="Add again").click()
    expect(toast(page, "4 tracks added to “Some”.")).to_be_visible()
    expect_stored(page, playlist_id, 0, 1, 2, 3, 4, 1, 2, 3, 4)
    undo(page, "4 tracks added")
    expect_stored(page, playlist_id, 0, 1, 2, 3, 4)


def test_a_track_that_is_there_twice_is_moved_removed_and_played_where_one_points(
    tab: Watched,
) -> None:
    page = tab.page
    playlist_id = make_playlist(page, "Twice", 7, 8, 7, 9)
    open_playlist(page, playlist_id, 4)
    second = page.locator("main .rows .row:not([hidden])").nth(2).locator(".title")
    second.dblclick()
    page.locator(".rail [data-does=queue]").click()
    expect(page.locator("#queue [data-count]")).to_have_text("4 tracks, 1 to come")
    page.locator("#queue").get_by_role("button", name="Close the queue").click()
    second.click()
    page.keyboard.press("Alt+ArrowDown")
    expect_rows(page, 7, 8, 9, 7)
    page.keyboard.press("Delete")
    expect_rows(page, 7, 8, 9)
    expect_stored(page, playlist_id, 7, 8, 9)


def expect_playing(page: Page, *places: int) -> None:
    """Exactly the rows at these places are marked as what plays."""
    rows = page.locator("main .rows .row:not([hidden])")
    expect(page.locator("main .rows .row.is-current:not([hidden])")).to_have_count(len(places))
    for place in places:
        expect(rows.nth(place)).to_have_class(re.compile("is-current"))


def test_of_a_track_that_is_there_twice_the_entry_that_plays_is_marked(tab: Watched) -> None:
    page = tab.page
    playlist_id = make_playlist(page, "Twice", 7, 8, 7, 9)
    open_playlist(page, playlist_id, 4)
    page.locator("main .rows .row:not([hidden])").nth(2).locator(".title").dblclick()
    expect_playing(page, 2)
    page.locator("main .rows .row:not([hidden])").first.locator(".title").dblclick()
    expect_playing(page, 0)
    page.goto("/tracks?sort=title")
    row(page, 7).dblclick()
    open_playlist(page, playlist_id, 4)
    expect_playing(page, 0, 2)


def test_the_queue_is_saved_as_a_playlist(tab: Watched) -> None:
    page = tab.page
    page.goto("/tracks?sort=title")
    row(page, 2).click()
    row(page, 5).click(modifiers=["Shift"])
    page.keyboard.press("Enter")
    page.locator(".rail [data-does=queue]").click()
    page.locator("#queue").get_by_role("button", name="Save").click()
    page.get_by_role("menuitem", name="Save as a playlist").click()
    page.get_by_role("textbox", name="Name").fill("Evening")
    page.keyboard.press("Enter")
    playlist_id = id_in_address(page)
    expect(page.get_by_role("heading", name="Evening")).to_be_visible()
    expect_stored(page, playlist_id, 2, 3, 4, 5)


def test_all_tracks_of_a_search_are_added(tab: Watched) -> None:
    page = tab.page
    page.goto("/tracks?q=album3")
    expect(page.locator(".heading .count")).to_have_text("10 tracks found")
    page.locator(".heading").get_by_role("button", name="Add to a playlist").click()
    field = page.get_by_role("combobox", name="Find a playlist")
    expect(field).to_have_value("album3")
    expect(page.get_by_role("option", name="New playlist “album3”")).to_be_visible()
    page.keyboard.press("Enter")
    toast(page, "was made with 10 tracks").get_by_role("link", name="Show it").click()
    expect_rows(page, *range(30, 40))


def test_playlists_are_dragged_into_folders_and_out_of_them(tab: Watched) -> None:
    page = tab.page
    folder = api(page, "POST", "playlist-folders", {"name": "Work"})["id"]
    make_playlist(page, "Calm", 1)
    make_playlist(page, "Loud", 2, folder_id=folder)
    page.goto("/playlists")
    lines = page.locator(".playlist-row:not([hidden])")
    expect(lines).to_have_count(3)
    expect(lines.nth(0)).to_contain_text("1 playlist")
    lines.filter(has_text="Calm").drag_to(lines.filter(has_text="Work"))
    expect(toast(page, "“Calm” is in “Work” now.")).to_be_visible()
    expect(lines.nth(0)).to_contain_text("2 playlists")
    assert lines.nth(1).evaluate("(line) => line.style.paddingLeft") == "24px"
    lines.nth(0).locator("[data-does=toggle]").click()
    expect(lines).to_have_count(1)
    lines.nth(0).locator("[data-does=toggle]").click()
    lines.filter(has_text="Calm").click(button="right")
    page.get_by_role("menuitem", name="Move to a folder").click()
    page.get_by_role("menuitemradio", name="No folder").click()
    expect(lines.nth(0)).to_contain_text("1 playlist")
    undo(page, "is in no folder now")
    expect(lines.nth(0)).to_contain_text("2 playlists")


def test_a_playlist_is_renamed_described_shared_and_deleted_with_undo(tab: Watched) -> None:
    page = tab.page
    playlist_id = make_playlist(page, "Old", 1, 2)
    open_playlist(page, playlist_id, 2)
    page.get_by_role("button", name="Edit the name").click()
    page.keyboard.type("New 🎉 حبيتك")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("New 🎉 حبيتك")
    page.get_by_role("button", name="Edit the description").click()
    page.keyboard.type("For the road")
    page.locator("main .count").first.click()  # leaving the field saves it
    expect(page.locator(".description")).to_have_text("For the road")
    page.get_by_role("button", name="Edit the name").click()
    page.keyboard.type("no")
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", level=1)).to_have_text("New 🎉 حبيتك")
    page.get_by_label("Who may listen").select_option("read")
    expect(toast(page, "can be heard by everyone here")).to_be_visible()
    stored = api(page, "GET", f"playlists/{playlist_id}")
    assert (stored["name"], stored["description"], stored["sharing"]) == (
        "New 🎉 حبيتك",
        "For the road",
        "read",
    )
    page.get_by_role("button", name=re.compile("More for .*New")).click()
    page.get_by_role("menuitem", name="Delete").click()
    expect(page.get_by_role("heading", name="No playlists yet")).to_be_visible()
    undo(page, "was deleted")
    expect(page.locator(".playlist-row:not([hidden])")).to_contain_text("New 🎉 حبيتك")
