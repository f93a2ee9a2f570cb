"""The page of an album: its rows name an artist only where it is not the album's."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.audio_files import make_audio
from tests.browser.conftest import log_in, watch
from tests.web.served import ServedMus, manage, serve

pytestmark = [pytest.mark.browser, pytest.mark.server]


@pytest.fixture(scope="module")
def server(
    browser: Browser, peopled: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ServedMus]:
    folder = tmp_path_factory.mktemp("albums")
    with serve(folder, peopled, "--no-scan") as server:
        for disc, title, artist in ((1, "Own", "Duo"), (2, "Guest", "Duo feat. Solo")):
            tags: dict[str, Any] = {"album": "Box", "album_artist": "Duo", "disc_number": disc}
            make_audio(folder / "music" / f"{disc}.flac", title=title, artist=artist, **tags)
        make_audio(folder / "music" / "x" / "1.flac", title="Plain", artist="Duo", album="Plainly")
        manage(server.variables, "scan_tracks").check_returncode()
        yield server


def artists_in(page: Page, title: str) -> str:
    row = page.locator("main .rows .row:not([hidden])").filter(has_text=title)
    cells = row.locator(":is(.under, .cell.artist):visible")
    return " ".join(cells.all_inner_texts()).strip()


@pytest.mark.parametrize("width", [390, 1280])
def test_rows_name_an_artist_only_where_it_differs_from_the_album(
    browser: Browser, server: ServedMus, width: int
) -> None:
    tab = watch(browser, server, width, "dark")
    log_in(tab)
    page = tab.page
    page.goto("/albums?q=Box")
    page.get_by_role("listitem").get_by_role("link").click()
    expect(page.get_by_role("grid").get_by_text("Disc 2")).to_be_visible()
    assert artists_in(page, "Own") == ""
    assert artists_in(page, "Guest") == "Duo feat. Solo"
    page.goto("/albums?q=Plainly")
    page.get_by_role("listitem").get_by_role("link").click()
    expect(page.get_by_role("grid").get_by_text("Plain", exact=True)).to_be_visible()
    assert artists_in(page, "Plain") == ""
    page.context.close()
    assert tab.complaints == []
