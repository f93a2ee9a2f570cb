"""A cover that the server cannot make at the moment comes later, in Chromium, without a reload."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.audio_files import make_audio
from tests.browser.conftest import log_in, watch
from tests.library.covers.pictures import plain
from tests.web.served import manage, serve

pytestmark = [pytest.mark.browser, pytest.mark.server]

NOON = 1_764_500_000
HANGING = Path(__file__).parents[1] / "library" / "media" / "hanging"


def test_a_cover_that_was_answered_503_is_asked_for_again(
    browser: Browser, peopled: Path, tmp_path: Path
) -> None:
    hung, mark = tmp_path / "hung", tmp_path / "mark"
    make_audio(hung / "track.flac", title="Late", album="Late", cover=plain())
    variables = {"MUSIC_DIR": str(hung), "PYTHONPATH": str(HANGING), "HANGS_WHILE": str(mark)}
    with serve(tmp_path, peopled, "--no-scan", **variables) as server:
        manage(server.variables, "scan_tracks", "--quiet", "--workers", "0")
        mark.touch()
        tab = watch(browser, server, 1280, "light")
        log_in(tab)
        tab.page.goto("/albums")
        cover = tab.page.locator("main .cover").first
        expect(cover).to_have_attribute("data-letter", "L")
        with tab.page.expect_response(lambda answer: answer.status == 503):
            pass
        mark.unlink()
        expect(cover).to_have_class("cover is-loaded")
        expect(cover.locator("img")).to_be_visible()
        tab.page.context.close()


def test_all_rows_of_one_album_ask_again_once_and_what_is_absent_is_not_asked_for_twice(
    browser: Browser, peopled: Path, tmp_path: Path
) -> None:
    for number in range(1, 13):
        make_audio(
            tmp_path / "music" / f"{number}.flac", title=f"{number}", album="All", cover=plain()
        )
    with serve(tmp_path, peopled, "--no-scan") as server:
        manage(server.variables, "scan_tracks", "--quiet", "--workers", "0")
        tab = watch(browser, server, 1280, "light")
        log_in(tab)
        asked: list[str] = []
        statuses = [503, 404]

        def refuse(route: Route) -> None:
            kind = route.request.resource_type
            asked.append(kind)
            route.fulfill(status=statuses[kind == "fetch"])

        tab.page.route("**/covers/*.webp*", refuse)
        tab.page.goto("/tracks")
        expect(tab.page.locator("main .rows [role=row] .cover")).to_have_count(12)
        tab.page.wait_for_timeout(3000)  # the first pause is two seconds at most
        assert asked.count("fetch") == 1
        before = len(asked)
        tab.page.get_by_role("link", name="Albums").first.click()
        tab.page.get_by_role("link", name="Tracks").first.click()
        expect(tab.page.locator("main .rows [role=row] .cover")).to_have_count(12)
        tab.page.wait_for_timeout(1000)
        assert len(asked) == before
        tab.page.context.close()


def test_covers_wait_while_somebody_types(browser: Browser, peopled: Path, tmp_path: Path) -> None:
    make_audio(tmp_path / "music" / "1.flac", title="Aria", album="Airs", cover=plain())
    with serve(tmp_path, peopled, "--no-scan") as server:
        manage(server.variables, "scan_tracks", "--quiet", "--workers", "0")
        tab = watch(browser, server, 1280, "light")
        log_in(tab, place="/search")
        page = tab.page
        page.clock.install(time=NOON)
        page.clock.pause_at(NOON + 1)  # no time passes after the key
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.get_by_role("searchbox").or_(page.get_by_role("combobox")).press("a")
        expect(page.locator("main").get_by_text("Airs").first).to_be_visible()
        assert not [url for url in asked if "/covers/" in url]
        with page.expect_request("**/covers/*"):
            page.clock.run_for(200)
        tab.page.context.close()
