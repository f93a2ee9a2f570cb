"""Who is logged in is kept for a few seconds: what that saves, and what ends it at once."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, Group, Permission, User
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts.roles import Role, give_role
from asgi import kept_logins as module
from asgi.kept_logins import KEPT_S, KeptLogins, kept_logins
from tests.asgi import slow_sessions
from tests.asgi.asking import COVER, EVENTS, STREAM, Asked, ask
from tests.asgi.conftest import new_session

STATE = "/api/v1/player/state"
ADMINISTRATORS_ONLY = "/api/v1/scans/failures"
MEDIA = (COVER, STREAM)


class Clock:
    """A clock that goes on only when a test says so."""

    now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(kept_logins, "_clock", clock)
    return clock


def client_with(session_key: str) -> Client:
    client = Client()
    client.cookies["sessionid"] = session_key
    return client


def tables_asked(queries: CaptureQueriesContext) -> str:
    return " ".join(each["sql"] for each in queries.captured_queries)


def test_a_login_is_looked_up_once_for_many_requests(session_key: str, clock: Clock) -> None:
    client = client_with(session_key)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(STATE).status_code == 200
    assert "django_session" in tables_asked(queries)
    assert "auth_user" in tables_asked(queries)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(STATE).status_code == 200
        assert client.get(STATE)["Vary"] == "Cookie"
    assert len(queries) == 2  # one for each state
    clock.now_s += KEPT_S
    with CaptureQueriesContext(connection) as queries:
        assert client.get(STATE).status_code == 200
    assert len(queries) == 3


def test_streams_covers_and_the_api_share_a_login(session_key: str) -> None:
    assert client_with(session_key).get(STATE).status_code == 200
    Session.objects.update(session_data="forged")  # as another server would
    assert [ask(path, session_key).status for path in MEDIA] == [404, 404]
    kept_logins.forget()
    assert [ask(path, session_key).status for path in MEDIA] == [401, 401]


def test_pages_and_changes_ask_the_database_each_time(session_key: str) -> None:
    client = client_with(session_key)
    assert client.get(STATE).status_code == 200
    Session.objects.all()._raw_delete(using="default")
    assert client.get(STATE).status_code == 200
    assert client.get("/").status_code == 302
    assert client.get("/admin/").status_code == 302
    changed = client.put(STATE, "{}", content_type="application/json")
    assert changed.status_code == 401


def log_out(user: User, key: str) -> None:
    client_with(key).post("/logout/")


def deactivate(user: User, _: str) -> None:
    user.is_active = False
    user.save()


def change_password(user: User, _: str) -> None:
    user.set_password("another")
    user.save()


ENDS: dict[str, Callable[[User, str], object]] = {
    "logout": log_out,
    "deactivated": deactivate,
    "another password": change_password,
    "deleted user": lambda user, _: user.delete(),
    "users deleted together": lambda *_: User.objects.all().delete(),
    "deleted session": lambda *_: Session.objects.get().delete(),
    "sessions deleted together": lambda *_: Session.objects.all().delete(),
}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_the_next_request_after_the_end_of_a_login_is_refused(
    listener: User, session_key: str, clock: Clock, end: Callable[[User, str], object]
) -> None:
    client = client_with(session_key)
    assert client.get(STATE).status_code == 200
    assert ask(COVER, session_key).status == 404
    end(listener, session_key)
    assert client_with(session_key).get(STATE).status_code == 401
    assert [ask(path, session_key).status for path in (EVENTS, *MEDIA)] == [401] * 3
    assert clock.now_s == Clock.now_s  # not because time passed


def test_a_changed_role_counts_at_the_next_request(listener: User, session_key: str) -> None:
    client = client_with(session_key)
    path = "/api/v1/library"
    assert "/" not in "".join(each["path"] for each in client.get(path).json()["folders"])
    for role, sees_paths in ((Role.ADMINISTRATOR, True), (Role.LISTENER, False)):
        give_role(listener, role)
        listener.save()
        folders = client.get(path).json()["folders"]
        assert all(each["path"].startswith("/") == sees_paths for each in folders)


CHANGES: dict[str, Callable[[User], object]] = {
    "groups of a user": lambda user: user.groups.add(Group.objects.create(name="one")),
    "permissions of a user": lambda user: user.user_permissions.add(Permission.objects.all()[0]),
    "permissions of a group": lambda _: Group.objects.create(name="one").permissions.set(
        Permission.objects.all()[:1]
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_groups_and_permissions_end_what_is_kept(
    listener: User, session_key: str, change: Callable[[User], object]
) -> None:
    assert client_with(session_key).get(STATE).status_code == 200
    assert kept_logins.find(session_key) is not None
    change(listener)
    assert kept_logins.find(session_key) is None


def test_another_server_notices_within_the_kept_seconds(session_key: str, clock: Clock) -> None:
    """A raw deletion sends no signal, as if another process had made it."""
    client = client_with(session_key)
    assert client.get(STATE).status_code == 200
    Session.objects.all()._raw_delete(using="default")
    clock.now_s += KEPT_S - 0.001
    assert client.get(STATE).status_code == 200
    clock.now_s += 0.001
    assert client.get(STATE).status_code == 401
    assert [ask(path, session_key).status for path in MEDIA] == [401, 401]


def test_clearing_old_sessions_ends_no_login(session_key: str) -> None:
    client = client_with(session_key)
    assert client.get(STATE).status_code == 200
    call_command("clearsessions")
    assert client.get(STATE).status_code == 200


def test_a_session_ends_at_its_time_although_it_is_kept(
    session_key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    soon = timezone.now() + timedelta(minutes=1)
    session = Session.objects.get()
    session.expire_date = soon
    session.save()
    client = client_with(session_key)
    assert client.get(STATE).status_code == 200
    monkeypatch.setattr("django.utils.timezone.now", lambda: soon - timedelta(microseconds=1))
    assert client.get(STATE).status_code == 200
    monkeypatch.setattr("django.utils.timezone.now", lambda: soon)
    assert client.get(STATE).status_code == 401


def test_a_login_counts_at_once_after_a_refusal(listener: User) -> None:
    listener.set_password("secret")
    listener.save()
    client = Client()
    assert client.get(STATE).status_code == 401
    for _ in range(2):
        client.post("/login/", {"username": "lee", "password": "secret"})
        assert client.get(STATE).status_code == 200
        client.post("/logout/")
        assert client.get(STATE).status_code == 401


@pytest.fixture
def slow_look_up(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """(reading, go_on): a look-up says that it has read the session, and waits to go on."""
    settings.SESSION_ENGINE = "tests.asgi.slow_sessions"
    reading, go_on = threading.Event(), threading.Event()

    def wait() -> None:
        reading.set()
        assert go_on.wait(20)

    monkeypatch.setattr(slow_sessions, "wait_after", wait)
    yield reading, go_on
    go_on.set()


def test_a_look_up_that_began_before_a_logout_is_not_kept(
    listener: User, session_key: str, slow_look_up: tuple[threading.Event, threading.Event]
) -> None:
    reading, go_on = slow_look_up

    async def ask_and_log_out() -> Asked:
        early = asyncio.create_task(Asked(COVER, session_key).run())
        await asyncio.to_thread(reading.wait, 20)
        await asyncio.to_thread(Session.objects.all().delete)
        go_on.set()
        return await early

    assert asyncio.run(ask_and_log_out()).status == 404  # it was asked before the logout
    assert ask(COVER, session_key).status == 401


def test_what_is_looked_up_before_a_change_is_committed_is_not_kept_after_it(
    listener: User, session_key: str
) -> None:
    with transaction.atomic():
        deactivate(listener, session_key)
        listener.is_active = True
        keep(kept_logins, session_key, listener)  # another thread sees the user as it was
        assert kept_logins.find(session_key) is not None
    assert kept_logins.find(session_key) is None


class KnownSession:
    """A session as the store hands it out, with an end."""

    def __init__(self, session_key: str) -> None:
        self.session_key = session_key
        self.ends_at = timezone.now() + timedelta(days=1)


def keep(kept: KeptLogins, session_key: str, user: User) -> None:
    kept.look_up(KnownSession(session_key), lambda: user)


def test_each_request_has_a_user_object_of_its_own() -> None:
    kept = KeptLogins()
    keep(kept, "key", User(pk=1, username="lee", is_staff=False))
    first, second = kept.find("key"), kept.find("key")
    first.is_staff = True
    assert not second.is_staff
    assert not kept.find("key").is_staff
    assert first == second
    assert first._state is not second._state


def test_strangers_are_not_kept() -> None:
    kept = KeptLogins()
    kept.look_up(KnownSession("key"), AnonymousUser)
    assert kept.find("key") is None
    assert kept.find(None) is None


def test_what_is_kept_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_KEPT", 3)
    kept = KeptLogins()
    for number in range(50):
        keep(kept, f"key {number}", User(pk=number))
        assert len(kept._kept) <= 3
    assert kept.find("key 49") is not None


def test_users_of_two_sessions_are_not_mixed_up(listener: User, session_key: str) -> None:
    other = User.objects.create_user("bea")
    keys = {session_key: listener.pk, new_session(other): other.pk}
    for key in keys:
        assert client_with(key).get(STATE).status_code == 200
    for key, user_id in keys.items():
        assert kept_logins.find(key).pk == user_id
