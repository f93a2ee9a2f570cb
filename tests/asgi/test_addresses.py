"""Addresses in the forms in which servers and proxies write them."""

import ipaddress

import pytest

from asgi.addresses import client_of, is_in, parsed_address

PROXIES = [ipaddress.ip_network("127.0.0.1/32"), ipaddress.ip_network("::1/128")]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("203.0.113.7:4711", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("[2001:db8::7]:4711", "2001:db8::7"),
        ("fe80::1%eth0", "fe80::1"),
        ("", "None"),
        ("/run/mus.sock", "None"),
    ],
)
def test_an_address_is_read_in_all_its_forms(text: str, address: str) -> None:
    assert str(parsed_address(text)) == address


@pytest.mark.parametrize("host", ["127.0.0.1", "::ffff:127.0.0.1", "::1"])
def test_a_proxy_is_known_whatever_the_server_listens_to(host: str) -> None:
    peer = parsed_address(host)
    assert is_in(peer, PROXIES)
    assert str(client_of(peer, "198.51.100.9, 203.0.113.7", PROXIES)) == "203.0.113.7"


def test_who_is_no_proxy_says_nothing_of_others() -> None:
    assert str(client_of(parsed_address("203.0.113.7"), "198.51.100.9", PROXIES)) == "203.0.113.7"
