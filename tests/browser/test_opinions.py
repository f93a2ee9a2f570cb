"""Hearts and stars in Chromium: by clicks, by keys, by menus, in several tabs, and away from the
server."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, Request, Route, expect

from tests.browser.conftest import Watched, extended_database, log_in, watch
from tests.databases import execute, place_in
from tests.web.served import ServedMus, serve

pytestmark = [pytest.mark.browser, pytest.mark.server]

FILL = """
from tests.api.library import credit, make_album, make_artist, on_album
for name, title in (("Ada", "First"), ("Berta", "Second"), ("Clara", "Third")):
    artist, album = make_artist(name), make_album(title, name)
    for number in range(4):
        track = on_album(album, title=f"{title} {number}", artist=name, track_number=number,
            duration_s=180)
        credit(track, artist)
"""
STORED = """async (path) => {
  const isKept = (key) => /mus-(favourites|ratings)-/.test(key);
  const waits = () => Object.keys(localStorage).some(isKept);
  while (waits()) await new Promise((resolve) => setTimeout(resolve, 50));
  return (await fetch(`/api/v1/${path}`)).json();
}"""
FORGET = (
    "DELETE FROM listening_favourite",
    "DELETE FROM listening_rating",
    "DELETE FROM listening_removeditem",
)


@pytest.fixture(scope="module")
def house(
    browser: Browser, peopled: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ServedMus]:
    place = extended_database(tmp_path_factory, "opinions", peopled, FILL)
    with serve(tmp_path_factory.mktemp("opinions"), place, "--no-scan") as server:
        yield server


@pytest.fixture
def wide(browser: Browser, house: ServedMus) -> Iterator[Watched]:
    yield from opened(browser, house, 1440)


@pytest.fixture
def phone(browser: Browser, house: ServedMus) -> Iterator[Watched]:
    yield from opened(browser, house, 390)


def opened(browser: Browser, house: ServedMus, width: int) -> Iterator[Watched]:
    """Nobody has favourites or ratings yet."""
    for statement in FORGET:
        execute(place_in(Path(house.variables["DATA_DIR"])), statement)
    tab = watch(browser, house, width, "dark", is_touched=width < 720, is_calm=True)
    log_in(tab)
    yield tab
    tab.page.context.close()
    # There are no files to play, and a test cuts the connection.
    expected = ("INTERNET_DISCONNECTED", "/stream", "ERR_FAILED")
    assert [each for each in tab.complaints if not any(one in each for one in expected)] == []


def row(page: Page, title: str) -> Locator:
    rows = page.locator("main .rows .row:not([hidden], .is-loading)")
    return rows.filter(has=page.get_by_text(title, exact=True))


def heart(page: Page, title: str) -> Locator:
    return row(page, title).get_by_role("button", name=f"Favourite: {title}")


def toast(page: Page, text: str) -> Locator:
    return page.locator("#toasts").get_by_text(text)


def stored(page: Page, path: str) -> Any:
    """What the server has, once nothing waits in the browser any more."""
    return page.evaluate(STORED, path)


def test_a_heart_and_stars_in_a_row(wide: Watched) -> None:
    page = wide.page
    page.goto("/tracks?sort=title")
    row(page, "First 1").hover()
    heart(page, "First 1").click()
    expect(heart(page, "First 1")).to_have_attribute("aria-pressed", "true")
    expect(toast(page, "“First 1” is a favourite.")).to_be_visible()
    stars = row(page, "First 2").locator(".stars")
    row(page, "First 2").hover()
    stars.locator(".icon").nth(3).click()
    expect(stars).to_have_accessible_name("Rate First 2: 4 stars")
    stars.locator(".icon").nth(3).click()
    expect(stars).to_have_accessible_name("Rate First 2: no rating")
    page.get_by_role("button", name="Undo").click()
    expect(stars).to_have_accessible_name("Rate First 2: 4 stars")
    favourites, ratings = stored(page, "favourites"), stored(page, "ratings")
    assert len(favourites["tracks"]) == 1
    assert [*ratings["tracks"].values()] == [4]
    page.reload()
    expect(heart(page, "First 1")).to_have_attribute("aria-pressed", "true")
    expect(stars).to_have_accessible_name("Rate First 2: 4 stars")


def test_keys_act_on_the_selection_else_on_what_plays(wide: Watched) -> None:
    page = wide.page
    page.goto("/tracks?sort=title")
    row(page, "First 0").locator(".title").click()
    row(page, "First 2").locator(".title").click(modifiers=["Shift"])
    page.keyboard.press("f")
    expect(toast(page, "3 tracks are favourites.")).to_be_visible()
    page.keyboard.press("4")
    expect(toast(page, "3 tracks have 4 stars.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(row(page, "First 1").locator(".stars")).to_have_attribute("data-stars", "0")
    page.keyboard.press("f")
    expect(toast(page, "3 tracks are no favourites any more.")).to_be_visible()
    page.keyboard.press("5")
    page.keyboard.press("5")
    expect(toast(page, "3 tracks have no rating.")).to_be_visible()
    page.goto("/albums")
    tile = page.locator(".tile").filter(has_text="Second")
    tile.get_by_role("link").first.focus()
    page.keyboard.press("f")
    expect(toast(page, "“Second” is a favourite.")).to_be_visible()
    expect(tile.get_by_role("button", name="Favourite: Second")).to_be_visible()
    page.get_by_role("searchbox").fill("f5")
    assert stored(page, "favourites")["tracks"] == []


def test_the_player_bar_and_the_heads_of_pages(wide: Watched) -> None:
    page = wide.page
    page.route("**/api/v1/tracks/*/stream", lambda route: route.abort())
    page.goto("/albums")
    page.locator(".tile").filter(has_text="Third").get_by_role("link").first.click()
    head = page.locator(".album-head")
    head.get_by_role("button", name="Favourite: Third").click()
    expect(toast(page, "“Third” is a favourite.")).to_be_visible()
    head.locator(".stars").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("menu", name="Rate Third")).to_be_visible()
    page.get_by_role("menuitemradio", name="2 stars").click()
    expect(head.locator(".stars")).to_have_accessible_name("Rate Third: 2 stars")
    page.get_by_role("link", name="Clara").first.click()
    page.locator(".artist-head").get_by_role("button", name="Favourite: Clara").click()
    found = stored(page, "favourites")
    assert [len(found[each]) for each in ("albums", "artists")] == [1, 1]
    page.goto("/artists?favourite=true")
    expect(page.locator(".artist-row:not([hidden])")).to_have_count(1)


def test_lists_of_favourites_and_ratings_and_their_empty_states(wide: Watched) -> None:
    page = wide.page
    page.goto("/tracks")
    page.get_by_role("button", name="Favourites", pressed=False).click()
    expect(page.get_by_role("heading", name="No favourites yet")).to_be_visible()
    page.get_by_role("button", name="Show all tracks").click()
    row(page, "Second 1").locator(".title").click()
    page.keyboard.press("f")
    page.keyboard.press("3")
    stored(page, "ratings")
    page.get_by_role("button", name="Favourites", pressed=False).click()
    expect(page.get_by_role("heading", name="Favourites")).to_be_visible()
    rows = page.locator("main .rows .row:not([hidden], .is-loading)")
    expect(rows).to_have_count(1)
    page.get_by_role("combobox", name="Rating").select_option("4-5")
    expect(page.get_by_role("heading", name="Nothing found")).to_be_visible()
    page.get_by_role("combobox", name="Rating").select_option("3-5")
    expect(row(page, "Second 1")).to_be_visible()
    for place in ("albums", "artists"):
        page.goto(f"/{place}?favourite=true")
        expect(page.get_by_role("heading", name="No favourites yet")).to_be_visible()


def test_the_menus_of_one_and_of_several(wide: Watched) -> None:
    page = wide.page
    page.goto("/tracks?sort=title")
    row(page, "First 0").locator(".title").click()
    row(page, "First 3").locator(".title").click(modifiers=["Shift"])
    page.keyboard.press("Shift+F10")
    page.get_by_role("menuitem", name="Rate…").click()
    page.get_by_role("menuitem", name="5 stars").click()
    expect(toast(page, "4 tracks have 5 stars.")).to_be_visible()
    row(page, "First 1").locator(".title").click()
    page.keyboard.press("Shift+F10")
    page.get_by_role("menuitem", name="Add to favourites").click()
    row(page, "First 1").locator(".title").click()
    page.keyboard.press("Shift+F10")
    page.get_by_role("menuitem", name="Remove from favourites").click()
    expect(toast(page, "“First 1” is no favourite any more.")).to_be_visible()


def test_what_is_changed_while_the_server_is_away_is_sent_once_it_is_back(wide: Watched) -> None:
    page = wide.page
    page.goto("/tracks?sort=title")
    row(page, "First 1").locator(".title").click()
    page.context.set_offline(True)
    page.keyboard.press("f")
    expect(heart(page, "First 1")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#offline")).to_be_visible()  # the page knows by its first try to send
    page.keyboard.press("2")
    expect(toast(page, "it is told as soon as it does")).to_be_visible()
    # A try that the server never heard of may still be under way.
    answered: list[Request] = []
    page.on("response", lambda each: answered.append(each.request))
    page.context.set_offline(False)
    assert len(stored(page, "favourites")["tracks"]) == 1
    assert [*stored(page, "ratings")["tracks"].values()] == [2]
    told = [each.url for each in answered if each.method == "POST"]
    assert len([each for each in told if "favourites" in each]) == 1


def test_a_change_that_is_refused_is_taken_back_and_told(wide: Watched) -> None:
    page = wide.page
    body = '{"error": {"code": "fault", "message": "The disk is full."}}'
    page.route(
        "**/api/v1/favourites",
        lambda route: route.fulfill(status=507, body=body, content_type="application/json"),
    )
    page.goto("/tracks?sort=title")
    row(page, "First 1").hover()
    heart(page, "First 1").click()
    expect(toast(page, "The favourites were not changed. The disk is full.")).to_be_visible()
    expect(heart(page, "First 1")).to_have_attribute("aria-pressed", "false")
    wide.complaints.clear()


def test_a_proxy_that_answers_changes_in_the_servers_place_is_not_asked_without_end(
    wide: Watched,
) -> None:
    page = wide.page
    asked: list[str] = []

    def answer(route: Route) -> None:
        if route.request.method == "GET":
            return route.continue_()
        asked.append(route.request.url)
        return route.fulfill(status=502)

    page.route("**/api/v1/favourites*", answer)
    page.goto("/tracks?sort=title")
    row(page, "First 1").hover()
    heart(page, "First 1").click()
    page.wait_for_timeout(4000)
    assert 0 < len(asked) < 8
    page.unroute_all()
    assert page.evaluate(STORED, "favourites")["tracks"]
    wide.complaints.clear()


def test_other_tabs_show_it_too(wide: Watched) -> None:
    page = wide.page
    page.goto("/tracks?sort=title")
    expect(row(page, "First 1")).to_be_visible()
    other = page.context.new_page()
    other.goto("/tracks?favourite=true")
    expect(other.get_by_role("heading", name="No favourites yet")).to_be_visible()
    row(page, "First 1").locator(".title").click()
    page.keyboard.press("f")
    expect(row(other, "First 1")).to_be_visible()
    expect(heart(other, "First 1")).to_have_attribute("aria-pressed", "true")


def test_a_phone(phone: Watched) -> None:
    page = phone.page
    page.route("**/api/v1/tracks/*/stream", lambda route: route.abort())
    page.goto("/tracks?sort=title")
    row(page, "First 1").get_by_role("button", name="More for First 1").tap()
    page.get_by_role("menuitem", name="Add to favourites").tap()
    expect(row(page, "First 1")).to_have_class(re.compile("is-favourite"))
    row(page, "First 2").locator(".title").tap()
    page.get_by_role("button", name="Open the player").tap()
    player = page.get_by_role("region", name="Player")
    player.get_by_role("button", name="Favourite: First 2").tap()
    player.locator(".stars").tap()
    page.get_by_role("menuitemradio", name="3 stars").tap()
    expect(player.locator(".stars")).to_have_accessible_name("Rate First 2: 3 stars")
    # Lists know what was changed in the player.
    expect(row(page, "First 2").locator(".stars")).to_have_attribute("data-stars", "3")
    assert phone.overflow() == 0
