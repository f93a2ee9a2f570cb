"""Clients that ask again and again while servers are restarted, and what became of their requests.

A request fails if it has no answer, or another one than it should have. A stream of music or of
events may break off when its server ends, as players expect: they ask again from where it was.
"""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx

from tests.operations.deploy.fronts import Front

EVENTS = "/api/v1/events/track-updates"
STATE = "/api/v1/player/state"
MORE_WITHIN_SECONDS = 60
STALLED_SECONDS = 60


@dataclass
class Asker:
    """One client: `ask` is called again and again, and says what is wrong with the answer."""

    name: str
    ask: Callable[[httpx.Client], str]
    asked: int = 0
    failures: list[str] = field(default_factory=list)
    longest_s: float = 0.0

    def run(self, browser: httpx.Client, stop: threading.Event) -> None:
        while not stop.is_set():
            began = time.monotonic()
            try:
                fault = self.ask(browser)
            except httpx.HTTPError as error:
                fault = repr(error)
            self.longest_s = max(self.longest_s, self.answered_s() - began)
            self.asked += 1
            if fault:
                self.failures.append(fault)

    def answered_s(self) -> float:
        """When the answer was there."""
        return time.monotonic()

    def __str__(self) -> str:
        return (
            f"{self.name:<9} {self.asked:>5} asked, {len(self.failures)} failed, "
            f"longest {self.longest_s * 1000:.0f} ms"
        )


def getting(path: str) -> Asker:
    return Asker("GET", lambda browser: _fault(browser.get(path)))


def putting(track_id: int) -> Asker:
    def put(browser: httpx.Client) -> str:
        body = {"current_track_id": track_id, "progress_seconds": time.monotonic()}
        return _fault(browser.put(STATE, json=body))

    return Asker("PUT", put)


def posting(track_id: int) -> Asker:
    def post(browser: httpx.Client) -> str:
        return _fault(browser.post(STATE, json={"current_track_id": track_id}))

    return Asker("POST", post)


def streaming(path: str, sound: bytes) -> Asker:
    """Plays the file again and again; asks for the rest of it where the stream breaks off."""
    heard = bytearray()

    def play(browser: httpx.Client) -> str:
        headers = {"Range": f"bytes={len(heard)}-"}
        try:
            with browser.stream("GET", path, headers=headers) as response:
                if response.status_code != httpx.codes.PARTIAL_CONTENT:
                    return f"stream: {response.status_code}"
                for part in response.iter_bytes():
                    heard.extend(part)
        except (httpx.RemoteProtocolError, httpx.ReadError):
            return ""  # broken off, and asked for again from there
        fault = "" if heard == sound else "stream: other bytes"
        heard.clear()
        return fault

    return Asker("stream", play)


class Listener(Asker):
    """Hears events; connects again when the stream ends, and says what it heard last."""

    def __init__(self, stop: threading.Event) -> None:
        super().__init__("listener", self._listen)
        self.heard: list[str] = []
        self.is_open = threading.Event()
        self._stop = stop
        self._opened_s = 0.0

    def answered_s(self) -> float:
        """When the stream began: how long it lasts is no wait."""
        return self._opened_s

    def _listen(self, browser: httpx.Client) -> str:
        headers = {"Last-Event-ID": self.heard[-1]} if self.heard else {}
        try:
            with browser.stream("GET", EVENTS, headers=headers) as response:
                self._opened_s = time.monotonic()
                if fault := _status_fault(response):
                    return fault
                for line in response.iter_lines():
                    self.is_open.set()
                    if line.startswith("id: "):
                        self.heard.append(line.removeprefix("id: "))
                    if self._stop.is_set():
                        break
        except (httpx.RemoteProtocolError, httpx.ReadError):
            pass
        self.is_open.clear()
        return ""


@contextmanager
def asking(
    front: Front, key: str, askers: Sequence[Asker], stop: threading.Event
) -> Iterator[None]:
    """All ask at once, each over connections of its own, until the block ends."""
    browsers = [front.browser() for _ in askers]
    threads = []
    for asker, browser in zip(askers, browsers, strict=True):
        browser.headers["Authorization"] = f"Bearer {key}"
        browser.timeout = httpx.Timeout(STALLED_SECONDS)
        threads.append(threading.Thread(target=asker.run, args=(browser, stop), daemon=True))
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()
        for browser in browsers:
            browser.close()


def wait_for_more(askers: Sequence[Asker], count: int = 10) -> None:
    """Until each of them has been answered `count` times more."""
    goals = {asker.name: asker.asked + count for asker in askers}
    deadline = time.monotonic() + MORE_WITHIN_SECONDS
    while any(asker.asked < goals[asker.name] for asker in askers):
        assert time.monotonic() < deadline, "\n".join(map(str, askers))
        time.sleep(0.01)


def _fault(response: httpx.Response) -> str:
    return _status_fault(response) and f"{response.status_code} {response.text[:200]}"


def _status_fault(response: httpx.Response) -> str:
    is_ok = response.status_code == httpx.codes.OK
    return "" if is_ok else f"{response.request.url.path}: {response.status_code}"
