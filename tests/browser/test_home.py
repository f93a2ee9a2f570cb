"""The place Home in Chromium: what one goes on from, by mouse, keys and fingers."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Watched, extended_database, forget_players, log_in, watch
from tests.browser.test_axe import OPTIONS
from tests.databases import execute, place_in
from tests.web.served import ServedMus, serve

pytestmark = [pytest.mark.browser, pytest.mark.server]

# `ada` heard the first two tracks of a new album, and all of older ones; `guest` heard nothing.
FILL = """
from datetime import timedelta
from django.contrib.auth.models import User
from django.utils import timezone
from listening.favourites import change_favourites
from listening.plays import NewPlay, store_plays
from tests.api.library import make_album, on_album
from tests.web.library_rows import make_failure, make_scan
now = timezone.now()
albums = [make_album(f"Album {number:02}", "Somebody") for number in range(30)]
began = now - timedelta(hours=1)
tracks = {}
for number, album in enumerate(albums):
    at = now - timedelta(days=400 - number) if number < 27 else now - timedelta(minutes=30)
    for place in range(4):
        track = on_album(album, track_number=place + 1, title=f"Song {number}.{place}",
                         duration_s=200, added_at=at)
        tracks[number, place] = track.pk
scan = make_scan(started_at=began, finished_at=now, added=12, restored=2, revision=1)
make_failure(scan=scan, first_seen_at=now)
ada = User.objects.get(username="ada").pk
def hear(hours_ago, *keys):
    store_plays(ada, [NewPlay(track_id=tracks[key], heard_s=200.0, client="test",
        started_at=now - timedelta(hours=hours_ago) + timedelta(minutes=4 * n))
        for n, key in enumerate(keys)])
hear(30, *((5, place) for place in range(4)))
hear(20, (28, 0), (28, 1))
for again in range(3):
    hear(24 * 300 + again, *((7, place) for place in range(4)))
change_favourites(ada, {"album": [albums[3].pk], "track": [tracks[4, 1]]}, {})
"""
SHELVES = [
    *("Continue listening", "Recently added", "Recently played", "Most played"),
    *("Favourite albums", "Favourite tracks", "Not heard for long", "At random"),
    "What scans changed",
]


@pytest.fixture(scope="module")
def server(
    browser: Browser, peopled: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ServedMus]:
    place = extended_database(tmp_path_factory, "home", peopled, FILL)
    with serve(tmp_path_factory.mktemp("home"), place, "--no-scan") as server:
        yield server


def open_home(browser: Browser, server: ServedMus, width: int, name: str = "ada") -> Watched:
    scheme = "dark" if width > 1000 else "light"
    tab = watch(browser, server, width, scheme, is_touched=width < 1000, is_calm=True)
    # The tracks have no files. Without an answer the player stays at the one it was told to play.
    tab.page.route("**/stream*", lambda _: None)
    log_in(tab, name, "/")
    expect(shelf(tab.page, "Recently added")).to_be_visible()
    return tab


def shelf(page: Page, title: str) -> Locator:
    return page.get_by_role("region", name=title)


def titles(page: Page, title: str) -> list[str]:
    return shelf(page, title).locator(".tile-title").all_inner_texts()


def without_lost_files(tab: Watched) -> list[str]:
    """The tracks have no files, so that they cannot be played."""
    return [each for each in tab.complaints if "404" not in each]


def expect_no_violation(page: Page) -> None:
    found = Axe().run(page, options=OPTIONS).response["violations"]
    assert [(each["id"], each["nodes"][0]["html"][:200]) for each in found] == []


def test_shelves_keep_what_they_show_and_follow_what_changes(
    browser: Browser, server: ServedMus
) -> None:
    tab = open_home(browser, server, 1280)
    page = tab.page
    expect_shelves(page)
    at_random = titles(page, "At random")
    scroll_on(page)
    make_an_album_a_favourite(page)
    assert titles(page, "At random") == at_random
    go_on_with_an_album_and_play_favourites(page)
    scroll_on(page)
    open_an_album_and_come_back(page, at_random)
    see_all_of_the_shelves(page, at_random)
    page.context.close()
    assert without_lost_files(tab) == []


def expect_shelves(page: Page) -> None:
    expect(page.locator(".home-shelf:not([hidden]) h2")).to_have_text(SHELVES)
    assert titles(page, "Continue listening") == ["Album 28"]
    assert titles(page, "Recently added")[:3] == ["Album 29", "Album 28", "Album 27"]
    assert titles(page, "Recently played") == ["Album 28", "Album 05", "Album 07"]
    assert titles(page, "Most played")[0] == "Album 07"
    assert titles(page, "Favourite albums") == ["Album 03"]
    assert titles(page, "Favourite tracks") == ["Song 4.1"]
    assert titles(page, "Not heard for long") == ["Album 07"]
    changes = shelf(page, "What scans changed")
    told = "3 albums added, 2 tracks came back, 1 file damaged"
    expect(changes.locator("p")).to_have_text(f"today {told}")
    expect(changes.get_by_role("link", name="Album 29")).to_be_visible()
    expect_no_violation(page)


def scroll_on(page: Page) -> None:
    shelf(page, "Recently added").get_by_role("button", name="Scroll on").click()
    page.wait_for_function("document.querySelectorAll('.home-tiles')[1].scrollLeft > 0")


def make_an_album_a_favourite(page: Page) -> None:
    shelf(page, "Recently added").get_by_role("link", name="Album 27").focus()
    page.keyboard.press("f")
    favourites = shelf(page, "Favourite albums").locator(".tile-title")
    expect(favourites).to_have_text(["Album 27", "Album 03"])


def go_on_with_an_album_and_play_favourites(page: Page) -> None:
    shelf(page, "Continue listening").get_by_role("button", name="Go on with Album 28").click()
    expect(page.locator("#player [data-part=title]")).to_have_text("Song 28.2")
    queue = shelf(page, "Continue listening").get_by_role("button", name="Song 28.2")
    expect(queue).to_contain_text("In the queue, 3 of 4")
    shelf(page, "Favourite tracks").get_by_role("button", name="Play “Favourite").click()
    expect(page.locator("#player [data-part=title]")).to_have_text("Song 4.1")


def open_an_album_and_come_back(page: Page, at_random: list[str]) -> None:
    """The random albums are the same ones, and shelves are where they were scrolled to."""
    shelf(page, "At random").get_by_role("link", name=at_random[0]).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(at_random[0])
    page.go_back()
    expect(shelf(page, "At random")).to_be_visible()
    assert titles(page, "At random") == at_random
    assert page.evaluate("document.querySelectorAll('.home-tiles')[1].scrollLeft") > 0


def see_all_of_the_shelves(page: Page, at_random: list[str]) -> None:
    shelf(page, "At random").get_by_role("link", name="All of").click()
    expect(page.locator("main .tile:not(.is-loading) .tile-title").first).to_have_text(at_random[0])
    page.get_by_role("link", name="Home").click()
    shelf(page, "Not heard for long").get_by_role("link", name="All of").click()
    expect(page.locator(".heading .count")).to_have_text("3 albums")
    expect(page.get_by_label("Sort by")).to_have_value("played")


def test_keys_lead_from_tile_to_tile_and_shelf_to_shelf(
    browser: Browser, server: ServedMus
) -> None:
    forget_players(server)
    tab = open_home(browser, server, 1280)
    page = tab.page
    focused = page.locator(":focus")
    page.keyboard.press("PageDown")  # nothing has the focus: it scrolls all the same
    page.wait_for_function("document.querySelector('#content').scrollTop > 100")
    page.keyboard.press("PageUp")
    page.wait_for_function("document.querySelector('#content').scrollTop === 0")
    page.keyboard.press("ArrowDown")
    expect(focused).to_contain_text("Album 28")  # the one that was begun
    page.keyboard.press("ArrowDown")
    expect(focused).to_contain_text("Album 29")
    for _ in range(11):
        page.keyboard.press("ArrowRight")
    expect(focused).to_contain_text("Album 18")
    box = focused.bounding_box()
    assert box
    assert box["x"] + box["width"] <= 1280
    page.keyboard.press("End")
    expect(focused).to_have_attribute("aria-label", "Album 27")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Album 27")
    page.context.close()
    assert without_lost_files(tab) == []


def test_what_has_nothing_to_play_leaves_the_queue_alone(
    browser: Browser, server: ServedMus
) -> None:
    forget_players(server)
    tab = open_home(browser, server, 1280)
    page = tab.page
    title = page.locator("#player [data-part=title]")
    shelf(page, "Favourite tracks").get_by_role("button", name="Play “Favourite").click()
    expect(title).to_have_text("Song 4.1")
    place = place_in(Path(server.variables["DATA_DIR"]))
    execute(place, "UPDATE library_track SET missing_since = added_at")
    shelf(page, "Recently added").get_by_role("button", name="Play “Recently").click()
    expect(page.locator(".toast", has_text="There is nothing to play.")).to_be_visible()
    expect(title).to_have_text("Song 4.1")
    execute(place, "UPDATE library_track SET missing_since = NULL")
    page.context.close()
    assert without_lost_files(tab) == []


def test_a_phone_has_five_places_and_library_opens_a_menu(
    browser: Browser, server: ServedMus
) -> None:
    tab = open_home(browser, server, 390)
    page = tab.page
    bar = page.get_by_role("navigation", name="Places, at the bottom")
    places = ["Home", "Search", "Library", "Playlists", "Queue"]
    expect(bar.locator("a, button")).to_have_text(places)
    expect(bar.locator("[aria-current]")).to_have_text("Home")
    assert tab.overflow() == 0
    expect_no_violation(page)
    bar.get_by_role("button", name="Library").tap()
    lists = [*("Tracks", "Albums", "Artists", "Genres", "Composers", "Folders", "Radio")]
    expect(page.get_by_role("menuitem")).to_have_text([*lists, "Labels", "Years"])
    expect_no_violation(page)
    page.go_back()
    expect(page.get_by_role("menuitem")).to_have_count(0)
    expect(page.get_by_role("heading", name="Home")).to_be_visible()
    bar.get_by_role("button", name="Library").tap()
    page.get_by_role("menuitem", name="Albums").tap()
    expect(page.locator(".heading .count")).to_have_text("30 albums")
    expect(bar.locator("[aria-current]")).to_have_text("Library")
    page.go_back()
    shelf(page, "Recently added").get_by_role("link", name="Album 28").tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Album 28")
    page.context.close()
    assert without_lost_files(tab) == []


def test_who_heard_nothing_sees_no_shelves_of_plays(browser: Browser, server: ServedMus) -> None:
    tab = open_home(browser, server, 1280, "guest")
    page = tab.page
    shown = ["Recently added", "At random", "What scans changed"]
    expect(page.locator(".home-shelf:not([hidden]) h2")).to_have_text(shown)
    page.route("**/api/v1/home?*", lambda route: route.fulfill(status=500, body="broken"))
    page.get_by_role("link", name="Home").click()
    expect(page.get_by_role("heading", name="Home could not be loaded")).to_be_visible()
    page.unroute("**/api/v1/home?*")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".home-shelf:not([hidden]) h2")).to_have_text(shown)
    page.context.close()
