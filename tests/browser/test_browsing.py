"""Genres, composers, labels and years in Chromium: lists with counts, and one with its albums."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.audio_files import make_audio
from tests.browser.conftest import Watched, choose_list, log_in, watch
from tests.browser.test_axe import expect_no_violation
from tests.web.served import ServedMus, manage, serve

pytestmark = [pytest.mark.browser, pytest.mark.server]
ROW = "main .artist-row:not([hidden], .is-loading)"
KINDS = ("genres", "composers", "labels", "years")


@pytest.fixture
def tab(browser: Browser, long: ServedMus) -> Iterator[Watched]:
    tab = watch(browser, long, 1280, "light")
    log_in(tab)
    yield tab
    tab.page.context.close()
    assert [each for each in tab.complaints if "status of 404" not in each] == []


def test_the_navigation_leads_to_each_kind(tab: Watched) -> None:
    page = tab.page
    rail = page.locator(".rail")
    rail.get_by_role("link", name="Genres").click()
    expect(page.locator(ROW)).to_have_text(
        ["Jazz5,000 albums, 50,000 tracks", "Rock5,000 albums, 50,000 tracks"]
    )
    kinds = page.get_by_role("navigation", name="Browse by")
    for name, first, count in (
        ("Composers", "artist00000", "3 composers"),
        ("Labels", "Long Records", "1 label"),
        ("Decades", "2010", "7 decades"),
        ("Years", "2019", "70 years"),
        ("Genres", "Jazz", "2 genres"),
    ):
        kinds.get_by_role("link", name=name).click()
        expect(page.locator(ROW).first).to_contain_text(first)
        expect(page.locator(".heading .count")).to_have_text(count)
        expect(page.get_by_role("heading", level=1)).to_have_text(name)
        expect(kinds.get_by_role("link", name=name)).to_have_attribute("aria-current", "page")
        place = rail.get_by_role("link", name="Composers" if name == "Composers" else "Genres")
        expect(place).to_have_attribute("aria-current", "page")


@pytest.mark.parametrize(
    ("kind", "row", "facts", "tracks"),
    [
        ("genres", "Jazz", "5,000 albums · 50,000 tracks", "50,000 tracks"),
        ("composers", "artist00001", "2 albums · 20 tracks · 1 h 7 min", "20 tracks"),
        ("labels", "Long Records", "6 albums · 60 tracks", "60 tracks"),
        ("years", "2015", "142 albums · 1,428 tracks", "1,428 tracks"),
    ],
)
def test_one_leads_to_its_albums_and_tracks_and_back(
    tab: Watched, kind: str, row: str, facts: str, tracks: str
) -> None:
    page = tab.page
    page.goto(f"/{kind}")
    page.locator(ROW).filter(has_text=row).get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(row)
    expect(page.locator(".artist-head .count")).to_have_text(facts)
    expect(page.locator("main .tile:not([hidden], .is-loading)").first).to_contain_text("album0")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text(row)
    page.get_by_role("link", name="All tracks").click()
    expect(page.locator(".heading .count")).to_have_text(tracks)
    expect(page.get_by_role("heading", level=1)).to_have_text(row)
    page.go_back()
    expect(page.locator(".artist-head .count")).to_have_text(facts)
    page.go_back()
    expect(page.locator(ROW).filter(has_text=row)).to_be_visible()
    page.go_forward()
    expect(page.locator(".artist-head .count")).to_have_text(facts)


def test_they_are_searched_and_sorted_in_the_address(tab: Watched) -> None:
    page = tab.page
    page.goto("/years")
    expect(page.locator(ROW).first).to_contain_text("2019")
    page.get_by_label("Sort by").select_option("Oldest first")
    expect(page.locator(ROW).first).to_contain_text("1950")
    page.get_by_role("searchbox").fill("199")
    expect(page.locator(".heading .count")).to_have_text("10 years found")
    expect(page.locator(ROW).first).to_contain_text("1990")
    assert page.url.endswith("/years?sort=name&q=199")
    page.reload()
    expect(page.locator(ROW).first).to_contain_text("1990")
    expect(page.get_by_label("Sort by")).to_have_value("name")
    page.get_by_role("searchbox").fill("nothing")
    expect(page.get_by_role("heading", name="Nothing found")).to_be_visible()
    page.get_by_role("button", name="Clear the search").click()
    expect(page.locator(".heading .count")).to_have_text("70 years")


def test_arrows_walk_and_enter_opens(tab: Watched) -> None:
    page = tab.page
    page.goto("/genres")
    expect(page.locator(ROW).first).to_contain_text("Jazz")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Rock")


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_not_there_is_told(tab: Watched, kind: str) -> None:
    page = tab.page
    page.goto(f"/{kind}/9999")
    expect(page.get_by_role("heading", level=1)).to_contain_text("is not in the library")
    page.get_by_role("link", name=f"All {kind}").click()
    expect(page.locator(ROW).first).to_be_visible()


def test_a_failed_list_can_be_tried_again(tab: Watched) -> None:
    page = tab.page
    page.route("**/api/v1/genres?*", lambda route: route.abort())
    page.goto("/genres")
    expect(page.get_by_role("heading", name="The genres could not be loaded")).to_be_visible()
    page.unroute_all()
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(ROW).first).to_contain_text("Jazz")
    tab.complaints.clear()  # the browser tells of the request that was cut off


@pytest.mark.parametrize(("kind", "words"), [("genres", "a genre"), ("labels", "a label")])
def test_tracks_that_name_none_are_no_empty_library(
    browser: Browser, peopled: Path, tmp_path: Path, kind: str, words: str
) -> None:
    make_audio(tmp_path / "music" / "lone.mp3", title="Lone")
    with serve(tmp_path, peopled, "--no-scan") as server:
        manage(server.variables, "scan_tracks", "--quiet").check_returncode()
        tab = watch(browser, server, 390, "dark")
        log_in(tab)
        tab.page.goto(f"/{kind}")
        expect(tab.page.get_by_role("heading", name=f"No {kind}")).to_be_visible()
        sentence = f"1 track in the library, and none names {words}."
        expect(tab.page.get_by_text(sentence)).to_be_visible()
        assert tab.overflow() == 0
        tab.page.context.close()


def test_one_whose_last_track_goes_is_told_and_comes_back_with_it(
    browser: Browser, peopled: Path, tmp_path: Path
) -> None:
    music = tmp_path / "music"
    make_audio(music / "stays.mp3", title="Stays")
    only = make_audio(music / "only.mp3", title="Only", album="Blue", genre="Fado")
    with serve(tmp_path, peopled, "--no-scan") as server:
        manage(server.variables, "scan_tracks", "--quiet").check_returncode()
        tab = watch(browser, server, 1280, "light")
        page = tab.page
        log_in(tab)
        page.goto("/genres")
        page.locator(ROW).filter(has_text="Fado").get_by_role("link").first.click()
        expect(page.locator("main .tile:not([hidden], .is-loading)")).to_contain_text("Blue")
        only.rename(tmp_path / "only.mp3")
        manage(server.variables, "scan_tracks", "--quiet").check_returncode()
        gone = page.get_by_role("heading", name="This genre is not in the library (any more)")
        expect(gone).to_be_visible()
        (tmp_path / "only.mp3").rename(only)
        manage(server.variables, "scan_tracks", "--quiet").check_returncode()
        expect(page.get_by_role("heading", level=1)).to_have_text("Fado")
        expect(page.locator("main .tile:not([hidden], .is-loading)")).to_contain_text("Blue")
        page.context.close()


def test_a_phone_reaches_them_by_its_tabs(browser: Browser, long: ServedMus) -> None:
    tab = watch(browser, long, 390, "dark", is_touched=True)
    log_in(tab)
    page = tab.page
    choose_list(page, "Albums")
    expect(page.get_by_role("heading", level=1)).to_have_text("Albums")
    page.get_by_role("link", name="Years").tap()
    page.locator(ROW).filter(has_text="2019").get_by_role("link").first.tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("2019")
    expect(page.locator("main .tile:not([hidden], .is-loading)").first).to_be_visible()
    assert tab.overflow() == 0
    tab.page.context.close()
    assert tab.complaints == []


@pytest.mark.parametrize("address", ["/genres", "/years", "/labels/1"])
def test_they_can_be_used_with_a_screen_reader(tab: Watched, address: str) -> None:
    tab.page.goto(address)
    item = "main :is(.artist-row, .tile):not([hidden], .is-loading)"
    expect(tab.page.locator(item).first).to_be_visible()
    expect(tab.page.locator("main .is-loading").locator("visible=true")).to_have_count(0)
    expect_no_violation(tab.page, address)
