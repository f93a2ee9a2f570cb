"""The owner of a request: the client's network and its login session, for the fair queue."""

import ipaddress
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from asgi.addresses import parsed_address
from asgi.fair_queue import Owner

_IPV6_PREFIX = 64
"""The part of an IPv6 address that a provider gives to one customer."""


def owner_of(scope: Mapping[str, Any], session_cookie: str) -> Owner:
    """The owner of a request; `session_cookie` is the name of the session cookie.

    The session is not verified: a client that invents sessions only divides the turns of its own
    address. An Authorization header counts as a session if there is no cookie.
    """
    client = scope.get("client") or ("", 0)
    headers = scope["headers"]
    session = next((value for name, value in headers if name == b"authorization"), b"")
    for name, value in headers:
        if name == b"cookie":
            session = _cookie(value, session_cookie.encode()) or session
    return Owner(network_of(client[0]), session.decode("latin-1"))


@lru_cache(maxsize=1024)
def network_of(text: str) -> str:
    """The network of one customer, as its first address: for IPv6 the /64, for IPv4 the address.

    Text that is not an address is returned unchanged.
    """
    address = parsed_address(text)
    if address is None:
        return text
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    return str(ipaddress.ip_network((address, _IPV6_PREFIX), strict=False).network_address)


def _cookie(header: bytes, name: bytes) -> bytes:
    """The value of the cookie `name`; empty if there is none."""
    pairs = (pair.strip().partition(b"=") for pair in header.split(b";"))
    return next((value for key, _, value in pairs if key == name), b"")
