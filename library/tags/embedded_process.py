"""A process that reads embedded pictures and lyrics, with the memory limit of a tag reader.

`python -m library.tags.embedded_process N`: N is the descriptor of a socket. Each message on the
socket (see `request`) comes with the descriptor of an open file, and is answered with an `Answer`.
The process ends when the socket is closed, or after IDLE_S without a request.
"""

import json
import os
import socket
import struct
import sys
from typing import NamedTuple

from library.tags.native_tags import NativeLyrics
from library.tags.reader import (
    UnreadableAudio,
    read_embedded_cover,
    read_embedded_covers,
    read_embedded_lyrics,
)
from library.workers import processes as worker_processes

IDLE_S = 60.0
SUFFIX_BYTES = 16
"""The size of a suffix padded with NULs. Suffixes of audio files have at most five bytes."""
REQUEST_BYTES = 2 + SUFFIX_BYTES
PICTURE, LYRICS = b"p", b"l"
"""What is asked for: a picture as it is, or the lyrics as `lyrics_of` returns them."""
MAX_LYRICS, MAX_LYRICS_LENGTH = 20, 1_000_000
"""How many lyrics of a file are answered, and how many characters of each."""
FOUND, NOTHING, UNREADABLE, DISK_FAILED = range(4)
HEADER = struct.Struct(">BiQ")


class Answer(NamedTuple):
    """`kind`: one of the constants above. `content`: what was asked for, or the reason if the
    file is unreadable. `error_number`: the `errno` if the disk failed."""

    kind: int
    error_number: int = 0
    content: bytes = b""


def request(wanted: bytes, suffix: str, number: int = 0) -> bytes:
    """The message to send together with the file's descriptor: PICTURE or LYRICS, the number of the
    picture, of which 0 is the cover, and the suffix of the file's name."""
    encoded = os.fsencode(suffix)
    return (
        wanted
        + bytes([number])
        + (encoded if len(encoded) <= SUFFIX_BYTES else b"").ljust(SUFFIX_BYTES, b"\0")
    )


def send_answer(connection: socket.socket, answer: Answer) -> None:
    header = HEADER.pack(answer.kind, answer.error_number, len(answer.content))
    connection.sendall(header + answer.content)


def receive_answer(connection: socket.socket) -> Answer:
    """Wait for the answer. Raises EOFError if the process has ended, and TimeoutError after the
    socket's timeout."""
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


def lyrics_of(content: bytes) -> list[NativeLyrics]:
    """The lyrics in the content of an answer."""
    return [NativeLyrics(*each) for each in json.loads(content)] if content else []


def _answer(wanted: bytes, number: int, file: int, suffix: str) -> Answer:
    try:
        content = _content(wanted, number, file, suffix)
    except UnreadableAudio as error:
        return Answer(UNREADABLE, content=str(error).encode(errors="replace"))
    except OSError as error:
        return Answer(DISK_FAILED, error.errno or 0)
    return Answer(FOUND, content=content) if content else Answer(NOTHING)


def _content(wanted: bytes, number: int, file: int, suffix: str) -> bytes | None:
    if wanted == LYRICS:
        lyrics = read_embedded_lyrics(file, suffix)[:MAX_LYRICS]
        return json.dumps(
            [(each.language, each.text[:MAX_LYRICS_LENGTH]) for each in lyrics]
        ).encode()
    if number:
        others = read_embedded_covers(file, suffix)[number:]
        return others[0] if others else None
    return read_embedded_cover(file, suffix)


def main() -> None:
    worker_processes.begin(worker_processes.niceness())
    connection = socket.socket(fileno=int(sys.argv[1]))
    connection.settimeout(IDLE_S)
    while True:
        try:
            said, files, _, _ = socket.recv_fds(connection, REQUEST_BYTES, 1)
        except TimeoutError:
            return
        if not said or not files:
            return
        suffix = os.fsdecode(said[2:].rstrip(b"\0"))
        send_answer(connection, _answer(said[:1], said[1], files[0], suffix))


if __name__ == "__main__":
    main()
