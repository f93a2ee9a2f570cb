"""Sessions whose look-up takes as long as a test wants."""

from collections.abc import Callable
from typing import Any

from django.contrib.sessions.backends import db

wait: Callable[[], object] = lambda: None  # noqa: E731


class SessionStore(db.SessionStore):
    def load(self) -> dict[str, Any]:
        wait()
        return super().load()
