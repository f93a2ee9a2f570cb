"""Chromium, and a server for it; a page that reports what a person at the console would see."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    expect,
    sync_playwright,
)

from tests.browser.accounts import PASSWORD, USERS
from tests.browser.live_house import make_live_library
from tests.browser.odd_library import make_odd_library, serve_odd_library
from tests.databases import copy_database, execute, place_in
from tests.once import made_once
from tests.web.served import ServedMus, environment, manage, serve

ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"),
    *("--autoplay-policy=no-user-gesture-required", "--mute-audio"),
    *("--disable-background-networking", "--disable-component-update", "--no-first-run"),
]
# What comes, comes in a moment; a busy machine may take its time all the same.
PATIENCE_MS = 60_000
expect.set_options(timeout=PATIENCE_MS)
# What Playwright itself says where it blocks service workers.
WITHOUT_WORKER = "Service Worker registration blocked by Playwright"
FILL_LONG = """
from tests.browser.long_library import fill_long_library
fill_long_library()
"""
FILL_PLAYLISTS = """
from tests.browser.playlist_library import fill_playlist_library
fill_playlist_library()
"""
FILL = """
from tests.web.library_rows import make_failure, make_scan, make_track, make_tracks
make_tracks(230, artist="Miles Davis", album_title="Kind of Blue", year=1959, duration_s=561)
make_track(title="W" * 2000, artist="x" * 500, album_title="word " * 200, duration_s=100_000)
make_track(title="حبيتك بالصيف", artist="فيروز", album_title="رجعت الشتوية")
make_track(title="<script>alert(1)</script> 🎉", artist="Gone", missing=True)
make_track(title="<script>alert(1)</script> 🎉", artist="👩‍👩‍👧‍👦", album_title="&amp;")
make_failure(path="caf\\udce9/" + "a very long folder/" * 20 + "x.mp3", scan=make_scan(seen=234))
"""


# The headless shell needs less processor time: it draws no windows of its own.
BROWSERS = ("chromium-headless-shell", "chromium", "google-chrome")


def chromium() -> str:
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path:
        return path
    reason = "Chromium is not installed: apt install chromium (or google-chrome)"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


# For this package alone: while Playwright runs, its event loop stands in the way of Django's.
@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    chromium()
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="package")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = launch(playwright)
    yield browser
    browser.close()


def launch(playwright: Playwright, *arguments: str) -> Browser:
    return playwright.chromium.launch(executable_path=chromium(), args=[*ARGUMENTS, *arguments])


@pytest.fixture(scope="session")
def peopled(database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The place of a database without tracks; `ada` administers, `guest` listens."""
    return extended_database(tmp_path_factory, "peopled", database, USERS)


@pytest.fixture(scope="package")
def filled(
    browser: Browser, peopled: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ServedMus]:
    """A server whose library has what tries a layout."""
    place = extended_database(tmp_path_factory, "filled", peopled, FILL)
    with serve(tmp_path_factory.mktemp("browser"), place, "--no-scan") as server:
        yield server


@pytest.fixture(scope="package")
def long(
    browser: Browser, peopled: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ServedMus]:
    """A server with 100,000 tracks."""
    place = extended_database(tmp_path_factory, "long", peopled, FILL_LONG)
    with serve(tmp_path_factory.mktemp("long"), place, "--no-scan") as server:
        yield server


@pytest.fixture(scope="package")
def listed(
    browser: Browser, peopled: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ServedMus]:
    """A server with 60 tracks, for playlists."""
    place = extended_database(tmp_path_factory, "listed", peopled, FILL_PLAYLISTS)
    with serve(tmp_path_factory.mktemp("listed"), place, "--no-scan") as server:
        yield server


@pytest.fixture(scope="session")
def odd_library(peopled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_once(tmp_path_factory, "odd", lambda folder: make_odd_library(folder, peopled))


@pytest.fixture(scope="package")
def odd(
    browser: Browser, odd_library: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ServedMus]:
    """A server whose few tracks have odd tags."""
    with serve_odd_library(tmp_path_factory.mktemp("odd"), odd_library) as server:
        yield server


@pytest.fixture(scope="session")
def live_library(peopled: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made_once(tmp_path_factory, "live", lambda folder: make_live_library(folder, peopled))


def extended_database(
    tmp_path_factory: pytest.TempPathFactory, name: str, source: Path, code: str
) -> Path:
    """The place of a copy of the database `source` on which Django ran `code`, once in a run."""

    def make(folder: Path) -> None:
        copy_database(source, place_in(folder / "data"))
        variables = environment(folder, 1)
        manage(variables, "shell", "--no-imports", "-c", code).check_returncode()

    return place_in(made_once(tmp_path_factory, name, make) / "data")


@pytest.fixture
def empty(browser: Browser, database: Path, tmp_path: Path) -> Iterator[ServedMus]:
    """A server at its first run."""
    with serve(tmp_path, database, "--no-scan") as server:
        yield server


def _said(message: ConsoleMessage) -> str:
    """What fails to load is named by its place alone."""
    failed = message.text.startswith("Failed to load resource")
    return f"{message.text} {message.location['url']}" if failed else message.text


class Watched:
    """A tab, and what went wrong in it."""

    def __init__(self, page: Page, own_host: str) -> None:
        self.page = page
        self.complaints: list[str] = []
        self.own_host = own_host
        page.on("console", lambda message: self._note(message.type, _said(message)))
        page.on("pageerror", lambda error: self._note("error", str(error)))
        page.on("requestfailed", self._look_at_failure)
        page.on("request", self._look_at_host)

    def _note(self, kind: str, text: str) -> None:
        if kind in ("error", "warning") and text != WITHOUT_WORKER:
            self.complaints.append(f"{kind}: {text}")

    def _look_at_failure(self, request: Request) -> None:
        # A request that the browser gave up because the page was left is no fault of the page.
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"error: failed: {request.url}: {request.failure}")

    def _look_at_host(self, request: Request) -> None:
        if urlsplit(request.url).netloc != self.own_host:
            self.complaints.append(f"asked another host: {request.url}")

    def overflow(self) -> int:
        """How many pixels of the page lie outside the window, at its right."""
        script = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        return int(self.page.evaluate(script))


def watch(
    browser: Browser,
    server: ServedMus,
    width: int,
    scheme: str,
    *,
    is_touched: bool = False,
    is_calm: bool = False,
    has_worker: bool = False,
) -> Watched:
    """`is_touched`: by fingers, as a phone is. `is_calm`: somebody asked for reduced motion.
    `has_worker`: the service worker runs, which loads each file of the page again."""
    context = browser.new_context(
        service_workers="allow" if has_worker else "block",
        base_url=server.url,
        viewport={"width": width, "height": 844},
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce" if is_calm else "no-preference",
        has_touch=is_touched,
    )
    context.set_default_timeout(PATIENCE_MS)
    return Watched(context.new_page(), urlsplit(server.url).netloc)


# What a login of a name at a host left in the browser.
_cookies: dict[tuple[str, str], Any] = {}


def log_in(tab: Watched, name: str = "ada", place: str = "/tracks") -> None:
    """Open this place; by the form where nobody did so at this server before, or where that login
    is over: to check a password takes long, on purpose."""
    page, key = tab.page, (tab.own_host, name)
    page.context.add_cookies(_cookies.get(key, []))
    page.goto(place)
    if urlsplit(page.url).path == "/login/":
        page.get_by_label("Username").fill(name)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("region", name="Player")).to_be_visible()
    expect(page.locator("main :is(h1, h2)").first).to_be_visible()  # its scripts run
    _cookies[key] = page.context.cookies()


def choose_list(page: Page, name: str) -> None:
    """On a phone: by the menu of the library."""
    page.locator(".tabs").get_by_role("button", name="Library").tap()
    page.get_by_role("menuitem", name=name).tap()


def forget_players(server: ServedMus) -> None:
    """Nobody played anything yet."""
    place = place_in(Path(server.variables["DATA_DIR"]))
    for table in (
        *("listening_playercommand", "listening_playqueue", "listening_device"),
        "library_playerstate",
    ):
        execute(place, f"DELETE FROM {table}")  # noqa: S608  # the name of a table
