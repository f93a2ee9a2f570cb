"""Texts in ID3v2 frames: a byte for the encoding, then strings that NULs end (section 4)."""

from library.tags import decoding

DECODERS = (decoding.latin1, decoding.utf16, decoding.utf16_be, decoding.utf8)
"""By the byte for the encoding."""
TERMINATORS = (b"\0", b"\0\0", b"\0\0", b"\0")


def after_terminator(data: bytes, start: int, terminator: bytes) -> int:
    at = data.find(terminator, start)
    while at != -1 and (at - start) % len(terminator):
        at = data.find(terminator, at + 1)
    return len(data) if at == -1 else at + len(terminator)
