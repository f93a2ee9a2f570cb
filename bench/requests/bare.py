"""`python -m bench.requests.bare`: the same server with an application that does nothing.

It answers each request 200 with a few bytes. What mus costs beyond that is the cost of mus.
"""

import gc
import os

import django
from daphne.endpoints import build_endpoint_description_strings

from asgi.responses import Receive, Scope, Send, send_response

BODY = b'{"bare": true}'
HEADERS = ((b"content-type", b"application/json"),)


async def answer(scope: Scope, receive: Receive, send: Send) -> None:
    """The bare application."""
    if scope["type"] == "http":
        await receive()
        await send_response(send, 200, HEADERS, BODY)


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "musproject.settings")
    django.setup()
    # Imported late, since it imports Django's models.
    from operations.management.commands.serve import GARBAGE_THRESHOLDS
    from operations.server.paced_server import PacedServer

    gc.set_threshold(*GARBAGE_THRESHOLDS)
    endpoints = build_endpoint_description_strings(host="127.0.0.1", port=int(os.environ["PORT"]))
    PacedServer(application=answer, endpoints=endpoints, server_name="mus").run()


if __name__ == "__main__":
    main()
