"""Sessions whose look-up takes as long as a test wants."""

from collections.abc import Callable
from typing import Any

from asgi import sessions

wait: Callable[[], object] = lambda: None  # noqa: E731
wait_after: Callable[[], object] = lambda: None  # noqa: E731


class SessionStore(sessions.SessionStore):
    def load(self) -> dict[str, Any]:
        wait()
        loaded: dict[str, Any] = super().load()
        wait_after()
        return loaded
