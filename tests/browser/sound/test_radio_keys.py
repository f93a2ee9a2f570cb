"""A radio station and what steers it: media keys and Space, the volume, a headset that is taken
off, and the queue in another tab."""

import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import expect

from tests.browser.sound.listening import Listener
from tests.browser.sound.shelf import Shelf
from tests.browser.tone import sine

pytestmark = [pytest.mark.browser, pytest.mark.server]

ADD = """
from listening.models import RadioStation
RadioStation.objects.all().delete()
RadioStation.objects.create(name="Nightly", stream_url={url!r})
"""
SESSION = """() => [navigator.mediaSession.metadata.title,
  navigator.mediaSession.playbackState, JSON.stringify(positionState)]"""
STATION = "sounds.find((each) => each.src.endsWith('/live'))"
BEGUN_LOADS = "loads.filter((each) => each.endsWith('/live')).length"
PIECE_BYTES = 4096


class Station(BaseHTTPRequestHandler):
    """Sends a tone, faster than it is heard, until the client goes."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "audio/wav")
        self.end_headers()
        tone = sine(600)
        try:
            for start in range(0, len(tone), PIECE_BYTES):
                self.wfile.write(tone[start : start + PIECE_BYTES])
                time.sleep(0.1)
        except OSError:
            pass

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def station(shelf: Shelf) -> Iterator[None]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Station)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    shelf.server.python(ADD.format(url=f"http://127.0.0.1:{server.server_port}/live"))
    yield
    server.shutdown()
    thread.join()


@pytest.fixture
def radio(station: None, tab: Listener) -> Iterator[Listener]:
    """The first track of an album was heard; now it is the station."""
    tab.play("One")
    play_station(tab)
    yield tab
    # That a page asks another host is what a radio is for.
    tab.complaints[:] = [each for each in tab.complaints if "/live" not in each]


def play_station(tab: Listener) -> None:
    tab.page.get_by_role("link", name="Radio").first.click()
    tab.page.get_by_role("button", name="Play Nightly").click()
    tab.until(f"{STATION}?.currentTime > 0.2")


def act(tab: Listener, action: str) -> None:
    tab.page.evaluate("(action) => { actions[action]({ action }); }", action)


def test_media_keys_steer_the_station_that_is_heard(radio: Listener) -> None:
    assert radio.page.evaluate(SESSION) == ["Nightly", "playing", "{}"]
    act(radio, "pause")
    radio.is_silent()
    radio.until("navigator.mediaSession.playbackState === 'paused'")
    act(radio, "nexttrack")
    assert radio.page.evaluate(SESSION) == ["Nightly", "paused", "{}"]
    act(radio, "play")
    radio.until(f"sounding()[0] === {STATION} && {BEGUN_LOADS} === 2")  # not what was sent before
    radio.page.keyboard.press("Space")
    radio.is_silent()
    radio.page.keyboard.press("Space")
    radio.until(f"sounding()[0] === {STATION} && {BEGUN_LOADS} === 3")
    act(radio, "stop")
    radio.is_silent()
    expect(radio.page.get_by_role("complementary", name="Radio")).to_be_hidden()
    assert radio.page.evaluate(SESSION)[:2] == ["One", "paused"]
    act(radio, "play")
    radio.hears("One")


def test_the_volume_of_the_player_is_the_stations(radio: Listener) -> None:
    radio.page.keyboard.press("m")
    radio.until(f"{STATION}.muted")
    radio.page.keyboard.press("m")
    radio.page.keyboard.press("-")
    radio.until(f"!{STATION}.muted && {STATION}.volume === 0.95")
    radio.page.keyboard.press("+")


def test_a_station_that_the_system_paused_is_played_again(radio: Listener) -> None:
    bar = radio.page.get_by_role("complementary", name="Radio")
    again = bar.get_by_role("button", name="Play", exact=True)
    expect(again).to_be_hidden()
    radio.page.evaluate(f"{STATION}.pause()")  # as browsers do when a headset is taken off
    again.click()
    radio.until(f"sounding()[0] === {STATION}")
    expect(again).to_be_hidden()


def test_the_queue_in_another_tab_and_the_station_do_not_sound_together(
    radio: Listener, open_tab: Callable[[], Listener]
) -> None:
    other = open_tab()
    other.play("Two")
    radio.is_silent()
    play_station(radio)
    other.is_silent()
