"""An MP3 of varied bit rates without a header that tells its length: the browser takes it for
shorter than it is, and the next track must not fade in before it is over."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.audio_files import retag
from tests.browser.small_libraries import scan_new_library
from tests.browser.sound.listening import Listener, log_in, open_context
from tests.browser.sound.shelf import Shelf, make_sound
from tests.browser.sound.test_sound_choice import choose
from tests.databases import place_in
from tests.web.served import serve

pytestmark = [pytest.mark.browser, pytest.mark.server]

FRAMES = 380 * (b"\xff\xfb\x90\x00" + bytes(413)) + 1600 * (b"\xff\xfb\x10\x00" + bytes(100))
"""10 seconds of silence at 128 kbit/s, then 42 at 32."""
TAKEN_FOR_SECONDS = 30
"""By the browser, at most."""
LATE_SECONDS = 12
"""Within a crossfade of 12 seconds of that end."""


@pytest.fixture
def varied(browser: Browser, peopled: Path, tmp_path: Path) -> Iterator[Listener]:
    music = tmp_path / "music"
    make_sound(music / "Other" / "1.wav", 30, title="What follows", artist="B", album="Other")
    path = music / "Varied" / "1.mp3"
    path.parent.mkdir()
    path.write_bytes(FRAMES)
    retag(path, title="Varied", artist="A", album="Varied")
    scan_new_library(tmp_path, peopled)
    with serve(tmp_path, place_in(tmp_path / "data"), "--no-scan") as server:
        shelf = Shelf(server, tmp_path)
        context = open_context(browser, shelf)
        tab = Listener(context, shelf)
        log_in(tab.page)
        yield tab
        tab.save_no_more()
        context.close()
        assert tab.complaints == []


def test_a_track_is_heard_to_its_end_before_the_next_one_fades_in(varied: Listener) -> None:
    choose(varied, crossfade="12 seconds")
    varied.page.goto("/tracks?sort=title")
    varied.row("What follows").wait_for()
    varied.row("Varied").dblclick()
    varied.hears("Varied")
    assert varied.page.evaluate("sounding()[0].duration") < TAKEN_FOR_SECONDS
    varied.seek_to(LATE_SECONDS)
    varied.until(f"heard() > {LATE_SECONDS + 2}")
    assert varied.title.inner_text() == "Varied"
