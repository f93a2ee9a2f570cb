"""Counts what happens in this process, by a label, for metrics: without their library, which no
command has to load."""

import threading
from collections import Counter
from collections.abc import Mapping


class Tally:
    """Numbers that only grow. Usable from any thread. Without labels there is one number."""

    def __init__(self, *labels: str) -> None:
        self._counts = Counter(dict.fromkeys(labels, 0))
        self._lock = threading.Lock()

    def note(self, label: str = "") -> None:
        with self._lock:
            self._counts[label] += 1

    def counts(self) -> Mapping[str, int]:
        """All labels that were named at the beginning, also those of 0."""
        with self._lock:
            return dict(self._counts)

    def total(self) -> int:
        return sum(self.counts().values())
