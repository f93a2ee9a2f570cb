"""What the player shows in Chromium where there is nothing: empty, not found, gone, failed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.audio_files import make_audio
from tests.browser.conftest import Watched, log_in, watch
from tests.web.served import ServedMus, manage, serve

pytestmark = [pytest.mark.browser, pytest.mark.server]

PROBLEMS = ("is empty", "is not there")
PLACES = [("/tracks", "The tracks"), ("/albums", "The albums"), ("/artists", "The artists")]


@pytest.fixture(scope="module")
def bare(
    browser: Browser, peopled: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ServedMus]:
    """No track; of two folders one is empty and one not there."""
    folder = tmp_path_factory.mktemp("bare")
    music = ":".join(f"{folder}/{name}" for name in ("music", "absent"))
    with serve(folder, peopled, "--no-scan", MUSIC_DIR=music) as server:
        yield server


@pytest.fixture
def tab(browser: Browser, odd: ServedMus) -> Iterator[Watched]:
    """What the server is made to answer is told at the console by the browser itself."""
    tab = watch(browser, odd, 1280, "light")
    log_in(tab)
    yield tab
    tab.page.context.close()
    assert [each for each in tab.complaints if "Failed to load resource" not in each] == []


@pytest.mark.parametrize("place", ["/", "/tracks", "/albums", "/artists", "/genres", "/years"])
def test_an_empty_library_tells_each_folder_and_offers_a_scan(
    browser: Browser, bare: ServedMus, place: str
) -> None:
    tab = watch(browser, bare, 390, "dark")
    log_in(tab)
    page = tab.page
    page.goto(place)
    expect(page.get_by_role("heading", name="No tracks yet")).to_be_visible()
    folders = zip(bare.variables["MUSIC_DIR"].split(":"), PROBLEMS, strict=True)
    expect(page.locator(".folders li")).to_have_text(["".join(folder) for folder in folders])
    expect(page.get_by_role("region", name="Scan")).to_contain_text("No scan has run yet.")
    expect(page.get_by_role("button", name="Rescan library")).to_be_visible()
    assert tab.overflow() == 0
    assert tab.complaints == []
    page.context.close()


def test_tracks_without_albums_are_no_empty_library(
    browser: Browser, peopled: Path, tmp_path: Path
) -> None:
    make_audio(tmp_path / "music" / "lone.mp3", title="Lone")
    with serve(tmp_path, peopled, "--no-scan") as server:
        manage(server.variables, "scan_tracks", "--quiet").check_returncode()
        tab = watch(browser, server, 390, "dark")
        log_in(tab)
        tab.page.goto("/albums")
        expect(tab.page.get_by_role("heading", name="No albums")).to_be_visible()
        expect(
            tab.page.get_by_text("1 track in the library, and none names an album")
        ).to_be_visible()
        tab.page.get_by_role("link", name="Show all tracks").click()
        expect(tab.page.locator("main .rows .row").first).to_contain_text("Lone")
        tab.page.context.close()


def test_a_listener_sees_an_empty_library_without_buttons_for_scans(
    browser: Browser, bare: ServedMus
) -> None:
    tab = watch(browser, bare, 1280, "dark")
    log_in(tab, "guest")
    expect(tab.page.get_by_role("heading", name="No tracks yet")).to_be_visible()
    expect(tab.page.get_by_role("region", name="Scan")).to_contain_text("No scan has run yet.")
    expect(tab.page.get_by_role("button", name="Rescan library")).to_have_count(0)
    expect(tab.page.get_by_role("link", name="Scans")).to_have_count(0)
    tab.page.goto("/scans")
    expect(tab.page.get_by_role("heading", name="There is nothing here")).to_be_visible()
    tab.page.get_by_role("button", name="Account and more").click()
    expect(tab.page.get_by_role("menuitem", name="Keyboard shortcuts")).to_be_visible()
    expect(tab.page.get_by_role("menuitem", name="Scans")).to_have_count(0)
    assert tab.complaints == []
    tab.page.context.close()


@pytest.mark.parametrize("place", ["/tracks", "/albums", "/artists"])
def test_a_search_that_finds_nothing_says_so_and_can_be_cleared(tab: Watched, place: str) -> None:
    page = tab.page
    page.goto(f"{place}?q=<b>nowhere</b>")
    expect(page.get_by_role("heading", name="Nothing found")).to_be_visible()
    expect(page.get_by_text("<b>nowhere</b>")).to_be_visible()
    page.get_by_role("button", name="Clear the search").click()
    expect(page.locator("main :is(.row, .tile, .artist-row):not([hidden])").nth(1)).to_be_visible()
    expect(page.get_by_role("searchbox")).to_have_value("")


def test_a_filter_that_fits_nothing_is_no_empty_library(tab: Watched) -> None:
    page = tab.page
    page.goto("/tracks?genre=Nowhere")
    expect(page.get_by_role("heading", name="Nothing found")).to_be_visible()
    page.get_by_role("button", name="Show all").click()
    expect(page.locator("main .row:not([hidden])").nth(1)).to_be_visible()


@pytest.mark.parametrize(("place", "what"), PLACES)
def test_an_error_of_the_server_is_told_and_can_be_tried_again(
    tab: Watched, place: str, what: str
) -> None:
    page = tab.page
    address = f"**/api/v1{place}?*"
    page.route(address, lambda route: route.fulfill(status=500, body="<h1>broken</h1>"))
    page.goto(place)
    failure = page.get_by_role("alert").filter(has_text=f"{what} could not be loaded")
    expect(failure).to_contain_text("The server answered 500.")
    page.unroute(address)
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("main :is(.row, .tile, .artist-row):not([hidden])").nth(1)).to_be_visible()
    expect(page.get_by_role("alert").filter(has_text="could not")).to_have_count(0)


@pytest.mark.parametrize(("place", "what"), PLACES)
def test_no_answer_at_all_is_told_and_the_list_comes_by_itself(
    tab: Watched, place: str, what: str
) -> None:
    page = tab.page
    page.route("**/api/v1/**", lambda route: route.abort("connectionfailed"))
    page.goto(place)
    expect(page.get_by_role("heading", name=f"{what} could not be loaded")).to_be_visible()
    expect(page.get_by_text("The server does not answer. Loaded music plays on")).to_be_visible()
    page.unroute("**/api/v1/**")
    row = page.locator("main :is(.row, .tile, .artist-row):not([hidden])").nth(1)
    expect(row).to_be_visible()  # it looks again after pauses that grow
    expect(page.get_by_text("The server does not answer.")).to_be_hidden()
    tab.complaints[:] = [each for each in tab.complaints if "CONNECTION_FAILED" not in each]


@pytest.mark.parametrize(("place", "noun"), [("/albums", "album"), ("/artists", "artist")])
def test_an_album_or_artist_that_is_gone_says_so_and_leads_on(
    tab: Watched, place: str, noun: str
) -> None:
    page = tab.page
    page.goto(f"{place}/987654321")
    expect(
        page.get_by_role("heading", name=f"This {noun} is not in the library (any more)")
    ).to_be_visible()
    page.get_by_role("link", name=f"All {noun}s").click()
    expect(page.locator(".heading .count")).to_contain_text(f"{noun}")


def test_an_order_that_is_unknown_is_told_by_name(tab: Watched) -> None:
    tab.page.goto("/tracks?sort=nonsense")
    expect(tab.page.get_by_role("alert").filter(has_text="could not")).to_contain_text("sort")


def test_a_page_that_the_server_has_outgrown_says_so_and_is_loaded_again(tab: Watched) -> None:
    """An update takes the files away of which a page that was loaded before is made."""
    page = tab.page
    page.goto("/tracks")
    expect(page.locator("main .row:not([hidden])").nth(1)).to_be_visible()
    page.evaluate("window.isOld = true")
    page.route("**/*.js", lambda route: route.fulfill(status=404, body="gone"))
    page.get_by_role("link", name="Playlists").first.click()
    failure = page.get_by_role("alert").filter(has_text="This page could not be loaded")
    expect(failure).to_contain_text("mus was updated. The page has to be loaded again.")
    page.unroute("**/*.js")
    failure.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="Playlists", level=1)).to_be_visible()
    assert page.evaluate("window.isOld") is None
