"""The search in everything, in Chromium: what is shown, while typing, by keys, on a phone."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, Request, Route, expect

from tests.browser.conftest import Watched, extended_database, forget_players, log_in, watch
from tests.browser.search_library import SONGS
from tests.browser.tone import sine
from tests.library.runner.house import wait_until
from tests.web.served import ServedMus, serve

pytestmark = [pytest.mark.browser, pytest.mark.server]

FILL = "from tests.browser.search_library import fill_search_library; fill_search_library()"
KEY_PAUSE_MS = 20
PLAYED_S = 300


@pytest.fixture(scope="module")
def searchable(
    browser: Browser, peopled: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ServedMus]:
    place = extended_database(tmp_path_factory, "searchable", peopled, FILL)
    with serve(tmp_path_factory.mktemp("searchable"), place, "--no-scan") as server:
        yield server


@pytest.fixture(params=[1280, 390])
def tab(
    request: pytest.FixtureRequest, browser: Browser, searchable: ServedMus
) -> Iterator[Watched]:
    tab = watch(browser, searchable, request.param, "dark", is_touched=request.param == 390)
    log_in(tab)
    forget_players(searchable)
    yield tab
    tab.page.context.close()
    assert tab.complaints == []


@pytest.fixture
def wide(browser: Browser, searchable: ServedMus) -> Iterator[Watched]:
    tab = watch(browser, searchable, 1280, "light")
    log_in(tab)
    forget_players(searchable)
    # The tracks have no files: without a sound the player would skip from one to the next.
    tab.page.route(
        "**/api/v1/tracks/*/stream",
        lambda route: route.fulfill(body=sine(PLAYED_S), content_type="audio/wav"),
    )
    tab.page.goto("/search")
    expect(tab.page.get_by_role("searchbox")).to_be_focused()
    yield tab
    tab.page.context.close()
    # Some tracks have no files for a cover either, which the browser tells at the console.
    assert [each for each in tab.complaints if "status of 404" not in each] == []


def section(page: Page, title: str) -> Locator:
    heading = page.get_by_role("heading", name=title, exact=True)
    return page.locator(".search-section").filter(has=heading)


def shown(page: Page) -> list[str]:
    return page.locator(".search-section:visible h2").all_inner_texts()


def test_each_kind_has_its_results_with_the_best_above(tab: Watched) -> None:
    page = tab.page
    page.goto("/search?q=blue")
    expect(page.locator(".best")).to_contain_text("Blue")
    expect(page.locator(".best-words")).to_contain_text("Album · Joni Mitchell")
    assert shown(page) == ["Albums", "Tracks", "Composers", "Genres", "Labels"]
    titles = section(page, "Albums").locator(".tile-title")
    assert titles.all_inner_texts() == ["Blue", "Blue Train", "Blues Breakers", "Kind of Blue"]
    rows = section(page, "Tracks").locator(".row:not([hidden], .is-loading)")
    expect(rows.first.locator(".title")).to_contain_text("Blue")
    expect(section(page, "Composers")).to_contain_text("Carl Blue")
    expect(page.locator(".heading .count")).to_have_text(
        "4 albums, 12 tracks, 1 composer, 1 genre, 1 label found"
    )
    assert tab.overflow() == 0


def test_what_is_typed_before_the_scripts_are_there_is_searched(tab: Watched) -> None:
    page, held = tab.page, list[Route]()

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/joined-player*.js", hold)
    page.goto("/search", wait_until="commit")
    field = page.get_by_role("searchbox")
    field.press_sequentially("blue")
    wait_until(lambda: page.evaluate("1") and held)
    held[0].continue_()
    page.unroute("**/joined-player*.js")
    expect(page.locator(".best")).to_contain_text("Blue")
    page.keyboard.type(" tr")  # goes on from there
    expect(page.locator(".best")).to_contain_text("Blue Train")
    expect(field).to_have_value("blue tr")


def test_markup_is_text_and_a_title_may_be_long(tab: Watched) -> None:
    tab.page.goto("/search?q=bold")
    expect(tab.page.locator(".best-title")).to_have_text("<b>Bold</b>")
    assert tab.overflow() == 0


def test_all_of_a_kind_are_the_list_of_that_kind(tab: Watched) -> None:
    page = tab.page
    page.goto("/search?q=song")
    page.get_by_role("link", name=f"All {SONGS} tracks").click()
    expect(page.locator(".heading .count")).to_have_text(f"{SONGS} tracks found")
    assert urlsplit(page.url).path == "/tracks"
    assert parse_qs(urlsplit(page.url).query) == {"q": ["song"]}
    expect(page.get_by_role("searchbox")).to_have_value("song")
    page.go_back()
    expect(page.locator(".best")).to_contain_text("Songbook")


def test_nothing_found_and_the_way_out(tab: Watched) -> None:
    page = tab.page
    page.goto("/search?q=no+such+thing")
    expect(page.get_by_role("heading", name="Nothing found")).to_be_visible()
    expect(page.locator("main .state")).to_contain_text("no such thing")
    assert shown(page) == []
    page.get_by_role("button", name="Clear the search").click()
    expect(page.get_by_role("heading", name="Search everything")).to_be_visible()
    expect(page.get_by_role("searchbox")).to_be_focused()
    expect(page.get_by_role("searchbox")).to_have_value("")


def test_what_only_the_name_of_a_file_says_is_offered_where_nothing_else_fits(tab: Watched) -> None:
    page = tab.page
    page.goto("/search?q=tapes/side-b")
    expect(page.get_by_role("heading", name="Nothing found")).to_be_visible()
    page.get_by_role("link", name="Search the names of files").click()
    expect(page.get_by_role("searchbox")).to_have_value('path:"tapes/side-b"')
    expect(page.get_by_role("grid", name="Tracks").get_by_text("<b>Bold</b>")).to_be_visible()
    for search in ("path:nowhere", "%22no%22+such"):
        page.goto(f"/search?q={search}")
        expect(page.get_by_role("heading", name="Nothing found")).to_be_visible()
        expect(page.get_by_role("link", name="Search the names of files")).to_have_count(0)


def test_a_search_in_which_nothing_fits_shows_what_was_meant_and_says_so(tab: Watched) -> None:
    page = tab.page
    page.goto("/search?q=radiohaed")
    corrected = page.locator(".corrected")
    expect(corrected).to_be_visible()
    text = "Nothing fits radiohaed. Showing radiohead."  # the quotation marks are the browser's
    expect(corrected).to_have_text(text)
    expect(corrected.locator("q")).to_have_text(["radiohaed", "radiohead"])
    expect(page.locator(".best")).to_contain_text("Radiohead")
    expect(page.get_by_role("searchbox")).to_have_value("radiohaed")
    assert tab.overflow() == 0
    page.goto("/search?q=sogn")
    expect(corrected).to_contain_text("Showing song")
    page.get_by_role("link", name=f"All {SONGS} tracks").click()
    expect(page.locator(".heading .count")).to_have_text(f"{SONGS} tracks found")
    assert parse_qs(urlsplit(page.url).query) == {"q": ["song"]}
    page.goto("/search?q=radiohead")
    expect(page.locator(".best")).to_contain_text("Radiohead")
    expect(corrected).to_be_hidden()


def test_albums_of_one_name_can_be_told_apart(tab: Watched) -> None:
    page = tab.page
    page.goto("/search?q=twice")
    tiles = section(page, "Albums").locator(".tile")
    expect(tiles).to_have_count(2)
    notes = tiles.locator(".tile-line:visible").all_inner_texts()
    assert sorted(notes) == ["1970", "Deluxe edition", "Somebody", "Somebody"]
    for tile in tiles.all():
        assert tile.evaluate("(tile) => tile.scrollHeight <= tile.clientHeight")


def test_it_is_a_place_of_the_navigation(tab: Watched) -> None:
    page = tab.page
    page.goto("/albums")
    expect(page.locator(".heading .count")).to_have_text("8 albums")
    links = page.locator(".places a[data-place]:visible")
    is_phone = page.viewport_size is not None and page.viewport_size["width"] < 720
    if is_phone:
        assert len(page.locator(".tabs > *:visible").all()) == 5
    links.filter(has_text="Search").click()
    expect(page.get_by_role("searchbox")).to_be_focused()
    expect(page.get_by_role("searchbox")).to_have_attribute("placeholder", "Search everything")
    page.keyboard.type("radio", delay=KEY_PAUSE_MS)
    expect(page.locator(".best")).to_contain_text("Radiohead")
    if is_phone:
        page.locator(".tabs [data-does=library]").click()
        page.get_by_role("menuitem", name="Tracks").click()
    else:
        links.filter(has_text="Tracks").click()
    expect(page.get_by_role("searchbox")).to_have_attribute("placeholder", "Search tracks")
    links.filter(has_text="Search").click()  # the search is still there
    expect(page.locator(".best")).to_contain_text("Radiohead")


def test_kinds_are_reached_from_artists_on_a_phone(tab: Watched) -> None:
    page = tab.page
    page.goto("/artists")
    page.get_by_role("navigation", name="Browse by").get_by_role("link", name="Genres").click()
    expect(page.locator(".heading .count")).to_have_text("5 genres")
    is_phone = page.viewport_size is not None and page.viewport_size["width"] < 720
    place = page.locator(".places [aria-current]:visible")
    expect(place).to_have_text("Library" if is_phone else "Genres")


def test_typing_asks_seldom_and_an_older_answer_is_dropped(wide: Watched) -> None:
    page = wide.page
    asked: list[str] = []

    def note(request: Request) -> None:
        if "/api/v1/search?" in request.url:
            asked.append(parse_qs(urlsplit(request.url).query)["q"][0])

    page.on("request", note)
    with page.expect_response(lambda response: "q=kind+of&" in response.url):
        page.keyboard.type("kind of", delay=KEY_PAUSE_MS)
    expect(page.locator(".best")).to_contain_text("Kind of Blue")
    assert asked[-1] == "kind of"
    assert len(asked) == len(set(asked))  # on an idle machine there are four
    held: list[Route] = []
    page.route("**/api/v1/search?q=radio&*", lambda route: held.append(route))  # noqa: PLW0108 (Playwright marks it)
    field = page.get_by_role("searchbox")
    with page.expect_request(lambda request: "q=radio&" in request.url):
        field.fill("radio")
    expect(page.locator(".best")).to_contain_text("Kind of Blue")  # until the answer is here
    field.fill("mayall")
    expect(page.locator(".best")).to_contain_text("John Mayall")
    for route in held:
        route.continue_()
    with page.expect_response("**/healthz"):
        page.evaluate("fetch('/healthz')")
    expect(page.locator(".best")).to_contain_text("John Mayall")
    page.go_back()
    expect(page.get_by_role("heading", name="Search everything")).to_be_visible()


def test_keys_lead_from_the_field_through_all_results(wide: Watched) -> None:
    page = wide.page
    page.keyboard.type("blue", delay=KEY_PAUSE_MS)
    expect(page.locator(".best")).to_contain_text("Blue")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".best-link")).to_be_focused()
    page.keyboard.press("ArrowDown")
    tiles = section(page, "Albums").locator("a.tile-link")
    expect(tiles.nth(0)).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(tiles.nth(1)).to_be_focused()
    page.keyboard.press("ArrowDown")
    rows = section(page, "Tracks")
    expect(rows.get_by_role("grid")).to_be_focused()
    expect(rows.locator(".row.is-active")).to_contain_text("Blue")
    page.keyboard.press("End")
    page.keyboard.press("ArrowDown")
    expect(section(page, "Composers").locator("a.artist-link")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(rows.get_by_role("grid")).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowUp")
    expect(tiles.nth(0)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Blue", exact=True)).to_be_visible()


def test_enter_opens_the_best_match(wide: Watched) -> None:
    page = wide.page
    page.keyboard.type("coltrane")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="John Coltrane")).to_be_visible()
    assert urlsplit(page.url).path.startswith("/artists/")


def test_enter_plays_a_track_that_is_the_best_match(wide: Watched) -> None:
    page = wide.page
    page.keyboard.type("paranoid android")
    page.keyboard.press("Enter")
    expect(page.locator("#player [data-part=title]")).to_have_text("Paranoid Android")
    expect(section(page, "Tracks").locator(".row.is-current")).to_contain_text("Paranoid")


def test_play_of_the_best_match_plays_all_of_it(wide: Watched) -> None:
    page = wide.page
    page.goto("/search?q=ok+computer")  # while one types, results are replaced by newer ones
    page.get_by_role("button", name="Play OK Computer").click()
    expect(page.locator("#player [data-part=title]")).to_have_text("Airbag")


def test_rows_of_tracks_play_and_have_their_menu(wide: Watched) -> None:
    page = wide.page
    page.keyboard.type("song")
    row = section(page, "Tracks").locator(".row:not([hidden], .is-loading)").nth(1)
    expect(row).to_contain_text("Song 02")
    row.locator(".title").dblclick()
    expect(page.locator("#player [data-part=title]")).to_have_text("Song 02")
    row.click(button="right")
    page.get_by_role("menuitem", name="Go to the album").click()
    expect(page.get_by_role("heading", name="Songbook")).to_be_visible()


def test_what_cannot_be_searched_says_so_and_may_be_tried_again(wide: Watched) -> None:
    page = wide.page
    page.route("**/api/v1/search?*", lambda route: route.fulfill(status=500, body="{}"))
    with page.expect_console_message():
        page.get_by_role("searchbox").fill("blue")
    expect(page.get_by_role("heading", name="The results could not be loaded")).to_be_visible()
    wide.complaints.clear()  # the browser's own line about the 500
    page.unroute("**/api/v1/search?*")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".best")).to_contain_text("Blue")


def test_from_a_page_that_is_no_list_everything_is_searched(wide: Watched) -> None:
    page = wide.page
    page.goto("/search?q=kind")
    page.locator(".best-link").click()
    expect(page.get_by_role("heading", name="Kind of Blue")).to_be_visible()
    field = page.get_by_role("searchbox")
    expect(field).to_have_attribute("placeholder", "Search everything")
    field.fill("radio")
    expect(page.locator(".best")).to_contain_text("Radiohead")
    assert urlsplit(page.url).path == "/search"
