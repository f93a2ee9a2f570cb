"""Playlists in Chromium: shared, changed elsewhere, with gaps, long, away, and on a phone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, CDPSession, Page, expect

from tests.browser.conftest import Watched, choose_list, log_in, watch
from tests.browser.playlist_pages import (
    PHONE,
    ROW,
    WIDE,
    api,
    begin,
    choose_playlist,
    expect_rows,
    expect_stored,
    forget_playlists,
    make_playlist,
    opened,
    row,
    toast,
    undo,
)
from tests.browser.test_axe import expect_no_violation
from tests.browser.test_phone import CONTROLS, TOO_SMALL
from tests.databases import execute, place_in
from tests.web.served import ServedMus

pytestmark = [pytest.mark.browser, pytest.mark.server]

LONG = 20_000


@pytest.fixture
def tab(browser: Browser, listed: ServedMus) -> Iterator[Watched]:
    yield from opened(browser, listed, WIDE)


@pytest.fixture
def phone(browser: Browser, listed: ServedMus) -> Iterator[Watched]:
    yield from opened(browser, listed, PHONE, "light")


@pytest.fixture
def guest(browser: Browser, listed: ServedMus, tab: Watched) -> Iterator[Page]:
    """Another user's browser."""
    other = watch(browser, listed, WIDE, "dark", is_calm=True)
    log_in(other, "guest")
    yield other.page
    other.page.context.close()
    unexpected = [each for each in other.complaints if "status of 404" not in each]
    assert unexpected == []


def test_a_playlist_to_read_has_nothing_to_change_it_with(tab: Watched, guest: Page) -> None:
    playlist_id = make_playlist(tab.page, "To read", 1, 2, 3, sharing="read")
    guest.goto("/playlists")
    guest.get_by_role("link", name="To read").click()
    expect_rows(guest, 1, 2, 3)
    expect(guest.get_by_text("By ada")).to_be_visible()
    for name in ("Edit the name", "Edit the description"):
        expect(guest.get_by_role("button", name=name)).to_have_count(0)
    expect(guest.get_by_label("Who may listen")).to_have_count(0)
    expect(guest.locator("main .hint")).to_be_hidden()
    row(guest, 2).click()
    guest.keyboard.press("Delete")
    guest.keyboard.press("Alt+ArrowUp")
    row(guest, 2).click(button="right")
    expect(guest.get_by_role("menuitem", name="Play next")).to_be_visible()
    expect(guest.get_by_role("menuitem", name="Remove from the playlist")).to_have_count(0)
    guest.keyboard.press("Escape")
    expect_stored(guest, playlist_id, 1, 2, 3)
    guest.keyboard.press("a")  # it is not offered as one to add to
    expect(guest.get_by_text("You have no playlists yet.")).to_be_visible()
    guest.keyboard.press("Escape")
    expect(guest.get_by_role("dialog")).to_be_hidden()


def test_what_another_user_changes_is_seen_at_once_with_selection_and_scroll_kept(
    tab: Watched, guest: Page
) -> None:
    page = tab.page
    playlist_id = make_playlist(page, "Together", *range(40), sharing="write")
    guest.goto(f"/playlists/{playlist_id}")
    expect_rows(guest, 0, 1, 2)
    row(guest, 6).click()
    guest.locator("main").evaluate("(main) => main.scrollTop = 300")
    guest.wait_for_timeout(200)
    before = row(guest, 6).bounding_box()
    entries = api(page, "GET", f"playlists/{playlist_id}/entries")["results"]
    first = [each["entry_id"] for each in entries[:2]]
    api(page, "POST", f"playlists/{playlist_id}/entries/remove", {"entry_ids": first})
    api(page, "PATCH", f"playlists/{playlist_id}", {"name": "All together"})
    expect(guest.get_by_role("heading", level=1)).to_have_text("All together")
    expect_rows(guest, 2, 3, 4)
    after = row(guest, 6).bounding_box()
    assert before is not None
    assert after is not None
    assert abs(before["y"] - after["y"]) <= 1
    expect(guest.locator("main .row[aria-selected=true]")).to_contain_text("title000006")
    api(page, "PATCH", f"playlists/{playlist_id}", {"sharing": "private"})
    expect(guest.get_by_role("heading", level=1)).to_have_text(
        "There is no such playlist (any more)"
    )
    guest.get_by_role("link", name="All playlists").click()
    expect(guest.get_by_role("heading", name="No playlists yet")).to_be_visible()
    make_playlist(page, "Another", 1, sharing="read")
    expect(guest.locator(".playlist-row:not([hidden])")).to_contain_text("Another")


def test_tracks_that_are_gone_stay_in_their_places(tab: Watched, listed: ServedMus) -> None:
    page = tab.page
    playlist_id = make_playlist(page, "Gaps", 1, 2, 3)
    listed.python(
        "from library.models.catalogue import Track\n"
        "from listening.models import LostItem, PlaylistEntry\n"
        f"one, two, three = PlaylistEntry.objects.filter(playlist_id={playlist_id})\n"
        "one.track = Track.objects.get(title='gone000000'); one.save()\n"
        "lost = LostItem.objects.create(title='Lost song', artist='Nobody', match_key='x')\n"
        "two.track, two.lost = None, lost; two.save()\n"
    )
    page.goto(f"/playlists/{playlist_id}")
    rows = page.locator(ROW)
    expect(rows).to_have_count(3)
    expect(rows.nth(0)).to_contain_text("The file is missing")
    expect(rows.nth(1)).to_contain_text("Not in the library")
    expect_no_violation(page, "a playlist with gaps")
    rows.nth(1).locator(".title").dblclick()
    expect(toast(page, "“Lost song” cannot be played: it is not in the library.")).to_be_visible()
    rows.nth(2).locator(".title").dblclick()
    expect(page.locator("#player [data-part=title]")).to_have_text("title000003")
    rows.nth(1).locator(".title").click()
    page.keyboard.press("Alt+ArrowUp")
    expect(rows.nth(0)).to_contain_text("Lost song")
    page.keyboard.press("Shift+F10")
    page.get_by_role("menuitem", name="Move to the end").click()
    expect(rows.nth(2)).to_contain_text("Lost song")
    page.keyboard.press("Delete")
    expect(rows).to_have_count(2)
    undo(page, "“Lost song” was removed")
    expect(rows.nth(2)).to_contain_text("Lost song")


def test_a_playlist_of_20_000_entries_is_scrolled_and_changed(
    tab: Watched, listed: ServedMus
) -> None:
    page = tab.page
    playlist_id = make_playlist(page, "Long", 59)
    listed.python(
        "from library.models.catalogue import Track\n"
        "from listening.models import Playlist, PlaylistEntry\n"
        "ids = list(Track.objects.present().order_by('title').values_list('id', flat=True))\n"
        f"rows = [PlaylistEntry(playlist_id={playlist_id}, place=2**33 * (n + 2),\n"
        f"  track_id=ids[n % len(ids)]) for n in range({LONG})]\n"
        "PlaylistEntry.objects.bulk_create(rows, batch_size=500)\n"
        f"Playlist.objects.filter(id={playlist_id}).update(entry_count={LONG} + 1, version=9)\n"
    )
    page.goto(f"/playlists/{playlist_id}")
    expect_rows(page, 59, 0, 1)
    assert page.locator("main .rows .row").count() < 60
    row(page, 59).first.click()
    page.keyboard.press("Shift+F10")
    page.get_by_role("menuitem", name="Move to the end").click()
    expect(page.locator("main .row.is-active .title .text").first).to_have_text("title000059")
    page.keyboard.press("Home")
    expect_rows(page, 0, 1, 2)
    page.keyboard.press("End")
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("main .row.is-active .title .text").first).to_have_text("title000059")
    page.keyboard.press("Delete")
    expect(page.locator("main .count").first).to_contain_text("20,000 tracks")
    page.keyboard.press("Control+a")
    page.keyboard.press("Delete")
    expect(page.get_by_role("heading", name="Nothing in it yet")).to_be_visible()
    undo(page, "20,000 tracks were removed")
    expect_rows(page, 0, 1, 2)


def test_what_cannot_be_saved_is_said_and_taken_back(tab: Watched) -> None:
    page = tab.page
    playlist_id = make_playlist(page, "Away", 1, 2, 3)
    page.goto(f"/playlists/{playlist_id}")
    expect_rows(page, 1, 2, 3)
    page.route("**/entries/*", lambda route: route.fulfill(status=502))
    row(page, 3).click()
    page.keyboard.press("Alt+ArrowUp")
    expect(toast(page, "The playlist was not changed. The server does not answer.")).to_be_visible()
    page.unroute("**/entries/*")
    expect_rows(page, 1, 2, 3)
    page.route("**/api/v1/playlists?*", lambda route: route.fulfill(status=500))
    page.goto("/playlists")
    expect(page.get_by_role("heading", name="The playlists could not be loaded")).to_be_visible()
    page.unroute("**/api/v1/playlists?*")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".playlist-row:not([hidden])")).to_contain_text("Away")
    tab.complaints[:] = [each for each in tab.complaints if "status of 50" not in each]


def test_a_file_is_imported_and_what_was_not_found_is_shown(tab: Watched, tmp_path: Path) -> None:
    page = tab.page
    file = tmp_path / "Old player.m3u8"
    file.write_text(
        "#EXTM3U\n#EXTINF:200,artist1 - title000012\n/away/x/title000012.mp3\n"
        "#EXTINF:100,Nobody - Never heard\n/away/never.mp3\n"
    )
    page.goto("/playlists")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Import a file").click()
    chooser.value.set_files(file)
    dialog = page.get_by_role("dialog", name="“Old player” was imported")
    expect(dialog).to_contain_text("1 of 2 tracks is in the library.")
    expect(dialog.get_by_role("listitem")).to_contain_text("Never heard")
    expect_no_violation(page, "what was not found")
    dialog.get_by_role("link", name="Show the playlist").click()
    expect(page.locator(ROW)).to_have_count(2)
    expect(page.locator(ROW).nth(1)).to_contain_text("Not in the library")


def touch(client: CDPSession, kind: str, x: float, y: float) -> None:
    points = [] if kind == "touchEnd" else [{"x": x, "y": y}]
    client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def test_a_phone_orders_by_a_long_press_and_scrolls_by_a_short_one(phone: Watched) -> None:
    page = phone.page
    playlist_id = make_playlist(page, "On the phone", *range(20))
    page.goto(f"/playlists/{playlist_id}")
    expect_rows(page, 0, 1, 2)
    assert phone.overflow() == 0
    assert page.evaluate(TOO_SMALL, CONTROLS) == []
    expect_no_violation(page, "a playlist on a phone")
    client = page.context.new_cdp_session(page)
    cover = page.locator(ROW).filter(has_text="title000002").locator(".start")
    cover.scroll_into_view_if_needed()
    page.wait_for_timeout(200)
    box = cover.bounding_box()
    assert box is not None
    x, y = box["x"] + 20, box["y"] + 20
    touch(client, "touchStart", x, y)
    page.wait_for_timeout(600)
    for step in range(1, 8):
        touch(client, "touchMove", x, y - 17 * step)
    touch(client, "touchEnd", x, y)
    expect_stored(page, playlist_id, 2, 0, 1, *range(3, 20))
    expect(page.locator("#player [data-part=title]")).to_have_text("Nothing plays")
    page.locator("main").evaluate("(main) => main.scrollTop = 0")
    touch(client, "touchStart", x, 500)
    for step in range(1, 10):
        touch(client, "touchMove", x, 500 - 30 * step)
        page.wait_for_timeout(16)
    touch(client, "touchEnd", x, 230)
    page.wait_for_function("document.querySelector('main').scrollTop > 100")
    expect_stored(page, playlist_id, 2, 0, 1, *range(3, 20))


def test_a_phone_adds_a_track_and_goes_back_by_the_dialogs_history(phone: Watched) -> None:
    page = phone.page
    make_playlist(page, "Walk", 7)
    page.locator(".tabs").get_by_role("link", name="Playlists").tap()
    expect(page.locator(".playlist-row:not([hidden])")).to_contain_text("Walk")
    assert phone.overflow() == 0
    assert page.evaluate(TOO_SMALL, CONTROLS) == []
    expect_no_violation(page, "the playlists on a phone")
    choose_list(page, "Tracks")
    page.locator(ROW).filter(has_text="title000003").locator("[data-does=menu]").tap()
    page.get_by_role("menuitem", name="Add to a playlist").tap()
    expect(page.get_by_role("option", name="Walk")).to_be_visible()
    expect_no_violation(page, "the dialog on a phone")
    assert page.evaluate(TOO_SMALL, CONTROLS) == []
    page.go_back()
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tracks")
    page.locator(ROW).filter(has_text="title000003").locator("[data-does=menu]").tap()
    page.get_by_role("menuitem", name="Add to a playlist").tap()
    page.get_by_role("option", name="Walk").tap()
    toast(page, "“title000003” added to “Walk”.").get_by_role("link", name="Show it").tap()
    expect_rows(page, 7, 3)
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tracks")


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_axe_finds_no_fault(browser: Browser, listed: ServedMus, scheme: str) -> None:
    tab = watch(browser, listed, WIDE, scheme, is_calm=True)
    begin(tab, listed)
    page = tab.page
    page.goto("/playlists")
    expect(page.get_by_role("heading", name="No playlists yet")).to_be_visible()
    expect_no_violation(page, "no playlists")
    api(page, "POST", "playlist-folders", {"name": "A folder"})
    make_playlist(page, "W" * 300, 1)
    make_playlist(page, "حبيتك بالصيف", 1)
    playlist_id = make_playlist(page, "Axe", *range(12), sharing="read")
    expect(page.locator(".playlist-row:not([hidden])")).to_have_count(4)
    assert tab.overflow() == 0
    expect_no_violation(page, "playlists")
    page.get_by_role("link", name="Axe").click(button="right")
    expect(page.get_by_role("menuitem", name="Share")).to_be_visible()
    expect_no_violation(page, "the menu of a playlist")
    page.get_by_role("menuitem", name="Share").click()
    expect(page.get_by_role("menuitemradio", name="Everyone may listen")).to_have_attribute(
        "aria-checked", "true"
    )
    expect_no_violation(page, "sharing")
    page.keyboard.press("Escape")
    page.goto(f"/playlists/{playlist_id}")
    expect_rows(page, 0, 1)
    row(page, 1).click()
    expect_no_violation(page, "a playlist")
    page.get_by_role("button", name="Edit the description").click()
    expect_no_violation(page, "a description that is edited")
    page.keyboard.press("Escape")
    row(page, 1).click()
    page.keyboard.press("a")
    choose_playlist(page, "axe")
    expect(page.get_by_role("button", name="Add again")).to_be_visible()
    expect_no_violation(page, "tracks that are there already")
    page.context.close()
    forget_playlists(listed)


def test_a_playlist_that_follows_a_file_is_made_ones_own(tab: Watched, listed: ServedMus) -> None:
    page = tab.page
    made = make_playlist(page, "From a file", 1, 2)
    place = place_in(Path(listed.variables["DATA_DIR"]))
    follow = "source_root = '/music', source_path = 'lists/a.m3u', source_key = 'key'"
    execute(place, f"UPDATE listening_playlist SET {follow}, source_state = 'gone'")  # noqa: S608
    page.goto(f"/playlists/{made}")
    expect(page.locator(".source")).to_have_text(
        "Followed the file lists/a.m3u, which is goneMake it your own"
    )
    expect(page.locator("main .hint")).to_be_hidden()
    page.get_by_role("button", name="Make it your own").click()
    expect(toast(page, "is your own now")).to_be_visible()
    expect(page.locator(".source")).to_have_count(0)
    expect(page.locator("main .hint")).to_be_visible()
