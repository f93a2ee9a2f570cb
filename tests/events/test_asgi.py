"""What is routed before Django, and what other ASGI servers than daphne ask."""

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import get_ident
from typing import Any
from uuid import uuid4

import pytest
from django.core.signals import request_finished, request_started
from django.db import connection
from django.db.backends.signals import connection_created

from asgi.responses import Message
from musproject.asgi import application
from tests.databases import IS_POSTGRESQL


def talk(scope: dict[str, Any], received: Iterable[Message]) -> list[Message]:
    """What the application sends to a server that sends `received`."""
    messages, sent = iter(received), []

    async def receive() -> Message:
        try:
            return next(messages)
        except StopIteration:
            await asyncio.sleep(3600)
            raise

    async def send(message: Message) -> None:
        sent.append(message)

    async def bounded() -> None:
        async with asyncio.timeout(30):
            await application(scope, receive, send)

    asyncio.run(bounded())
    return sent


def get(path: str, **more: Any) -> int:
    """The status."""
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"host", b"localhost")],
        "http_version": "1.1",
        "scheme": "http",
        "server": ("localhost", 80),
        "client": ("127.0.0.1", 1234),
        **more,
    }
    sent = talk(scope, [{"type": "http.request", "body": b"", "more_body": False}])
    return int(sent[0]["status"])


def test_the_lifespan_of_other_servers_is_answered() -> None:
    received = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]
    assert [message["type"] for message in talk({"type": "lifespan"}, received)] == [
        "lifespan.startup.complete",
        "lifespan.shutdown.complete",
    ]


def test_a_websocket_is_refused_politely() -> None:
    scope = {"type": "websocket", "path": "/api/v1/events/track-updates", "headers": []}
    assert talk(scope, [{"type": "websocket.connect"}]) == [{"type": "websocket.close"}]


@pytest.mark.django_db(transaction=True)
def test_the_stream_is_routed_before_django_and_all_else_to_it() -> None:
    assert get("/api/v1/events/track-updates") == 401
    assert get("/login/") == 200
    assert get("/events/track-updates") != 401


@pytest.mark.django_db(transaction=True)
def test_a_path_that_the_server_mounts_elsewhere_is_found_below_it() -> None:
    assert get("/mus/api/v1/events/track-updates", root_path="/mus") == 401
    assert get("/login/", root_path="/elsewhere") == 200


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", ["/login/", "/", "/api/v1/tracks", "/nothing/here"])
def test_a_request_goes_to_its_thread_once(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    submit, works = ThreadPoolExecutor.submit, []

    def counted(*arguments: Any, **named: Any) -> Any:
        works.append(arguments)
        return submit(*arguments, **named)

    monkeypatch.setattr(ThreadPoolExecutor, "submit", counted)
    get(path)
    assert len(works) == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("path", ["/login/", "/api/v1/tracks", "/nothing/here"])
def test_a_request_begins_and_ends_in_one_thread_and_gives_its_connection_back(
    path: str,
) -> None:
    seen: list[tuple[str, int, bool]] = []

    def note(name: str) -> Callable[..., None]:
        def receive(**_: Any) -> None:
            seen.append((name, get_ident(), connection.connection is not None))

        return receive

    receivers = {
        request_started: note("started"),
        connection_created: note("connected"),
        request_finished: note("finished"),
    }
    for event, receiver in receivers.items():
        event.connect(receiver)
    # A key of a session that no earlier request asked for: the API looks it up.
    cookie = (b"cookie", f"sessionid={uuid4().hex}".encode())
    try:
        get(path, headers=[(b"host", b"localhost"), cookie])
    finally:
        for event, receiver in receivers.items():
            event.disconnect(receiver)
    assert seen[0][0] == "started"
    assert seen[-1][0] == "finished"
    assert {thread for _, thread, _ in seen} != {get_ident()}
    assert len({thread for _, thread, _ in seen}) == 1
    # This receiver comes after Django's own, which gives the connection back to PostgreSQL's pool.
    # On SQLite the thread keeps its connection for the next request. A request that asks the
    # database for nothing has one only if an earlier request left it.
    has_used_one = any(is_open for _, _, is_open in seen[:-1])
    assert has_used_one or path != "/api/v1/tracks"
    assert seen[-1][2] is (has_used_one and not IS_POSTGRESQL)
