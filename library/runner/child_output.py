"""What a child process says: each line at once, until the process is gone."""

import os
import selectors
from collections.abc import Callable
from subprocess import Popen
from typing import IO, cast

SECONDS_BETWEEN_LOOKS = 0.2
MAX_LINE_BYTES = 1024 * 1024

TakeLine = Callable[[bytes], object]


def follow(process: Popen[bytes], *, on_out: TakeLine, on_err: TakeLine) -> int:
    """Give each line of stdout and stderr, both of them pipes, to its taker as soon as it is there.

    Returns the exit code once the process is gone, also where others that it started still hold
    its pipes.
    """
    takers = {cast("IO[bytes]", process.stdout): on_out, cast("IO[bytes]", process.stderr): on_err}
    with selectors.DefaultSelector() as selector:
        for pipe, take in takers.items():
            os.set_blocking(pipe.fileno(), False)
            selector.register(pipe, selectors.EVENT_READ, _Lines(take))
        while selector.get_map():
            is_gone = process.poll() is not None
            ready = selector.select(0 if is_gone else SECONDS_BETWEEN_LOOKS)
            for key, _ in ready:
                if not key.data.feed(os.read(key.fd, 65536)):
                    selector.unregister(key.fileobj)
            if is_gone and not ready:
                break
    for pipe in takers:
        pipe.close()
    return process.wait()


class _Lines:
    """Bytes as they come, cut into lines; an endless line is cut where it gets too long."""

    def __init__(self, take: TakeLine) -> None:
        self._take = take
        self._begun = b""

    def feed(self, data: bytes) -> bool:
        """False when `data` is the end of it."""
        *lines, self._begun = (self._begun + data).split(b"\n")
        for line in lines:
            self._take(line + b"\n")
        if self._begun and (not data or len(self._begun) > MAX_LINE_BYTES):
            self._take(self._begun + b"\n")
            self._begun = b""
        return bool(data)
