"""Password hashes are computed a few at a time: each takes a processor for a third of a second and
more, on purpose, and a flood of logins would leave none for everything else.

Whoever waits holds a thread, so only a few may wait, and no address may take all of their places.
"""

import os
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.contrib.auth.hashers import PBKDF2PasswordHasher

AT_ONCE = min(max((os.cpu_count() or 1) // 2, 1), 4)
PLACES = 8
PLACES_OF_ONE = 6
WITHIN_S = 20.0
RETRY_AFTER_S = 5


class PasswordsBusy(Exception):
    """So many passwords are being checked that this one would have to wait for too long."""


@dataclass(eq=False, slots=True)
class _Waiting:
    """A thread that waits; `owner` is the address on whose behalf it does."""

    owner: str
    has_turn: threading.Event = field(default_factory=threading.Event)


class Turns:
    """`at_once` threads have a turn, others wait in the order in which they came."""

    def __init__(self, at_once: int, places: int, places_of_one: int, within_s: float) -> None:
        self._free = at_once
        self._places = places
        self._places_of_one = places_of_one
        self._within_s = within_s
        self._queue: deque[_Waiting] = deque()
        self._lock = threading.Lock()
        self._thread = threading.local()

    @contextmanager
    def turn(self, owner: str = "") -> Iterator[None]:
        """Wait for a turn, and have it. Within one turn a thread may ask for others.

        Raises PasswordsBusy where there is no place to wait, or where that takes too long.
        """
        if getattr(self._thread, "has_turn", False):
            yield
            return
        self._take(owner)
        self._thread.has_turn = True
        try:
            yield
        finally:
            self._thread.has_turn = False
            self._give_back()

    def check(self, owner: str) -> None:
        """Raises PasswordsBusy where a turn would do so at once."""
        with self._lock:
            if not self._free and not self._has_place(owner):
                raise PasswordsBusy

    def _take(self, owner: str) -> None:
        with self._lock:
            if self._free:
                self._free -= 1
                return
            if not self._has_place(owner):
                raise PasswordsBusy
            own = _Waiting(owner)
            self._queue.append(own)
        if own.has_turn.wait(self._within_s):
            return
        with self._lock:
            if own.has_turn.is_set():  # it came after the wait was given up
                return
            self._queue.remove(own)
        raise PasswordsBusy

    def _has_place(self, owner: str) -> bool:
        of_owner = sum(waiting.owner == owner for waiting in self._queue)
        return len(self._queue) < self._places and of_owner < self._places_of_one

    def _give_back(self) -> None:
        with self._lock:
            if self._queue:
                self._queue.popleft().has_turn.set()
            else:
                self._free += 1


turns = Turns(AT_ONCE, PLACES, PLACES_OF_ONE, WITHIN_S)
"""Of this process."""


class TurnTakingHasher(PBKDF2PasswordHasher):
    """Django's own, whoever asks for a hash: a login, a new password, the setup page."""

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        with turns.turn():
            return super().encode(password, salt, iterations)
