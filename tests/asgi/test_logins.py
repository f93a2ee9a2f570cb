"""Who is logged in, where Django is not asked: the same people, found by several threads."""

import asyncio
import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import Settings

from asgi import logins, look_ups
from asgi.kept_logins import kept_logins
from asgi.logins import look_up_visitor
from asgi.look_ups import LookUps
from tests.asgi import slow_sessions
from tests.asgi.asking import COVER, EVENTS, STREAM, Asked, ask

AT_ONCE = 8
PATHS = (EVENTS, COVER, STREAM)


def set_password(user: User) -> None:
    user.set_password("new")
    user.save()


def set_inactive(user: User) -> None:
    user.is_active = False
    user.save()


def run_out(sessions: QuerySet[Session]) -> None:
    for session in sessions:
        session.expire_date = timezone.now() - timedelta(seconds=1)
        session.save()


ENDS: dict[str, Callable[[User, QuerySet[Session]], object]] = {
    "made inactive": lambda user, _: set_inactive(user),
    "another password": lambda user, _: set_password(user),
    "deleted user": lambda user, _: user.delete(),
    "logged out": lambda _, sessions: sessions.delete(),
    "run out": lambda _, sessions: run_out(sessions),
}
"""How a login ends, of a user with these sessions."""


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_whose_login_is_over_is_refused_as_by_a_page(
    listener: User, session_key: str, end: Callable[[User, QuerySet[Session]], object]
) -> None:
    assert ask(COVER, session_key).status == 404
    end(listener, Session.objects.all())
    client = Client(headers={"Cookie": f"sessionid={session_key}"})
    assert [ask(path, session_key).status for path in PATHS] == [401] * len(PATHS)
    assert client.get("/api/v1/tracks").status_code == 401


def test_a_session_that_was_not_written_by_this_server_is_none(session_key: str) -> None:
    Session.objects.update(session_data="forged")
    kept_logins.forget()
    assert [ask(path, session_key).status for path in PATHS] == [401] * len(PATHS)


@pytest.mark.parametrize("key", ['"\\000aaaaaaaaa"', "\xe4" * 32, "x" * 60_000, "a b", '"'])
def test_a_cookie_that_can_be_none_of_ours_is_that_of_a_stranger(
    transactional_db: None, key: str
) -> None:
    assert [ask(path, key).status for path in PATHS] == [401] * len(PATHS)


def test_a_cookie_may_come_in_a_header_of_its_own(session_key: str) -> None:
    asked = Asked(COVER, session_key, cookies=["csrftoken=x", f"sessionid={session_key}"])
    assert asyncio.run(asked.run()).status == 404


def test_a_login_takes_two_queries_and_a_stranger_none(session_key: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        assert look_up_visitor(session_key).user.is_authenticated
    assert len(queries) == 2
    with CaptureQueriesContext(connection) as queries:
        assert not look_up_visitor("").user.is_authenticated
    assert len(queries) == 0


def test_slow_look_ups_run_at_once(
    session_key: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SESSION_ENGINE = "tests.asgi.slow_sessions"
    barrier = threading.Barrier(AT_ONCE)  # nobody passes until all of them are there
    monkeypatch.setattr(slow_sessions, "wait", lambda: barrier.wait(timeout=20))
    monkeypatch.setattr(look_ups, "WITHIN_S", 30)

    async def ask_together() -> list[Asked]:
        return await asyncio.gather(*(Asked(COVER, session_key).run() for _ in range(AT_ONCE)))

    assert [asked.status for asked in asyncio.run(ask_together())] == [404] * AT_ONCE


def test_a_look_up_that_takes_too_long_is_answered_and_holds_up_nobody_else(
    session_key: str, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SESSION_ENGINE = "tests.asgi.slow_sessions"
    go_on = threading.Event()
    turns = iter([30.0])
    monkeypatch.setattr(slow_sessions, "wait", lambda: go_on.wait(next(turns, 0)))
    monkeypatch.setattr(look_ups, "WITHIN_S", 1)

    async def ask_twice() -> tuple[Asked, Asked]:
        stuck = asyncio.create_task(Asked(COVER, session_key).run())
        await asyncio.sleep(0.1)
        try:
            return await Asked(COVER, session_key).run(), await stuck
        finally:
            go_on.set()

    quick, late = asyncio.run(ask_twice())
    assert quick.status == 404
    assert late.status == 503
    assert late.headers["retry-after"] == "5"
    assert b"database_unavailable" in late.body


def test_more_look_ups_than_can_wait_are_refused_at_once(
    session_key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logins, "look_ups", LookUps("logins", places=0))
    assert ask(COVER, session_key).status == 503
    assert ask(COVER).status == 401  # a stranger needs no look-up
