"""Logins of apps: which ways there are, what is refused, and what a wrong one costs."""

import asyncio
import hashlib
import time
from collections.abc import Callable
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import User

from accounts import app_password_uses
from accounts.app_passwords import make_app_password, password_of, revoke_app_passwords
from accounts.models import AppPassword
from accounts.roles import Role, give_role
from asgi import login_watch
from asgi.look_ups import LookUps
from opensubsonic import endpoints, wrong_logins
from opensubsonic.call import Call
from opensubsonic.errors import not_allowed
from opensubsonic.wrong_logins import AT_ONCE, MOST_WAITING, WrongLogins
from tests.opensubsonic.conftest import RestServer
from tests.opensubsonic.in_process import Rest

SALT = "c19b2d"
HELP = "http://localhost/apps/"


def token(password: str, salt: str = SALT) -> str:
    return hashlib.md5((password + salt).encode(), usedforsecurity=False).hexdigest()


@pytest.fixture
def password(listener: User) -> str:
    return password_of(make_app_password(listener, "phone"))


@pytest.fixture
def anyone(calls_here: None, monkeypatch: pytest.MonkeyPatch) -> Rest:
    """A client that sends what the test says, and does not wait for its wrong logins."""
    monkeypatch.setattr("opensubsonic.authentication.PAUSE_S", 0.0)
    return Rest(None)


Login = Callable[[str], dict[str, Any]]

WAYS: dict[str, Login] = {
    "token": lambda p: {"u": "lee", "t": token(p), "s": SALT},
    "token in capitals": lambda p: {"u": "lee", "t": token(p).upper(), "s": SALT},
    "an odd salt": lambda p: {"u": "lee", "t": token(p, "é&=%\u4e2d"), "s": "é&=%\u4e2d"},
    "clear": lambda p: {"u": "lee", "p": p},
    "hex": lambda p: {"u": "lee", "p": f"enc:{p.encode().hex()}"},
    "hex in capitals": lambda p: {"u": "lee", "p": f"enc:{p.encode().hex().upper()}"},
    "key": lambda p: {"apiKey": p},
    "another case": lambda p: {"u": "LeE", "p": p},
    "empty beside": lambda p: {"u": "lee", "p": "", "apiKey": "", "t": token(p), "s": SALT},
    "key beside empty": lambda p: {"apiKey": p, "u": "", "p": "", "t": "", "s": ""},
    "old version": lambda p: {"u": "lee", "p": p, "v": "1.7.0"},
    "no version": lambda p: {"u": "lee", "p": p, "v": "", "c": ""},
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_each_way_to_log_in(anyone: Rest, password: str, way: Login, method: str) -> None:
    answer = anyone.ask("ping", method=method, **way(password))
    assert answer.body["status"] == "ok", answer.body
    assert "set-cookie" not in answer.headers


WRONG: dict[str, tuple[Login, int]] = {
    "wrong token": (lambda p: {"u": "lee", "t": token(p + "x"), "s": SALT}, 40),
    "another salt": (lambda p: {"u": "lee", "t": token(p), "s": "x"}, 40),
    "wrong password": (lambda p: {"u": "lee", "p": p[:-1]}, 40),
    "the account's password": (lambda _: {"u": "lee", "p": "a listener's word"}, 40),
    "null in hex": (lambda _: {"u": "lee", "p": "enc:null"}, 40),
    "half a byte in hex": (lambda p: {"u": "lee", "p": f"enc:{p.encode().hex()[:-1]}"}, 40),
    "no text in hex": (lambda _: {"u": "lee", "p": "enc:ff00"}, 40),
    "unknown user": (lambda p: {"u": "nobody", "p": p}, 40),
    "unknown user by token": (lambda p: {"u": "nobody", "t": token(p), "s": SALT}, 40),
    "another user": (lambda p: {"u": "bea", "p": p}, 40),
    "user without any, by token": (lambda p: {"u": "bea", "t": token(p), "s": SALT}, 41),
    "the same in another case": (lambda p: {"u": "BEA", "t": token(p), "s": SALT}, 41),
    "inactive user, by token": (lambda p: {"u": "gone", "t": token(p), "s": SALT}, 40),
    "odd characters": (lambda _: {"u": "l\0e\u202e", "p": "\0\ud7ff"}, 40),
    "odd characters by token": (lambda _: {"u": "l\0e\u202e", "t": "x\0", "s": "y\0"}, 40),
    "a very long name": (lambda p: {"u": "l" * 9000, "p": p}, 40),
    "wrong key": (lambda p: {"apiKey": p[:-1]}, 44),
    "the key of another row": (lambda p: {"apiKey": p.replace("mus-", "mus-9")}, 44),
    "no key": (lambda _: {"apiKey": "é"}, 44),
    "nothing": (lambda _: {}, 10),
    "no user": (lambda p: {"p": p}, 10),
    "no password": (lambda _: {"u": "lee"}, 10),
    "no salt": (lambda p: {"u": "lee", "t": token(p)}, 10),
    "token and password": (lambda p: {"u": "lee", "p": p, "t": token(p), "s": SALT}, 43),
    "key and user": (lambda p: {"apiKey": p, "u": "lee"}, 43),
    "key and password": (lambda p: {"apiKey": p, "p": p}, 43),
    "key and token": (lambda p: {"apiKey": p, "t": token(p)}, 43),
    "key and salt": (lambda p: {"apiKey": p, "s": SALT}, 43),
}


@pytest.mark.parametrize(("way", "code"), WRONG.values(), ids=WRONG)
def test_each_way_to_fail(anyone: Rest, password: str, way: Login, code: int) -> None:
    User.objects.create_user("bea")
    User.objects.create_user("gone", is_active=False)
    error = anyone.error("ping", **way(password))
    assert error["code"] == code
    assert error.get("helpUrl", "") == ("" if code in {10, 43} else HELP)
    assert error["message"]
    assert password not in str(error)
    assert not AccessAttempt.objects.exists()


def test_the_extensions_are_public_whatever_is_sent(anyone: Rest, password: str) -> None:
    logins: list[dict[str, Any]] = [
        {},
        {"u": "lee", "p": "wrong", "t": "x"},
        {"apiKey": "wrong", "u": "lee"},
    ]
    for login in logins:
        assert anyone("getOpenSubsonicExtensions", **login)["openSubsonicExtensions"]


def test_names_that_differ_in_case_are_two_users(anyone: Rest, listener: User) -> None:
    upper = User.objects.create_user("LEE")
    passwords = [password_of(make_app_password(user, "phone")) for user in (listener, upper)]
    for name, password in zip(("lee", "LEE"), passwords, strict=True):
        assert anyone("ping", u=name, p=password)
    assert anyone.error("ping", u="LEE", p=passwords[0])["code"] == 40
    assert anyone("ping", u="Lee", p=passwords[0])
    assert anyone("ping", u="Lee", p=passwords[1])


ENDS: dict[str, Callable[[User], object]] = {
    "revoked": lambda user: revoke_app_passwords(AppPassword.objects.filter(user=user)),
    "row deleted": lambda _: AppPassword.objects.all().delete(),
    "inactive": lambda user: save(user, is_active=False),
    "inactive, one field": lambda user: save(user, only=["is_active"], is_active=False),
    "renamed": lambda user: save(user, username="leonie"),
    "deleted user": lambda user: user.delete(),
}


def save(user: User, only: list[str] | None = None, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(user, name, value)
    user.save(update_fields=only)


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_what_ends_a_login_counts_at_once(
    anyone: Rest, listener: User, password: str, end: Callable[[User], object]
) -> None:
    assert anyone("ping", u="lee", p=password)
    end(listener)
    assert anyone.error("ping", u="lee", p=password)["code"] == 40


def test_a_new_role_and_name_are_there_at_once(
    anyone: Rest, listener: User, password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    users = []

    def see(call: Call) -> dict[str, Any]:
        users.append((call.user.username, call.user.is_superuser))
        raise not_allowed()

    monkeypatch.setitem(endpoints.ENDPOINTS, "ping", see)
    anyone.error("ping", apiKey=password)
    give_role(listener, Role.ADMINISTRATOR)
    save(listener, username="leonie")
    anyone.error("ping", apiKey=password)
    assert users == [("lee", False), ("leonie", True)]


def test_users_of_two_requests_are_two_objects(
    anyone: Rest, listener: User, password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    users = []

    def see(call: Call) -> dict[str, Any]:
        users.append(call.user)
        raise not_allowed()

    monkeypatch.setitem(endpoints.ENDPOINTS, "ping", see)
    for _ in range(2):
        anyone.error("ping", apiKey=password)
    assert users == [listener, listener]
    assert users[0] is not users[1]


def test_wrong_ones_are_logged_without_the_secret(
    anyone: Rest, password: str, caplog: pytest.LogCaptureFixture
) -> None:
    anyone.error("ping", u="lee\nforged\u202e", p="a secret", c="a\x1b[31m")
    anyone.error("ping", u=password, t="0" * 32, s="a salt")
    anyone.error("ping", apiKey=password[:-1] + "!")
    lines = [each.getMessage() for each in caplog.records if "was wrong" in each.getMessage()]
    assert lines == [
        "An app password was wrong: user='lee\\nforged\\u202e' address=127.0.0.1 app='a\\x1b[31m'",
        "An app password was wrong: user='mus-…' address=127.0.0.1 app='tests'",
        "An app password was wrong: user='' address=127.0.0.1 app='tests'",
    ]
    for secret in ("a secret", "a salt", "0" * 32, password[:-1]):
        assert secret not in caplog.text


def test_wrong_ones_wait_four_at_a_time_for_each_address() -> None:
    present: dict[str, int] = {}
    most: dict[str, int] = {}

    async def fail(turns: WrongLogins, address: str) -> bool:
        async with turns.turn(address) as has_turn:
            if has_turn:
                present[address] = present.get(address, 0) + 1
                most[address] = max(most.get(address, 0), present[address])
                await asyncio.sleep(0.001)
                present[address] -= 1
            return has_turn

    async def flood() -> list[bool]:
        turns = WrongLogins()
        addresses = ["192.0.2.1"] * 100 + ["2001:db8::1", "2001:db8::2"] * 3 + ["unix"]
        had = await asyncio.gather(*(fail(turns, each) for each in addresses))
        assert not turns._networks
        return had

    had = asyncio.run(flood())
    assert had.count(False) == 100 - AT_ONCE - MOST_WAITING
    assert most["192.0.2.1"] == AT_ONCE
    assert sum(most[each] for each in ("2001:db8::1", "2001:db8::2")) <= AT_ONCE + 1
    assert all(had[100:])


def test_a_cancelled_one_gives_its_turn_back() -> None:
    async def run() -> None:
        turns = WrongLogins()

        async def fail() -> None:
            async with turns.turn("192.0.2.1"):
                await asyncio.sleep(60)

        tasks = [asyncio.create_task(fail()) for _ in range(10)]
        await asyncio.sleep(0)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert not turns._networks

    asyncio.run(run())


def test_a_wrong_one_waits_and_a_right_one_does_not(
    calls_here: None, password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    sleep = asyncio.sleep

    async def note(delay_s: float, *arguments: Any) -> None:
        waits.append(delay_s)
        await sleep(0, *arguments)

    monkeypatch.setattr(asyncio, "sleep", note)
    rest = Rest(None)
    rest("ping", u="lee", p=password)
    assert waits == []
    rest.error("ping", u="lee", p="wrong")
    rest.error("ping", apiKey="wrong")
    assert waits == [wrong_logins.PAUSE_S] * 2


def test_a_long_answer_ends_with_its_app_password(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(login_watch, "EVERY_S", 0.05)
    password = password_of(make_app_password(User.objects.create_user("lee"), "phone"))
    received: list[str] = []

    async def wait(call: Call, scope: Any, receive: Any, send: Any) -> None:
        await LookUps("a test").find(revoke_app_passwords, AppPassword.objects.all())
        async with asyncio.timeout(30):
            received.append((await receive())["type"])
        raise not_allowed()

    monkeypatch.setitem(endpoints.BYTE_ENDPOINTS, "stream", wait)
    monkeypatch.setitem(endpoints.NAMES, "stream", "stream")
    Rest(None).ask("stream", u="lee", p=password)
    assert received == ["http.disconnect"]


@pytest.mark.server
def test_other_processes_count_within_a_second(rest_server: RestServer) -> None:
    """Another process has made the app passwords after the server's start, and revokes one."""
    password = rest_server.passwords["stella"]
    assert ping(rest_server, "stella", password)["status"] == "ok"
    rest_server.served.python(
        "from accounts.models import AppPassword\n"
        "from accounts.app_passwords import revoke_app_passwords\n"
        "revoke_app_passwords(AppPassword.objects.filter(user__username='stella'))"
    )
    time.sleep(1.0)
    assert ping(rest_server, "stella", password)["error"]["code"] == 40
    assert ping(rest_server, "lee", rest_server.passwords["lee"])["status"] == "ok"


def ping(server: RestServer, name: str, password: str) -> Any:
    said = {"u": name, "p": password, "f": "json", "v": "1", "c": "phone"}
    return server.client.get("/rest/ping", params=said).json()["subsonic-response"]


def test_the_use_is_noted_once_an_hour(
    anyone: Rest, password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted = []
    monkeypatch.setattr(app_password_uses.app_uses, "add", lambda pk, use: noted.append((pk, use)))
    for _ in range(3):
        anyone("ping", u="lee", p=password, c="A\0pp" + "p" * 200)
    ((pk, use),) = noted
    assert use.client == "App" + "p" * 97
    assert use.address == "127.0.0.1"
    app_password_uses.write_app_uses({pk: use})
    row = AppPassword.objects.get()
    assert (row.last_used_at, row.last_used_by) == (use.used_at, use.client)
