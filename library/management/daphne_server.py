"""daphne, with what mus needs of it and it does not have by itself."""

import errno
from collections.abc import Callable
from typing import Any

from daphne.server import Server
from django.conf import settings
from twisted.internet import reactor  # only after daphne, which chooses the asyncio one
from twisted.python.failure import Failure


class MusServer(Server):  # type: ignore[misc]  # daphne is untyped
    """daphne, that keeps why it could not listen, and says when it stops."""

    def __init__(self, *, on_stop: Callable[[], None], **options: Any) -> None:
        super().__init__(**options)
        self.connections: dict[Any, dict[str, Any]] = {}
        self.refusal = ""
        self._on_stop = on_stop

    def listen_error(self, failure: Failure) -> None:
        error = getattr(failure.value, "socketError", failure.value)
        address = f"{settings.HOST}:{settings.PORT}"
        if getattr(error, "errno", None) == errno.EADDRINUSE:
            self.refusal = f"{address} is in use: by another mus? Stop that, or set another PORT."
        else:
            reason = getattr(error, "strerror", None) or error
            self.refusal = f"Cannot listen on {address}: {reason}. Look at HOST and PORT."
        self.stop()

    def kill_all_applications(self) -> Any:
        """Before the reactor ends. daphne expects an application in each connection, which idle
        ones no longer have, and fails at the first of them."""
        self._on_stop()
        self.connections = {
            protocol: details
            for protocol, details in self.connections.items()
            if "application_instance" in details
        }
        return super().kill_all_applications()


def when_running(action: Callable[..., Any], *arguments: Any) -> None:
    """Call `action` on the server's event loop, as soon as that runs."""
    reactor.callWhenRunning(action, *arguments)
