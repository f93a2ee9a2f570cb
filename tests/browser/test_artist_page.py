"""The page of an artist: albums in sections by the type of release, and what others made."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.audio_files import JPEG, make_audio
from tests.browser.conftest import Watched, log_in, watch
from tests.web.served import ServedMus, manage, serve

pytestmark = [pytest.mark.browser, pytest.mark.server]

ALBUMS = {
    "First": (1990, "album"),
    "Second": (1995, "album"),
    "Untyped": (1997, None),
    "Short": (1991, "ep"),
    "Hit": (1992, "single"),
    "On Stage": (1993, ("album", "live")),
    "Best": (1999, ("album", "compilation")),
}


def make_artists(music: Path) -> None:
    (music / "Solo").mkdir(parents=True)
    (music / "Solo" / "artist.jpg").write_bytes(JPEG)
    for title, (year, types) in ALBUMS.items():
        tags: dict[str, Any] = {"artist": "Solo", "album_artist": "Solo", "year": year}
        path = music / "Solo" / title / "1.flac"
        make_audio(path, title="T", album=title, release_types=types, **tags)
    by_another: dict[str, Any] = {"artist": "Solo", "album_artist": "Duo", "album": "Of Two"}
    make_audio(music / "Duo" / "1.flac", title="Guest", **by_another)
    make_audio(music / "Plain" / "1.flac", title="P", artist="Plain", album="One")
    make_audio(music / "Lost" / "1.flac", title="L", artist="Lost")


@pytest.fixture(scope="module")
def server(
    browser: Browser, peopled: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ServedMus]:
    folder = tmp_path_factory.mktemp("artists")
    with serve(folder, peopled, "--no-scan") as server:
        make_artists(folder / "music")
        manage(server.variables, "scan_tracks").check_returncode()
        yield server


@pytest.fixture(params=[390, 1280])
def tab(browser: Browser, server: ServedMus, request: pytest.FixtureRequest) -> Iterator[Watched]:
    tab = watch(browser, server, request.param, "light")
    log_in(tab)
    yield tab
    assert tab.overflow() == 0
    tab.page.context.close()
    assert tab.complaints == []


def open_artist(page: Page, name: str) -> None:
    page.goto(f"/artists?q={name}")
    page.get_by_role("listitem").first.get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def titles_in(page: Page, section: str) -> list[str]:
    tiles = page.get_by_role("list", name=section, exact=True).get_by_role("listitem")
    expect(tiles.first).to_be_attached()
    return tiles.locator(".tile-title").all_inner_texts()


def test_an_artist_without_albums_says_so_and_leads_to_the_tracks(tab: Watched) -> None:
    page = tab.page
    open_artist(page, "Lost")
    expect(page.locator("main")).to_contain_text("None of these tracks is on an album.")
    expect(page.locator(".artist-head .count")).to_have_text("1 track · 1 min")
    more = page.get_by_role("button", name="More for Lost")
    if more.is_visible():  # on a phone
        more.click()
        page.get_by_role("menuitem", name="All tracks").click()
    else:
        page.get_by_role("link", name="All tracks").click()
    expect(page.locator(".heading .count")).to_have_text("1 track")
    open_artist(page, "Plain")
    assert titles_in(page, "Albums") == ["One"]
    expect(page.get_by_text("None of these tracks")).to_be_hidden()


def test_albums_stand_in_sections_newest_first(tab: Watched) -> None:
    page = tab.page
    open_artist(page, "Solo")
    sections = ["Albums", "EPs", "Singles", "Live", "Compilations", "Appears on"]
    expect(page.get_by_role("heading", level=2)).to_have_text(sections)
    assert titles_in(page, "Albums") == ["Untyped", "Second", "First"]
    page.get_by_role("heading", name="Appears on").scroll_into_view_if_needed()
    expect(page.get_by_role("list", name="Appears on").get_by_role("listitem")).to_have_count(1)
    assert titles_in(page, "Appears on") == ["Of Two"]
    other = page.get_by_role("list", name="Appears on").locator(".tile-line").first
    expect(other).to_have_text("Duo")


def test_one_kind_needs_no_heading(tab: Watched) -> None:
    page = tab.page
    open_artist(page, "Plain")
    expect(page.get_by_role("list", name="Albums").get_by_role("listitem")).to_have_count(1)
    expect(page.get_by_role("heading", level=2)).to_have_count(0)


def test_keys_lead_from_one_section_to_the_next_and_back(tab: Watched) -> None:
    page = tab.page
    open_artist(page, "Solo")
    expect(page.get_by_role("list", name="Albums").get_by_role("listitem")).to_have_count(3)
    page.locator("main").press("ArrowDown")
    focused = page.locator(".tile-link:focus")
    expect(focused).to_contain_text("Untyped")
    page.keyboard.press("End")
    expect(focused).to_contain_text("First")
    page.keyboard.press("ArrowRight")
    expect(focused).to_contain_text("Short")
    page.keyboard.press("ArrowDown")
    expect(focused).to_contain_text("Hit")
    page.keyboard.press("ArrowUp")
    expect(focused).to_contain_text("Short")
    page.keyboard.press("ArrowLeft")
    expect(focused).to_contain_text("First")
    for _ in range(3):
        page.keyboard.press("End")
    expect(focused).to_contain_text("Of Two")
    page.keyboard.press("Home")
    expect(focused).to_contain_text("Untyped")


def test_back_leads_to_the_same_place(tab: Watched) -> None:
    page = tab.page
    open_artist(page, "Solo")
    page.get_by_role("heading", name="Appears on").scroll_into_view_if_needed()
    before = page.locator("main").evaluate("(main) => main.scrollTop")
    page.get_by_role("link", name="Of Two").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Of Two")
    page.go_back()
    expect(page.get_by_role("heading", name="Appears on")).to_be_in_viewport()
    assert page.locator("main").evaluate("(main) => main.scrollTop") == before
