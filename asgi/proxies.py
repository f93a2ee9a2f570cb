"""Who asks, and by which scheme, where a proxy stands before mus.

A proxy says so in X-Forwarded-For and X-Forwarded-Proto. So could everybody else: these are
believed from the addresses in TRUSTED_PROXIES alone.
"""

from collections.abc import Sequence

from asgi.addresses import Address, Network, client_of, is_in, parsed_address
from asgi.responses import Application, Receive, Scope, Send, header


def behind_proxies(application: Application, trusted: Sequence[Network]) -> Application:
    """`application`, told of clients and schemes as the trusted proxies tell them."""
    if not trusted:
        return application

    async def told(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and is_in(peer := _peer(scope), trusted):
            forwarded = header(scope, b"x-forwarded-for") or ""
            scope = {**scope, "client": [str(client_of(peer, forwarded, trusted)), 0]}
            if (scheme := header(scope, b"x-forwarded-proto")) in {"http", "https"}:
                scope["scheme"] = scheme
        await application(scope, receive, send)

    return told


def _peer(scope: Scope) -> Address | None:
    return parsed_address(scope["client"][0]) if scope.get("client") else None
