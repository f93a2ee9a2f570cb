"""How much memory the bodies of all current requests may take together.

Small bodies, such as those of logins, have a bound of their own. Large bodies that arrive slowly
can use up the bound for large bodies for minutes; small requests still go on.
"""

from collections import Counter

from asgi.body_limits import KIB, MIB

SMALL_BYTES = 64 * KIB
"""A body that cannot become larger than this counts as small."""
MOST_OF_SMALL_BYTES = 16 * MIB
MOST_OF_LARGE_BYTES = 64 * MIB
ONE_CLIENT_HAS = 4
"""One client may hold 1/4 of the bound."""


class HeldBodies:
    """Counts the bytes that each client's requests hold, and bounds the sum and each share."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._most_of_one_bytes = most_bytes // ONE_CLIENT_HAS
        self._held: Counter[str] = Counter()

    def take(self, client: str, size_bytes: int, *, is_proxy: bool = False) -> bool:
        """Count `size_bytes` for `client`; False, and nothing counted, if that is too much.

        A proxy that does not name its clients (`is_proxy`) stands for many clients, so it may use
        the whole bound.
        """
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
