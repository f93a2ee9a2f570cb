"""How much memory the bodies of all requests under way may take together.

Small bodies, such as those of logins, have a bound apart from that of large ones: large ones that
arrive slowly can hold all that there is for them for minutes, and small requests go on meanwhile.
"""

from collections import Counter

from asgi.body_limits import KIB, MIB

SMALL_BYTES = 64 * KIB
"""A body that may become no larger than this is a small one."""
MOST_OF_SMALL_BYTES = 16 * MIB
MOST_OF_LARGE_BYTES = 64 * MIB
ONE_CLIENT_HAS = 4
"""One client may hold this part of the whole: a quarter."""


class HeldBodies:
    """Counts what each client's requests hold. One client may hold only a part, so that others
    have theirs."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._most_of_one_bytes = most_bytes // ONE_CLIENT_HAS
        self._held: Counter[str] = Counter()

    def take(self, client: str, size_bytes: int, *, is_proxy: bool = False) -> bool:
        """False where that would be too much. A proxy that names no clients
        speaks for many."""
        most_of_one = self._most_bytes if is_proxy else self._most_of_one_bytes
        if self._held.total() + size_bytes > self._most_bytes:
            return False
        if self._held[client] + size_bytes > most_of_one:
            return False
        self._held[client] += size_bytes
        return True

    def give_back(self, client: str, size_bytes: int) -> None:
        self._held[client] -= size_bytes
        if not self._held[client]:
            del self._held[client]
