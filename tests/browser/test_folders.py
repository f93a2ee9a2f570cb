"""The place "Folders": the tree as people put their files on the disk."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.audio_files import make_audio
from tests.browser.conftest import Watched, log_in, watch
from tests.web.served import ServedMus, manage, serve

pytestmark = [pytest.mark.browser, pytest.mark.server]


@pytest.fixture(scope="module")
def server(
    browser: Browser, peopled: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ServedMus]:
    folder = tmp_path_factory.mktemp("folders")
    with serve(folder, peopled, "--no-scan") as server:
        music = folder / "music"
        make_audio(music / "loose.flac", title="Loose")
        for name in ("CD 10", "CD 2"):
            make_audio(music / "Box" / name / "1.flac", title=f"Of {name}")
        make_audio(music / "Box" / "b.flac", title="Second by name")
        make_audio(music / "Box" / "a.flac", title="First by name")
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


def heading(page: Page, name: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def shows_tracks(page: Page, *titles: str) -> None:
    rows = page.locator(".grid.tracks .row:not([hidden], .is-loading) .title")
    expect(rows).to_have_count(len(titles))
    expect(rows).to_contain_text(list(titles))


def folder(page: Page, name: str) -> None:
    page.get_by_role("listitem").get_by_role("link", name=name).click()


def test_down_into_folders_and_up_again(tab: Watched) -> None:
    page = tab.page
    page.goto("/folders")
    heading(page, "Folders")
    shows_tracks(page, "Loose")  # there is one music folder, so that its content is shown
    folder(page, "Box")
    heading(page, "Box")
    expect(page.get_by_role("listitem").get_by_role("link")).to_have_text(
        ["CD 2\n1 track", "CD 10\n1 track"], use_inner_text=True
    )
    shows_tracks(page, "First by name", "Second by name")
    folder(page, "CD 10")
    heading(page, "CD 10")
    page.get_by_role("navigation", name="Folders above").get_by_role("link", name="Box").click()
    heading(page, "Box")
    page.go_back()
    heading(page, "CD 10")
    page.reload()
    shows_tracks(page, "Of CD 10")


def test_a_folder_is_played_with_all_below_it(tab: Watched) -> None:
    page = tab.page
    page.goto("/folders")
    folder(page, "Box")
    heading(page, "Box")
    page.get_by_role("button", name="Play", exact=True).first.click()
    expect(page.locator("#player [data-part=title]")).to_have_text("First by name")
    ids = page.evaluate("fetch('/api/v1/player/queue').then((answer) => answer.json())")
    assert ids is not None


def test_a_folder_is_a_favourite(tab: Watched) -> None:
    page = tab.page
    page.goto("/folders")
    folder(page, "Box")
    heading(page, "Box")
    heart = page.locator(".heading .heart")
    before = heart.get_attribute("aria-pressed")
    with page.expect_response("**/favourites**"):
        heart.click()
    expect(heart).not_to_have_attribute("aria-pressed", str(before))


def test_a_folder_that_is_gone_says_so(tab: Watched) -> None:
    tab.page.goto("/folders/999")
    heading(tab.page, "This folder is not in the library (any more)")
    tab.page.get_by_role("link", name="All folders").click()
    heading(tab.page, "Folders")
    tab.complaints.clear()  # the browser's console names the 404
