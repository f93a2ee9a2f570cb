"""A browser in German walks through all pages, dialogs and messages, and reads no English."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, Request, expect

from events.summary import RELOAD_TRACKS
from library.scanning.summary import FAILED_FOR_LISTENERS, INTERRUPTED_MESSAGE
from tests.browser.accounts import PASSWORD
from tests.browser.conftest import extended_database
from tests.browser.english_words import english_in, english_words
from tests.browser.live_house import STORE_EVENTS
from tests.browser.playlist_pages import api
from tests.web.served import ServedMus, serve

pytestmark = [pytest.mark.browser, pytest.mark.server]

FILL = """
from tests.browser.german_house import fill_german_house
fill_german_house()
"""
PLACES = (
    *("tracks?q=nnn", "tracks?genre=Qorv+Gn&rating=3", "albums", "artists", "composers", "decades"),
    *("folders", "playlists", "radio", "search", "search?q=qorv", "search?q=nnn+foo:1+year:x"),
    *("history", "statistics?of=all", "bookmarks", "shares", "scans", "offline", "", "albums/1"),
    *("albums/999", "artists/1", "decades/1970", "playlists/1", "playlists/5", "playlists/999"),
)
PAGES = (
    *("none/", "account/", "password/", "keys/", "keys/revoke-all/", "apps/", "apps/revoke-all/"),
    *("scrobbling/", "scrobbling/import/", "scrobbling/1/refused/", "scrobbling/1/disconnect/"),
    *("s/nothing/", "setup/"),
)
KEPT = "20 tracks were kept: the disk they are on seems to be away."
EVENTS = (
    ("error", FAILED_FOR_LISTENERS),
    ("error", INTERRUPTED_MESSAGE),
    ("success", "Purged 3 missing tracks."),
    ("warning", f"Music library scan completed. 9 items processed. {KEPT}"),
)
ENDLESS = ("/events/track-updates", "/stream")
UNSETTLED = "main .is-loading:not([hidden])"
ROW = "main .rows .row:not([hidden], .is-loading)"


@pytest.fixture(scope="module")
def house(
    browser: Browser, peopled: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ServedMus]:
    place = extended_database(tmp_path_factory, "german", peopled, FILL)
    folder = tmp_path_factory.mktemp("german")
    with serve(folder, place, "--no-scan", SHARING="everybody") as server:
        yield server


class Reader:
    """Reads a page, and notes which of its texts are in English."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self._words = english_words()
        self._asked: set[Request] = set()
        page.on("request", self._note)
        page.on("requestfinished", self._forget)
        page.on("requestfailed", self._forget)
        self.found: dict[str, list[str]] = {}

    def _note(self, request: Request) -> None:
        if "/api/v1/" in request.url and not request.url.endswith(ENDLESS):
            self._asked.add(request)

    def _forget(self, request: Request) -> None:
        self._asked.discard(request)

    def settle(self) -> None:
        """Until the server has answered what the page asked."""
        while self._asked:
            self.page.wait_for_timeout(10)

    def read(self, state: str) -> None:
        known = {text for texts in self.found.values() for text in texts}
        if new := [each for each in english_in(self.page, self._words) if each not in known]:
            self.found[state] = new

    def open(self, address: str) -> None:
        """A page; one of the player's once it has loaded all that it shows."""
        self._asked.clear()
        self.page.goto(f"/{address}")
        expect(self.page.locator("main :is(h1, h2)").first).to_be_attached()
        if address in PLACES:
            self.settle()
            expect(self.page.locator(UNSETTLED)).to_have_count(0)
        self.read(f"/{address}")


def open_row_menu(page: Page) -> None:
    page.goto("/tracks?q=qorv")
    expect(page.locator(ROW).first).to_be_visible()
    page.get_by_role("grid").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+F10")
    expect(page.get_by_role("menuitem").first).to_be_visible()


def dialog(page: Page) -> Locator:
    return page.locator("dialog[open]")


def leave(page: Page) -> None:
    while dialog(page).count():
        page.keyboard.press("Escape")
    expect(dialog(page)).to_have_count(0)


def see_dialogs_of_rows(reader: Reader) -> None:
    page = reader.page
    for name in ("Einzelheiten …", "Zu Playlist …", "Per Link teilen …"):
        open_row_menu(page)
        reader.read("the menu of a row")
        page.get_by_role("menuitem", name=name).click()
        expect(dialog(page).locator("dt, [role=option], form").first).to_be_visible()
        reader.read(name)
        if name.startswith("Per Link"):
            dialog(page).locator("button[type=submit]").click()
            expect(dialog(page).locator("[readonly]")).to_be_visible()
            reader.read("a link that was made")
        leave(page)


def see_the_player(reader: Reader) -> None:
    page = reader.page
    open_row_menu(page)
    page.keyboard.press("Escape")
    page.get_by_role("grid").first.press("Enter")
    expect(page.locator(".toast").first).to_be_visible()
    reader.read("a file that cannot be played")
    page.keyboard.press("f")
    page.keyboard.press("4")
    expect(page.locator(".toast")).to_have_count(3)
    reader.read("a favourite and a rating")
    page.keyboard.press("m")
    expect(page.locator("[data-part=percent]")).to_have_text("stumm")
    reader.read("no sound")
    page.locator(".rail").get_by_role("button", name="Warteschlange").click()
    expect(page.locator("#queue .row").first).to_be_visible()
    for name in ("Speichern", "Geräte"):
        page.locator("#queue").get_by_role("button", name=name).click()
        expect(
            page.get_by_role("menuitem").or_(page.locator("[role^=menuitem]")).first
        ).to_be_visible()
        reader.read(f"the queue: {name}")
        page.keyboard.press("Escape")
    page.locator("#queue").get_by_role("button", name="Leeren").click()
    reader.read("the empty queue")
    page.locator("#account").click()
    expect(page.get_by_role("menuitem").first).to_be_visible()
    reader.read("the menu of the account")


def see_smart_playlists(reader: Reader) -> None:
    """The labels of all fields, and a value that the server refuses."""
    page = reader.page
    page.goto("/playlists/5")
    page.get_by_role("button", name="Regeln").first.click()
    expect(dialog(page)).to_be_visible()
    dialog(page).get_by_label("Höchstens Titel").fill("100000000")
    expect(dialog(page).locator(".preview")).to_contain_text("100.000")
    fields = dialog(page).get_by_label("Was", exact=True)
    for field in ("title", "duration_s", "added_at", "favourite", "playlist", "search"):
        fields.select_option(field)
        reader.read(f"a rule about {field}")
    leave(page)


def see_refusals(reader: Reader) -> None:
    page = reader.page
    page.goto("/radio")
    page.get_by_role("button", name="Sender hinzufügen").first.click()
    for field in dialog(page).locator("input").all():
        field.fill("qorv://x")
    dialog(page).locator("form").evaluate("form => { form.noValidate = true; }")
    dialog(page).locator("button[type=submit]").click()
    expect(dialog(page).locator(".problem")).not_to_be_empty()
    reader.read("an address that is none")
    leave(page)
    forms: dict[str, dict[str, str]] = {
        "password/": {"old_password": "x", "new_password1": "qorv", "new_password2": "qorw"},
        "keys/": {"name": "Qorv", "last_day": "2020-01-01"},
        "apps/": {"name": "Qorv"},
        "scrobbling/": {"token": "ü ü"},
    }
    for address, values in forms.items():
        page.goto(f"/{address}")
        form = page.locator("main form").filter(has=page.locator(f"[name={next(iter(values))}]"))
        form.evaluate("form => { form.noValidate = true; }")
        for name, value in values.items():
            form.locator(f"[name={name}]").fill(value)
        form.locator("button[type=submit]").click()
        page.wait_for_load_state()
        reader.read(f"a form of {address}")


def see_messages(reader: Reader, store: Callable[[str], object]) -> None:
    """Toasts of scans, a server that fails, one that is away, and a login that is over."""
    page = reader.page
    with page.expect_response("**/api/v1/home*"):
        page.goto("/")
    page.wait_for_load_state()
    store(STORE_EVENTS.format(events=list(EVENTS), action=RELOAD_TRACKS))
    expect(page.locator(".toast")).to_have_count(3)
    reader.read("messages of scans")
    page.route("**/api/v1/albums?*", lambda route: route.fulfill(status=500))
    page.goto("/albums")
    expect(page.locator("main [role=alert]")).to_be_visible()
    reader.read("an error")
    page.route("**/api/v1/**", lambda route: route.abort())
    page.goto("/artists")
    expect(page.locator("#offline")).to_be_visible()
    reader.read("a server that is away")
    page.unroute_all()
    page.goto("/tracks")
    page.context.clear_cookies()
    page.locator("#search-field").fill("T")
    expect(dialog(page)).to_be_visible()
    reader.read("a login that is over")


def see_a_share(reader: Reader) -> None:
    made = api(reader.page, "POST", "shares", {"album_ids": [1], "allows_download": True})
    reader.page.goto(made["url"])
    expect(reader.page.locator("h1")).to_be_visible()
    reader.read("a share")


def walk(reader: Reader, store: Callable[[str], object]) -> None:
    page = reader.page
    page.goto("/login/")
    page.get_by_label("Benutzername").fill("ada")
    page.get_by_label("Passwort", exact=True).fill("x")
    page.get_by_role("button", name="Anmelden").click()
    expect(page.get_by_text("Bitte Benutzername und Passwort")).to_be_visible()
    reader.read("a wrong password")
    page.get_by_label("Passwort", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Anmelden").click()
    expect(page.locator("#player")).to_be_visible()
    for address in (*PLACES, *PAGES):
        reader.open(address)
    page.goto("/tracks")
    see_a_share(reader)
    see_dialogs_of_rows(reader)
    see_the_player(reader)
    see_smart_playlists(reader)
    see_refusals(reader)
    see_messages(reader, store)


def test_no_page_has_english(browser: Browser, house: ServedMus) -> None:
    context = browser.new_context(
        base_url=house.url,
        locale="de-DE",
        viewport={"width": 1440, "height": 900},
        reduced_motion="reduce",
        service_workers="block",
    )
    reader = Reader(context.new_page())
    walk(reader, house.python)
    context.close()
    assert reader.found == {}
