"""Host checks, the redirect to https and security headers for responses made outside Django.

All of them come from Django's own middleware, so that both follow the same settings.
"""

from collections.abc import Awaitable, Callable
from functools import cache
from io import BytesIO
from typing import Any

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.security import SecurityMiddleware

from asgi.responses import (
    Application,
    Message,
    Receive,
    Scope,
    Send,
    send_error,
    send_response,
)

DISALLOWED_HOST = "mus does not answer to this host name. Add it to ALLOWED_HOSTS."


RefuseHost = Callable[[Scope, Send], Awaitable[None]]


async def refuse_host(scope: Scope, send: Send) -> None:  # noqa: ARG001
    await send_error(send, 400, "bad_request", DISALLOWED_HOST)


def at_allowed_hosts(application: Application, refuse: RefuseHost = refuse_host) -> Application:
    """Wrap `application` so that it gets only requests for a host in ALLOWED_HOSTS.

    Other hosts are answered by `refuse`. Plain http is redirected to https if the settings demand
    https.
    """

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        host = [each for each in scope["headers"] if each[0] == b"host"]  # all that is asked for
        request = ASGIRequest({**scope, "headers": host}, BytesIO())
        try:
            request.get_host()
            redirect = SecurityMiddleware(_empty_response).process_request(request)
        except DisallowedHost:
            await refuse(scope, send)
            return
        if redirect is None:
            await application(scope, receive, send)
        else:
            location = redirect.headers["Location"].encode()
            await send_response(send, redirect.status_code, [(b"location", location)])

    return wrapped


def with_security_headers(application: Application) -> Application:
    """Wrap `application`: each response gets the security headers of pages that it lacks."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await application(scope, receive, send)
            return

        async def send_protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = list(message.get("headers", ()))
                names = {name.lower() for name, _ in given}
                missing = [
                    each
                    for each in page_headers(scope.get("scheme", "http"))
                    if each[0] not in names
                ]
                message = {**message, "headers": [*given, *missing]}
            await send(message)

        await application(scope, receive, send_protected)

    return wrapped


@cache
def page_headers(scheme: str) -> tuple[tuple[bytes, bytes], ...]:
    """The security headers that Django's middleware adds to a page; names in lower case."""
    request: HttpRequest = ASGIRequest(
        {"method": "GET", "path": "/", "scheme": scheme, "query_string": b"", "headers": []},
        BytesIO(),
    )
    response: HttpResponseBase = HttpResponse()
    middleware: list[Any] = [SecurityMiddleware, XFrameOptionsMiddleware]
    if not settings.DEBUG:  # the policy would break Django's debug pages
        middleware.append(CSPMiddleware)
    for each in middleware:
        response = each(_empty_response).process_response(request, response)
    del response.headers["Content-Type"]
    return tuple((name.lower().encode(), value.encode()) for name, value in response.items())


def _empty_response(_: HttpRequest) -> HttpResponse:
    return HttpResponse()
