"""Requests to services are bounded in time and size, and go only to addresses that are allowed."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from ipaddress import ip_address
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from listening.scrobbling import calls, pace
from listening.scrobbling.addresses import may_be_called
from listening.scrobbling.calls import call
from listening.scrobbling.outcomes import AnswerLost, NotTaken
from tests.listening.scrobbling.service import Service

PRIVATE = (
    *("127.0.0.1", "10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254", "100.64.0.1"),
    *("::1", "fe80::1", "fd00::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::"),
)
NEVER = ("0.0.0.0", "::", "224.0.0.1", "ff02::1")  # noqa: S104
PUBLIC = ("1.1.1.1", "2606:4700::1111")


def test_private_addresses_are_called_only_if_that_is_allowed(settings: Settings) -> None:
    settings.SCROBBLE_PRIVATE_NETWORKS = False
    assert [each for each in (*PRIVATE, *NEVER, *PUBLIC) if may_be_called(ip_address(each))] == [
        *PUBLIC
    ]
    settings.SCROBBLE_PRIVATE_NETWORKS = True
    assert [each for each in (*PRIVATE, *NEVER, *PUBLIC) if may_be_called(ip_address(each))] == [
        *PRIVATE,
        *PUBLIC,
    ]


def resolving_to(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """The names that are resolved; each time to the next of `answers`."""
    asked: list[str] = []
    usual = socket.getaddrinfo

    def resolve(host: str, port: int, *others: Any, **named: Any) -> list[Any]:
        if host[0].isdigit():  # the address that is connected to
            return usual(host, port, *others, **named)
        asked.append(host)
        found = answers[min(len(asked), len(answers)) - 1]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in found]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    return asked


def test_a_name_is_resolved_once_and_that_address_is_called(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = resolving_to(monkeypatch, ["127.0.0.1"], ["1.1.1.1"])
    answer = call("GET", service.url.replace("127.0.0.1", "scrobbles.example"))
    assert (asked, answer.status) == (["scrobbles.example"], 401)


@pytest.mark.parametrize("found", [["127.0.0.1"], ["1.1.1.1", "127.0.0.1"]])
def test_a_name_of_a_private_address_is_not_called(
    service: Service, settings: Settings, monkeypatch: pytest.MonkeyPatch, found: list[str]
) -> None:
    settings.SCROBBLE_PRIVATE_NETWORKS = False
    resolving_to(monkeypatch, found)
    with pytest.raises(NotTaken, match="which is not an address of the internet"):
        call("GET", service.url.replace("127.0.0.1", "scrobbles.example"))
    assert service.requests == []


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1", "2130706433", "0x7f.1", "localhost"])
def test_no_spelling_of_a_private_address_is_called(
    service: Service, settings: Settings, host: str
) -> None:
    settings.SCROBBLE_PRIVATE_NETWORKS = False
    with pytest.raises(NotTaken):
        call("GET", service.url.replace("127.0.0.1", host))
    assert service.requests == []


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://127.0.0.1:1/", "cannot be reached"),
        ("http://no-such-name.invalid/", "cannot be resolved"),
        ("https://{service}/", "cannot be reached"),  # which speaks no TLS
    ],
)
def test_what_is_not_reached_has_taken_nothing(service: Service, url: str, said: str) -> None:
    with pytest.raises(NotTaken, match=said):
        call("POST", url.format(service=service.url.removeprefix("http://")))


def test_redirects_are_not_followed(service: Service) -> None:
    service.fault = lambda _: "redirect"
    with pytest.raises(NotTaken, match="sends on"):
        call("GET", service.url)
    assert len(service.requests) == 1


@contextmanager
def trickling(first: bytes) -> Iterator[str]:
    """A server that sends `first`, and then a byte every tenth of a second for ever."""
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                try:
                    connection.sendall(first)
                    while True:
                        connection.sendall(b"x")
                        time.sleep(0.1)
                except OSError:
                    return

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"


@pytest.mark.parametrize(
    "first", [b"", b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"]
)
def test_a_service_that_sends_byte_by_byte_is_left(
    service: Service, monkeypatch: pytest.MonkeyPatch, first: bytes
) -> None:
    """Each byte comes in time, all of them do not."""
    monkeypatch.setattr(pace, "CALL_WITHIN_S", 0.5)
    with trickling(first) as url, pytest.raises((AnswerLost, NotTaken)):
        call("GET", url)


def test_an_endless_answer_is_left_unread(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "MOST_BYTES", 100_000)
    service.fault = lambda _: "endless"
    with pytest.raises(AnswerLost, match="has no end"):
        call("GET", service.url)


@pytest.mark.parametrize("body", [b"[" * 100_000, b"\xff\xfe", b"NaN?", b""])
def test_an_answer_that_is_no_json_is_no_value(body: bytes) -> None:
    assert calls._json(body) is None


@pytest.mark.parametrize(
    ("name", "text", "least", "most"),
    [
        ("Retry-After", "120", 120, 120),
        ("Retry-After", "Thu, 01 Jan 2099 00:00:00 GMT", 1e8, 1e10),
        ("Retry-After", "Thu, 01 Jan 1999 00:00:00 GMT", 0, 0),
        ("Retry-After", "soon", 0, 0),
        ("Retry-After", "9" * 400, 1, 1e9),
        ("X-RateLimit-Reset-In", "7", 7, 7),
    ],
)
def test_how_long_a_service_asks_to_wait(
    service: Service, name: str, text: str, least: float, most: float
) -> None:
    service.headers = {name: text}
    assert least <= call("GET", f"{service.url}/1/x").retry_after_s <= most
