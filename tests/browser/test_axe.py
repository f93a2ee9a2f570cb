"""axe-core finds no violation on any page in any state, wide and on a phone, dark and light."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Watched, log_in, watch
from tests.databases import execute, place_in
from tests.web.served import ServedMus

pytestmark = [pytest.mark.browser, pytest.mark.server]

WIDE, PHONE = 1280, 390
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
HEARD = """
from datetime import UTC, datetime
from django.contrib.auth.models import User
from library.models.catalogue import Track
from listening.models import Play
now, ada = datetime.now(UTC), User.objects.get(username="ada")
Play.objects.bulk_create(
    Play(user=ada, track=track, heard_s=600, started_at=now) for track in Track.objects.all()
)
"""
# What pages of what was heard, kept and shared have once they are loaded.
LOADED = "main :is(.home-shelf:not([hidden]), .state, .most, .heard-rows, form)"
OPTIONS = {"runOnly": {"type": "tag", "values": TAGS}}


@pytest.fixture(params=[(WIDE, "dark"), (WIDE, "light"), (PHONE, "dark"), (PHONE, "light")])
def tab(request: pytest.FixtureRequest, browser: Browser, odd: ServedMus) -> Iterator[Watched]:
    width, scheme = request.param
    tab = watch(browser, odd, width, scheme, is_touched=width == PHONE, is_calm=True)
    log_in(tab)
    yield tab
    tab.page.context.close()


@pytest.fixture
def heard(odd: ServedMus) -> Iterator[None]:
    """Each track was heard once by `ada`."""
    odd.python(HEARD)
    yield
    execute(place_in(Path(odd.variables["DATA_DIR"])), "DELETE FROM listening_play")


def is_phone(page: Page) -> bool:
    return page.viewport_size is not None and page.viewport_size["width"] == PHONE


def expect_no_violation(page: Page, state: str) -> None:
    found = Axe().run(page, options=OPTIONS).response["violations"]
    told = [(each["id"], [node["html"][:200] for node in each["nodes"][:3]]) for each in found]
    assert told == [], state


def select_first_row(page: Page) -> None:
    page.goto("/tracks?q=Fake")
    expect(page.locator("main .rows .row:not([hidden])")).to_have_count(1)
    page.get_by_role("grid", name="Tracks").focus()
    page.keyboard.press("ArrowDown")


def test_the_lists_and_what_stands_in_their_place(tab: Watched) -> None:
    page = tab.page
    item = "main :is(.row, .tile, .artist-row):not(.is-loading)"
    for address in ("/tracks", "/tracks?q=True&sort=-added", "/albums", "/artists"):
        page.goto(address)
        expect(page.locator(item).nth(1)).to_be_attached()
        expect(page.locator("main .is-loading").locator("visible=true")).to_have_count(0)
        expect_no_violation(page, address)
    for address in ("/tracks?q=nothing+of+this", "/albums/987654321", "/nowhere/"):
        page.goto(address)
        expect(page.locator("main h1, main h2").first).to_be_visible()
        expect(page.locator("main .is-loading:not([hidden])")).to_have_count(0)
        expect_no_violation(page, address)
    page.route("**/api/v1/albums?*", lambda route: route.fulfill(status=500))
    page.goto("/albums")
    expect(page.get_by_role("button", name="Try again")).to_be_visible()
    expect_no_violation(page, "an error")


def test_the_search_in_everything(tab: Watched) -> None:
    page = tab.page
    for query, shown in (
        ("True", "Best match"),
        ("Treu", "Best match"),
        ("nothing+of+this", "Nothing found"),
        ("", "Search everything"),
    ):
        page.goto(f"/search?q={query}")
        found = page.get_by_role("region", name=shown).or_(page.get_by_role("heading", name=shown))
        expect(found).to_be_visible()
        expect_no_violation(page, f"the search for {query}")


def test_an_album_an_artist_and_the_scans(tab: Watched) -> None:
    page = tab.page
    page.goto("/albums")
    page.get_by_role("listitem").filter(has_text="True").get_by_role("link").first.click()
    expect(page.locator("main .rows .row").first).to_be_visible()
    expect_no_violation(page, "an album")
    page.goto("/artists")
    page.get_by_role("listitem").filter(has_text="True").get_by_role("link").first.click()
    expect(page.get_by_role("heading", name="True")).to_be_visible()
    expect(page.get_by_role("listitem")).to_have_count(1)
    expect_no_violation(page, "an artist")
    page.goto("/scans")
    expect(page.get_by_role("heading", name="The latest scans")).to_be_visible()
    expect_no_violation(page, "the scans")


def test_a_selected_row_its_menu_and_a_track_in_the_bar(tab: Watched) -> None:
    page = tab.page
    select_first_row(page)
    expect_no_violation(page, "a selected row")
    page.keyboard.press("Shift+F10")
    expect(page.get_by_role("menuitem", name="Play next")).to_be_focused()
    expect_no_violation(page, "the menu of a row")
    page.get_by_role("menuitem", name="Add to the queue").click()
    expect(page.locator("#player").get_by_text("Fake").first).to_be_visible()
    expect_no_violation(page, "a track in the bar")
    page.get_by_role("button", name="Account and more").click()
    expect(page.get_by_role("menuitem", name="Keyboard shortcuts")).to_be_visible()
    expect_no_violation(page, "the menu of the account")


def test_the_queue_and_the_player_that_is_opened_on_a_phone(tab: Watched) -> None:
    page = tab.page
    select_first_row(page)
    page.keyboard.press("Shift+F10")
    page.get_by_role("menuitem", name="Add to the queue").click()
    page.get_by_role("button", name="Queue").locator("visible=true").first.click()
    expect(page.locator("#queue .row:not(.is-loading)").first).to_be_visible()
    expect_no_violation(page, "the queue")
    if not is_phone(page):
        return
    page.locator("#queue").get_by_role("button", name="Close the queue").click()
    page.get_by_role("button", name="Open the player").click()
    expect(page.get_by_role("button", name="Close the player")).to_be_focused()
    expect_no_violation(page, "the opened player")


def test_the_dialogs_and_the_toasts(tab: Watched, odd: ServedMus) -> None:
    page = tab.page
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    expect_no_violation(page, "the shortcuts")
    page.keyboard.press("Escape")
    # On a phone the dialog steps back in the history, which would cancel the visit below.
    page.wait_for_function("!document.querySelector('dialog[open]') && !history.state?.layers")
    page.route("**/api/v1/tracks/*/stream", lambda route: route.fulfill(status=404))
    page.goto("/tracks?q=Fake")
    page.locator("main .rows .row:not([hidden], .is-loading)").first.dblclick()
    expect(page.locator(".toast.warning")).to_be_visible()
    expect_no_violation(page, "a toast")
    page.context.clear_cookies()
    page.get_by_role("searchbox").fill("T")
    expect(page.get_by_role("dialog", name="Your login has run out")).to_be_visible()
    expect_no_violation(page, "the login that has run out")


def test_the_pages_without_a_login(browser: Browser, odd: ServedMus, empty: ServedMus) -> None:
    for server, address in ((odd, "/login/"), (empty, "/login/"), (empty, empty.setup_link())):
        tab = watch(browser, server, PHONE, "light")
        tab.page.goto(address)
        expect_no_violation(tab.page, address)
        tab.page.context.close()


@pytest.mark.usefixtures("heard")
def test_what_was_heard_is_kept_and_is_shared(tab: Watched) -> None:
    page = tab.page
    for address in (
        *("/", "/decades", "/decades/1970", "/statistics?of=all", "/history", "/bookmarks"),
        *("/offline", "/shares", "/account/"),
    ):
        page.goto(address)
        expect(page.locator(LOADED).first).to_be_visible()
        expect(page.locator("main .is-loading:not([hidden])")).to_have_count(0)
        expect_no_violation(page, address)


def test_dialogs_of_lists_and_the_tips_for_searching(tab: Watched) -> None:
    page = tab.page
    select_first_row(page)
    page.keyboard.press("Shift+F10")
    page.get_by_role("menuitem", name="Details…").click()
    expect(page.get_by_role("dialog").get_by_text("Format")).to_be_visible()
    expect_no_violation(page, "the details of a track")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="Columns and density").click()
    expect(page.get_by_role("dialog", name="Columns and density")).to_be_visible()
    expect_no_violation(page, "the choice of columns")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.goto("/search", wait_until="commit")
    page.get_by_role("searchbox").fill("True")  # maybe before the scripts are there
    expect(page.get_by_role("region", name="Best match")).to_be_visible()
    page.locator(".search-tips summary").click()
    expect(page.get_by_role("button", name="year:1960-69")).to_be_visible()
    expect_no_violation(page, "the tips beside results")
