"""A response that lasts ends when the login is over."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from asgi import login_watch
from asgi.login_watch import Login, find_over
from asgi.responses import Message
from tests.asgi.asking import EVENTS, Asked
from tests.asgi.conftest import new_session
from tests.asgi.test_logins import ENDS
from tests.events.clients import in_thread, until
from tests.web.library_rows import make_track

SOON = 0.05


@pytest.fixture(autouse=True)
def checked_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(login_watch, "EVERY_S", SOON)


def end_during(asked: Asked, other: Asked, end: Callable[[], object]) -> None:
    """`asked` is being answered, and over after `end`; `other` goes on."""

    async def listen() -> None:
        tasks = [asyncio.create_task(each.run()) for each in (asked, other)]
        await until(lambda: asked.body and other.body)
        await asyncio.sleep(3 * SOON)
        assert not asked.is_over
        await in_thread(end)
        await until(lambda: asked.is_over)
        assert not other.is_over
        tasks[1].cancel()
        await asyncio.wait(tasks)

    asyncio.run(listen())


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_an_event_stream_ends_with_its_login(
    listener: User, end: Callable[[User, QuerySet[Session]], object]
) -> None:
    asked = Asked(EVENTS, new_session(listener))
    other = Asked(EVENTS, new_session(User.objects.create_user("bea")))
    sessions = Session.objects.filter(session_key=asked.session_key)
    end_during(asked, other, lambda: end(listener, sessions))
    # It is broken off, so that nobody takes it for the whole.
    assert asked.messages[-1]["more_body"]


class Slow(Asked):
    """A client that takes a part of the body after the other, so that it is never done."""

    async def send(self, message: Message) -> None:
        await super().send(message)
        await asyncio.sleep(SOON)


class Paused(Asked):
    """A client that takes the first part of the body, and then nothing more for ever."""

    async def send(self, message: Message) -> None:
        await super().send(message)
        if self.body:
            await asyncio.Event().wait()


def long_track(music: Path) -> str:
    """The path of its stream."""
    (music / "long.mp3").write_bytes(bytes(64 << 20))
    stat = (music / "long.mp3").stat()
    track = make_track(
        path="long.mp3",
        root=str(music),
        mtime_ns=stat.st_mtime_ns,
        size_bytes=stat.st_size,
        inode=stat.st_ino,
    )
    return f"/api/v1/tracks/{track.pk}/stream"


def test_the_stream_of_a_track_ends_with_its_login(music: Path, listener: User) -> None:
    path = long_track(music)
    other = new_session(User.objects.create_user("bea"))
    asked = Slow(path, new_session(listener))
    end_during(asked, Slow(path, other), lambda: User.objects.filter(pk=listener.pk).delete())
    assert asked.status == 200
    assert len(asked.body) < 64 << 20


def test_a_stream_ends_with_its_login_though_the_client_pauses(music: Path, listener: User) -> None:
    path = long_track(music)
    asked = Paused(path, new_session(listener))
    other = Paused(path, new_session(User.objects.create_user("bea")))
    end_during(asked, other, lambda: User.objects.filter(pk=listener.pk).update(is_active=False))
    assert asked.messages[-1]["more_body"]


def test_a_response_that_takes_its_time_to_end_is_counted_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    login = Login("key", 1, "hash")

    async def stay() -> None:
        watch = login_watch.LoginWatch[Login](set)  # all are over
        with watch.watching(login, Asked("/").receive):
            await asyncio.sleep(6 * SOON)

    with caplog.at_level("INFO", "asgi.login_watch"):
        asyncio.run(stay())
    assert [record.args for record in caplog.records] == [(1,)]


def test_a_thousand_logins_are_checked_by_two_queries(listener: User) -> None:
    session_key = new_session(listener)
    good = Login(session_key, listener.pk, listener.password)
    bad = {Login(f"{number}", listener.pk, listener.password) for number in range(1000)}
    with CaptureQueriesContext(connection) as queries:
        assert find_over({good, *bad}) == bad
    assert len(queries) == 2
