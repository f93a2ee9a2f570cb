"""The server of `manage.py serve`: daphne with signal handling and clear errors about its port."""

import errno
from collections.abc import Callable
from typing import Any

from daphne.server import reactor  # the asyncio one, which daphne chooses
from django.conf import settings
from twisted.python.failure import Failure

from operations.server.departure import Departure
from operations.server.paced_server import PacedServer
from runtime.end_signals import on_end_signals


class MusServer(PacedServer):
    """daphne that calls back when it ends. `refusal` says why it could not listen; else empty.

    `on_signal` is called in the signal handler, so even if the event loop is blocked; `on_stop` is
    called later, on the event loop. For `drain_s` seconds it then still takes requests.
    """

    def __init__(
        self,
        *,
        on_signal: Callable[[], None],
        on_stop: Callable[[], None],
        drain_s: float,
        **options: Any,
    ) -> None:
        super().__init__(**options)
        self.refusal = ""
        self._on_signal = on_signal
        self._on_stop = on_stop
        self.departure = Departure(drain_s=drain_s, channels=self.channels, stop=self.stop)

    def run(self) -> None:
        on_end_signals(self._end)
        # Again once the loop runs, since Twisted installs its own SIGTERM handler at its start.
        when_running(on_end_signals, self._end)
        super().run()

    def _end(self, signal_number: int) -> None:  # noqa: ARG002
        self._on_signal()
        reactor.callFromThread(self._depart)

    def _depart(self) -> None:
        """Called for each signal; the second one ends the draining."""
        if not self.departure.has_begun:
            self._on_stop()
        self.departure.begin()

    def listen_success(self, port: Any) -> None:
        super().listen_success(port)
        self.departure.add_port(port)

    def closes_connections(self) -> bool:
        return self.departure.has_begun

    def listen_error(self, failure: Failure) -> None:
        error = getattr(failure.value, "socketError", failure.value)
        address = f"{settings.HOST}:{settings.PORT}"
        if getattr(error, "errno", None) == errno.EADDRINUSE:
            self.refusal = (
                f"{address} is in use, perhaps by another mus. Stop it, or set another PORT."
            )
        else:
            reason = getattr(error, "strerror", None) or error
            self.refusal = f"Cannot listen on {address}: {reason}. Check HOST and PORT."
        self.stop()

    def kill_all_applications(self) -> Any:
        if not self.departure.has_begun:  # it ends without a signal
            self._on_stop()
        return super().kill_all_applications()


def when_running(action: Callable[..., Any], *arguments: Any) -> None:
    """Call `action` on the server's event loop, as soon as the loop runs."""
    reactor.callLater(0, action, *arguments)
