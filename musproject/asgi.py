"""The ASGI application that daphne, or any other ASGI server, serves.

Streams of music and events are routed before Django, because Django would occupy a thread for as
long as the response lasts.
"""

import os
from typing import cast

from channels.routing import URLRouter
from django.conf import settings
from django.core.asgi import get_asgi_application

from asgi.base_path import below_base_path, own_path
from asgi.database_away import with_503_when_away
from asgi.protection import at_allowed_hosts, with_security_headers
from asgi.proxies import behind_proxies
from asgi.refusals import answer_refusals_of
from asgi.responses import Application, Receive, Scope, Send
from musproject.handler import SingleThreadHandler
from musproject.static_files import is_static, on_few_threads

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "musproject.settings")

static_application = on_few_threads(cast(Application, get_asgi_application()))
django_application = cast(Application, SingleThreadHandler())

# These import models, which can be imported only after get_asgi_application() has set up Django.
import events.routing  # noqa: E402
import library.media.routing  # noqa: E402
from accounts import key_logins  # noqa: E402
from asgi.access_log import log_requests  # noqa: E402
from asgi.logins import for_users, with_user  # noqa: E402
from opensubsonic import refused  # noqa: E402
from opensubsonic.application import answer_call, route_of  # noqa: E402
from opensubsonic.cors import for_all_origins  # noqa: E402
from opensubsonic.request import BELOW_REST, is_subsonic  # noqa: E402
from operations import readiness  # noqa: E402
from operations.metrics.requests import ROUTE, observe_request  # noqa: E402
from web import share_files  # noqa: E402

LIVE_ROUTES = [*events.routing.routes, *library.media.routing.routes]
live_application = at_allowed_hosts(
    with_503_when_away(with_user(for_users(URLRouter(LIVE_ROUTES)), key_logins.find_visitor))
)

SHARE_ROUTES = share_files.routes
share_application = at_allowed_hosts(with_503_when_away(URLRouter(SHARE_ROUTES)))

subsonic_application = for_all_origins(at_allowed_hosts(answer_call, refused.refuse_host))
answer_refusals_of(BELOW_REST, refused.answer_refused)


async def route(scope: Scope, receive: Receive, send: Send) -> None:
    """Dispatch a connection by its type. daphne has no lifespan protocol; other servers have it."""
    if scope["type"] == "http":
        path = own_path(scope)
        scope[ROUTE] = route_of(path) if is_subsonic(path) else live_route(scope)
        await _application_for(scope)(scope, receive, send)
    elif scope["type"] == "lifespan":
        await live_through(receive, send)
    elif scope["type"] == "websocket":
        await receive()  # websocket.connect
        await send({"type": "websocket.close"})  # mus has no WebSockets; this answers 403


def _application_for(scope: Scope) -> Application:
    path = own_path(scope)
    if is_subsonic(path):
        return subsonic_application
    if path == readiness.PATH:
        return readiness.readiness
    if is_for_share(path):
        return share_application
    if scope[ROUTE] is not None:
        return live_application
    return static_application if is_static(scope) else django_application


def live_route(scope: Scope) -> str | None:
    """The pattern of a live route or a share's that the path matches, by URLRouter's rules; None if
    none does."""
    below = own_path(scope).lstrip("/")
    routes = (*LIVE_ROUTES, *SHARE_ROUTES)
    return next((str(each.pattern) for each in routes if each.pattern.match(below)), None)


def is_for_share(path: str) -> bool:
    """Whether the path is that of a file of a share."""
    return any(each.pattern.match(path.lstrip("/")) for each in SHARE_ROUTES)


async def live_through(receive: Receive, send: Send) -> None:
    """Answer the two messages of the lifespan protocol. There is nothing to start or stop."""
    await receive()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await send({"type": "lifespan.shutdown.complete"})


observe = observe_request if settings.METRICS_TOKEN else None
protected = with_security_headers(route)
at_proxies = behind_proxies(log_requests(protected, observe), settings.TRUSTED_PROXIES)
application = below_base_path(at_proxies, settings.BASE_PATH)
