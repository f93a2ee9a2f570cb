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
from threading import Lock

from django.conf import settings

from library.tags import cover_process
from library.tags.cover_process import Answer
from library.tags.reader import UnreadableAudio

ANSWERS_WITHIN_S = 9.0
DIED = "The process that reads tags died on this file."


class EmbeddedCovers:
    """Those of one disk. Its process is started when it is wanted and ends when it is not."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: socket.socket | None = None

    def read(self, file: FileIO, suffix: str) -> bytes | None:
        """The picture in `file`, None where there is none; `suffix` is that of its name.

        Raises UnreadableAudio, and OSError as the disk or its mount gives it. Blocks.
        """
        with self._lock:
            answer = self._asked(file, suffix)
        if answer.kind == cover_process.UNREADABLE:
            raise UnreadableAudio(answer.content.decode())
        if answer.kind == cover_process.DISK_FAILED:
            raise OSError(answer.error_number, os.strerror(answer.error_number))
        return answer.content or None

    def _asked(self, file: FileIO, suffix: str) -> Answer:
        for is_again in (False, True):
            connection = self._connection or self._start()
            try:
                message = cover_process.request(suffix)
                socket.send_fds(connection, [message], [file.fileno()])
                return cover_process.receive_answer(connection)
            except TimeoutError:
                self._end()
                raise OSError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT)) from None
            except (EOFError, ConnectionError):
                self._end()  # it had nothing to do for a while and ended, or died on this file
                if is_again:
                    raise UnreadableAudio(DIED) from None
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
