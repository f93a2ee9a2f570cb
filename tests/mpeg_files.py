"""Streams of MPEG and ADTS frames for tests, and the tags around them, byte by byte."""

import random
import struct

from library.tags.streams.mpeg_frames import frame

MPEG_1, MPEG_2, MPEG_2_5 = 0xFB, 0xF3, 0xE3
"""The second byte of a frame header of layer III."""
SECOND_OF_FRAMES = 1152 / 44100
"""The seconds of a frame of MPEG 1, layer III, at 44.1 kHz."""
MONO = 0xC0


def mpeg_frames(*rate_bits: int, second: int = MPEG_1, mode: int = 0x44, rate: int = 0) -> bytes:
    """A frame for each of the indexes of bit rates, with sound that holds no header."""
    random_ = random.Random(len(rate_bits))
    found = []
    for bits in rate_bits:
        header = bytes((0xFF, second, bits << 4 | rate << 2, mode))
        known = frame(header)
        assert known is not None
        assert known.length
        body = random_.randbytes(known.length - len(header) - 32).replace(b"\xff", b"\xfe")
        found.append(header + bytes(32) + body)
    return b"".join(found)


def xing(frames: int, size: int, *, flags: int = 3, bits: int = 9) -> bytes:
    """A frame of MPEG 1 with a Xing tag that states the number of frames and bytes."""
    data = bytearray(mpeg_frames(bits))
    data[4:] = bytes(len(data) - 4)
    tag = b"Xing" + struct.pack(">I", flags)
    tag += struct.pack(">I", frames) if flags & 1 else b""
    tag += struct.pack(">I", size) if flags & 2 else b""
    data[36 : 36 + len(tag)] = tag
    return bytes(data)


def adts_frames(*sizes: int, rate_index: int = 4, channels: int = 2) -> bytes:
    """An ADTS frame of each size in bytes, its header included."""
    found = []
    for size in sizes:
        header = bytes(
            (
                *(0xFF, 0xF1, 0x40 | rate_index << 2 | channels >> 2),
                *((channels & 3) << 6 | size >> 11, size >> 3 & 0xFF, (size & 7) << 5 | 0x1F, 0xFC),
            )
        )
        found.append(header.ljust(size, b"\x21"))
    return b"".join(found)


def synchsafe(number: int) -> bytes:
    return bytes(number >> shift & 0x7F for shift in (21, 14, 7, 0))


def id3v2(*, version: int = 3, footer: bool = False, padding: int = 0, **texts: str) -> bytes:
    """An ID3v2 tag with text frames in Latin-1."""
    body = b""
    for name, text in texts.items():
        data = b"\0" + text.encode("latin-1")
        size = synchsafe(len(data)) if version == 4 else struct.pack(">I", len(data))
        body += name.encode() + size + b"\0\0" + data
    body += bytes(padding)
    rest = bytes((version, 0, 0x10 if footer else 0)) + synchsafe(len(body))
    return b"ID3" + rest + body + (b"3DI" + rest if footer else b"")


def apev2(*, header: bool = True, **items: str) -> bytes:
    body = b"".join(
        struct.pack("<II", len(text.encode()), 0) + name.encode() + b"\0" + text.encode()
        for name, text in items.items()
    )

    def end(flags: int) -> bytes:
        return b"APETAGEX" + struct.pack("<4I", 2000, len(body) + 32, len(items), flags) + bytes(8)

    has_header = 1 << 31 if header else 0
    return (end(has_header | 1 << 29) if header else b"") + body + end(has_header)


def id3v1(title: str = "", artist: str = "") -> bytes:
    fields = title.encode().ljust(30, b"\0") + artist.encode().ljust(30, b"\0")
    return b"TAG" + fields + bytes(64) + b"\xff"


def lyrics3_v2(**fields: str) -> bytes:
    body = b"LYRICSBEGIN" + b"".join(
        name.encode() + b"%05d" % len(text) + text.encode() for name, text in fields.items()
    )
    return body + b"%06d" % len(body) + b"LYRICS200"
