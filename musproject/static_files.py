"""Static files under names that change with their content, compressed once, kept for ever."""

from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from typing import Any

from asgiref.sync import ThreadSensitiveContext, iscoroutinefunction
from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.http import HttpRequest, HttpResponseBase
from servestatic.middleware import GetResponseCallable, ServeStaticMiddleware
from servestatic.storage import CompressedManifestStaticFilesStorage

from asgi.responses import Application, Receive, Scope, Send

THREADS = 4
"""For opening and reading the files, and as many for what Django does in a thread around that."""

_reading = ThreadPoolExecutor(THREADS, thread_name_prefix="static file")
_around = cycle([ThreadPoolExecutor(1, thread_name_prefix="static") for _ in range(THREADS)])


class HashedStaticFiles(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # untyped
    """ES modules import each other by these names too."""

    support_js_module_import_aggregation = True


class StaticFiles(ServeStaticMiddleware):  # type: ignore[misc]  # untyped
    """What sends them, from the event loop. Synchronous middleware is for what is not static."""

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
    """A file of servestatic, which by itself starts a thread for each response that sends it."""

    def __init__(self, static_file: Any) -> None:
        self._static_file = static_file

    async def aget_response(self, method: str, headers: Any) -> Any:
        response = await self._static_file.aget_response(method, headers)
        file = getattr(response.file, "fileobj", response.file)  # a range is a file around a file
        if file is not None:
            file.executor = _reading
            file._executor_shutdown = True  # noqa: SLF001  # others use it: it stays
        return response


def on_few_threads(application: Application) -> Application:
    """Django's `application`, which by itself starts a thread for each request."""

    async def answered(scope: Scope, receive: Receive, send: Send) -> None:
        async with ThreadSensitiveContext(executor=next(_around)):
            await application(scope, receive, send)

    return answered


def is_static(scope: Scope) -> bool:
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", "")).startswith(settings.STATIC_URL)
