"""The ASGI application below `/rest/`.

It is routed before Django's middleware: no session, no cookie, no CSRF check. A request costs one
visit to a thread, which calls the endpoint, writes the answer and compresses it.
"""

import logging
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from typing import Any, TypeVar

from accounts.password_turns import PasswordsBusy
from asgi.access_log import note_user
from asgi.base_path import own_path
from asgi.clients import ClientGone
from asgi.database_away import DATABASE_IS_AWAY, RETRY_AFTER_SECONDS, failed_answers
from asgi.fair_queue import Owner
from asgi.look_ups import with_own_connection
from asgi.owners import network_of
from asgi.request_threads import RequestThreads, TooBusy
from asgi.responses import Receive, Scope, Send, SentResponse, header
from opensubsonic.answers import Response, Wanted, respond_with, unless_known, wanted_by
from opensubsonic.authentication import find_visitor, until_over
from opensubsonic.call import Call
from opensubsonic.endpoints import BYTE_ENDPOINTS, ENDPOINTS, IMPERSONAL, NAMES, PUBLIC
from opensubsonic.errors import Code, Refusal
from opensubsonic.kept_answers import call_for_all_apps, kept_answers
from opensubsonic.parameters import Parameters
from opensubsonic.request import (
    Pairs,
    base_address,
    endpoint_name,
    parse_form,
    parse_query,
    read_body,
)
from opensubsonic.writers.envelope import envelope
from opensubsonic.writers.formats import check_callback, wanted_format

logger = logging.getLogger(__name__)

T = TypeVar("T")

THREADS = 8
PLACES = 512
"""How many requests may wait for a thread."""
PARSED_ON_THE_LOOP_BYTES = 16 * 1024
"""A larger body is parsed in a thread."""
METHODS = frozenset({"GET", "POST", "HEAD"})
UNKNOWN = "unknown"
"""The endpoint of the route that all unknown paths share."""
AWAY = "The server cannot answer at the moment. Try again soon."
FOR_NOW = (TooBusy, PasswordsBusy, *DATABASE_IS_AWAY)
"""Errors after which the same request may succeed soon."""
FAILED = "The server made a mistake. Its log says more."

threads = RequestThreads("subsonic", threads=THREADS, places=PLACES)


def route_of(path: str) -> str:
    """The route of a path as metrics name it. Unknown endpoints share one."""
    return f"rest/{endpoint_name(path, NAMES) or UNKNOWN}"


async def answer_call(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one request of a Subsonic client."""
    response = SentResponse(send)
    exchange = _Exchange(scope, receive, response)
    try:
        await exchange.answer()
    except ClientGone:
        return
    # Whatever an endpoint gets wrong is an error for the client, and a traceback in the log.
    except Exception as error:
        if response.status:  # the server then ends the connection: a part is missing
            raise
        await exchange.refuse(error)


def _refusal_for(error: Exception, name: str) -> Refusal:
    """What the client is told. Says more in the log, where there is more to say."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, FOR_NOW):
        if isinstance(error, DATABASE_IS_AWAY):
            failed_answers.note()
        logger.warning("%s has no answer for now: %s", name, _on_one_line(error))
        return Refusal(Code.GENERIC, AWAY)
    logger.error("%s failed", name, exc_info=error)
    return Refusal(Code.GENERIC, FAILED)


class _Exchange:
    """One request and its response. `name` is the endpoint's."""

    def __init__(self, scope: Scope, receive: Receive, response: SentResponse) -> None:
        self.name = endpoint_name(own_path(scope), NAMES) or UNKNOWN
        self._scope = scope
        self._receive = receive
        self._response = response
        self._address = str((scope.get("client") or ("", 0))[0])
        self._parameters = Parameters([])
        self._who = ""

    async def answer(self) -> None:
        """Raises Refusal, ClientGone, TooBusy, and whatever the endpoint raises."""
        body = await self._read()
        check_callback(self._parameters)
        if self._scope["method"] not in METHODS:
            raise Refusal(Code.GENERIC, "Use GET or POST.")
        if self.name == UNKNOWN:
            raise Refusal(Code.GENERIC, "Unknown endpoint")
        base, visitor = base_address(self._scope), None
        if self.name not in PUBLIC:
            visitor = await find_visitor(self._parameters, self._address, base)
            note_user(self._scope, visitor.user)
            self._who = f"user {visitor.user.pk}"  # whichever way the app logs in
        user = visitor and visitor.user
        call = Call(user, self._parameters, base, self._address, body)
        if self.name in BYTE_ENDPOINTS:
            with until_over(visitor, self._receive) as receive:
                send = self._response.send
                await BYTE_ENDPOINTS[self.name](call, self._scope, receive, send)
        else:
            await self._send(await self._in_thread(_answered, self.name, call, self._wanted))

    async def refuse(self, error: Exception) -> None:
        """Answer with an error. The status is 200, unless the client shall try again soon."""
        answer = envelope({"error": _refusal_for(error, self.name).error}, is_ok=False)
        if not isinstance(error, FOR_NOW):
            await self._send(respond_with(answer, self._wanted))
            return
        response = respond_with(answer, self._wanted, status=HTTPStatus.SERVICE_UNAVAILABLE)
        response.headers.append((b"retry-after", b"%d" % RETRY_AFTER_SECONDS))
        await self._send(response)

    async def _read(self) -> bytes:
        """Read the body and the parameters. Those of the query are known first, so that an error in
        the body is answered in the format that the query asks for."""
        query = parse_query(self._scope["query_string"])
        self._parameters = Parameters(query)
        body = await read_body(self._receive)
        if self._scope["method"] == "POST" and body:
            content_type = header(self._scope, b"content-type") or ""
            parsed = partial(_with_form, query, content_type, body)
            is_long = len(body) > PARSED_ON_THE_LOOP_BYTES
            self._parameters = await self._in_thread(parsed) if is_long else parsed()
        return body

    @property
    def _wanted(self) -> Wanted:
        return wanted_by(self._scope, wanted_format(self._parameters))

    async def _in_thread(self, function: Callable[..., T], *args: Any) -> T:
        """Call `function` in one of the threads, which clients share fairly."""
        owner = Owner(network_of(self._address), self._who)
        return await threads.run(owner, self._receive, function, *args)

    async def _send(self, response: Response) -> None:
        status, headers, content = response
        is_head = self._scope["method"] == "HEAD"
        if status != HTTPStatus.NOT_MODIFIED:
            headers = [*headers, (b"content-length", b"%d" % len(content))]
        start = {"type": "http.response.start", "status": status, "headers": headers}
        await self._response.send(start)
        body = b"" if is_head else content
        await self._response.send({"type": "http.response.body", "body": body})


def _with_form(query: Pairs, content_type: str, body: bytes) -> Parameters:
    return Parameters([*query, *parse_form(content_type, body)])


def _answered(name: str, call: Call, wanted: Wanted) -> Response:
    """Call the endpoint and write its answer, in a thread."""

    def make() -> Response:
        body = ENDPOINTS[name](call_for_all_apps(name, call))
        return respond_with(envelope(body), wanted, is_personal=name not in IMPERSONAL)

    response = with_own_connection(partial(kept_answers.respond, name, call, wanted, make))
    return unless_known(response, wanted.etags)


def _on_one_line(error: BaseException) -> str:
    return " ".join(str(error).split()) or type(error).__name__
