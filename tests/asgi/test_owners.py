"""Whose request it is."""

from typing import Any

import pytest

from asgi.owners import network_of, owner_of


def scope(*headers: tuple[bytes, bytes], client: Any = ("192.0.2.1", 5)) -> dict[str, Any]:
    return {"client": client, "headers": list(headers)}


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::1", "2001:db8:1:2::"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("fe80::1%eth0", "fe80::"),
        ("", ""),
        ("unix:", "unix:"),
    ],
)
def test_a_customer_of_a_provider_is_one_client(address: str, network: str) -> None:
    assert network_of(address) == network


@pytest.mark.parametrize(
    ("headers", "session"),
    [
        ([], ""),
        ([(b"cookie", b"csrftoken=x; sessionid=abc; theme=dark")], "abc"),
        ([(b"cookie", b"theme=dark"), (b"cookie", b"sessionid=abc")], "abc"),
        ([(b"cookie", b"sessionid")], ""),
        ([(b"authorization", b"Bearer mus-1")], "Bearer mus-1"),
        ([(b"cookie", b"sessionid=\xff;;=")], "\xff"),
    ],
)
def test_a_session_is_known_by_its_cookie_or_its_key(
    headers: list[tuple[bytes, bytes]], session: str
) -> None:
    assert owner_of(scope(*headers), "sessionid") == ("192.0.2.1", session)


def test_a_server_that_does_not_know_its_clients_has_one() -> None:
    assert owner_of(scope(client=None), "sessionid") == ("", "")
