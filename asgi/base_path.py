"""The path below which mus is served, such as /music/, if the rest of the host is not its own.

The setting BASE_PATH gives the path; it begins and ends with a slash, and is / if mus has the host
to itself. The path is cut off once, at the outside of the ASGI application, where it becomes
the scope's `root_path`. Django, channels and mus's own endpoints then compare what follows it.
"""

from asgi.responses import Application, Receive, Scope, Send


def below_base_path(application: Application, base_path: str) -> Application:
    """Wrap `application`: the scope has `root_path`, and a path that begins with it (ASGI, 3.0).

    `root_path` is never taken from the request, so no client can choose it.
    """
    root_path = base_path.removesuffix("/")
    if not root_path:
        return application

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        if "path" in scope:  # a lifespan scope has none
            scope = {**scope, "root_path": root_path}
            if is_outside(scope["path"], base_path):
                scope["path"] = base_path + scope["path"].lstrip("/")
                if raw_path := scope.get("raw_path"):
                    scope["raw_path"] = base_path.encode() + raw_path.lstrip(b"/")
        await application(scope, receive, send)

    return wrapped


def is_outside(path: str, base_path: str) -> bool:
    """Whether `path` lacks the base path, because a proxy removed it before it passed the request
    on. mus answers as if the path were still there.

    What nginx leaves begins with two slashes if it is told `location /music { proxy_pass .../; }`.
    """
    root_path = base_path.removesuffix("/")
    return path.startswith("/") and path != root_path and not path.startswith(base_path)


def own_path(scope: Scope) -> str:
    """The path of a request as the tables of mus name it, without the base path."""
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", ""))


def own_path_of(path: str, base_path: str) -> str:
    """The same for a request that has no scope yet."""
    if base_path == "/":
        return path
    if is_outside(path, base_path):
        return "/" + path.lstrip("/")
    return path.removeprefix(base_path.removesuffix("/"))
