"""IP addresses: how they are parsed, and how X-Forwarded-For names the client."""

import ipaddress
from collections.abc import Sequence

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def parsed_address(text: str) -> Address | None:
    """Parse an address; None if `text` is not one.

    The port that some proxies add and the IPv6 zone are dropped. An IPv4 address in IPv6 form
    (`::ffff:192.0.2.1`), which a server listening on both sees, becomes the IPv4 address.
    """
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def is_of_this_machine(host: str) -> bool:
    """Whether `host`, of a Host header, reaches the machine that asks, and no other."""
    address = parsed_address(host)
    if address is None:
        return host.partition(":")[0].lower().rstrip(".") == "localhost"
    return address.is_loopback


def is_in(address: Address | None, networks: Sequence[Network]) -> bool:
    """Whether one of `networks` contains `address`; false for None."""
    return address is not None and any(address in network for network in networks)


def client_of(peer: Address | None, forwarded: str, trusted: Sequence[Network]) -> Address | None:
    """The client of a request that came from `peer` with `forwarded` as its X-Forwarded-For.

    Each proxy appends the address of its own client, so the header is read from the right. The
    first address that is not a trusted proxy is the client; addresses left of it may be forged.
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
