"""Django's handler for ASGI, which has all of a request's work done by one thread in one go."""

from collections.abc import Awaitable, Callable, Mapping
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
from asgi.responses import Scope, send_response

Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]
"""As Django has them."""

THREADS = 16
PLACES = 512
"""Requests that may wait for a thread; each may hold a body of up to its limit."""
PROBES = frozenset({"/healthz", "/metrics"})
"""What watches over the server has threads of its own, so that it is answered during a flood."""
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

    def load_middleware(self, is_async: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002
        super().load_middleware(is_async=False)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        owner = owner_of(scope, settings.SESSION_COOKIE_NAME)
        try:
            # The body has been read: all that `receive` has left to tell is that the client left.
            response = await self._threads_for(scope).run(owner, receive, self._answer, scope, body)
        except ClientGone:
            body.close()
        except TooBusy:
            body.close()
            await _refuse(scope, send)
        else:
            await self.send_response(response, send)

    def _threads_for(self, scope: Scope) -> RequestThreads:
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        return self._probe_threads if path in PROBES else self._threads

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


async def _refuse(scope: Scope, send: Send) -> None:
    answer = answer_for(BUSY, scope["path"])
    await send_response(send, answer.status, answer.headers, answer.body)
