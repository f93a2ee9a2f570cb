"""Tiles and rows in Chromium are dragged to the queue and to playlists, by mouse and by finger."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Watched
from tests.browser.playlist_pages import expect_rows, make_playlist, toast, undo
from tests.browser.test_several_rows import expect_queue
from tests.browser.tile_pages import (
    Finger,
    drag,
    expect_queue_begins,
    link,
    open_albums,
    point,
    queue_row,
    tile,
    tracks,
)

pytestmark = [pytest.mark.browser, pytest.mark.server]


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


def test_a_tile_is_dragged_to_a_playlist(tab: Watched) -> None:
    page = tab.page
    make_playlist(page, "Road", 0, 1)
    make_playlist(page, "Other")
    open_albums(page)
    drag(page, link(page, 5), page.locator(".rail [data-place=playlists]"))  # rests: goes there
    expect(page.get_by_role("heading", name="Playlists", level=1)).to_be_visible()
    road = page.locator(".playlist-row:not([hidden])").filter(has_text="Road")
    page.mouse.move(*point(road))
    expect(page.locator(".drag-note")).to_have_text("album00005Add to “Road”")
    page.mouse.up()
    expect(toast(page, "10 tracks added to “Road”.")).to_be_visible()
    expect(road).to_contain_text("12 tracks")
    undo(page, "10 tracks added to “Road”.")
    expect(road).to_contain_text("2 tracks")


def test_rows_are_dragged_from_the_queue_to_a_playlist_and_back(tab: Watched) -> None:
    page = tab.page
    playlist = make_playlist(page, "Road", 0, 1)
    open_albums(page)
    tile(page, 3).hover()
    tile(page, 3).get_by_role("button", name="Play album00003").click()
    # The server was asked for the tracks: a page that is left before they are here plays none.
    expect(page.locator("#player [data-part=title]")).to_have_text("title000030")
    page.goto(f"/playlists/{playlist}")
    rows = page.locator("main .rows .row:not([hidden], .is-loading)")
    expect(rows).to_have_count(2)
    page.locator(".rail [data-does=queue]").click()
    queue_row(page, 31).locator(".title").click()
    queue_row(page, 33).locator(".title").click(modifiers=["Shift"])
    drag(page, queue_row(page, 32), rows.filter(has_text="title000001"), part=0.1)
    expect(page.locator(".drag-note")).to_have_text("3 tracksAdd to “Road”")
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


def test_a_finger_drags_a_tile_to_the_queue(phone: Watched) -> None:
    page = phone.page
    finger = Finger(page)
    button = page.locator(".tabs [data-does=queue]")
    open_albums(page)
    finger.hold(link(page, 1))
    finger.move(button, part=0.4)
    finger.move(button)
    expect(page.locator(".drag-note")).to_have_text("album00001Add to the queue")
    finger.lift()
    expect(toast(page, "Added “album00001” (10 tracks) to the queue.")).to_be_visible()
    link(page, 2).tap()  # a tap still opens
    expect(page.get_by_role("heading", name="album00002")).to_be_visible()
