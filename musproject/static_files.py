"""Serves static files: names that contain a hash, compressed once, cached for ever by browsers."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from pathlib import Path
from typing import Any

from asgiref.sync import ThreadSensitiveContext, iscoroutinefunction
from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponseBase
from servestatic.middleware import GetResponseCallable, ServeStaticMiddleware
from servestatic.storage import CompressedManifestStaticFilesStorage

from asgi.responses import Application, Receive, Scope, Send
from web.player_files import joined_files

THREADS = 4
"""Threads that open and read static files, and as many again for Django's synchronous code."""

_reading = ThreadPoolExecutor(THREADS, thread_name_prefix="static file")
_around = cycle([ThreadPoolExecutor(1, thread_name_prefix="static") for _ in range(THREADS)])


class HashedStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # untyped
    """Hashed names, also in `import` statements of ES modules; and the player's joined files."""

    support_js_module_import_aggregation = True
    max_post_process_passes = 20
    """Each pass hashes one more level of imports."""

    def post_process(
        self, paths: dict[str, Any], *args: Any, **options: Any
    ) -> Iterator[tuple[str, str | None, bool | Exception]]:
        for name, content in joined_files().items():
            Path(self.path(name)).write_text(content)
            paths[name] = (self, name)
        yield from super().post_process(paths, *args, **options)


class StaticFiles(ServeStaticMiddleware):  # type: ignore[misc]  # untyped
    """Middleware that sends static files from the event loop.

    It is left out of the synchronous handler, which never gets requests for static files.
    """

    sync_capable = True

    def __init__(self, get_response: GetResponseCallable) -> None:
        if not iscoroutinefunction(get_response):
            raise MiddlewareNotUsed
        super().__init__(get_response)

    @staticmethod
    async def aserve(static_file: Any, request: HttpRequest) -> HttpResponseBase:
        response: HttpResponseBase = await ServeStaticMiddleware.aserve(
            _ReadByFewThreads(static_file), request
        )
        return response


class _ReadByFewThreads:
    """Reads a file in a few shared threads; servestatic itself starts a thread per response."""

    def __init__(self, static_file: Any) -> None:
        self._static_file = static_file

    async def aget_response(self, method: str, headers: Any) -> Any:
        response = await self._static_file.aget_response(method, headers)
        file = getattr(response.file, "fileobj", response.file)  # a range wraps the file
        if file is not None:
            file.executor = _reading
            # Marks the executor as shut down already, since it is shared and must keep running.
            file._executor_shutdown = True  # noqa: SLF001
        return response


def on_few_threads(application: Application) -> Application:
    """Wrap Django's `application` so that its synchronous code runs in THREADS shared threads.

    Django itself starts a thread for each request.
    """

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        async with ThreadSensitiveContext(executor=next(_around)):
            await application(scope, receive, send)

    return wrapped


def is_static(scope: Scope) -> bool:
    """Whether the request is for a static file, by its path."""
    path: str = scope["path"]
    return path.startswith(settings.STATIC_URL)
