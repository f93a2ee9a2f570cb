"""Something else answers in place of the server: a network that wants a login of its own, or a
proxy on the way whose server is off. That is as if nobody answered."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from signal import SIGKILL
from threading import Thread

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.sound.listening import Listener, log_in, open_context
from tests.browser.sound.shelf import SHORT, Shelf, reopened
from tests.browser.sound.test_offline import keep, kept
from tests.library.runner.house import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.server]

PORTAL = b"<!DOCTYPE html><title>Airport</title><h1>Welcome to the airport</h1>"
TUNNEL_IS_DOWN = 530  # what Cloudflare says if nobody holds the other end of its tunnel
AWAY = "The server does not answer."


@contextmanager
def foreign_network(port: int, status: int) -> Iterator[None]:
    """Answers every request with the same page, each on a connection of its own."""

    class Portal(BaseHTTPRequestHandler):
        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_response(status)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(PORTAL)))
            self.end_headers()
            self.wfile.write(b"" if self.command == "HEAD" else PORTAL)

        do_GET = do_POST = do_PUT = do_HEAD = do_PATCH = answer  # noqa: N815  # names of a base class

        def log_message(self, *_: object) -> None:
            pass

    portal = ThreadingHTTPServer(("127.0.0.1", port), Portal)
    Thread(target=portal.serve_forever, daemon=True).start()
    yield
    portal.shutdown()
    portal.server_close()


@pytest.fixture
def tab(browser: Browser, house: Shelf) -> Iterator[Listener]:
    context = open_context(browser, house, has_worker=True)
    tab = Listener(context, house)
    log_in(tab.page)
    tab.page.evaluate("navigator.serviceWorker.ready")
    tab.page.wait_for_function("() => caches.match('/').then(Boolean)")
    yield tab
    context.close()


@pytest.mark.parametrize("status", [200, 511, TUNNEL_IS_DOWN])
def test_what_is_kept_plays_and_the_page_comes_back_by_itself(
    house: Shelf, tab: Listener, status: int
) -> None:
    page = tab.page
    tab.open("Short Cuts")
    keep(tab)
    tab.open("Long Player")
    house.server.end(SIGKILL)
    with foreign_network(int(house.server.variables["PORT"]), status):
        page.get_by_role("link", name="Albums").first.click()
        expect(page.get_by_text(AWAY)).to_be_visible()
        page.get_by_role("link", name="Short Cuts").first.click()
        expect(tab.row("Uno")).to_be_visible()
        tab.row("Uno").dblclick()
        tab.hears("Uno")
        page.get_by_role("link", name="Albums").first.click()
        expect(page.get_by_role("link", name="Long Player")).to_have_count(0)
    with reopened(house):
        expect(page.get_by_text(AWAY)).to_be_hidden()
        expect(page.get_by_role("link", name="Long Player").first).to_be_visible()


def test_the_page_of_the_network_is_shown_but_never_kept(house: Shelf, tab: Listener) -> None:
    house.server.end(SIGKILL)
    with foreign_network(int(house.server.variables["PORT"]), 200):
        tab.page.reload()
        expect(tab.page.get_by_role("heading", name="Welcome to the airport")).to_be_visible()
    tab.page.goto("/albums")
    expect(tab.page.get_by_role("region", name="Player", exact=True)).to_be_visible()


def test_no_page_of_the_network_is_kept_as_a_track(house: Shelf, tab: Listener) -> None:
    page = tab.page
    tab.open("Short Cuts")
    page.get_by_role("button", name="Keep offline").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("of this browser's storage")
    house.server.end(SIGKILL)
    with foreign_network(int(house.server.variables["PORT"]), 200):
        dialog.get_by_role("button", name="Keep offline").click()
        expect(page.get_by_text(AWAY)).to_be_visible()
        assert kept(tab) == {}
    with reopened(house):
        wait_until(lambda: len(kept(tab)) == len(SHORT))
