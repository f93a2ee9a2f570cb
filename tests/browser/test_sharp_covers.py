"""Covers in Chromium: sharp at every density, no larger than they need be, never a broken image."""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, Route, expect

from tests.audio_files import make_audio
from tests.browser.conftest import Watched, log_in, watch
from tests.library.runner.house import wait_until
from tests.web.served import ServedMus, manage, serve

pytestmark = [pytest.mark.browser, pytest.mark.server]

EDGES = (64, 160, 320, 640, 1200)
SHOWN = "main .cover:visible"
SHIFTS = """
  globalThis.shifts = [];
  new PerformanceObserver((list) => shifts.push(...list.getEntries().map(({ value }) => value)))
    .observe({ type: "layout-shift", buffered: true });
"""


def picture(hue: int) -> bytes:
    image = Image.new("HSV", (1400, 1400), (hue, 120, 190)).convert("RGB")
    file = io.BytesIO()
    image.save(file, "JPEG")
    return file.getvalue()


@pytest.fixture(scope="module")
def server(
    browser: Browser, peopled: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ServedMus]:
    folder = tmp_path_factory.mktemp("sharp")
    music = folder / "music"
    for number in range(3):
        tags: dict[str, Any] = {
            "artist": "Seen",
            "album_artist": "Seen",
            "album": f"Album {number}",
        }
        path = music / "Seen" / f"{number}" / "1.flac"
        make_audio(path, title=f"Track {number}", cover=picture(60 * number), **tags)
    (music / "Seen" / "artist.jpg").write_bytes(picture(200))
    make_audio(music / "Unseen" / "1.flac", title="U", artist="Unseen", album="Unseen")
    with serve(folder, peopled, "--no-scan") as server:
        manage(server.variables, "scan_tracks").check_returncode()
        yield server


def tab_of(browser: Browser, server: ServedMus, width: int, density: float) -> Watched:
    context = browser.new_context(
        base_url=server.url,
        service_workers="block",
        viewport={"width": width, "height": 844},
        device_scale_factor=density,
    )
    tab = Watched(context.new_page(), server.url.removeprefix("http://"))
    log_in(tab)
    return tab


def shown_edges(page: Page, selector: str = SHOWN) -> list[tuple[float, int]]:
    """Of each visible cover: its width in CSS pixels and the edge of the picture chosen for it."""
    covers = page.locator(selector)
    expect(covers.first).to_be_visible()
    # In one step: a cover whose track is shown anew is loaded again.
    found: list[tuple[float, str]] = []

    def are_loaded() -> bool:
        found[:] = covers.evaluate_all(
            """(all) => all.every((each) => each.classList.contains("is-loaded"))
              ? all.map((each) => [each.clientWidth, each.firstElementChild.currentSrc]) : []"""
        )
        return bool(found) and all(url for _, url in found)

    wait_until(are_loaded)
    return [(width, int(re.sub(r".*covers/(\d+)\.webp.*", r"\1", url))) for width, url in found]


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("density", [1, 1.25, 1.5, 2, 2.625, 3])
def test_covers_are_sharp_and_not_much_larger(
    browser: Browser, server: ServedMus, width: int, density: float
) -> None:
    tab = tab_of(browser, server, width, density)
    page = tab.page
    seen = []
    page.goto("/tracks?q=track")
    seen += shown_edges(page)
    page.goto("/albums?q=album")
    seen += shown_edges(page)
    page.get_by_role("link", name="Album 1").click()
    seen += shown_edges(page, ".album-head .cover")
    assert len(seen) == 7
    for css_px, edge in seen:
        assert edge >= min(css_px * density, EDGES[-1])
        larger = [each for each in EDGES if each >= css_px * density]
        assert edge in larger[:2]  # the next larger one for a density between two of the list
    page.context.close()
    assert tab.complaints == []


@pytest.mark.parametrize(("density", "edge"), [(1, 640), (3, 1200)])
def test_the_full_player_has_a_large_sharp_cover(
    browser: Browser, server: ServedMus, density: float, edge: int
) -> None:
    tab = tab_of(browser, server, 390, density)
    page = tab.page
    page.goto("/tracks?q=track")
    page.locator("main .rows .row:not([hidden], .is-loading)").first.dblclick()
    page.get_by_role("button", name="Open the player").click()
    ((css_px, shown),) = shown_edges(page, "#player [data-part=large] .cover")
    assert css_px * density <= shown == edge
    page.context.close()
    assert tab.complaints == []


@pytest.mark.parametrize(("width", "density", "edge"), [(390, 3, 160), (1280, 1, 320)])
def test_the_search_loads_no_larger_covers_than_it_shows(
    browser: Browser, server: ServedMus, width: int, density: float, edge: int
) -> None:
    tab = tab_of(browser, server, width, density)
    tab.page.goto("/search?q=album")
    covers = shown_edges(tab.page, ".search-tiles .cover:visible")
    assert len(covers) == 3
    # Chromium may take the next size for a picture that was laid out before the styles came.
    *others, largest = sorted(shown for _, shown in covers)
    assert set(others) == {edge}
    assert largest <= 2 * edge
    assert all(css_px * density <= edge for css_px, _ in covers)
    tab.page.context.close()
    assert tab.complaints == []


def test_covers_that_come_late_move_nothing(browser: Browser, server: ServedMus) -> None:
    tab = tab_of(browser, server, 390, 1)
    page = tab.page
    page.add_init_script(SHIFTS)
    held: list[Route] = []
    page.route("**/covers/*.webp*", lambda route: held.append(route))  # noqa: PLW0108 (Playwright marks it)
    for address, item in (
        ("/search?q=album", ".search-tiles .tile"),
        ("/albums?q=album", "main .tile:not([hidden], .is-loading)"),
        ("/artists?q=seen", "main .artist-row:not([hidden], .is-loading)"),
    ):
        page.goto(address)
        expect(page.locator(item).first).to_be_visible()
        page.evaluate("() => shifts.length = 0")
        while held:
            held.pop().continue_()
        expect(page.locator(f"{item} .cover.is-loaded").first).to_be_visible()
        assert page.evaluate("() => shifts") == []
    page.context.close()


def test_pictures_do_not_hold_up_the_page(browser: Browser, server: ServedMus) -> None:
    tab = watch(browser, server, 1280, "dark")
    log_in(tab)
    tab.page.goto("/albums?q=album")
    shown_edges(tab.page)
    image = tab.page.locator("main .cover img").first
    for name, value in (("loading", "lazy"), ("decoding", "async"), ("alt", "")):
        expect(image).to_have_attribute(name, value)
    assert all(image.evaluate("(image) => [image.width, image.height]"))
    tab.page.context.close()


def test_artists_have_their_picture_or_a_letter(browser: Browser, server: ServedMus) -> None:
    tab = tab_of(browser, server, 1280, 2)
    page = tab.page
    page.goto("/artists")
    rows = page.get_by_role("listitem")
    expect(rows.filter(has_text="Unseen").locator(".cover")).to_have_attribute("data-letter", "U")
    seen = rows.filter(has=page.get_by_text("Seen", exact=True))
    expect(seen.locator(".cover.is-loaded")).to_be_visible()
    seen.get_by_role("link").first.click()
    ((css_px, edge),) = shown_edges(page, ".artist-head .cover")
    assert edge >= 2 * css_px
    assert "/artists/" in page.locator(".artist-head img").evaluate("(image) => image.currentSrc")
    page.context.close()
    assert tab.complaints == []


def test_a_cover_that_fails_is_a_letter(browser: Browser, server: ServedMus) -> None:
    tab = tab_of(browser, server, 1280, 3)
    page = tab.page

    def refuse(route: Route) -> None:
        route.fulfill(status=404)

    page.route("**/covers/*.webp*", refuse)
    page.goto("/albums?q=album")
    covers = page.locator("main .tile:not([hidden], .is-loading) .cover")
    expect(covers).to_have_count(3)
    for at in range(3):
        expect(covers.nth(at).locator("img")).to_be_hidden()
        expect(covers.nth(at)).to_have_attribute("data-letter", "A")
    page.context.close()


def test_the_system_gets_pictures_of_each_size(browser: Browser, server: ServedMus) -> None:
    tab = tab_of(browser, server, 1280, 1)
    page = tab.page
    page.goto("/albums?q=album")
    page.get_by_role("link", name="Album 1").click()
    page.locator("main .rows .row:not([hidden], .is-loading)").first.dblclick()
    page.wait_for_function("() => navigator.mediaSession.metadata?.artwork.length === 5")
    sizes = page.evaluate("() => navigator.mediaSession.metadata.artwork.map(({ sizes }) => sizes)")
    assert sizes == [f"{edge}x{edge}" for edge in EDGES]
    page.context.close()
