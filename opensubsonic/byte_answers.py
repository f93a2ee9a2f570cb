"""What endpoints that answer on the event loop share: most of them send bytes of files."""

from collections.abc import Callable

from asgi.look_ups import LookUps
from asgi.responses import Scope, Send, send_response
from library.media.tracks import TrackUnavailable
from opensubsonic.answers import Response, respond_with, wanted_by
from opensubsonic.call import Body, Call
from opensubsonic.errors import Code, Refusal
from opensubsonic.writers.envelope import envelope
from opensubsonic.writers.formats import wanted_format

look_ups = LookUps("answers", threads=2)


def as_get(scope: Scope) -> Scope:
    """The request as a GET. Some clients post all requests, and want ranges of files all the
    same."""
    return scope if scope["method"] == "HEAD" else {**scope, "method": "GET"}


def refusal_of(problem: TrackUnavailable) -> Refusal:
    code = Code.NOT_FOUND if problem.status == 404 else Code.GENERIC  # noqa: PLR2004
    return Refusal(code, str(problem))


async def send_answer(call: Call, scope: Scope, send: Send, make: Callable[[], Body]) -> None:
    """Send an answer that is no file, in the format that the client wants. It is made and written
    in a thread: lyrics may have tens of thousands of words."""
    wanted = wanted_by(scope, wanted_format(call.parameters))

    def respond() -> Response:
        return respond_with(envelope(make()), wanted)

    status, headers, content = await look_ups.find(respond)
    await send_response(send, status, headers, content)
