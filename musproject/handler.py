"""Django's handler for ASGI, which has all of a request's work done by one thread in one go."""

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIHandler
from django.http import HttpRequest, HttpResponseBase


class InOneGo(ASGIHandler):
    """Django's own keeps middleware in the event loop and takes each half of each to the request's
    thread and back: twenty-one ways for a list of tracks, where three do."""

    def load_middleware(self, is_async: bool = False) -> None:  # noqa: ARG002, FBT001, FBT002
        super().load_middleware(is_async=False)

    async def get_response_async(self, request: HttpRequest) -> HttpResponseBase:
        return await sync_to_async(self.get_response)(request)
