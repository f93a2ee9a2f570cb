"""Requests that share threads: how many run, who waits, who is refused."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

import pytest

from asgi.clients import ClientGone
from asgi.fair_queue import Owner
from asgi.request_threads import RequestThreads, TooBusy

WAITS_S = 20
ADA, BOB = Owner("192.0.2.1", ""), Owner("192.0.2.2", "")


async def never() -> None:
    await asyncio.Event().wait()


async def at_once() -> None:
    return


@dataclass
class Work:
    """Calls that last until they are let go."""

    go: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)
    began: list[str] = field(default_factory=list)
    threads: set[str] = field(default_factory=set)

    def __call__(self, name: str) -> str:
        with self.lock:
            self.began.append(name)
            self.threads.add(threading.current_thread().name)
        assert self.go.wait(WAITS_S)
        return name


def played(test: Callable[[], Coroutine[Any, Any, None]]) -> None:
    async def bounded() -> None:
        async with asyncio.timeout(WAITS_S):
            await test()

    asyncio.run(bounded())


async def until(condition: Callable[[], bool]) -> None:
    while not condition():  # noqa: ASYNC110  # true by the doing of threads
        await asyncio.sleep(0.005)


def start(
    threads: RequestThreads,
    work: Work,
    owner: Owner,
    name: str,
    left: Callable[[], Awaitable[None]] = never,
) -> "asyncio.Task[str]":
    return asyncio.create_task(threads.run(owner, left, work, name))


def test_no_more_than_its_threads_run_and_all_that_wait_have_their_turn() -> None:
    async def test() -> None:
        threads, work = RequestThreads("test", threads=4, places=50), Work()
        owners = [Owner(f"192.0.2.{number}", "") for number in range(50)]
        tasks = [start(threads, work, owner, owner.address) for owner in owners]
        await until(lambda: len(work.began) == 4)
        await asyncio.sleep(0.05)
        assert len(work.began) == 4
        work.go.set()
        assert await asyncio.gather(*tasks) == [owner.address for owner in owners]
        assert len(work.threads) <= 4

    played(test)


def test_one_address_leaves_threads_to_others_and_they_do_not_wait_for_its_queue() -> None:
    async def test() -> None:
        threads, work = RequestThreads("test", threads=4, places=50), Work()
        flood = [start(threads, work, ADA, f"ada {number}") for number in range(40)]
        await until(lambda: len(work.began) == 3)
        await asyncio.sleep(0.05)
        assert len(work.began) == 3
        one = start(threads, work, BOB, "bob")
        await until(lambda: "bob" in work.began)
        work.go.set()
        await asyncio.gather(one, *flood)

    played(test)


def test_what_does_not_fit_is_refused_and_the_flooder_gives_way() -> None:
    async def test() -> None:
        threads, work = RequestThreads("test", threads=1, places=3), Work()
        flood = [start(threads, work, ADA, f"ada {number}") for number in range(6)]
        await until(lambda: sum(task.done() for task in flood) == 2)
        one = start(threads, work, BOB, "bob")
        await until(lambda: sum(task.done() for task in flood) == 3)
        work.go.set()
        assert await one == "bob"
        outcomes = await asyncio.gather(*flood, return_exceptions=True)
        assert [type(each) for each in outcomes] == [str, str, str, TooBusy, TooBusy, TooBusy]
        assert work.began == ["ada 0", "ada 1", "bob", "ada 2"]

    played(test)


def test_a_client_that_leaves_gives_up_its_place() -> None:
    async def test() -> None:
        threads, work = RequestThreads("test", threads=1, places=3), Work()
        first = start(threads, work, ADA, "first")
        await until(lambda: bool(work.began))
        with pytest.raises(ClientGone):
            await start(threads, work, BOB, "gone", at_once)
        waiting = start(threads, work, BOB, "cancelled")
        await asyncio.sleep(0.01)
        waiting.cancel()
        work.go.set()
        await first
        assert await start(threads, work, ADA, "last") == "last"
        assert work.began == ["first", "last"]

    played(test)


def test_nobody_waits_for_ever() -> None:
    async def test() -> None:
        threads, work = RequestThreads("test", threads=1, places=3, wait_s=0.02), Work()
        first = start(threads, work, ADA, "first")
        with pytest.raises(TooBusy):
            await start(threads, work, BOB, "second")
        work.go.set()
        assert await first == "first"
        assert await start(threads, work, BOB, "third") == "third"

    played(test)


def test_a_cancelled_request_keeps_its_thread_until_the_work_is_over() -> None:
    async def test() -> None:
        threads, work = RequestThreads("test", threads=1, places=3), Work()
        first = start(threads, work, ADA, "first")
        await until(lambda: bool(work.began))
        first.cancel()
        second = start(threads, work, BOB, "second")
        await asyncio.sleep(0.05)
        assert first.cancelled()
        assert work.began == ["first"]
        work.go.set()
        assert await second == "second"

    played(test)


def test_what_the_work_raises_is_raised_and_the_thread_is_free_again() -> None:
    async def test() -> None:
        threads, work = RequestThreads("test", threads=1, places=3), Work()
        with pytest.raises(ZeroDivisionError):
            await threads.run(ADA, never, lambda: 1 // 0)
        work.go.set()
        assert await start(threads, work, ADA, "next") == "next"

    played(test)


def test_work_of_1500_requests_at_once_is_bounded_and_told_apart() -> None:
    async def test() -> None:
        threads, work = RequestThreads("test", threads=4, places=20), Work()
        flood = [start(threads, work, ADA, "ada") for _ in range(1500)]
        await until(lambda: sum(task.done() for task in flood) == 1500 - 20 - 3)
        work.go.set()
        outcomes = await asyncio.gather(*flood, return_exceptions=True)
        assert sum(outcome == "ada" for outcome in outcomes) == 23
        assert len(work.threads) <= 4

    played(test)
