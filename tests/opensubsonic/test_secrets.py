"""That nothing which logs somebody in is written anywhere: logs, metrics, pages of errors."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import httpx
import pytest

from opensubsonic.endpoints import NAMES
from tests.opensubsonic.conftest import METRICS_TOKEN, RestServer, token
from tests.opensubsonic.every_call import CALLS, NEW_PASSWORD, USER, EveryCall

pytestmark = pytest.mark.server

SALT = "8f3c1d0a5b"
HASHING = {"changePassword", "createUser", "deleteUser"}


def logins(password: str) -> Iterator[Mapping[str, str]]:
    """The ways to log in, and wrong ones."""
    yield {"u": USER, "p": password}
    yield {"u": USER, "p": "enc:" + password.encode().hex()}
    yield {"u": USER, "t": token(password, SALT), "s": SALT}
    yield {"apiKey": password}
    yield {"u": USER, "p": password, "t": token(password, SALT), "s": SALT}
    yield {"u": password, "p": "wrong"}
    yield {"u": USER, "t": token("wrong " + password, SALT), "s": SALT, "c": password}


def secrets_of(password: str) -> set[str]:
    return {
        *(password, password.encode().hex(), token(password, SALT), SALT, NEW_PASSWORD),
        *(password.rpartition("-")[2], token("wrong " + password, SALT)),
        *(NEW_PASSWORD.replace(" ", sign) for sign in ("+", "%20")),
    }


def test_no_secret_is_told(rest_server: RestServer) -> None:
    password = rest_server.passwords[USER]
    told = []
    every_call = EveryCall(rest_server).prepare()
    for number, endpoint in enumerate((*CALLS, "nothing", "ping.view", "a/b")):
        if endpoint in HASHING:
            continue
        said: dict[str, Any] = every_call.said(endpoint) if endpoint in CALLS else {}
        ways = [*logins(password)]
        for login in ways if endpoint in {"ping", "stream"} else [ways[number % 4]]:
            everything = {**said, "u": "", **login, "f": "xml"}
            sent = {"referer": f"{rest_server.served.url}/?p={password}"}
            got = rest_server.client.get(f"/rest/{endpoint}", params=everything, headers=sent)
            posted = rest_server.client.post(f"/rest/{endpoint}", data=everything)
            # Addresses of pictures have the login of this client, which loads them as they are.
            told += [whole(each) for each in (got, posted) if b'status="ok"' not in each.content]
    told += refused(rest_server, password)
    every_call.get("changePassword", username="lee", password=NEW_PASSWORD)
    every_call.get("createUser", username="new", password=NEW_PASSWORD, email="")
    metrics = rest_server.client.get(
        "/metrics", headers={"authorization": f"Bearer {METRICS_TOKEN}"}
    )
    assert 'route="/rest/ping"' in metrics.text
    assert "path=/rest/ping" in rest_server.served.output()
    places = {
        "log": rest_server.served.output(),
        "metrics": metrics.text,
        "answers": b"\n".join(told).decode(errors="replace"),
    }
    for secret in secrets_of(password):
        for place, text in places.items():
            assert secret not in text, place


def refused(rest_server: RestServer, password: str) -> Iterator[bytes]:
    """Requests that do not reach the application."""
    login = f"u={USER}&p={password}"
    asked = [
        ("GET", f"/rest/ping?{login}&x={'x' * 60_000}", {}),
        ("GET", f"/rest/ping?{login}", {"host": "other.example"}),
        ("GET", f"/rest/ping?{login}", {"x": "x" * 200_000}),
        ("GET", f"/restless?{login}", {}),
        ("GET", f"/api/rest/ping?{login}", {}),
    ]
    for method, target, headers in asked:
        try:
            answer = httpx.request(method, rest_server.served.url + target, headers=headers)
        except httpx.HTTPError:
            continue  # refused while the client still sent
        yield whole(answer)


def whole(answer: httpx.Response) -> bytes:
    return answer.content + json.dumps(dict(answer.headers)).encode()


def test_each_endpoint_has_a_label_and_unknown_ones_share_one(rest_server: RestServer) -> None:
    for path in ("PING.view", "nothing/at/all", "secret-path", "getlicense"):
        rest_server.get(path)
    metrics = rest_server.client.get(
        "/metrics", headers={"authorization": f"Bearer {METRICS_TOKEN}"}
    ).text
    for label in ("/rest/ping", "/rest/getLicense", "/rest/unknown"):
        assert f'route="{label}"' in metrics
    assert "secret-path" not in metrics
    routes = {part.split('"')[0] for part in metrics.split('route="/rest/')[1:]}
    assert routes <= {*NAMES.values(), "unknown"}
