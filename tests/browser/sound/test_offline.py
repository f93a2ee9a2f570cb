"""What is kept offline plays without the server and is found; what is done there arrives."""

from collections.abc import Iterator
from contextlib import contextmanager
from signal import SIGKILL
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Playwright, expect

from tests.browser.conftest import ARGUMENTS, PATIENCE_MS, chromium
from tests.browser.sound.listening import NOTE_SOUNDS, Listener
from tests.browser.sound.listening import log_in as log_in_as_ada
from tests.browser.sound.shelf import LONG, SHORT, Shelf
from tests.browser.test_axe import OPTIONS
from tests.library.runner.house import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.server]

WAITING = "Object.keys(localStorage).filter((each) => each.startsWith('mus-play-ada-')).length"
POST = """([path, body]) => fetch(`/api/v1/${path}`, { method: "POST", body: JSON.stringify(body),
  headers: { "Content-Type": "application/json",
    "X-CSRFToken": /csrftoken=([^;]+)/.exec(document.cookie)[1] } }).then((each) => each.json())"""
SMALL_DISK = "StorageManager.prototype.estimate = async () => ({ quota: 70e6, usage: 1e6 })"
LOSE = """() => new Promise((resolve) => {
  indexedDB.deleteDatabase("mus-kept-ada").onsuccess = resolve;
})"""
KEPT = """(user) => new Promise((resolve) => {
  const request = indexedDB.open(`mus-kept-${user}`);
  request.onsuccess = () => {
    const tracks = request.result.transaction("tracks").objectStore("tracks").getAll();
    tracks.onsuccess = () => {
      resolve(tracks.result.map(({ id, version }) => [id, version]));
      request.result.close();
    };
  };
})"""

LEFT = """async (user) => {
  const databases = (await indexedDB.databases()).map(({ name }) => name);
  const notes = Object.keys(localStorage);
  const left = [...databases, ...notes].filter((name) => name.startsWith("mus-kept-"));
  return (await caches.match("/")) ? [...left, "the page"] : left;
}"""


@contextmanager
def browser_of(playwright: Playwright, house: Shelf) -> Iterator[Listener]:
    """A tab of a browser that keeps what it has stored when it is closed."""
    context: BrowserContext = playwright.chromium.launch_persistent_context(
        house.folder / "browser",
        executable_path=chromium(),
        args=ARGUMENTS,
        base_url=house.server.url,
        viewport={"width": 1280, "height": 844},
    )
    context.set_default_timeout(PATIENCE_MS)
    context.add_init_script(NOTE_SOUNDS)
    yield Listener(context, house)
    context.close()


def log_in(tab: Listener, name: str = "ada") -> None:
    if name == "ada":
        log_in_as_ada(tab.page)
    else:
        tab.page.goto("/login/")
        tab.page.get_by_label("Username").fill(name)
        tab.page.get_by_label("Password").fill("analytical engine")
        tab.page.get_by_role("button", name="Log in").click()
    tab.page.evaluate("navigator.serviceWorker.ready")
    tab.page.wait_for_function("() => caches.match('/').then(Boolean)")


def keep(tab: Listener) -> None:
    """The album or playlist whose page is open."""
    tab.page.get_by_role("button", name="Keep offline").click()
    dialog = tab.page.get_by_role("dialog")
    expect(dialog).to_contain_text("of this browser's storage")
    dialog.get_by_role("button", name="Keep offline").click()
    expect(tab.page.get_by_role("button", name="Kept offline")).to_be_visible()


def kept(tab: Listener, user: str = "ada") -> dict[int, str]:
    return dict(tab.page.evaluate(KEPT, user))


def expect_no_violation(tab: Listener) -> None:
    found = Axe().run(tab.page, options=OPTIONS).response["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []


def titles_of(house: Shelf, table: str, order: str, columns: str = "") -> list[Any]:
    rows = house.query(
        f"SELECT title{columns} FROM listening_{table} AS own"  # noqa: S608
        f" JOIN library_track ON library_track.id = own.track_id ORDER BY {order}"
    )
    return [each["title"] if not columns else tuple(each.values()) for each in rows]


def pack(tab: Listener, house: Shelf) -> None:
    """Keep a playlist and two albums."""
    page = tab.page
    road = page.evaluate(POST, ["playlists", {"name": "Road"}])["id"]
    page.evaluate(POST, [f"playlists/{road}/entries", {"track_ids": [house.track("One")]}])
    page.goto(f"/playlists/{road}")
    keep(tab)
    for album in ("Short Cuts", "Long Player"):
        tab.open(album)
        keep(tab)


def test_the_next_half_hour_of_the_queue_is_kept_unasked(
    playwright: Playwright, house: Shelf
) -> None:
    with browser_of(playwright, house) as tab:
        log_in(tab)
        tab.play("One")
        wait_until(lambda: len(kept(tab)) == len(LONG))
        house.server.end(SIGKILL)
        for title in LONG[1:]:
            tab.button("Next").click()
            tab.hears(title)


def test_what_one_user_keeps_no_other_sees_and_logging_out_removes_it(
    playwright: Playwright, house: Shelf
) -> None:
    with browser_of(playwright, house) as tab:
        page = tab.page
        log_in(tab)
        tab.open("Short Cuts")
        keep(tab)
        page.context.clear_cookies()
        log_in(tab, "guest")
        page.goto("/offline")
        expect(page.get_by_role("heading", name="Nothing is kept yet")).to_be_visible()
        page.context.clear_cookies()
        log_in(tab)
        page.goto("/offline")
        expect(page.get_by_role("link", name="Short Cuts").first).to_be_visible()
        expect_no_violation(tab)
        page.get_by_role("button", name="Account and more").click()
        page.get_by_role("menuitem", name="Log out ada, remove what is kept offline").click()
        expect(page.get_by_role("heading", name="Log in")).to_be_visible()
        assert kept(tab) == {}


def test_logging_out_in_the_administration_removes_what_is_kept(
    playwright: Playwright, house: Shelf
) -> None:
    with browser_of(playwright, house) as tab:
        page = tab.page
        log_in(tab)
        tab.open("Short Cuts")
        keep(tab)
        page.goto("/admin/")
        assert len(kept(tab)) == len(SHORT)
        page.get_by_role("button", name="Log out").click()
        expect(page.get_by_role("heading", name="Log in")).to_be_visible()
        assert page.evaluate(LEFT) == []
        for place in ("/", "/admin/"):
            page.goto(place)
            expect(page.get_by_label("Password")).to_be_visible()


def test_bounds_and_files_that_change(playwright: Playwright, house: Shelf) -> None:
    with browser_of(playwright, house) as tab:
        page = tab.page
        log_in(tab)
        tab.open("Short Cuts")
        keep(tab)
        before = kept(tab)
        uno = house.track("Uno")
        house.execute("UPDATE library_track SET mtime_ns = mtime_ns + 1000000 WHERE id = ?", uno)
        page.evaluate("localStorage.removeItem('mus-kept-checked-ada')")
        page.reload()
        wait_until(lambda: [pk for pk, at in kept(tab).items() if at != before[pk]] == [uno])
        page.evaluate(LOSE)  # as a browser does whose disk is full
        page.reload()
        tab.says("The browser has removed 3 tracks that were kept offline")
        page.get_by_role("button", name="Load them again").click()
        wait_until(lambda: len(kept(tab)) == len(SHORT))
        page.add_init_script(SMALL_DISK)
        tab.open("Symphony")
        page.get_by_role("button", name="Keep offline").click()
        dialog = page.get_by_role("dialog")
        expect(dialog).to_contain_text("It takes 32 MB of this browser's storage")
        expect(dialog).to_contain_text("Remove something first")
        expect(dialog.get_by_role("button", name="Keep offline")).to_be_disabled()
        page.keyboard.press("Escape")
        page.goto("/offline")
        page.get_by_role("button", name="Remove Short Cuts").click()
        expect(page.get_by_role("heading", name="Nothing is kept yet")).to_be_visible()
        assert kept(tab) == {}
        page.get_by_role("button", name="Undo").click()
        wait_until(lambda: len(kept(tab)) == len(SHORT))
