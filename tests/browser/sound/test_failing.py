"""Files that cannot be played are named with the reason and passed over; three in a row stop."""

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.audio_files import ALAC, SAMPLES, make_audio, retag
from tests.browser.conftest import log_in, watch
from tests.browser.sound.listening import Listener
from tests.web.served import ServedMus, manage, serve

pytestmark = [pytest.mark.browser, pytest.mark.server]


@pytest.fixture
def tab(open_tab: Callable[[], Listener]) -> Iterator[Listener]:
    """That a file is not there is told at the console, by the browser itself."""
    tab = open_tab()
    yield tab
    tab.complaints[:] = [each for each in tab.complaints if "status of 404" not in each]


def says(tab: Listener, *words: str) -> None:
    for each in words:
        tab.says(each)


def start(tab: Listener, title: str) -> None:
    tab.open("Broken")
    tab.row(title).dblclick()


def test_a_file_that_is_gone_is_named_and_skipped(tab: Listener) -> None:
    start(tab, "Gone")
    says(tab, "Could not play “Gone” (the file is missing). Skipped.")


def test_a_damaged_file_is_named_and_skipped(tab: Listener) -> None:
    start(tab, "Corrupt")
    says(tab, "Could not play “Corrupt” (the file is damaged). Skipped.")


def test_a_format_that_the_browser_does_not_play_is_named(tab: Listener) -> None:
    start(tab, "Windows")
    says(tab, "Could not play “Windows” (this browser cannot play WMA). Skipped.")
    says(tab, "Could not play “Monkey” (this browser cannot play Monkey's Audio). Skipped.")
    tab.hears("Sound")


def test_three_in_a_row_stop(tab: Listener) -> None:
    start(tab, "Gone")
    says(tab, "“Gone”", "“Corrupt”", "“Windows”", "That is three in a row: stopped.")
    expect(tab.title).to_have_text("Windows")
    expect(tab.button("Play")).to_be_visible()
    tab.is_silent()


FORMATS = {
    "ALAC": ALAC,
    "AIFF": SAMPLES[".aiff"],
    "DSD": SAMPLES[".dsf"],
    "Musepack": SAMPLES[".mpc"],
    "Speex": SAMPLES[".spx"],
    "TTA": SAMPLES[".tta"],
    "WavPack": SAMPLES[".wv"],
}


@pytest.fixture(scope="module")
def formats(
    browser: Browser, peopled: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ServedMus]:
    """A server with a track in each format that Chromium cannot play, and a damaged MP3 and M4A."""
    folder = tmp_path_factory.mktemp("formats")
    with serve(folder, peopled, "--no-scan", SCAN_WORKERS="1") as server:
        for name, sample in FORMATS.items():
            path = folder / "music" / f"{name}{sample.suffix}"
            path.parent.mkdir(exist_ok=True)
            shutil.copyfile(sample, path)
            retag(path, title=f"In {name}")
            os.utime(path, (1, 1))
        damaged = [
            make_audio(folder / "music" / f"x.{each}", title=each) for each in ("mp3", "m4a")
        ]
        manage(server.variables, "scan_tracks").check_returncode()
        for path in damaged:
            path.write_bytes(bytes(50_000))
        yield server


def test_each_format_that_the_browser_cannot_play_is_named_and_damage_is_called_damage(
    browser: Browser, formats: ServedMus
) -> None:
    watched = watch(browser, formats, 1280, "dark")
    page = watched.page
    log_in(watched)
    said = {f"In {name}": f"this browser cannot play {name}" for name in FORMATS}
    for title, reason in {
        **said,
        "mp3": "the file is damaged",
        "m4a": "the file is damaged",
    }.items():
        page.goto(f"/tracks?q={title}")
        page.locator("main .rows .row:not([hidden])").filter(has_text=title).dblclick()
        expect(page.get_by_role("log")).to_contain_text(f"Could not play “{title}” ({reason}).")
    page.context.close()


def test_a_broken_track_that_was_restored_is_left_when_somebody_wants_to_hear_it(
    tab: Listener,
) -> None:
    tab.load("Broken")
    tab.save_no_more()
    broken, sound = tab.shelf.track("Monkey"), tab.shelf.track("Sound")
    tab.shelf.set_state(current_track_id=broken, progress_seconds=3)
    tab.keep_queue(json.dumps({"ids": [broken, sound], "order": None, "position": 0}))
    with tab.page.expect_response(f"**/tracks/{broken}/stream*"):
        tab.page.reload()
    expect(tab.title).to_have_text("Monkey")
    tab.is_silent()
    tab.button("Play").click()
    says(tab, "Could not play “Monkey”")
    tab.hears("Sound")
