"""The path below which mus is served, such as /music/, if the rest of the host is not its own.

The setting BASE_PATH gives the path; it begins and ends with a slash, and is / if mus has the host
to itself. The path is cut off once, at the outside of the ASGI application, where it becomes
the scope's `root_path`. Django, channels and mus's own endpoints then compare what follows it.
"""

from asgi.responses import Application, Receive, Scope, Send


def below_base_path(application: Application, base_path: str) -> Application:
    """Wrap `application`: the scope has `root_path`, and a path that begins with it (ASGI, 3.0).

    Some proxies remove the path before they pass a request on. Such a request is treated as if it
    still had the path. `root_path` is never taken from the request, so no client can choose it.
    """
    root_path = base_path.removesuffix("/")
    if not root_path:
        return application

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        if "path" in scope:  # a lifespan scope has none
            scope = {**scope, "root_path": root_path}
            if _was_removed(scope["path"], root_path):
                scope["path"] = root_path + scope["path"]
                if scope.get("raw_path"):
                    scope["raw_path"] = root_path.encode() + scope["raw_path"]
        await application(scope, receive, send)

    return wrapped


def own_path(scope: Scope) -> str:
    """The path of a request as the tables of mus name it, without the base path."""
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", ""))


def _was_removed(path: str, root_path: str) -> bool:
    return path.startswith("/") and path != root_path and not path.startswith(f"{root_path}/")
