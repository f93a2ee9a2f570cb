"""Reads the output of a child process, line by line, until the process has ended."""

import os
import selectors
from collections.abc import Callable
from subprocess import Popen
from typing import IO, cast

POLL_SECONDS = 0.2
MAX_LINE_BYTES = 1024 * 1024

TakeLine = Callable[[bytes], object]


def follow(process: Popen[bytes], *, on_out: TakeLine, on_err: TakeLine) -> int:
    """Call `on_out` and `on_err` with each line of stdout and stderr, as soon as it arrives.

    Both must be pipes. Returns the exit code of the process once it has ended, even if processes
    that it started still hold the pipes open.
    """
    takers = {cast("IO[bytes]", process.stdout): on_out, cast("IO[bytes]", process.stderr): on_err}
    with selectors.DefaultSelector() as selector:
        for pipe, take in takers.items():
            os.set_blocking(pipe.fileno(), False)
            selector.register(pipe, selectors.EVENT_READ, _Lines(take))
        while selector.get_map():
            is_gone = process.poll() is not None
            ready = selector.select(0 if is_gone else POLL_SECONDS)
            for key, _ in ready:
                if not key.data.feed(os.read(key.fd, 65536)):
                    selector.unregister(key.fileobj)
            if is_gone and not ready:
                break
    for pipe in takers:
        pipe.close()
    return process.wait()


class _Lines:
    """Splits incoming bytes into lines. A line longer than MAX_LINE_BYTES is cut."""

    def __init__(self, take: TakeLine) -> None:
        self._take = take
        self._begun = b""

    def feed(self, data: bytes) -> bool:
        """Take the next bytes; empty `data` means the end. Returns False at the end."""
        *lines, self._begun = (self._begun + data).split(b"\n")
        for line in lines:
            self._take(line + b"\n")
        if self._begun and (not data or len(self._begun) > MAX_LINE_BYTES):
            self._take(self._begun + b"\n")
            self._begun = b""
        return bool(data)
