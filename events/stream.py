"""The endpoint of live events: server-sent events as defined in WHATWG HTML, section 9.2."""

import asyncio
import logging
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from urllib.parse import parse_qs

from django.db import Error

from asgi.responses import Receive, Scope, Send, header, send_error
from events.listener import KEEP_ALIVE, MARKS, Listener, encode
from events.relay import Relay, listening
from events.storage import missed_since

KEEP_ALIVE_SECONDS = 15.0
START_WITHIN_SECONDS = 10.0
FINISH_WITHIN_SECONDS = 1.0
MAX_MISSED = 50
# A stream ends after a random time in this range. The browser then reconnects, and its login is
# checked again. The time is random so that not all browsers reconnect together.
LIFETIME_SECONDS = (3600, 3900)
RETRY_MS = (2000, 5000)

HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache, no-transform"),
    (b"x-accel-buffering", b"no"),  # otherwise nginx would buffer the events
]
EVENT_ID = re.compile(r"[0-9]{1,18}")

logger = logging.getLogger(__name__)


async def track_updates(scope: Scope, receive: Receive, send: Send) -> None:
    """The ASGI application of `GET /api/v1/events/track-updates`, for users who are logged in."""
    if scope["method"] != "GET":
        allow = [(b"allow", b"GET")]
        message = "This is an event stream: it can only be read, with GET."
        await send_error(send, 405, "method_not_allowed", message, allow)
        return
    last_event_id = _last_event_id(scope)
    if last_event_id is not None and not EVENT_ID.fullmatch(last_event_id):
        message = "Last-Event-ID: allowed is the id of an event, a number of up to 18 digits."
        await send_error(send, 400, "bad_last_event_id", message)
        return
    stream = _Stream(receive, send, scope["user"].pk)
    await stream.run(None if last_event_id is None else int(last_event_id))


def _last_event_id(scope: Scope) -> str | None:
    """The Last-Event-ID header, which a browser sends when its EventSource reconnects by itself.

    Without it the query parameter `last_event_id`: a script that opens a new EventSource cannot set
    the header.
    """
    sent = header(scope, b"last-event-id")
    if sent is not None:
        return sent
    query = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    return query["last_event_id"][-1] if "last_event_id" in query else None


class _Stream:
    """The connection of one browser.

    The stream ends because it is old enough, the browser has disconnected, or the relay drops it.
    In each case its deadline expires, which also cancels a `send` that waits for a browser that
    does not read.
    """

    def __init__(self, receive: Receive, send: Send, user_id: int) -> None:
        self._receive = receive
        self._send_message = send
        self._user_id = user_id
        self._deadline = asyncio.timeout(_between(*LIFETIME_SECONDS))
        self._has_begun = False
        self._is_broken_off = False

    async def run(self, last_event_id: int | None) -> None:
        try:
            async with self._deadline:
                await self._run(last_event_id)
        except TimeoutError:
            pass  # the deadline has expired, or the relay could not read the database at the start
        except Error as error:
            logger.warning("A listener has to come back, the database is away: %s", error)
        except OSError:  # by the ASGI specification: the browser has disconnected
            self._is_broken_off = True
        # If the response is not ended properly, the server closes the connection at once, even if
        # data still waits to be sent to a browser that does not read.
        if not self._is_broken_off:
            await self._finish()

    async def _run(self, last_event_id: int | None) -> None:
        watch = asyncio.create_task(self._watch())
        try:
            async with listening(self._break_off, self._user_id) as (relay, listener):
                await self._speak(relay, listener, last_event_id)
        finally:
            watch.cancel()
            await asyncio.wait([watch])

    async def _watch(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._break_off()

    def _break_off(self) -> None:
        """End the stream at once: the browser has disconnected, or has not read for too long."""
        self._is_broken_off = True
        if not self._deadline.expired():
            self._deadline.reschedule(0)

    async def _speak(self, relay: Relay, listener: Listener, last_event_id: int | None) -> None:
        async with asyncio.timeout(START_WITHIN_SECONDS):
            await relay.is_ready.wait()
            began_at = listener.began_at or 0
            heard = began_at if last_event_id is None else last_event_id
            missed = []
            if heard != began_at:
                missed = await relay.read(partial(missed_since, heard, MAX_MISSED))
        # Sent only now, when the listener has joined: a browser that loads the library as soon as
        # the stream opens will get every event after that. The `id` without an event sets the
        # Last-Event-ID of a browser that reconnects before it has received an event.
        await self._send(f"retry: {_between(*RETRY_MS)}\nid: {heard}\n\n".encode())
        for event in missed:
            await self._send(encode(event).data)
        newest_sent = missed[-1].id if missed else heard
        await self._speak_live(listener, range(began_at + 1, newest_sent + 1))

    async def _speak_live(self, listener: Listener, sent: range) -> None:
        """Send the events of the queue until the stream ends.

        `sent`: ids of events that the browser has already got; the queue may begin with these.
        """
        with _kept_alive(listener):
            while True:
                event = await listener.queue.get()
                if event.id in sent:
                    continue
                if event.id:
                    sent = range(0)
                await self._send(listener.take_marks() if event is MARKS else event.data)

    async def _send(self, data: bytes) -> None:
        if not self._has_begun:
            self._has_begun = True
            start = {"type": "http.response.start", "status": 200, "headers": HEADERS}
            await self._send_message(start)
        await self._send_message({"type": "http.response.body", "body": data, "more_body": True})

    async def _finish(self) -> None:
        try:
            async with asyncio.timeout(FINISH_WITHIN_SECONDS):
                if not self._has_begun:
                    await self._send(f"retry: {_between(*RETRY_MS)}\n\n".encode())
                await self._send_message({"type": "http.response.body", "body": b""})
        except (TimeoutError, OSError):
            pass  # the browser does not read, or has just disconnected


@contextmanager
def _kept_alive(listener: Listener) -> Iterator[None]:
    """Put a comment into the queue every KEEP_ALIVE_SECONDS, unless events already wait there.

    The timer is not restarted by events: that would cost more than sending the event.
    """
    loop = asyncio.get_running_loop()
    timer: asyncio.TimerHandle

    def keep_alive() -> None:
        nonlocal timer
        if listener.queue.empty():
            listener.queue.put_nowait(KEEP_ALIVE)
        timer = loop.call_later(KEEP_ALIVE_SECONDS, keep_alive)

    timer = loop.call_later(KEEP_ALIVE_SECONDS, keep_alive)
    try:
        yield
    finally:
        timer.cancel()


def _between(low: int, high: int) -> int:
    return low + secrets.randbelow(high - low + 1)
