"""Requests that are refused before `opensubsonic.application` sees them.

Clients get an error of the protocol here, too, with the headers of CORS.
"""

from asgi.refusals import Answer
from asgi.refusals import Refusal as HttpRefusal
from asgi.responses import Scope, Send, send_response
from opensubsonic.answers import Response, Wanted, respond_with
from opensubsonic.cors import FOR_ALL
from opensubsonic.errors import Code, Refusal
from opensubsonic.parameters import Parameters
from opensubsonic.request import parse_query
from opensubsonic.writers.envelope import envelope
from opensubsonic.writers.formats import wanted_format

WRONG_HOST = "mus does not answer to this host name. Its administrator can add it to ALLOWED_HOSTS."


def answer_refused(refusal: HttpRefusal, query: bytes) -> Answer:
    """The answer to a request that the server refuses as too large, too slow or malformed."""
    response = _error(refusal.message, query, refusal.status)
    headers = [
        *response.headers,
        *FOR_ALL,
        *refusal.headers,
        (b"x-content-type-options", b"nosniff"),
    ]
    return Answer(response.status, headers, response.content)


async def refuse_host(scope: Scope, send: Send) -> None:
    """Answer a request for a host that is not in ALLOWED_HOSTS."""
    response = _error(WRONG_HOST, scope["query_string"], 200)
    await send_response(send, response.status, response.headers, response.content)


def _error(message: str, query: bytes, status: int) -> Response:
    answer = envelope({"error": Refusal(Code.GENERIC, message).error}, is_ok=False)
    return respond_with(answer, _wanted_by(query), status=status)


def _wanted_by(query: bytes) -> Wanted:
    try:
        return Wanted(wanted_format(Parameters(parse_query(query))))
    except Refusal:  # the query is a part of what is wrong
        return Wanted()
