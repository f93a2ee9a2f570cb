"""What endpoints have in common that are plain ASGI applications, routed before Django.

They hold no thread and no database connection while they answer, however long that takes.
"""

from asgi.responses import Application, Receive, Scope, Send, send_error


def for_users(application: Application) -> Application:
    """`application` for who is logged in, 401 for everyone else. Needs `asgi.logins.with_user`
    around it, which sets `scope["user"]`."""

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["user"].is_authenticated:
            await application(scope, receive, send)
        else:
            await send_error(send, 401, "not_logged_in", "Log in first.")

    return guarded
