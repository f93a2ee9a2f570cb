"""An app: a client that logs in to `/rest/` with each request."""

import hashlib
import json
import secrets
import ssl
from collections.abc import Mapping
from typing import Any

import httpx

from soak.subsonic.answers import Answers

REQUEST_WITHIN_S = 60.0
CONNECTIONS = 4
Login = Mapping[str, str]
_NO_TLS = ssl.create_default_context()
"""Made once: making one for each client takes longer than its first requests."""


class Client:
    """`about`: which client, for complaints. Its requests judge nothing: they return what came, or
    None where no answer came."""

    def __init__(self, url: str, login: Login, about: str, answers: Answers) -> None:
        self.about = about
        self.answers = answers
        self._login = {"v": "1.16.1", "c": "soak", "f": "json", **login}
        self._http = httpx.AsyncClient(
            base_url=f"{url}/rest/",
            timeout=REQUEST_WITHIN_S,
            limits=httpx.Limits(max_connections=CONNECTIONS),
            verify=_NO_TLS,
        )

    async def close(self) -> None:
        await self._http.aclose()

    async def request(
        self,
        endpoint: str,
        *,
        method: str = "GET",
        kind: str = "",
        headers: Mapping[str, str] | None = None,
        **said: Any,
    ) -> httpx.Response | None:
        everything = {**self._login, **said}
        request = (
            self._http.build_request("GET", endpoint, headers=headers, params=everything)
            if method == "GET"
            else self._http.build_request(method, endpoint, headers=headers, data=everything)
        )
        return await self.answers.timed(kind or endpoint, self._http.send(request))

    async def begin(self, endpoint: str, kind: str, **said: Any) -> httpx.Response | None:
        """Read the beginning of the answer, and leave."""
        request = self._http.build_request("GET", endpoint, params={**self._login, **said})
        return await self.answers.timed(kind, self._first_bytes(request))

    async def _first_bytes(self, request: httpx.Request) -> httpx.Response:
        response = await self._http.send(request, stream=True)
        try:
            async for _ in response.aiter_raw():
                break
        finally:
            await response.aclose()
        return response


def body_of(response: httpx.Response) -> dict[str, Any] | None:
    """What the protocol says; None for bytes and pages."""
    if "json" not in response.headers.get("Content-Type", ""):
        return None
    try:
        found: dict[str, Any] = json.loads(response.content)["subsonic-response"]
    except (ValueError, KeyError):
        return None
    return found


def error_code(body: dict[str, Any]) -> int | None:
    """None if the answer is no error."""
    if body.get("status") == "ok":
        return None
    found: int = body.get("error", {}).get("code", -1)
    return found


def by_token(user: str, password: str) -> Login:
    salt = secrets.token_hex(4)
    token = hashlib.md5((password + salt).encode(), usedforsecurity=False).hexdigest()
    return {"u": user, "t": token, "s": salt}


def by_password(user: str, password: str) -> Login:
    return {"u": user, "p": password}


def by_hexadecimal(user: str, password: str) -> Login:
    return {"u": user, "p": f"enc:{password.encode().hex()}"}


def by_key(_: str, password: str) -> Login:
    return {"apiKey": password}


WAYS = (by_token, by_password, by_hexadecimal, by_key)
