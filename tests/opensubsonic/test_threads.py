"""Clients share the threads fairly, and whoever leaves gives up the place."""

import asyncio
import threading
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from django.contrib.auth.models import User

from asgi.fair_queue import Owner
from asgi.request_threads import RequestThreads
from asgi.responses import Message
from opensubsonic import application, endpoints
from opensubsonic.call import Body, Call
from opensubsonic.endpoints import NAMES
from tests.opensubsonic.in_process import Rest, login_of

WAITS_S = 20
THREADS = 4


class Slow:
    """An endpoint that needs no login and answers once it is let go."""

    def __init__(self) -> None:
        self.go = threading.Event()
        self.callers: list[str] = []

    def __call__(self, call: Call) -> Body:
        self.callers.append(call.address)
        assert self.go.wait(WAITS_S)
        return {}


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Slow:
    found = Slow()
    monkeypatch.setitem(endpoints.ENDPOINTS, "slow", found)
    monkeypatch.setitem(NAMES, "slow", "slow")
    monkeypatch.setattr(application, "PUBLIC", {"slow"})
    threads = RequestThreads("test", threads=THREADS, places=50)
    monkeypatch.setattr(application, "threads", threads)
    return found


async def ask(address: str, leave: asyncio.Event | None = None) -> int:
    """The status of the answer; 0 if there is none."""
    sent: list[Message] = []
    arriving: list[Message] = [{"type": "http.request", "body": b""}]

    async def receive() -> Message:
        if arriving:
            return arriving.pop()
        await (leave or asyncio.Event()).wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "GET",
        "path": "/rest/slow",
        "query_string": b"",
        "headers": [],
        "client": (address, 1),
    }
    await application.answer_call(scope, receive, send)
    return int(sent[0]["status"]) if sent else 0


async def until(condition: Callable[[], bool]) -> None:
    while not condition():  # noqa: ASYNC110  # true by the doing of threads
        await asyncio.sleep(0.005)


def run(test: Coroutine[Any, Any, None]) -> None:
    async def bounded() -> None:
        async with asyncio.timeout(WAITS_S):
            await test

    asyncio.run(bounded())


def test_a_flood_of_one_client_leaves_threads_for_others(slow: Slow) -> None:
    async def test() -> None:
        flood = [asyncio.create_task(ask("192.0.2.1")) for _ in range(20)]
        await until(lambda: len(slow.callers) == THREADS * 3 // 4)
        other = asyncio.create_task(ask("192.0.2.2"))
        await until(lambda: "192.0.2.2" in slow.callers)
        assert slow.callers.count("192.0.2.1") == THREADS * 3 // 4
        slow.go.set()
        assert await other == 200
        assert await asyncio.gather(*flood) == [200] * 20

    run(test())


def test_an_abandoned_request_is_never_begun_and_gets_no_answer(slow: Slow) -> None:
    async def test() -> None:
        leave = asyncio.Event()
        first = [asyncio.create_task(ask("192.0.2.1")) for _ in range(3)]
        await until(lambda: len(slow.callers) == 3)
        gone = [asyncio.create_task(ask("192.0.2.1", leave)) for _ in range(20)]
        await asyncio.sleep(0.05)
        leave.set()
        assert await asyncio.gather(*gone) == [0] * 20
        slow.go.set()
        assert await asyncio.gather(*first) == [200] * 3
        assert len(slow.callers) == 3

    run(test())


def test_more_than_can_wait_are_told_to_come_back(slow: Slow) -> None:
    async def test() -> None:
        flood = [asyncio.create_task(ask("192.0.2.1")) for _ in range(60)]
        await until(lambda: sum(task.done() for task in flood) == 60 - 50 - 3)
        slow.go.set()
        statuses = await asyncio.gather(*flood)
        assert sorted(statuses) == [200] * 53 + [503] * 7

    run(test())


def test_turns_are_those_of_users_whichever_way_their_apps_log_in(
    rest: Rest, administrator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else all apps that log in by a key, and so name no user, would share one turn."""
    owners: list[Owner] = []
    here = application.threads.run

    async def noted(owner: Owner, *more: Any) -> Any:
        owners.append(owner)
        return await here(owner, *more)

    monkeypatch.setattr(application.threads, "run", noted)
    assert rest.user is not None
    for user in (rest.user, administrator):
        assert Rest(user).ask("ping").status == 200
        assert Rest(None).ask("ping", apiKey=login_of(user)["p"]).body["status"] == "ok"
    by_name, by_key, of_other_by_name, of_other_by_key = owners
    assert by_name == by_key != of_other_by_name == of_other_by_key
