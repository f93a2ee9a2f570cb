"""Logins by API key, of streams, covers and events."""

import asyncio
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts import key_uses
from accounts.api_keys import MOST_KEYS, TooManyKeys, digest_of, make_key, revoke
from accounts.key_logins import KeyLogin, find_over, find_user
from accounts.models import ApiKey
from accounts.uses import shown_address
from asgi import login_watch
from asgi.kept_logins import KEPT_S, kept_keys
from tests.asgi.asking import COVER, EVENTS, STREAM, Asked
from tests.asgi.conftest import new_session
from tests.asgi.test_kept_logins import Clock
from tests.asgi.test_login_watch import SOON, Slow, end_during, long_track
from tests.asgi.test_logins import set_inactive, set_password

PATHS = (EVENTS, COVER, STREAM)
WRONG = "mus-" + "A" * 43
ADDRESS = "192.0.2.7"


@pytest.fixture
def key(listener: User) -> str:
    return make_key(listener, "phone")[1]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(kept_keys, "_clock", clock)
    return clock


def bearing(path: str, *keys: str, session_key: str = "", kind: type[Asked] = Asked) -> Asked:
    headers = [(b"authorization", f"Bearer {key}".encode()) for key in keys]
    return kind(path, session_key, headers_sent=headers)


def status(asked: Asked) -> int:
    return asyncio.run(asked.run()).status


def wait_until_used(since: datetime | None) -> None:
    deadline = time.monotonic() + 30
    while ApiKey.objects.get().last_used_at == since:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def expire(_: User) -> None:
    ApiKey.objects.exclude(user__username="bea").update(expires_at=timezone.now())


ENDS: dict[str, Callable[[User], object]] = {
    "revoked": lambda user: revoke(ApiKey.objects.filter(user=user)),
    "expired": expire,
    "made inactive": set_inactive,
    "deleted user": lambda user: user.delete(),
}


def test_media_take_a_key(key: str) -> None:
    assert [status(bearing(path, key)) for path in (COVER, STREAM)] == [404, 404]


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_a_key_that_is_over_is_refused_although_a_session_would_do(
    listener: User, key: str, end: Callable[[User], object]
) -> None:
    session_key = new_session(User.objects.create_user("bea"))
    assert status(bearing(COVER, key, session_key=session_key)) == 404
    end(listener)
    kept_keys.forget()  # an expiry by `update` sends no signal
    for path in PATHS:
        asked = asyncio.run(bearing(path, key, session_key=session_key).run())
        assert asked.status == 401
        assert b'"invalid_key"' in asked.body
        assert asked.headers["www-authenticate"].startswith("Bearer ")


@pytest.mark.parametrize("keys", [[""], ["mus-"], [WRONG], [f"{WRONG}A"], [WRONG, WRONG]])
def test_what_is_no_key_is_refused(session_key: str, keys: list[str]) -> None:
    for path in PATHS:
        assert status(bearing(path, *keys, session_key=session_key)) == 401


def test_a_proxys_basic_login_leaves_the_session_alone(session_key: str) -> None:
    headers = [(b"authorization", b"Basic bGVlOngK")]
    assert status(Asked(COVER, session_key, headers_sent=headers)) == 404
    asked = asyncio.run(Asked(COVER, headers_sent=headers).run())
    assert asked.status == 401
    assert asked.headers["www-authenticate"].startswith("Bearer ")


def test_a_key_is_looked_up_by_one_query_and_then_kept(key: str, clock: Clock) -> None:
    ApiKey.objects.update(last_used_at=timezone.now())
    counts = []
    for _ in range(3):
        with CaptureQueriesContext(connection) as queries:
            assert find_user(key, ADDRESS, may_be_kept=True).username == "lee"
        counts.append(len(queries))
        clock.now_s += KEPT_S / 2
    assert counts == [1, 0, 1]


def test_another_server_notices_within_the_kept_seconds(key: str, clock: Clock) -> None:
    assert status(bearing(COVER, key)) == 404
    ApiKey.objects.all()._raw_delete(using="default")  # no signal, as if another process had
    clock.now_s += KEPT_S - 0.001
    assert status(bearing(COVER, key)) == 404
    clock.now_s += 0.001
    assert status(bearing(COVER, key)) == 401


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_an_event_stream_ends_with_its_key(
    listener: User, key: str, end: Callable[[User], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(login_watch, "EVERY_S", SOON)
    other = make_key(User.objects.create_user("bea"), "phone")[1]
    asked = bearing(EVENTS, key)
    end_during(asked, bearing(EVENTS, other), lambda: end(listener))
    assert asked.messages[-1]["more_body"]


def test_the_stream_of_a_track_ends_with_its_key_and_not_with_a_session(
    music: Path, listener: User, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(login_watch, "EVERY_S", SOON)
    path, session_key = long_track(music), new_session(listener)
    asked = bearing(path, key, session_key=session_key, kind=Slow)
    end_during(asked, Slow(path, session_key), lambda: revoke(ApiKey.objects.all()))
    assert asked.status == 200
    assert len(asked.body) < 64 << 20


def test_a_new_password_ends_no_stream_of_a_key(
    listener: User, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(login_watch, "EVERY_S", SOON)
    session = Asked(EVENTS, new_session(listener))
    end_during(session, bearing(EVENTS, key), lambda: set_password(listener))


def test_a_thousand_keys_are_checked_by_one_query(key: str) -> None:
    good = KeyLogin(digest_of(key) or "")
    bad = {KeyLogin(f"{number}") for number in range(1000)}
    with CaptureQueriesContext(connection) as queries:
        assert find_over({good, *bad}) == bad
    assert len(queries) == 1


def test_a_keys_use_is_written_every_few_minutes(key: str) -> None:
    def use() -> None:
        kept_keys.forget()
        find_user(key, ADDRESS, may_be_kept=True)

    use()
    wait_until_used(since=None)
    row = ApiKey.objects.get()
    assert row.last_used_from == ADDRESS
    with CaptureQueriesContext(connection) as queries:
        use()
    assert len(queries) == 1
    assert not key_uses.key_uses._waiting
    long_ago = timezone.now() - key_uses.EVERY
    ApiKey.objects.update(last_used_at=long_ago)
    use()
    wait_until_used(since=long_ago)


def test_no_request_waits_for_its_use_to_be_written(
    key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else writes, as a scan does, and goes on until the request is answered."""
    monkeypatch.setattr(key_uses, "WITHIN_S", 30.0)
    writes, answered = threading.Event(), threading.Event()

    def write_long() -> None:
        with transaction.atomic():
            ApiKey.objects.update(name="taken")
            writes.set()
            assert answered.wait(30)
        connection.close()

    writer = threading.Thread(target=write_long)
    writer.start()
    assert writes.wait(10)
    assert status(bearing(COVER, key)) == 404
    assert ApiKey.objects.get().last_used_at is None
    answered.set()
    writer.join()

    wait_until_used(since=None)


def test_an_address_may_be_none_or_very_long() -> None:
    assert [len(shown_address(each)) for each in ("", "unix", f"fe80::1%{'e' * 99}")] == [
        0,
        0,
        45,
    ]


def test_keys_made_at_once_keep_to_the_limit(listener: User) -> None:
    made: list[str] = []

    def make_many() -> None:
        with suppress(TooManyKeys):
            while True:
                made.append(make_key(listener, "x")[1])
        connection.close()

    threads = [threading.Thread(target=make_many) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == ApiKey.objects.count() == MOST_KEYS


def test_digests_do_not_show_in_representations(key: str) -> None:
    row = ApiKey.objects.get()
    assert row.digest not in f"{KeyLogin(row.digest)!r} {row!r} {row}"
