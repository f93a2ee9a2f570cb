"""Digests of the sound of a file, by which a file is recognised whatever its name and tags.

A digest is made of the audio payload alone: its length, and three windows of it. Tags, pictures and
padding are left out, so that it stays the same when a file is tagged, renamed or copied. Whole
files are not hashed, since that would cost more than everything else that a scan reads.
"""

from collections.abc import Callable
from hashlib import sha256

WINDOW_BYTES = 4 * 1024
DIGITS = 32
"""128 bits. SHA-256 is quicker than BLAKE2 where the processor has instructions for it."""

ReadAt = Callable[[int, int], bytes]
"""The bytes of the file from a start up to an end."""


def digest_of_payload(read: ReadAt, start: int, end: int) -> str:
    """The digest of a payload that lies in the file from `start` up to `end`; empty without any.

    The windows lie at its beginning, in its middle and at its end, and are read in this order.
    """
    size = end - start
    if size <= 0:
        return ""
    if size <= 3 * WINDOW_BYTES:
        return digest_of(size, read(start, end))
    middle = start + (size - WINDOW_BYTES) // 2
    starts = (start, middle, end - WINDOW_BYTES)
    return digest_of(size, *(read(at, at + WINDOW_BYTES) for at in starts))


def digest_of(length: int, *windows: bytes) -> str:
    """The digest of a payload's length, in any unit that its format counts, and of windows."""
    # One call is a quarter faster than one for each window: each would release the interpreter.
    whole = b"".join((str(length).encode(), *windows))
    return sha256(whole).hexdigest()[:DIGITS]
