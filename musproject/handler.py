"""Django's ASGI handler, changed so that one thread does all the work of a request."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import IO, Any

from django.conf import settings
from django.core import signals
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, get_script_prefix
from django.http import HttpResponseBase
from django.urls import set_script_prefix

from asgi.base_path import own_path
from asgi.clients import ClientGone
from asgi.owners import owner_of
from asgi.refusals import BUSY, answer_for
from asgi.request_threads import RequestThreads, TooBusy
from asgi.responses import Scope, header, send_response
from asgi.shared_work import SharedWork

Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
"""Receive and Send as Django's type hints define them."""

THREADS = 16
PLACES = 512
"""How many requests may wait for a thread. Each may hold a body of up to the path's limit."""
HEALTH = "/healthz"
PROBES = frozenset({HEALTH, "/metrics"})
"""Paths for monitoring. They have separate threads, so that a flood does not block them."""
SHARED_METHODS = frozenset({"GET", "HEAD"})
PROBE_THREADS = 2
PROBE_PLACES = 32


class SingleThreadHandler(ASGIHandler):
    """Runs the whole of a request, middleware included, in one of a bounded number of threads.

    Django's own handler runs middleware on the event loop and switches to the request's thread and
    back for each: 21 switches for a list of tracks. It also starts a thread for each request.
    """

    def __init__(self) -> None:
        super().__init__()
        self._threads = RequestThreads("request", threads=THREADS, places=PLACES)
        self._probe_threads = RequestThreads("probe", threads=PROBE_THREADS, places=PROBE_PLACES)
        self._health_checks = SharedWork[HttpResponseBase]()

    def load_middleware(self, is_async: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002
        super().load_middleware(is_async=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        try:
            response = await self._response(scope, receive, body)
        except ClientGone:
            body.close()
        except TooBusy:
            body.close()
            await _refuse(scope, send)
        else:
            await self.send_response(response, send)

    async def _response(self, scope: Scope, receive: Receive, body: IO[bytes]) -> HttpResponseBase:
        """Raises ClientGone and TooBusy."""
        owner = owner_of(scope, settings.SESSION_COOKIE_NAME)
        path = own_path(scope)
        if path == HEALTH and scope["method"] in SHARED_METHODS:
            # Requests that arrive while a check runs share its result. So the check must not stop
            # when the first client disconnects: it waits for `_never` instead.
            work = partial(self._probe_threads.run, owner, _never, self._answer, scope, body)
            return await self._health_checks.result(_health_key(scope), work)
        threads = self._probe_threads if path in PROBES else self._threads
        # The body has been read, so `receive` returns only when the client disconnects.
        return await threads.run(owner, receive, self._answer, scope, body)

    def _answer(self, scope: Scope, body: IO[bytes]) -> HttpResponseBase:
        """Do all of Django's work for a request, with both of its signals, in the calling thread.

        The response, and with it the thread's database connection, is closed before it is sent,
        because a slow client may take long to receive it.
        """
        set_script_prefix(get_script_prefix(scope))
        signals.request_started.send(sender=type(self), scope=scope)
        request, refusal = self.create_request(scope, body)
        response: Any = refusal if request is None else self.get_response(request)
        response._handler_class = type(self)  # noqa: SLF001  # the sender of request_finished
        if response.streaming:
            response.streaming_content = list(response)
        response.close()
        body.close()
        finished: HttpResponseBase = response
        return finished


def _health_key(scope: Scope) -> tuple[Any, ...]:
    """The parts of the request on which the response to a health check may depend."""
    names = ("method", "scheme", "path", "query_string")
    host = header(scope, b"host")
    return (*(scope.get(name) for name in names), host)


async def _never() -> None:
    await asyncio.Event().wait()


async def _refuse(scope: Scope, send: Send) -> None:
    answer = answer_for(BUSY, own_path(scope), scope["query_string"])
    await send_response(send, answer.status, answer.headers, answer.body)
