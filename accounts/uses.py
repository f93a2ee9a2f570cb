"""Writes down when API keys, app passwords and logins were used.

No request waits for this: on SQLite a write may have to wait for a scan. A thread writes what was
noted meanwhile. It is lost if the database is busy for too long; the next use is noted then.
"""

import logging
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from threading import Lock
from typing import Generic, TypeVar

from django.db import Error

from asgi.addresses import parsed_address
from asgi.look_ups import with_own_connection
from runtime.faults import Faults

MOST_WAITING = 1000
LONGEST_ADDRESS = 45

Key = TypeVar("Key", bound=Hashable)
Use = TypeVar("Use")


class Uses(Generic[Key, Use]):
    """The uses that wait to be written, at most one for each row, which `Key` names. `what`: such
    as "API keys"."""

    def __init__(
        self, what: str, write: Callable[[dict[Key, Use]], None], logger: logging.Logger
    ) -> None:
        self._write = write
        self._waiting: dict[Key, Use] = {}
        self._lock = Lock()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=f"uses of {what}")
        self._faults = Faults(logger, f"The use of {what} could not be written down")

    def add(self, row: Key, use: Use) -> None:
        """Returns at once."""
        with self._lock:
            is_first = not self._waiting
            if len(self._waiting) < MOST_WAITING:
                self._waiting[row] = use
        if is_first:
            with suppress(RuntimeError):  # the server stops
                self._thread.submit(self._write_down)

    def _write_down(self) -> None:
        with self._lock:
            waiting, self._waiting = self._waiting, {}
        try:
            with_own_connection(partial(self._write, waiting))
        except Error as error:
            self._faults.note(error)
        else:
            self._faults.are_over()


def shown_address(address: str) -> str:
    """What a server that listens on a Unix socket says of its clients is no address."""
    return address[:LONGEST_ADDRESS] if parsed_address(address) else ""
