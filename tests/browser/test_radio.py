"""The place "Radio": stations that administrators add, and everybody plays."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import log_in, watch
from tests.web.served import ServedMus

pytestmark = [pytest.mark.browser, pytest.mark.server]

SILENCE = b"\xff\xfb\x90\x00" + bytes(413)
"""A frame of MP3: 44.1 kHz, 128 kbit/s, which lasts 26 ms."""


class Station(BaseHTTPRequestHandler):
    """Sends frames until the client goes."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "audio/mpeg")
        self.end_headers()
        try:
            for _ in range(4000):
                self.wfile.write(SILENCE)
        except OSError:
            pass

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def stream_url() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Station)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/live"
    server.shutdown()
    thread.join()


@pytest.mark.parametrize("width", [390, 1280])
def test_a_station_is_added_played_and_deleted(
    browser: Browser, filled: ServedMus, stream_url: str, width: int
) -> None:
    tab = watch(browser, filled, width, "light")
    log_in(tab)
    page = tab.page
    page.goto("/radio")
    expect(page.get_by_role("heading", name="No stations yet")).to_be_visible()
    page.get_by_role("button", name="Add a station…").click()
    page.get_by_label("Name", exact=True).fill("Nightly")
    page.get_by_label("Address of the stream").fill(stream_url)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Load the page again to play this station")).to_be_visible()
    page.reload()
    page.get_by_role("button", name="Play Nightly").click()
    expect(page.get_by_role("complementary", name="Radio")).to_contain_text("Radio: Nightly")
    page.get_by_role("button", name="Stop the radio").click()
    expect(page.get_by_role("complementary", name="Radio")).to_be_hidden()
    page.get_by_role("button", name="Change Nightly").click()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", name="No stations yet")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Nightly", exact=True)).to_be_visible()
    page.get_by_role("button", name="Change Nightly").click()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_role("heading", name="No stations yet")).to_be_visible()
    assert tab.overflow() == 0
    page.context.close()
    assert [each for each in tab.complaints if stream_url not in each] == []
