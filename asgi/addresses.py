"""Addresses of clients, and what trusted proxies say of them."""

import ipaddress
from collections.abc import Sequence

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def parsed_address(text: str) -> Address | None:
    """Without the port that some proxies add and without a zone; an IPv4 address in IPv6 form, as a
    server that listens to both sees it, as what it is. None for what is no address."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def is_in(address: Address | None, networks: Sequence[Network]) -> bool:
    return address is not None and any(address in network for network in networks)


def client_of(peer: Address | None, forwarded: str, trusted: Sequence[Network]) -> Address | None:
    """The client of a request that came from `peer` with this X-Forwarded-For.

    That is read from the right, where the nearest proxy writes, to the first address that is no
    trusted proxy; what stands before it may be made up.
    """
    client = peer
    for text in reversed(forwarded.split(",")):
        if not is_in(client, trusted):
            break
        address = parsed_address(text.strip())
        if address is None:
            break
        client = address
    return client
