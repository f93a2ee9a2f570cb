"""Lets clients that are pages of other servers use this API (CORS), streams and errors too.

There are no cookies here, so a page can do nothing without the user's app password.
"""

from http import HTTPStatus

from asgi.responses import Application, Message, Receive, Scope, Send

_EXPOSED = b", ".join(
    (
        *(b"content-length", b"content-range", b"accept-ranges", b"content-disposition"),
        *(b"etag", b"x-content-duration"),
    )
)
FOR_ALL = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", _EXPOSED),
    # Without it a page with Cross-Origin-Embedder-Policy shows no covers.
    (b"cross-origin-resource-policy", b"cross-origin"),
]
_PREFLIGHT = [
    (b"access-control-allow-methods", b"GET, POST, HEAD, OPTIONS"),
    # By name as well: older browsers do not know the asterisk, and it never means authorization.
    (b"access-control-allow-headers", b"*, content-type, range, accept, authorization"),
    (b"access-control-max-age", b"86400"),
    (b"allow", b"GET, POST, HEAD, OPTIONS"),
]


def for_all_origins(application: Application) -> Application:
    """Wrap `application`: adds the headers to each response, and answers OPTIONS."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        async def send_open(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), *FOR_ALL]}
            await send(message)

        if scope["method"] == "OPTIONS":
            status = HTTPStatus.NO_CONTENT
            await send_open(
                {"type": "http.response.start", "status": status, "headers": _PREFLIGHT}
            )
            await send_open({"type": "http.response.body"})
        else:
            await application(scope, receive, send_open)

    return wrapped
