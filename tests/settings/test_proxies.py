"""What is believed of a proxy, and of whom."""

import asyncio
import ipaddress
from typing import Any

import pytest

from asgi.proxies import behind_proxies
from asgi.responses import Receive, Scope, Send

PROXY, SECOND_PROXY = "10.0.0.1", "10.0.0.2"
CLIENT, STRANGER = "203.0.113.7", "198.51.100.9"
TRUSTED = [ipaddress.ip_network("10.0.0.0/24"), ipaddress.ip_network("::1")]


def seen(peer: str, *headers: tuple[str, str], trusted: Any = TRUSTED) -> tuple[str, str]:
    """Client and scheme as the application sees them."""
    scopes: list[Scope] = []

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        scopes.append(scope)

    async def unused(*_: object) -> Any:
        raise AssertionError

    scope = {
        "type": "http",
        "scheme": "http",
        "client": [peer, 40000],
        "headers": [(name.encode(), value.encode()) for name, value in headers],
    }

    async def ask() -> None:
        await behind_proxies(application, trusted)(scope, unused, unused)

    asyncio.run(ask())
    return scopes[0]["client"][0], scopes[0]["scheme"]


def forwarded(addresses: str, scheme: str = "https") -> tuple[tuple[str, str], tuple[str, str]]:
    return ("x-forwarded-for", addresses), ("x-forwarded-proto", scheme)


def test_a_trusted_proxy_says_who_asks_and_how() -> None:
    assert seen(PROXY, *forwarded(CLIENT)) == (CLIENT, "https")
    assert seen("::1", *forwarded("2001:db8::7")) == ("2001:db8::7", "https")


def test_nobody_else_is_believed() -> None:
    assert seen(STRANGER, *forwarded(CLIENT)) == (STRANGER, "http")
    assert seen(PROXY, *forwarded(CLIENT), trusted=[]) == (PROXY, "http")


def test_what_the_client_itself_sent_is_not_believed() -> None:
    assert seen(PROXY, *forwarded(f"{STRANGER}, {CLIENT}"))[0] == CLIENT
    two_headers = (("x-forwarded-for", STRANGER), ("x-forwarded-for", CLIENT))
    assert seen(PROXY, *two_headers)[0] == CLIENT


def test_several_trusted_proxies_in_a_row_are_passed_over() -> None:
    assert seen(PROXY, *forwarded(f"{STRANGER}, {CLIENT}, {SECOND_PROXY}"))[0] == CLIENT


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (f"{CLIENT}:4711", CLIENT),
        ("[2001:db8::7]:4711", "2001:db8::7"),
        (f"::ffff:{CLIENT}", CLIENT),
        ("unknown", PROXY),
        ("", PROXY),
        ("<script>", PROXY),
    ],
)
def test_addresses_have_many_forms_and_what_is_none_is_left_out(text: str, address: str) -> None:
    assert seen(PROXY, *forwarded(text))[0] == address


def test_a_proxy_in_ipv6_form_is_the_same_proxy() -> None:
    assert seen(f"::ffff:{PROXY}", *forwarded(CLIENT)) == (CLIENT, "https")


def test_a_scheme_that_is_none_is_not_taken() -> None:
    assert seen(PROXY, *forwarded(CLIENT, "gopher")) == (CLIENT, "http")
