"""What only a real server shows: large and odd requests, HEAD, and what it refuses by itself."""

import gzip
import json
import socket
from urllib.parse import urlencode, urlsplit

import pytest

from asgi.body_limits import MIB
from tests.opensubsonic.conftest import RestServer

pytestmark = pytest.mark.server


def test_all_ways_to_say_ping(rest_server: RestServer) -> None:
    for path in ("ping", "ping.view", "PING", "ping/", "/ping.view"):
        assert rest_server(path)["status"] == "ok"
    login = {**rest_server.login(), "f": "json"}
    assert (
        rest_server.client.post("/rest/ping", data=login).json() == rest_server.get("ping").json()
    )
    doubled = rest_server.client.get(f"{rest_server.served.url}//rest/ping.view", params=login)
    assert doubled.json() == rest_server.get("ping").json()


def test_letters_that_are_not_escaped_are_read_as_utf_8(rest_server: RestServer) -> None:
    """Scripts send `query=öl` as it is typed, for which Twisted has only a page of HTML."""
    query = urlencode({**rest_server.login(), "f": "json"}) + "&query=öl"
    end = "HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    head, body = raw(rest_server, f"GET /rest/search3?{query} {end}")
    assert head[0].split()[1] == "200"
    assert json.loads(body)["subsonic-response"]["status"] == "ok"
    for escaped in ("ÖL", "%C3%96L"):
        _, body = raw(rest_server, f"GET /rest/getAlbumList?{query}&type={escaped} {end}")
        assert "type ÖL" in json.loads(body)["subsonic-response"]["error"]["message"]


def test_a_form_with_20_000_ids_arrives(rest_server: RestServer) -> None:
    """Also one of nearly 8 MiB, which nothing but the limit of bodies below /rest/ lets through."""
    login = {**rest_server.login(), "f": "json"}
    ids = [f"tr-{number}" for number in range(20_000)]
    answer = rest_server.client.post("/rest/ping", data={**login, "id": ids})
    assert answer.json()["subsonic-response"]["status"] == "ok"
    answer = rest_server.client.post("/rest/ping", data={**login, "x": ["x" * 1000] * 8300})
    assert answer.json()["subsonic-response"]["status"] == "ok"


@pytest.mark.parametrize(("f", "media_type"), [("json", "application/json"), ("xml", "text/xml")])
def test_what_is_too_large_is_refused_in_the_format_that_is_asked_for(
    rest_server: RestServer, f: str, media_type: str
) -> None:
    for target, headers in (
        (f"/rest/ping?f={f}", f"Content-Length: {8 * MIB + 1}\r\n"),
        (f"//rest/ping?f={f}", f"X: {'x' * 200_000}\r\n"),
    ):
        head, body = raw(rest_server, f"POST {target} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n")
        assert head[0].split()[1] in {"413", "431"}
        assert f"content-type: {media_type}" in "\n".join(head)
        assert "access-control-allow-origin: *" in head
        if f == "json":
            assert json.loads(body)["subsonic-response"]["error"]["code"] == 0
        else:
            assert body.startswith("<?xml")


def raw(rest_server: RestServer, request: str) -> tuple[list[str], str]:
    """The lines of the answer's head, the names of headers in lower case, and its body."""
    address = urlsplit(rest_server.served.url)
    with socket.create_connection((str(address.hostname), address.port), timeout=30) as client:
        client.sendall(request.encode())
        parts = []
        while part := client.recv(65536):
            parts.append(part)
    head, _, body = b"".join(parts).decode().partition("\r\n\r\n")
    lines = [line.partition(":") for line in head.split("\r\n")]
    return ["".join((name.lower() if sep else name, sep, rest)) for name, sep, rest in lines], body


def test_a_head_has_no_body_and_the_same_length(rest_server: RestServer) -> None:
    query = urlencode({**rest_server.login(), "f": "json"})
    end = "HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    (head, nothing), (get, body) = (
        raw(rest_server, f"{method} /rest/getUser?{query} {end}") for method in ("HEAD", "GET")
    )
    assert nothing == ""
    assert f"content-length: {len(body.encode())}" in head
    assert [line for line in head if "date" not in line] == [
        line for line in get if "date" not in line
    ]


def test_an_options_before_a_stream(rest_server: RestServer) -> None:
    asked = {
        "origin": "https://example.org",
        "access-control-request-method": "GET",
        "access-control-request-headers": "content-type, range",
    }
    answer = rest_server.client.options("/rest/stream?id=tr-1", headers=asked)
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "content-type" in answer.headers["access-control-allow-headers"]
    assert answer.headers.get_list("cross-origin-resource-policy") == ["cross-origin"]


def test_answers_are_compressed(rest_server: RestServer) -> None:
    made = "".join(f"User(username='{'x' * 50}{number}')," for number in range(50))
    rest_server.served.python(
        f"from django.contrib.auth.models import User; User.objects.bulk_create([{made}])"
    )
    query = urlencode({**rest_server.login("stella"), "f": "json"})
    end = "HTTP/1.0\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n\r\n"
    address = urlsplit(rest_server.served.url)
    with socket.create_connection((str(address.hostname), address.port), timeout=30) as client:
        client.sendall(f"GET /rest/getUsers?{query} {end}".encode())
        content = b"".join(iter(lambda: client.recv(65536), b""))
    head, _, body = content.partition(b"\r\n\r\n")
    assert b"content-encoding: gzip" in head.lower()
    assert len(json.loads(gzip.decompress(body))["subsonic-response"]["users"]["user"]) == 52


def test_django_never_answers_below_rest(rest_server: RestServer) -> None:
    for path in ("/rest", "/rest/", "/rest/a/b", "/rest/%00", "/rest/ping%2f", "/rest/é"):
        answer = rest_server.client.get(path)
        assert answer.status_code == 200, path
        assert answer.text.startswith("<?xml")
        assert "set-cookie" not in answer.headers
