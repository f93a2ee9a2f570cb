"""How much memory the bodies of all requests under way may take together."""

from collections import Counter


class HeldBodies:
    """Counts what each client's requests hold. One client may hold only a part, so that it does
    not use up what the others need."""

    def __init__(self, most_bytes: int, most_of_one_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._most_of_one_bytes = most_of_one_bytes
        self._held: Counter[str] = Counter()

    def take(self, client: str, size_bytes: int, *, is_proxy: bool = False) -> bool:
        """False where that would be too much. A proxy speaks for many clients."""
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
