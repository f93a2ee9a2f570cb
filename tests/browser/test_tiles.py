"""Tiles in Chromium: they play, have menus, are selected, and are dragged, as rows are."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.browser.conftest import Watched, forget_players, log_in, watch
from tests.browser.playlist_pages import api, expect_rows, forget_playlists, make_playlist
from tests.browser.test_axe import expect_no_violation
from tests.browser.test_several_rows import expect_queue, queued
from tests.databases import execute, place_in
from tests.web.served import ServedMus

pytestmark = [pytest.mark.browser, pytest.mark.server]

WIDE, PHONE = 1440, 390
COLUMNS = """() => {
  const tiles = [...document.querySelectorAll("main .tile:not([hidden])")];
  const tops = tiles.map((each) => each.getBoundingClientRect().top);
  return tops.filter((top) => top === Math.min(...tops)).length;
}"""


def begin(browser: Browser, server: ServedMus, width: int = WIDE) -> tuple[Watched, list[Route]]:
    """Nothing was played before; there are no files, so what plays waits for its sound."""
    held: list[Route] = []
    forget_players(server)
    forget_playlists(server)
    tab = watch(browser, server, width, "dark", is_calm=True, is_touched=width == PHONE)
    log_in(tab)
    tab.page.route("**/api/v1/tracks/*/stream", lambda route: held.append(route))  # noqa: PLW0108
    return tab, held


def end(tab: Watched, held: list[Route], server: ServedMus) -> None:
    complaints = list(tab.complaints)
    for route in held:
        route.abort()
    tab.page.context.close()
    forget_players(server)
    forget_playlists(server)
    assert complaints == []


@pytest.fixture
def tab(browser: Browser, long: ServedMus) -> Iterator[Watched]:
    tab, held = begin(browser, long)
    yield tab
    end(tab, held, long)


@pytest.fixture
def phone(browser: Browser, long: ServedMus) -> Iterator[Watched]:
    tab, held = begin(browser, long, PHONE)
    yield tab
    end(tab, held, long)


def tile(page: Page, number: int) -> Locator:
    return page.locator("main .tile:not([hidden])").filter(has_text=f"album{number:05}")


def link(page: Page, number: int) -> Locator:
    return page.get_by_role("link", name=f"album{number:05}")


def chosen(page: Page) -> list[int]:
    titles = page.locator("main .tile.is-chosen:not([hidden]) .tile-title")
    return sorted(int(each[5:]) for each in titles.all_text_contents())


def open_albums(page: Page) -> None:
    page.goto("/albums")
    expect(tile(page, 3)).to_be_visible()


def toast(page: Page, text: str) -> Locator:
    return page.locator("#toasts .toast").filter(has_text=text)


def open_queue(page: Page) -> None:
    page.locator(".rail [data-does=queue]").click()
    expect(page.get_by_role("grid", name="Queue")).to_be_focused()


def expect_queue_begins(page: Page, *numbers: int) -> None:
    """The panel draws the rows in sight alone."""
    expect(queue_row(page, numbers[15])).to_be_visible()
    shown = queued(page)
    assert shown == [*numbers[: len(shown)]]


def tracks(*albums: int) -> list[int]:
    """The numbers of the tracks of these albums, disc by disc."""
    return [number for album in albums for number in range(album * 10, album * 10 + 10)]


def test_a_tile_plays_and_has_the_menu_of_a_row(tab: Watched) -> None:
    page = tab.page
    open_albums(page)
    expect(tile(page, 2).get_by_role("button", name="Play album00002")).to_be_hidden()
    tile(page, 2).hover()
    tile(page, 2).get_by_role("button", name="Play album00002").click()
    expect(page.locator("#player [data-part=title]")).to_have_text("title000020")
    assert page.url.endswith("/albums")
    open_queue(page)
    expect_queue(page, *tracks(2))
    page.keyboard.press("Escape")

    link(page, 3).click(button="right")
    menu = page.get_by_role("menu", name="For album00003")
    for name in ("Play", "Shuffle", "Play next", "Add to the queue", "Add to a playlist…"):
        expect(menu.get_by_role("menuitem", name=name, exact=True)).to_be_visible()
    for name in ("Add to favourites", "Rate…", "Go to the album", "Go to the artist", "Select"):
        expect(menu.get_by_role("menuitem", name=name, exact=True)).to_be_visible()
    expect_no_violation(page, "the menu of a tile")
    menu.get_by_role("menuitem", name="Play next").click()
    expect(toast(page, "“album00003” (10 tracks) plays next.")).to_be_visible()

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

    page.goto("/artists")
    row = page.locator(".artist-row:not([hidden])").filter(has_text="artist00004")
    row.hover()
    row.get_by_role("button", name="Play artist00004").click()
    expect(page.locator("#player [data-part=title]")).to_have_text("title000080")
    open_queue(page)
    expect(page.locator("#queue [data-count]")).to_have_text("20 tracks, 19 to come")


def test_several_tiles_are_selected_by_clicks_and_keys(tab: Watched) -> None:
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
    page.keyboard.press("Escape")  # the queue

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


def point(found: Locator, *, part: float = 0.5) -> tuple[float, float]:
    """In the middle of its width, at this part of its height."""
    box = found.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] * part


def drag(page: Page, dragged: Locator, to: Locator, *, part: float = 0.5) -> None:
    """Up to there; the button of the mouse stays pressed."""
    x, y = point(dragged, part=0.3)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 8, y + 8)
    to_x, to_y = point(to, part=part)
    page.mouse.move(to_x + 1, to_y)
    page.mouse.move(to_x, to_y)


def queue_row(page: Page, number: int) -> Locator:
    rows = page.locator("#queue .rows .row:not([hidden], .is-loading)")
    return rows.filter(has_text=f"title{number:06}")


def undo(page: Page, text: str) -> None:
    toast(page, text).get_by_role("button", name="Undo").click()


def test_tiles_are_dragged_to_the_queue(tab: Watched) -> None:
    page = tab.page
    open_albums(page)
    note = page.locator(".drag-note")

    button = page.locator(".rail [data-does=queue]")  # onto the button: at the end
    drag(page, link(page, 1), button)
    expect(note).to_have_text("album00001Add to the queue")
    expect(page.get_by_role("grid", name="Queue")).to_be_visible()  # it rests there: opens it
    page.mouse.up()
    expect(toast(page, "Added “album00001” (10 tracks) to the queue.")).to_be_visible()
    expect(note).to_have_count(0)
    expect_queue(page, *tracks(1))

    drag(page, link(page, 2), queue_row(page, 12), part=0.1)  # into the panel: where it is dropped
    expect(note).to_have_text("album00002Put into the queue here")
    expect(page.locator("#queue .drop-line")).to_be_visible()
    page.keyboard.press("Escape")
    expect(note).to_have_count(0)
    page.mouse.up()
    expect_queue(page, *tracks(1))
    drag(page, link(page, 2), queue_row(page, 12), part=0.1)
    page.mouse.up()
    expect(queue_row(page, 20)).to_be_visible()
    expect_queue_begins(page, 10, 11, *tracks(2), *range(12, 20))
    expect(page.locator("#player [data-part=title]")).to_have_text("title000010")
    undo(page, "Added “album00002”")
    expect_queue(page, *tracks(1))
    undo(page, "Added “album00001”")
    expect(page.locator("#queue [data-count]")).to_have_text("Nothing in it yet")

    link(page, 3).click(modifiers=["Control"])  # several, in an empty queue
    link(page, 4).click(modifiers=["Control"])
    drag(page, link(page, 3), page.locator("#queue .queue-rows"))
    expect(note).to_have_text("2 albumsPut into the queue here")
    page.mouse.up()
    expect_queue_begins(page, *tracks(3, 4))


def test_tiles_and_rows_are_dragged_to_playlists(tab: Watched) -> None:
    page = tab.page
    playlist = make_playlist(page, "Road", 0, 1)
    make_playlist(page, "Other")
    open_albums(page)
    note = page.locator(".drag-note")
    tile(page, 3).hover()
    tile(page, 3).get_by_role("button", name="Play album00003").click()

    drag(page, link(page, 5), page.locator(".rail [data-place=playlists]"))  # rests: goes there
    expect(page.get_by_role("heading", name="Playlists", level=1)).to_be_visible()
    road = page.locator(".playlist-row:not([hidden])").filter(has_text="Road")
    page.mouse.move(*point(road))
    expect(note).to_have_text("album00005Add to “Road”")
    page.mouse.up()
    expect(toast(page, "10 tracks added to “Road”.")).to_be_visible()
    expect(road).to_contain_text("12 tracks")
    undo(page, "10 tracks added to “Road”.")
    expect(road).to_contain_text("2 tracks")

    page.goto(f"/playlists/{playlist}")  # rows of the queue onto the page of a playlist
    rows = page.locator("main .rows .row:not([hidden], .is-loading)")
    expect(rows).to_have_count(2)
    page.locator(".rail [data-does=queue]").click()
    queue_row(page, 31).locator(".title").click()
    queue_row(page, 33).locator(".title").click(modifiers=["Shift"])
    drag(page, queue_row(page, 32), rows.filter(has_text="title000001"), part=0.1)
    expect(note).to_have_text("3 tracksAdd to “Road”")
    page.mouse.up()
    expect(rows).to_have_count(5)
    expect_rows(page, 0, 31, 32, 33, 1)
    undo(page, "3 tracks added to “Road”.")
    expect(rows).to_have_count(2)
    expect_rows(page, 0, 1)
    drag(page, rows.filter(has_text="title000000"), page.locator(".queue-rows"))
    page.mouse.up()
    expect(toast(page, "Added “title000000” to the queue.")).to_be_visible()


def test_ten_thousand_tracks_are_dragged_in_one_request(tab: Watched) -> None:
    page = tab.page
    page.goto("/tracks?sort=title")
    row = page.locator("main .rows .row:not([hidden])").filter(has_text="title000002")
    row.locator(".title").click()
    page.keyboard.press("Control+a")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/ids" in request.url else None)
    drag(page, row.locator(".title"), page.locator(".rail [data-does=queue]"))
    expect(page.locator(".drag-note")).to_have_text("100,000 tracksAdd to the queue")
    page.mouse.up()
    expect(toast(page, "Added 100,000 tracks to the queue.")).to_be_visible()
    assert len(asked) == 1


def test_a_playlist_of_missing_files_says_so_and_keeps_the_queue(
    browser: Browser, filled: ServedMus
) -> None:
    tab, held = begin(browser, filled)
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
    end(tab, held, filled)


def test_fingers_hold_tiles_select_them_and_drag_them(phone: Watched) -> None:
    page = phone.page
    open_albums(page)
    session = page.context.new_cdp_session(page)

    def finger(kind: str, *at: float) -> None:
        points = [{"x": at[0], "y": at[1]}] if at else []
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def hold(found: Locator) -> None:
        finger("touchStart", *point(found, part=0.3))
        expect(page.locator(".is-held")).to_be_visible()

    hold(link(page, 1))
    finger("touchEnd")
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

    hold(link(page, 1))
    finger("touchMove", *point(page.locator(".tabs [data-does=queue]"), part=0.4))
    finger("touchMove", *point(page.locator(".tabs [data-does=queue]")))
    expect(page.locator(".drag-note")).to_have_text("album00001Add to the queue")
    finger("touchEnd")
    expect(toast(page, "Added “album00001” (10 tracks) to the queue.")).to_be_visible()

    link(page, 2).tap()  # a tap still opens
    expect(page.get_by_role("heading", name="album00002")).to_be_visible()
    row = page.locator("main .rows .row:not([hidden])").filter(has_text="title000021")
    hold(row.locator(".start"))
    finger("touchEnd")
    expect(page.get_by_role("menu", name="For title000021")).to_be_visible()
