"""Reads embedded pictures and lyrics from open audio files, in processes with limited memory.

Reading the tags of a damaged file may take many times the file's size in memory. In a separate
process the memory is limited, as for the reader processes of scans, and a crash costs one answer.
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

from library.tags import embedded_process
from library.tags.embedded_process import Answer
from library.tags.reader import UnreadableAudio

ANSWERS_WITHIN_S = 9.0
SECOND_READER_AFTER_S = 0.5
"""How long a request waits for the first process before it uses the second one."""
COMPUTING_SHARE = 0.1
"""When a reader times out: if it used more than this share of the time for computing, the file is
to blame, not the disk. The share is low because a reader gets little time on a busy machine; an
ordinary picture takes hundredths of a second."""
DIED = "The audio file cannot be read: the process that reads tags died on it."
ENDLESS = "The audio file cannot be read: the process that reads tags did not come to an end."


class ReaderFailed(Exception):
    """The reader process crashed on this file or did not finish; it would do so again."""


class EmbeddedReaders:
    """Reads what is embedded in the files of one disk, with up to two processes.

    `library.covers.making` reads at most two pictures of a disk at once. The second process is used
    only while the first is busy for longer than usual.
    """

    def __init__(self) -> None:
        self._readers = (_Reader(), _Reader())

    def read(self, wanted: bytes, file: FileIO, suffix: str, number: int = 0) -> bytes | None:
        """The PICTURE or LYRICS of `file`, as `embedded_process` answers, or None without any.

        `suffix` is the suffix of the file's name. `number` is that of the picture: 0 is the cover.

        Raises UnreadableAudio, ReaderFailed, and OSError if the disk or its mount fails. Blocks.
        """
        first, second = self._readers
        reader = first if first.lock.acquire(timeout=SECOND_READER_AFTER_S) else second
        if reader is second:
            second.lock.acquire()
        try:
            return reader.read(wanted, file, suffix, number)
        finally:
            reader.lock.release()


class _Reader:
    """One reader process, started when needed; it ends by itself when idle.

    The caller of `read` must hold `lock`.
    """

    def __init__(self) -> None:
        self.lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: socket.socket | None = None

    def read(self, wanted: bytes, file: FileIO, suffix: str, number: int = 0) -> bytes | None:
        """See `EmbeddedReaders.read`."""
        answer = self._request(embedded_process.request(wanted, suffix, number), file)
        if answer.kind == embedded_process.UNREADABLE:
            raise UnreadableAudio(answer.content.decode())
        if answer.kind == embedded_process.DISK_FAILED:
            raise OSError(answer.error_number, os.strerror(answer.error_number))
        return answer.content or None

    def _request(self, message: bytes, file: FileIO) -> Answer:
        for is_retry in (False, True):
            connection = self._connection or self._start()
            computed_s = self._computed_s()
            try:
                socket.send_fds(connection, [message], [file.fileno()])
                return embedded_process.receive_answer(connection)
            except TimeoutError:
                is_busy = self._computed_s() - computed_s > ANSWERS_WITHIN_S * COMPUTING_SHARE
                self._end()
                if is_busy:
                    raise ReaderFailed(ENDLESS) from None
                raise OSError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT)) from None
            except (EOFError, ConnectionError):
                # The process ended because it was idle, or crashed on this file: a second attempt
                # with a new process tells which.
                self._end()
                if is_retry:
                    raise ReaderFailed(DIED) from None
        raise AssertionError

    def _start(self) -> socket.socket:
        own, childs = socket.socketpair()
        own.settimeout(ANSWERS_WITHIN_S)
        with childs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", embedded_process.__name__, str(childs.fileno())],
                cwd=settings.PROJECT_DIR,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[childs.fileno()],
            )
        self._connection = own
        return own

    def _computed_s(self) -> float:
        """Processor time of the process in seconds; 0 if there is no /proc (macOS)."""
        if self._process is None:
            return 0.0
        with suppress(OSError, ValueError, IndexError):
            # proc(5): the name is in brackets; of the fields after it, 12 and 13 are utime and
            # stime.
            fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
            return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        return 0.0

    def _end(self) -> None:
        if self._connection is not None:
            self._connection.close()
        if self._process is not None:
            self._process.kill()
            # A process that waits for a hanging disk does not die yet; Python reaps it later.
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(0.1)
        self._connection = self._process = None


_by_root: dict[str, EmbeddedReaders] = {}


def embedded_readers_of(root: str) -> EmbeddedReaders:
    """The reader for files of the music folder `root`."""
    return _by_root.setdefault(root, EmbeddedReaders())
