"""An application that answers each request 200 with a few bytes; see `bare_settings`."""

from asgi.responses import Receive, Scope, Send, send_response

BODY = b'{"bare": true}'
HEADERS = ((b"content-type", b"application/json"),)


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "http":
        await receive()
        await send_response(send, 200, HEADERS, BODY)
