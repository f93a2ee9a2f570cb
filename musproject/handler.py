"""Django's handler for ASGI, which has all of a request's work done by one thread in one go."""

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

from asgi.clients import ClientGone
from asgi.owners import owner_of
from asgi.refusals import BUSY, answer_for
from asgi.request_threads import RequestThreads, TooBusy
from asgi.responses import Scope, header, send_response
from asgi.shared_work import SharedWork

Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
"""As Django has them."""

THREADS = 16
PLACES = 512
"""Requests that may wait for a thread; each may hold a body of up to its limit."""
HEALTH = "/healthz"
PROBES = frozenset({HEALTH, "/metrics"})
"""What watches over the server has threads of its own, so that it is answered during a flood."""
SHARED_METHODS = frozenset({"GET", "HEAD"})
PROBE_THREADS = 2
PROBE_PLACES = 32


class InOneGo(ASGIHandler):
    """Django's own handler keeps middleware in the event loop and takes each half of each to the
    request's thread and back: twenty-one ways for a list of tracks, where one does. It also starts
    a thread for each request, however many there are."""

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
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        if path == HEALTH and scope["method"] in SHARED_METHODS:
            # Whoever asks while a check runs is answered by that one. It goes on when the client
            # that came first has left, so it is not told of that.
            work = partial(self._probe_threads.run, owner, _never, self._answer, scope, body)
            return await self._health_checks.result(_health_key(scope), work)
        threads = self._probe_threads if path in PROBES else self._threads
        # The body has been read: all that `receive` has left to tell is that the client left.
        return await threads.run(owner, receive, self._answer, scope, body)

    def _answer(self, scope: Scope, body: IO[bytes]) -> HttpResponseBase:
        """The whole of Django's work for a request, with both of its signals, in one thread.

        The response is closed, and with it the thread's connection to the database, before it is
        sent: how long that takes is up to the client.
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
        answered: HttpResponseBase = response
        return answered


def _health_key(scope: Scope) -> tuple[Any, ...]:
    """What the answer to a health check may depend on, besides how the server is."""
    names = ("method", "scheme", "path", "query_string")
    host = header(scope, b"host")
    return (*(scope.get(name) for name in names), host)


async def _never() -> None:
    await asyncio.Event().wait()


async def _refuse(scope: Scope, send: Send) -> None:
    answer = answer_for(BUSY, scope["path"])
    await send_response(send, answer.status, answer.headers, answer.body)
