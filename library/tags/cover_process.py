"""A process that takes pictures out of audio files, with no more memory than a reader of tags has.

`python -m library.tags.cover_process N`: over the socket with descriptor N come the descriptors of
open files, one with each request; see `Request` and `Answer`. The process ends when the socket is
closed, or nothing was asked for a while.
"""

import os
import socket
import struct
import sys
from typing import NamedTuple

from library.tags.reader import UnreadableAudio, read_embedded_cover
from library.workers import processes as worker_processes

IDLE_S = 60.0
SUFFIX_BYTES = 16
"""The longest suffix of an audio file has five."""
PICTURE, NO_PICTURE, UNREADABLE, DISK_FAILED = range(4)
HEADER = struct.Struct(">BiQ")


class Answer(NamedTuple):
    """`content` is a picture, or why there is none; `error_number` is the disk's, as in `errno`."""

    kind: int
    error_number: int = 0
    content: bytes = b""


def request(suffix: str) -> bytes:
    """What is sent beside the descriptor."""
    encoded = os.fsencode(suffix)
    return (encoded if len(encoded) <= SUFFIX_BYTES else b"").ljust(SUFFIX_BYTES, b"\0")


def send_answer(connection: socket.socket, answer: Answer) -> None:
    header = HEADER.pack(answer.kind, answer.error_number, len(answer.content))
    connection.sendall(header + answer.content)


def receive_answer(connection: socket.socket) -> Answer:
    """Raises EOFError when the process is gone, TimeoutError as the socket's timeout says."""
    kind, error_number, size = HEADER.unpack(_received(connection, HEADER.size))
    return Answer(kind, error_number, _received(connection, size))


def _received(connection: socket.socket, size: int) -> bytes:
    parts: list[bytes] = []
    while size:
        part = connection.recv(min(size, 1 << 20))
        if not part:
            raise EOFError
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


def _answer(file: int, suffix: str) -> Answer:
    try:
        picture = read_embedded_cover(file, suffix)
    except UnreadableAudio as error:
        return Answer(UNREADABLE, content=str(error).encode(errors="replace"))
    except OSError as error:
        return Answer(DISK_FAILED, error.errno or 0)
    return Answer(PICTURE, content=picture) if picture else Answer(NO_PICTURE)


def main() -> None:
    worker_processes.begin(worker_processes.niceness())
    connection = socket.socket(fileno=int(sys.argv[1]))
    connection.settimeout(IDLE_S)
    while True:
        try:
            said, files, _, _ = socket.recv_fds(connection, SUFFIX_BYTES, 1)
        except TimeoutError:
            return
        if not said or not files:
            return
        send_answer(connection, _answer(files[0], os.fsdecode(said.rstrip(b"\0"))))


if __name__ == "__main__":
    main()
