"""Limits how many password hashes are computed at once.

A hash keeps a processor busy for a third of a second or more, on purpose. A flood of logins would
leave no processor for other requests.

A request that waits for its turn occupies a thread, so only a few may wait. Addresses take turns.
If all places are taken, the address with the most waiting requests gives up one.
"""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.contrib.auth.hashers import PBKDF2PasswordHasher

from asgi.fair_queue import FairQueue, Owner

AT_ONCE = min(max((os.cpu_count() or 1) // 2, 1), 4)
PLACES = 8
"""How many requests may wait."""
PLACES_OF_ONE = 6
"""How many requests of one address may wait."""
WITHIN_S = 20.0
"""How long a request waits at most."""
RETRY_AFTER_S = 5


class PasswordsBusy(Exception):
    """Too many passwords are being checked; this one cannot be checked now."""


@dataclass(eq=False, slots=True)
class _Waiting:
    """A waiting thread. `is_over` is set when it gets a turn (`has_turn`) or loses its place."""

    is_over: threading.Event = field(default_factory=threading.Event)
    has_turn: bool = False


class Turns:
    """Lets `at_once` threads run at a time. Others wait, and their addresses take turns.

    `places`: how many threads may wait; `places_of_one`: how many for one address; `within_s`: how
    long.
    """

    def __init__(self, at_once: int, places: int, places_of_one: int, within_s: float) -> None:
        self._free = at_once
        self._places = places
        self._places_of_one = places_of_one
        self._within_s = within_s
        self._queue: FairQueue[_Waiting] = FairQueue()
        self._lock = threading.Lock()
        self._thread = threading.local()

    @contextmanager
    def turn(self, address: str = "") -> Iterator[None]:
        """Wait for a turn, and hold it during a `with` block. Nested turns of a thread are free.

        Raises PasswordsBusy if there is no place to wait, the place is given to another address, or
        the wait takes too long.
        """
        if getattr(self._thread, "has_turn", False):
            yield
            return
        self._take(Owner(address, ""))
        self._thread.has_turn = True
        try:
            yield
        finally:
            self._thread.has_turn = False
            self._give_back()

    def check(self, address: str) -> None:
        """Raises PasswordsBusy if `turn` would now raise it without waiting."""
        with self._lock:
            if not self._free and not self._may_wait(Owner(address, "")):
                raise PasswordsBusy

    def _take(self, owner: Owner) -> None:
        with self._lock:
            if self._free:
                self._free -= 1
                return
            own = self._put(owner)
        own.is_over.wait(self._within_s)
        with self._lock:
            self._queue.remove(owner, own)
            if not own.has_turn:
                raise PasswordsBusy

    def _put(self, owner: Owner) -> _Waiting:
        if not self._may_wait(owner):
            raise PasswordsBusy
        if len(self._queue) >= self._places and (displaced := self._queue.displace_for(owner)):
            displaced.is_over.set()
        own = _Waiting()
        self._queue.put(owner, own)
        return own

    def _may_wait(self, owner: Owner) -> bool:
        if self._queue.number_at(owner.address) >= self._places_of_one:
            return False
        return len(self._queue) < self._places or self._queue.owner_to_displace(owner) is not None

    def _give_back(self) -> None:
        with self._lock:
            if taken := self._queue.take(lambda _: True):
                waiting = taken[1]
                waiting.has_turn = True
                waiting.is_over.set()
            else:
                self._free += 1


turns = Turns(AT_ONCE, PLACES, PLACES_OF_ONE, WITHIN_S)
"""The turns of all requests of this process."""


class TurnTakingHasher(PBKDF2PasswordHasher):
    """Django's hasher, which first waits for a turn. So every hash is limited, whatever needs it: a
    login, a new password, the setup page."""

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        with turns.turn():
            return super().encode(password, salt, iterations)
