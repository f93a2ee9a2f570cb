"""What is kept offline plays without the server, is found there, and what is done meanwhile arrives."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from signal import SIGKILL
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Playwright, expect

from tests.browser.conftest import ARGUMENTS, PATIENCE_MS, chromium
from tests.browser.sound.listening import NOTE_SOUNDS, Listener, log_in
from tests.browser.sound.shelf import Shelf, open_shelf
from tests.library.runner.house import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.server]

FASTER = "() => sounds.forEach((each) => (each.playbackRate = 8))"


@pytest.fixture
def house(tmp_path: Path, records: Path) -> Iterator[Shelf]:
    with open_shelf(tmp_path, records) as shelf:
        yield shelf


def reopened(shelf: Shelf) -> AbstractContextManager[Shelf]:
    """At the same address, with the same data."""
    variables = shelf.server.variables
    return open_shelf(shelf.folder, Path(variables["MUSIC_DIR"]).parent, variables["PORT"])


def open_browser(playwright: Playwright, house: Shelf, **options: Any) -> BrowserContext:
    """A browser that keeps what it has stored when it is closed."""
    context = playwright.chromium.launch_persistent_context(
        house.folder / "browser",
        executable_path=chromium(),
        args=ARGUMENTS,
        base_url=house.server.url,
        viewport={"width": 1280, "height": 844},
        **options,
    )
    context.set_default_timeout(PATIENCE_MS)
    context.add_init_script(NOTE_SOUNDS)
    return context


def keep(tab: Listener, album: str) -> None:
    tab.open(album)
    tab.page.evaluate("navigator.serviceWorker.ready")
    tab.page.get_by_role("button", name="Keep offline").click()
    dialog = tab.page.get_by_role("dialog")
    expect(dialog).to_contain_text("of this browser's storage")
    dialog.get_by_role("button", name="Keep offline").click()
    expect(tab.page.get_by_role("button", name="Kept offline")).to_be_visible()


def test_a_journey(playwright: Playwright, house: Shelf) -> None:
    context = open_browser(playwright, house)
    tab = Listener(context, house)
    log_in(tab.page)
    keep(tab, "Long Player")
    keep(tab, "Short Cuts")
    tab.play("One")
    house.server.end(SIGKILL)
    tab.seek_to(36)
    tab.until("heard() > 36")
    tab.hears("Two")
    context.close()
