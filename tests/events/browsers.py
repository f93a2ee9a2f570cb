"""Browsers as an event stream sees them: what EventSource sends, reads and remembers."""

import http.client
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from tests.web.served import ServedMus

PATH = "/api/v1/events/track-updates"
WITHIN_SECONDS = 60

LOG_IN = """
from django.contrib.auth.models import User
from django.test import Client
client = Client()
client.force_login(User.objects.get_or_create(username="{name}")[0])
print(client.cookies["sessionid"].value)
"""
RAISE = """
from django.contrib.auth.models import User
from listening.changes import Area, change
user = User.objects.get(username="{name}")
print(change(user.pk, lambda number: number, Area.QUEUE))
"""
STORE = """
from events.storage import store
from events.summary import Summary, MessageLevel
for number in range({count}):
    payload = {{"filling": "x" * {size}}} if {size} else None
    print(store(Summary(
        message_to_show=str(number), message_level=MessageLevel.INFO, action_payload=payload
    )))
"""


def wait_until(condition: Callable[[], object], seconds: float = WITHIN_SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)


@dataclass(frozen=True)
class Heard:
    """One event; `at` is `time.time()` when it was read."""

    id: int
    data: dict[str, Any]
    at: float


@dataclass
class Browser:
    """Reads one stream in a thread, until it ends. WHATWG HTML, section 9.2.6."""

    connection: http.client.HTTPConnection
    response: http.client.HTTPResponse
    events: list[Heard] = field(default_factory=list)
    marks: list[tuple[str, int]] = field(default_factory=list)
    comments: int = 0
    retry_ms: int | None = None
    last_event_id: str = ""
    is_over: threading.Event = field(default_factory=threading.Event)

    def read(self) -> None:
        fields: dict[str, str] = {}
        with suppress(OSError, http.client.HTTPException, ValueError):
            while line := self.response.readline().decode():
                self._take(line.rstrip("\n"), fields)
        self.is_over.set()

    def _take(self, line: str, fields: dict[str, str]) -> None:
        name, _, value = line.partition(":")
        if line.startswith(":"):
            self.comments += 1
        elif name == "retry":
            self.retry_ms = int(value)
        elif line:
            fields[name] = value.removeprefix(" ")
        else:
            self._dispatch(fields)
            fields.clear()

    def _dispatch(self, fields: dict[str, str]) -> None:
        self.last_event_id = fields.get("id", self.last_event_id)
        if fields.get("event") == "changed":
            assert "id" not in fields
            mark = json.loads(fields["data"])
            self.marks.append((mark["name"], mark["number"]))
        elif "data" in fields:
            assert fields["event"] == "message"
            self.events.append(Heard(int(fields["id"]), json.loads(fields["data"]), at=time.time()))

    def hears(self, count: int) -> list[Heard]:
        """The events so far, once there are `count` of them."""
        wait_until(lambda: len(self.events) >= count or self.is_over.is_set())
        assert len(self.events) == count, self.events
        return self.events

    def leave(self) -> None:
        if self.connection.sock:
            with suppress(OSError):
                self.connection.sock.shutdown(socket.SHUT_RDWR)
        self.is_over.wait(WITHIN_SECONDS)
        self.connection.close()


@contextmanager
def listen(url: str, session: str, last_event_id: str | None = None) -> Iterator[Browser]:
    """A browser that has begun to listen: it knows the id at which it began."""
    headers = {"Cookie": f"sessionid={session}"}
    if last_event_id is not None:
        headers["Last-Event-ID"] = last_event_id
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=60)
    connection.request("GET", PATH, headers=headers)
    response = connection.getresponse()
    assert response.status == http.HTTPStatus.OK, response.read()
    browser = Browser(connection, response)
    # The connection forgets a socket that the server may close; the browser has to end it.
    thread = threading.Thread(target=browser.read, daemon=True)
    thread.start()
    try:
        wait_until(lambda: browser.last_event_id)
        yield browser
    finally:
        browser.leave()
        thread.join(WITHIN_SECONDS)


def store(server: ServedMus, count: int = 1, size: int = 0) -> list[int]:
    """Events from another process, which rings no bell; `size` in bytes."""
    return [int(line) for line in server.python(STORE.format(count=count, size=size)).split()]
