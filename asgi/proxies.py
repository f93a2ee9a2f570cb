"""The client's address and scheme (http or https) if a reverse proxy stands before mus.

The proxy names them in X-Forwarded-For and X-Forwarded-Proto. Anybody can send these headers, so
they are believed only if the request comes from an address in TRUSTED_PROXIES.
"""

from collections.abc import Sequence

from asgi.addresses import Address, Network, client_of, is_in, parsed_address
from asgi.responses import Application, Receive, Scope, Send, header


def behind_proxies(application: Application, trusted: Sequence[Network]) -> Application:
    """Wrap `application`: `client` and `scheme` of the scope are what the proxy reports."""
    if not trusted:
        return application

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and is_in(peer := _peer(scope), trusted):
            forwarded = header(scope, b"x-forwarded-for") or ""
            scope = {**scope, "client": [str(client_of(peer, forwarded, trusted)), 0]}
            if (scheme := header(scope, b"x-forwarded-proto")) in {"http", "https"}:
                scope["scheme"] = scheme
        await application(scope, receive, send)

    return wrapped


def _peer(scope: Scope) -> Address | None:
    return parsed_address(scope["client"][0]) if scope.get("client") else None
