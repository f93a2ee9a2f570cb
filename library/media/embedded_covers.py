"""Pictures out of audio files that are open, read by a process with bounded memory.

What reads tags may need many times a damaged file's size. In a process of its own that costs no
more than a scan's readers may have, and a crash costs one cover.
"""

import errno
import os
import socket
import subprocess
import sys
from contextlib import suppress
from io import FileIO
from pathlib import Path
from threading import Lock

from django.conf import settings

from library.tags import cover_process
from library.tags.cover_process import Answer
from library.tags.reader import UnreadableAudio

ANSWERS_WITHIN_S = 9.0
HELD_UP_AFTER_S = 0.5
"""Then another cover of the same disk is read by a second process."""
BUSY_SHARE = 0.1
"""A reader that computed for this part of the time is held up by the file, not by the disk. An
ordinary picture takes hundredths of a second; a busy machine leaves a reader little of its time."""
DIED = "The audio file cannot be read: the process that reads tags died on it."
ENDLESS = "The audio file cannot be read: the process that reads tags did not come to an end."


class ReaderFailed(Exception):
    """The process that reads tags died on the file or computed without end, and would again."""


class EmbeddedCovers:
    """Those of one disk. No more than two are read at once (`library.covers.making`), and the
    second process is used only while the first is held up."""

    def __init__(self) -> None:
        self._readers = (_Reader(), _Reader())

    def read(self, file: FileIO, suffix: str) -> bytes | None:
        """The picture in `file`, None where there is none; `suffix` is that of its name.

        Raises UnreadableAudio, ReaderFailed, and OSError as the disk or its mount gives it. Blocks.
        """
        first, second = self._readers
        reader = first if first.lock.acquire(timeout=HELD_UP_AFTER_S) else second
        if reader is second:
            second.lock.acquire()
        try:
            return reader.read(file, suffix)
        finally:
            reader.lock.release()


class _Reader:
    """A process, which is started when it is wanted and ends when it is not. Whoever reads by it
    holds `lock`."""

    def __init__(self) -> None:
        self.lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: socket.socket | None = None

    def read(self, file: FileIO, suffix: str) -> bytes | None:
        """As `EmbeddedCovers.read`."""
        answer = self._asked(file, suffix)
        if answer.kind == cover_process.UNREADABLE:
            raise UnreadableAudio(answer.content.decode())
        if answer.kind == cover_process.DISK_FAILED:
            raise OSError(answer.error_number, os.strerror(answer.error_number))
        return answer.content or None

    def _asked(self, file: FileIO, suffix: str) -> Answer:
        for is_again in (False, True):
            connection = self._connection or self._start()
            computed_s = self._computed_s()
            try:
                message = cover_process.request(suffix)
                socket.send_fds(connection, [message], [file.fileno()])
                return cover_process.receive_answer(connection)
            except TimeoutError:
                is_busy = self._computed_s() - computed_s > ANSWERS_WITHIN_S * BUSY_SHARE
                self._end()
                if is_busy:
                    raise ReaderFailed(ENDLESS) from None
                raise OSError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT)) from None
            except (EOFError, ConnectionError):
                self._end()  # it had nothing to do for a while and ended, or died on this file
                if is_again:
                    raise ReaderFailed(DIED) from None
        raise AssertionError

    def _start(self) -> socket.socket:
        own, childs = socket.socketpair()
        own.settimeout(ANSWERS_WITHIN_S)
        with childs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", cover_process.__name__, str(childs.fileno())],
                cwd=settings.PROJECT_DIR,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[childs.fileno()],
            )
        self._connection = own
        return own

    def _computed_s(self) -> float:
        """How long the process has computed so far; 0 where the system does not tell (macOS)."""
        if self._process is None:
            return 0.0
        with suppress(OSError, ValueError, IndexError):
            # proc(5): after the name, which ends at the last bracket, utime is the 12th field.
            fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
            return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        return 0.0

    def _end(self) -> None:
        if self._connection is not None:
            self._connection.close()
        if self._process is not None:
            self._process.kill()
            # One that waits for a disk that hangs cannot be ended; Python collects it later.
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(0.1)
        self._connection = self._process = None


_by_root: dict[str, EmbeddedCovers] = {}


def embedded_covers_of(root: str) -> EmbeddedCovers:
    """For files of the music folder `root`."""
    return _by_root.setdefault(root, EmbeddedCovers())
