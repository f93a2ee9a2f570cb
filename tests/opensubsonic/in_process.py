"""Calls of the API in the process and thread of a test, so that `db` is enough and the statements
of a call can be counted.

A request goes through the whole of `opensubsonic.application`. Only its visits to other threads
take place in the test's own thread, which has the test's transaction.
"""

import asyncio
import json
from asyncio import events
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.app_passwords import make_app_password, password_of
from accounts.models import AppPassword
from asgi.responses import Message
from musproject import asgi
from tests.opensubsonic.same_in_xml import assert_same_in_xml


@dataclass
class Answer:
    """A response. `body` is what its JSON says below `subsonic-response`."""

    status: int
    headers: dict[str, str]
    content: bytes

    @property
    def body(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.content)["subsonic-response"]
        return found


@dataclass
class Rest:
    """A client with an app password of `user`; a user None sends no login.

    `statements`: the SQL of the last call's endpoint, without that of its login.
    `written`: the answers that were written during the last call, before they had a format.
    """

    user: User | None
    statements: list[str] = field(default_factory=list)
    written: list[dict[str, Any]] = field(default_factory=list)

    def __call__(self, endpoint: str, **parameters: Any) -> Any:
        """The body of an answer that has to be ok. The same answer has to say the same in XML,
        unless `in_xml=False` is given."""
        in_xml = parameters.pop("in_xml", True)
        body = self.ask(endpoint, **parameters).body
        assert body["status"] == "ok", body
        if in_xml:
            assert_same_in_xml(body, self.written)
        return body

    def error(self, endpoint: str, **parameters: Any) -> Any:
        """The error of an answer that has to be one."""
        body = self.ask(endpoint, **parameters).body
        assert body["status"] == "failed", body
        assert_same_in_xml(body, self.written)
        return body["error"]

    def ask(
        self,
        endpoint: str,
        *,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        **parameters: Any,
    ) -> Answer:
        """Any answer, in JSON unless the parameter `f` says otherwise. `body`: of a POST; else the
        parameters of a POST are its form."""
        query = urlencode(self._pairs(parameters), doseq=True).encode()
        sent = {"host": "localhost", **{k.lower(): v for k, v in (headers or {}).items()}}
        if method == "POST" and body is None:
            sent["content-type"], body, query = "application/x-www-form-urlencoded", query, b""
        self.statements.clear()
        self.written.clear()
        RUNNING.append(self)
        try:
            return asyncio.run(_ask(f"/rest/{endpoint}", method, query, sent, body or b""))
        finally:
            RUNNING.pop()

    def _pairs(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        login = login_of(self.user) if self.user else {}
        said = {
            name: str(value).lower() if isinstance(value, bool) else value
            for name, value in parameters.items()
        }
        return {**login, "v": "1.16.1", "c": "tests", "f": "json", **said}


RUNNING: list[Rest] = []
"""Whose call is being answered."""


def login_of(user: User) -> dict[str, str]:
    """An app password of the user, made when it is needed first."""
    rows = AppPassword.objects.filter(user=user, revoked_at=None)
    row = rows.first() or make_app_password(user, "tests")
    return {"u": user.username, "p": password_of(row)}


async def _ask(
    path: str, method: str, query: bytes, headers: Mapping[str, str], body: bytes
) -> Answer:
    messages: list[Message] = [{"type": "http.request", "body": body}]
    sent: list[Message] = []

    async def receive() -> Message:
        if messages:
            return messages.pop(0)
        await asyncio.Event().wait()  # the client never leaves
        raise AssertionError

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query,
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "http_version": "1.1",
        "scheme": "http",
        "server": ("localhost", 80),
        "client": ("127.0.0.1", 1234),
    }
    async with asyncio.timeout(60):
        await asgi.application(scope, receive, send)
    assert sent, "no response"
    names = {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}
    return Answer(sent[0]["status"], names, b"".join(m.get("body", b"") for m in sent[1:]))


def call_here(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Call `function` as if no event loop ran in this thread, so that Django uses the connection
    that the test has."""
    loop = asyncio.get_running_loop()
    events._set_running_loop(None)
    try:
        return function(*args, **kwargs)
    finally:
        events._set_running_loop(loop)


async def run_here(_self: Any, _owner: Any, _gone: Any, function: Any, *args: Any) -> Any:
    """In place of `RequestThreads.run`."""
    return call_here(_counted, function, *args)


def _counted(function: Any, *args: Any) -> Any:
    with CaptureQueriesContext(connection) as captured:
        try:
            return function(*args)
        finally:
            RUNNING[-1].statements[:] = [query["sql"] for query in captured.captured_queries]


async def find_here(_self: Any, find: Any, *args: Any, **kwargs: Any) -> Any:
    """In place of `LookUps.find`."""
    return call_here(find, *args, **kwargs)
