"""Stands in for a codec that crashes; reader processes import it, so it knows nothing of Django."""

import os
import signal
from collections.abc import Sequence

from library.tags import ReadFile
from library.tags.file import read_file


def read_portion(paths: list[tuple[str, str]], artist_separators: Sequence[str]) -> list[ReadFile]:
    """As the pool's own, but a file named deadly kills the process."""
    for path, _ in paths:
        if "deadly" in path:
            os.kill(os.getpid(), signal.SIGKILL)
    return [read_file(*each, artist_separators) for each in paths]
