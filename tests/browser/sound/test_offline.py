"""What is kept offline plays without the server and is found; what is done there arrives."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from signal import SIGKILL
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Playwright, expect

from tests.browser.conftest import ARGUMENTS, PATIENCE_MS, chromium
from tests.browser.sound.listening import NOTE_SOUNDS, Listener
from tests.browser.sound.listening import log_in as log_in_as_ada
from tests.browser.sound.shelf import LONG, SHORT, Shelf, open_shelf
from tests.browser.test_axe import OPTIONS
from tests.library.runner.house import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.server]

WAITING = "Object.keys(localStorage).filter((each) => each.startsWith('mus-play-ada-')).length"
POST = """([path, body]) => fetch(`/api/v1/${path}`, { method: "POST", body: JSON.stringify(body),
  headers: { "Content-Type": "application/json",
    "X-CSRFToken": /csrftoken=([^;]+)/.exec(document.cookie)[1] } }).then((each) => each.json())"""
QUEUE = "fetch('/api/v1/player/queue').then((each) => each.json()).then((each) => each.track_ids)"
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


@pytest.fixture
def house(tmp_path: Path, records: Path) -> Iterator[Shelf]:
    with open_shelf(tmp_path, records) as shelf:
        yield shelf


def reopened(shelf: Shelf) -> AbstractContextManager[Shelf]:
    """At the same address, with the same data."""
    variables = shelf.server.variables
    return open_shelf(shelf.folder, Path(variables["MUSIC_DIR"]).parent, variables["PORT"])


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


def test_a_journey_without_the_server(playwright: Playwright, house: Shelf) -> None:
    with browser_of(playwright, house) as tab:
        log_in(tab)
        pack(tab, house)
        tab.play("One")
        house.server.end(SIGKILL)
        tab.seek_to(36)
        tab.until("heard() > 36")
        tab.hears("Two")
        tab.button("Pause").click()
        travel(tab)
    with browser_of(playwright, house) as tab:
        tab.page.goto("/albums")
        albums = tab.page.get_by_role("main").get_by_role("link", name="Long Player")
        expect(albums.first).to_be_visible()
        tab.open_queue()
        assert tab.queued() == ["Uno", "Tre", "Due"]
        tab.button("Play").click()
        tab.until(f"{WAITING} > 3")
        tab.is_silent()
        with reopened(house):
            come_home(tab, house)


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


def travel(tab: Listener) -> None:
    """Listen, mark, rate, add to a playlist and reorder the queue."""
    page = tab.page
    line = page.get_by_text("Lists and the search show what is kept here: 8 tracks")
    expect(line).to_be_visible()
    page.get_by_role("link", name="Albums").locator("visible=true").first.click()
    page.get_by_role("main").get_by_role("link", name="Short Cuts").first.click()
    tab.row("Uno").dblclick()
    tab.until(f"{WAITING} === 3")
    page.goto("/search?q=due")
    tab.row("Due").click()
    for key in ("f", "4", "a"):
        page.keyboard.press(key)
    expect(page.get_by_role("dialog").get_by_role("option", name="Road")).to_be_visible()
    page.keyboard.press("Enter")
    tab.says("will be in “Road” as soon as the server answers")
    tab.open_queue()
    tab.row("Tre", grid="Queue").click()
    page.keyboard.press("Alt+ArrowUp")
    tab.until("JSON.parse(localStorage.getItem('mus-queue-ada')).isHandMade")
    page.goto("/offline")
    expect(page.get_by_role("main")).to_contain_text("8 tracks")
    expect_no_violation(tab)


def come_home(tab: Listener, house: Shelf) -> None:
    """Everything has arrived, and nothing comes twice."""
    expect(tab.page.locator("#offline")).to_be_hidden()
    tab.until(f"{WAITING} === 0")
    wait_until(lambda: titles_of(house, "rating", "title") == ["Due"])
    wait_until(lambda: titles_of(house, "playlistentry", "place") == ["One", "Due"])
    arrived = titles_of(house, "play", "started_at")
    assert arrived[:3] == SHORT
    distinct = house.query("SELECT DISTINCT track_id, started_at FROM listening_play")
    assert len(arrived) == len(distinct)
    order = [house.track(each) for each in ("Uno", "Tre", "Due")]
    for _ in range(2):
        assert titles_of(house, "favourite", "title") == ["Due"]
        assert titles_of(house, "rating", "title", ", stars") == [("Due", 4)]
        assert titles_of(house, "playlistentry", "place") == ["One", "Due"]
        assert titles_of(house, "play", "started_at") == arrived
        wait_until(lambda: tab.page.evaluate(QUEUE) == order)
        tab.page.reload()
        expect(tab.title).not_to_be_empty()


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
