"""Password hashes are computed a few at a time: each takes a processor for a third of a second and
more, on purpose, and a flood of logins would leave none for everything else.

Whoever waits holds a thread, so only a few may wait. Addresses have their turns equally often, and
the address with most waiting gives way to others.
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
PLACES_OF_ONE = 6
WITHIN_S = 20.0
RETRY_AFTER_S = 5


class PasswordsBusy(Exception):
    """So many passwords are being checked that this one would have to wait for too long."""


@dataclass(eq=False, slots=True)
class _Waiting:
    """A thread that waits until `is_over`: it then has a turn, or had to give way."""

    is_over: threading.Event = field(default_factory=threading.Event)
    has_turn: bool = False


class Turns:
    """`at_once` threads have a turn, others wait: each address has the next turn equally often."""

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
        """Wait for a turn, and have it. Within one turn a thread may ask for others.

        Raises PasswordsBusy where there is no place to wait, where the place is given to another
        address, or where that takes too long.
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
        """Raises PasswordsBusy where a turn would do so at once."""
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
"""Of this process."""


class TurnTakingHasher(PBKDF2PasswordHasher):
    """Django's own, whoever asks for a hash: a login, a new password, the setup page."""

    def encode(self, password: str, salt: str, iterations: int | None = None) -> str:
        with turns.turn():
            return super().encode(password, salt, iterations)
