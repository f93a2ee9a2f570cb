"""The duration of requests, by method, route and status.

The label is the route, a URL pattern, and never the path itself: each label value costs memory, and
the number of paths is unlimited.
"""

from collections.abc import Awaitable, Callable
from functools import cache
from typing import Any, cast

from asgiref.sync import iscoroutinefunction
from django.contrib.admindocs.views import simplify_regex
from django.http import HttpRequest, HttpResponseBase
from django.utils.decorators import sync_and_async_middleware
from prometheus_client import Histogram

from asgi.base_path import own_path
from asgi.responses import Scope

ROUTE = "mus.route"
"""The key of an ASGI scope that holds its route; the value is None until the route is known."""
NO_ROUTE = "none"
STATIC = "/static/"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

Next = Callable[[HttpRequest], Any]

_DURATION = Histogram(
    "mus_http_request_duration_seconds",
    "Time from a request to the end of its response. A stream lasts as long as its client listens.",
    ["method", "route", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60),
)


def observe_request(scope: Scope, status: int, duration_s: float) -> None:
    """Record one finished request; called by the access log (`asgi.access_log.Observe`)."""
    method = scope["method"] if scope["method"] in METHODS else "other"
    _DURATION.labels(method, _route(scope), status).observe(duration_s)


@sync_and_async_middleware
def remember_route(get_response: Next) -> Next:
    """Django middleware that writes the matched route into the ASGI scope."""
    if iscoroutinefunction(get_response):

        async def answer_async(request: HttpRequest) -> HttpResponseBase:
            response = await cast("Callable[[HttpRequest], Awaitable[Any]]", get_response)(request)
            _remember(request)
            return cast("HttpResponseBase", response)

        return answer_async

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        _remember(request)
        return cast("HttpResponseBase", response)

    return answer


def _remember(request: HttpRequest) -> None:
    scope, match = getattr(request, "scope", None), request.resolver_match
    if scope is not None and match is not None:
        scope[ROUTE] = match.route


def _route(scope: Scope) -> str:
    """The route as a label. Unknown paths share one, so that clients cannot create new labels."""
    if own_path(scope).startswith(STATIC):
        return STATIC
    route = scope[ROUTE]
    return NO_ROUTE if route is None else _readable(route)


@cache
def _readable(route: str) -> str:
    """The route in the form `/tracks/<track_id>/stream`, also if it is a regular expression."""
    return simplify_regex(route)
