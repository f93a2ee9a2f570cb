"""Static files under names that change with their content, compressed once, kept for ever."""

from asgiref.sync import iscoroutinefunction
from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from servestatic.middleware import GetResponseCallable, ServeStaticMiddleware
from servestatic.storage import CompressedManifestStaticFilesStorage

from events.asgi import Scope


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


def is_static(scope: Scope) -> bool:
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", "")).startswith(settings.STATIC_URL)
