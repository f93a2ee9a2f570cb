"""The pages of artists, genres, composers and decades, the links to them, and a track's details."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.audio_files import make_audio
from tests.browser.conftest import Watched, log_in, watch
from tests.browser.test_axe import expect_no_violation
from tests.web.served import ServedMus, manage, serve

pytestmark = [pytest.mark.browser, pytest.mark.server]

STORE_PLAYS = """async ([title, number]) => {
  const found = await (await fetch(`/api/v1/tracks?q=${title}`)).json();
  const token = document.cookie.match(/csrf[^=]*=([^;]+)/)[1];
  const plays = Array.from({ length: number }, (_, day) => (
    { track_id: found.results[0].id, started_at: `2026-01-0${day + 1}T12:00:00Z`, heard_s: 60 }
  ));
  const answer = await fetch("/api/v1/plays", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    body: JSON.stringify({ plays }),
  });
  return answer.status;
}"""


def make_music(music: Path) -> None:
    for artist, year, genres in (
        ("Seed", 1959, ["Modal", "Jazz"]),
        ("Near", 1962, ["Modal", "Jazz"]),
        ("Far", 2011, ["Polka"]),
    ):
        for number in range(1, 4):
            tags: dict[str, Any] = {"artist": artist, "album_artist": artist, "year": year}
            if artist == "Seed" and number == 3:
                tags["artist"] = ["Seed", "Near"]
            path = music / artist / f"{number}.flac"
            title = f"{artist} {number}"
            fields: dict[str, Any] = {"album": f"{artist} album", "composer": f"C {artist}"}
            make_audio(path, title=title, genre=genres, track_number=number, **fields, **tags)


@pytest.fixture(scope="module")
def server(
    browser: Browser, peopled: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ServedMus]:
    folder = tmp_path_factory.mktemp("groups")
    with serve(folder, peopled, "--no-scan") as server:
        make_music(folder / "music")
        manage(server.variables, "scan_tracks").check_returncode()
        yield server


@pytest.fixture(params=[(390, "light"), (1280, "dark")])
def tab(browser: Browser, server: ServedMus, request: pytest.FixtureRequest) -> Iterator[Watched]:
    width, scheme = request.param
    tab = watch(browser, server, width, scheme, is_touched=width == 390, is_calm=True)
    log_in(tab)
    yield tab
    assert tab.overflow() == 0
    tab.page.context.close()
    assert tab.complaints == []


def expect_page(page: Page, name: str, *sections: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(page.locator("main").get_by_role("heading", level=2)).to_have_text([*sections])


def titles(page: Page) -> list[str]:
    rows = page.locator("main .rows .row:not([hidden], .is-loading)")
    expect(rows.first).to_be_visible()
    return rows.locator(".title .text:not(.under)").all_inner_texts()


def test_from_an_artist_to_a_genre_a_decade_and_the_details_of_a_track(tab: Watched) -> None:
    page = tab.page
    hear_an_artist_and_find_another(page)
    go_from_a_genre_to_its_artists(page)
    play_a_decade(page)
    read_the_details_of_a_track(page)


def hear_an_artist_and_find_another(page: Page) -> None:
    page.goto("/artists?q=Seed")
    page.get_by_role("listitem").first.get_by_role("link").first.click()
    assert page.evaluate(STORE_PLAYS, ["Seed+2", 2]) == 200
    # The server tells the page of the plays: it shows them without a reload.
    expect_page(page, "Seed", "Most played", "Albums", "Similar artists")
    assert titles(page) == ["Seed 2"]
    expect(page.locator("main .rows")).to_contain_text("2 plays")
    expect_no_violation(page, "an artist")
    page.get_by_role("list", name="Similar artists").get_by_role("link", name="Near").click()
    expect_page(page, "Near", "Albums", "Appears on", "Similar artists")


def go_from_a_genre_to_its_artists(page: Page) -> None:
    page.goto("/genres")
    page.get_by_role("link", name="Modal").click()
    expect_page(page, "Modal", "Most played", "Artists", "Albums")
    expect_no_violation(page, "a genre")
    strip = page.get_by_role("list", name="Artists").get_by_role("link")
    expect(strip).to_have_count(2)
    strip.first.focus()
    page.keyboard.press("ArrowRight")
    expect(strip.nth(1)).to_be_focused()
    page.get_by_role("link", name="All artists").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Artists · Modal")
    expect(page.locator(".heading .count")).to_have_text("2 artists")


def play_a_decade(page: Page) -> None:
    page.get_by_role("navigation", name="Browse by").get_by_role("link", name="Decades").click()
    expect(page.locator("main .artist-row:not([hidden])")).to_have_count(3)
    page.get_by_role("link", name="2010s").click()
    expect_page(page, "2010s", "Tracks", "Artists", "Albums")
    assert titles(page) == ["Far 1", "Far 2", "Far 3"]
    page.get_by_role("button", name="Play", exact=True).first.click()
    expect(page.locator("#player [data-part=title]")).to_have_text("Far 1")
    page.go_back()
    page.go_back()


def read_the_details_of_a_track(page: Page) -> None:
    is_phone = page.viewport_size is not None and page.viewport_size["width"] < 720
    page.goto("/tracks?q=seed+3")
    row = page.locator("main .rows .row:not([hidden], .is-loading)")
    expect(row).to_have_count(1)
    if not is_phone:
        row.get_by_role("link", name="Near").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Near")
        page.go_back()
    row.locator("[data-does=menu]").click()
    expect(page.get_by_role("menuitem", name="Go to Near")).to_be_visible()
    page.get_by_role("menuitem", name="Details…").click()
    dialog = page.get_by_role("dialog", name="Seed 3")
    for text in ("FLAC", "Modal, Jazz", "Never played", "Mono", "C Seed", "Seed/3.flac"):
        expect(dialog).to_contain_text(text)
    expect_no_violation(page, "the details")
    dialog.get_by_role("link", name="C Seed").click()
    expect(page).to_have_url(re.compile("/composers/[0-9]+$"))
    expect_page(page, "C Seed", "Most played", "Artists", "Albums")


def test_a_listener_sees_no_path(browser: Browser, server: ServedMus) -> None:
    tab = watch(browser, server, 1280, "light")
    log_in(tab, "guest")
    page = tab.page
    page.goto("/tracks?q=seed+3")
    row = page.locator("main .rows .row:not([hidden], .is-loading)")
    row.locator(".title .text").first.click()
    page.keyboard.press("Shift+F10")
    page.get_by_role("menuitem", name="Details…").press("Enter")
    dialog = page.get_by_role("dialog", name="Seed 3")
    expect(dialog).to_contain_text("FLAC")
    expect(dialog).not_to_contain_text("Path")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.get_by_role("grid", name="Tracks")).to_be_focused()
    page.context.close()
