"""Searches with operators in Chromium: by keys from end to end, and by touch on a phone."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Watched, extended_database, forget_players, log_in, watch
from tests.browser.test_axe import expect_no_violation
from tests.browser.test_search_everything import FILL, KEY_PAUSE_MS, PLAYED_S, section
from tests.browser.tone import sine
from tests.web.served import ServedMus, serve

pytestmark = [pytest.mark.browser, pytest.mark.server]

FRAMES_UNTIL_DRAWN = """
const drawn = (window.drawnAfter = []);
const fetched = window.fetch;
window.fetch = async (...request) => {
  const response = await fetched(...request);
  if (!String(request[0]).includes("/search?")) return response;
  const json = response.json.bind(response);
  response.json = async () => {
    const body = await json();
    let frames = 0;
    const look = () => {
      const words = document.querySelector(".best-title")?.textContent;
      if (words === body.albums.results[0]?.title) drawn.push(frames);
      else if ((frames += 1) < 60) requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
    return body;
  };
  return response;
};
"""
"""How many frames after the answer the best match is drawn, which has to be an album."""


@pytest.fixture(scope="module")
def searchable(
    browser: Browser, peopled: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ServedMus]:
    place = extended_database(tmp_path_factory, "searchable", peopled, FILL)
    with serve(tmp_path_factory.mktemp("searched"), place, "--no-scan") as server:
        yield server


def opened(browser: Browser, server: ServedMus, width: int) -> Watched:
    tab = watch(browser, server, width, "dark", is_touched=width < 720)
    log_in(tab)
    forget_players(server)
    tab.page.route(
        "**/api/v1/tracks/*/stream",
        lambda route: route.fulfill(body=sine(PLAYED_S), content_type="audio/wav"),
    )
    return tab


def close(tab: Watched) -> None:
    tab.page.context.close()
    # Some tracks have no files for a cover, which the browser tells at the console.
    assert [each for each in tab.complaints if "status of 404" not in each] == []


def query_of(page: Page) -> list[str]:
    return parse_qs(urlsplit(page.url).query).get("q", [])


def test_a_search_by_keys_from_end_to_end(browser: Browser, searchable: ServedMus) -> None:
    tab = opened(browser, searchable, 1280)
    page = tab.page
    page.goto("/albums")
    page.get_by_role("link", name="OK Computer").click()
    expect(page.get_by_role("heading", name="OK Computer")).to_be_visible()
    album = page.url
    type_and_see_it_drawn_soon(page)
    press_escape_and_be_back(page)
    assert page.url == album
    go_down_to_a_track_and_play_it(page)
    read_what_is_not_understood(page)
    press_escape_and_be_back(page)
    find_the_search_again_and_clear_it(page)
    close(tab)


def type_and_see_it_drawn_soon(page: Page) -> None:
    """The answer is drawn with the next frame or the one after it."""
    page.evaluate(FRAMES_UNTIL_DRAWN)
    page.keyboard.press("Control+k")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("kind of blue", delay=KEY_PAUSE_MS)
    expect(page.locator(".best-title")).to_have_text("Kind of Blue")
    assert page.evaluate("Math.max(...window.drawnAfter)") <= 2


def press_escape_and_be_back(page: Page) -> None:
    """Where the user was; the keys belong to the page again."""
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="OK Computer")).to_be_visible()
    expect(page.get_by_role("searchbox")).to_have_value("")
    expect(page.get_by_role("searchbox")).not_to_be_focused()


def go_down_to_a_track_and_play_it(page: Page) -> None:
    """With an operator; down to the first result, through the groups, back to the field."""
    keys = page.keyboard
    keys.press("/")
    keys.type('artist:radiohead "ok comp', delay=KEY_PAUSE_MS)
    tracks = section(page, "Tracks")
    expect(tracks.locator(".row.is-loading")).to_have_count(0)
    expect(section(page, "Albums").locator(".tile-title")).to_have_text(["OK Computer"])
    keys.press("ArrowDown")
    expect(page.locator(".best-link")).to_be_focused()
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    expect(tracks.get_by_role("grid")).to_be_focused()
    keys.press("Enter")
    expect(page.locator("#player [data-part=title]")).to_have_text("Airbag")
    keys.press("Escape")
    expect(page.get_by_role("searchbox")).to_be_focused()


def read_what_is_not_understood(page: Page) -> None:
    """It is said, and is no error."""
    page.keyboard.type("radio mood:calm year:soon", delay=KEY_PAUSE_MS)
    notes = page.locator(".search-notes p")
    expect(notes).to_have_count(2)
    expect(notes.nth(0)).to_contain_text("There is no operator “mood:”")
    expect(notes.nth(1)).to_contain_text("“year:” takes a year or several")
    expect_no_violation(page, "notes of a search")


def find_the_search_again_and_clear_it(page: Page) -> None:
    """The search that played something is remembered, until it is cleared."""
    page.goto("/search")
    expect(page.get_by_role("heading", name="Recent searches")).to_be_visible()
    expect_no_violation(page, "recent searches")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".recent-searches a")).to_be_focused()
    page.keyboard.press("Enter")
    expect(section(page, "Albums").locator(".tile-title")).to_have_text(["OK Computer"])
    page.go_back()
    page.get_by_role("button", name="Clear", exact=True).click()
    expect(page.get_by_role("heading", name="Recent searches")).to_have_count(0)


def test_a_list_says_what_of_its_search_was_not_understood(
    browser: Browser, searchable: ServedMus
) -> None:
    tab = opened(browser, searchable, 390)
    page = tab.page
    for kind in ("tracks", "albums", "artists", "composers"):
        page.goto(f"/{kind}?q=mood%3Ablue")
        notes = page.locator(".search-notes p")
        expect(notes).to_have_text(
            ["There is no operator “mood:”. “mood:blue” was searched as text."]
        )
        page.locator("#search-field").fill("year:soon")
        expect(notes).to_contain_text(["“year:” takes a year or several"])
        page.locator("#search-field").fill("radiohead")
        expect(notes).to_have_count(0)
    page.goto("/tracks?q=genre%3A")
    expect(page.locator(".search-notes p")).to_have_text(["“genre:” still needs a value."])
    expect(page.get_by_role("row", name="Airbag").first).to_be_visible()
    expect_no_violation(page, "notes above a list")
    page.goto("/genres?q=mood%3Ablue")
    expect(page.get_by_role("heading", name="Nothing found")).to_be_visible()
    expect(page.locator(".search-notes p")).to_have_count(0)
    close(tab)


def test_a_search_is_kept_as_a_playlist(browser: Browser, searchable: ServedMus) -> None:
    tab = opened(browser, searchable, 1280)
    page = tab.page
    page.goto("/search?q=artist%3Aradiohead+-airbag+genre%3A")
    expect(page.locator(".search-notes p")).to_have_text(["“genre:” still needs a value."])
    count = section(page, "Tracks").locator(".row:not([hidden], .is-loading)").count()
    page.get_by_role("button", name="Save as playlist").click()
    dialog = page.get_by_role("dialog", name="New smart playlist")
    notices = dialog.locator(".smart-notice")
    expect(notices).to_have_count(2)
    expect(notices.nth(1)).to_have_text("“genre:” has no value and is left out.")
    expect(dialog.locator(".preview")).to_contain_text(f"{count} track")
    expect_no_violation(page, "the dialog for a search")
    dialog.get_by_label("Name").fill("Kept search")
    dialog.get_by_role("button", name="Make it").click()
    expect(page.get_by_role("heading", name="Kept search")).to_be_visible()
    expect(page.locator("main .rows .row:not([hidden], .is-loading)")).to_have_count(count)
    expect(page.locator("main .rows")).not_to_contain_text("Airbag")
    close(tab)


def test_a_search_by_touch(browser: Browser, searchable: ServedMus) -> None:
    tab = opened(browser, searchable, 390)
    page = tab.page
    page.goto("/search")
    tips = page.get_by_role("button", name='"kind of blue"')
    expect(tips).to_be_visible()
    expect_no_violation(page, "the tips")
    tips.tap()
    expect(page.locator(".best-title")).to_have_text("Kind of Blue")
    assert query_of(page) == ['"kind of blue"']
    expect(tips).to_be_hidden()  # they fold away
    page.locator(".best-link").tap()
    expect(page.get_by_role("heading", name="Kind of Blue")).to_be_visible()
    page.go_back()
    page.get_by_role("searchbox").fill("")
    expect(page.locator(".recent-searches a")).to_have_text(['"kind of blue"'])
    page.get_by_text("Search tips").tap()
    expect(tips).to_be_hidden()
    page.reload()  # folded for good
    expect(page.locator(".recent-searches a")).to_be_visible()
    expect(tips).to_be_hidden()
    assert tab.overflow() == 0
    page.goto("/albums")
    page.get_by_role("searchbox").fill("nothing of this")
    page.get_by_role("link", name="Search everything").tap()
    expect(page.get_by_role("button", name="Clear the search")).to_be_visible()
    close(tab)
