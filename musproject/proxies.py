"""Who asks, and by which scheme, where a proxy stands before mus.

A proxy says so in X-Forwarded-For and X-Forwarded-Proto. So could everybody else: these are
believed from the addresses in TRUSTED_PROXIES alone.
"""

import ipaddress
from collections.abc import Sequence

from events.asgi import Application, Receive, Scope, Send, header

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address


def behind_proxies(application: Application, trusted: Sequence[Network]) -> Application:
    """`application`, told of clients and schemes as the trusted proxies tell them."""
    if not trusted:
        return application

    async def told(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _is_trusted(peer := _peer(scope), trusted):
            scope = {**scope, "client": [str(_client(peer, scope, trusted)), 0]}
            if (scheme := header(scope, b"x-forwarded-proto")) in {"http", "https"}:
                scope["scheme"] = scheme
        await application(scope, receive, send)

    return told


def _client(peer: Address | None, scope: Scope, trusted: Sequence[Network]) -> Address | None:
    """From the right, where the nearest proxy writes, to the first address that is no proxy of
    ours; what stands before it may be made up."""
    client = peer
    for text in reversed((header(scope, b"x-forwarded-for") or "").split(",")):
        address = _address(text.strip())
        if address is None:
            break
        client = address
        if not _is_trusted(client, trusted):
            break
    return client


def _peer(scope: Scope) -> Address | None:
    return _address(scope["client"][0]) if scope.get("client") else None


def _address(text: str) -> Address | None:
    """Without the port that some proxies add; an IPv4 address in IPv6 form as what it is."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _is_trusted(address: Address | None, trusted: Sequence[Network]) -> bool:
    return address is not None and any(address in network for network in trusted)
