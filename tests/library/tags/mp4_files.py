"""MP4 files made byte by byte, of kinds that no program here writes."""

import shutil
import struct
from pathlib import Path

import pytest

from library.tags.reader import read_fully, read_quickly
from library.tags.track_tags import TrackTags

RATE = 44_100
ASC_STEREO = bytes.fromhex("1210")  # AAC-LC, 44.1 kHz, 2 channels
SOUND = bytes(range(256)) * 100
UNKNOWN = 0xFFFF_FFFF


def box(name: bytes | str, *parts: bytes) -> bytes:
    body = b"".join(parts)
    name = name.encode("latin-1") if isinstance(name, str) else name
    return struct.pack(">I4s", 8 + len(body), name) + body


def full_box(name: bytes, *parts: bytes, version: int = 0, flags: int = 0) -> bytes:
    return box(name, struct.pack(">I", version << 24 | flags), *parts)


def numbers(*values: int) -> bytes:
    return struct.pack(f">{len(values)}I", *values)


def header(name: bytes, scale: int, length: int, *, is_long: bool = False) -> bytes:
    """`mvhd` or `mdhd`."""
    times = struct.pack(">QQIQ" if is_long else ">IIII", 0, 0, scale, length)
    return full_box(name, times, bytes(80 if name == b"mvhd" else 4), version=int(is_long))


def esds(config: bytes | None = ASC_STEREO, object_type: int = 0x40, bitrate: int = 0) -> bytes:
    specific = b"" if config is None else bytes([5, len(config)]) + config
    decoder = bytes([object_type, 0x15, 0, 0, 0]) + numbers(0, bitrate) + specific
    decoder = bytes([4, 0x80, 0x80, 0x80, len(decoder)]) + decoder
    whole = b"\0\1\0" + decoder + b"\6\1\2"
    return full_box(b"esds", bytes([3, 0x80, 0x80, 0x80, len(whole)]) + whole)


def entry(
    name: bytes = b"mp4a",
    *parts: bytes,
    channels: int = 2,
    bits: int = 16,
    rate: int = RATE,
    version: int = 0,
    added: bytes = b"",
) -> bytes:
    """`stsd` with one sample entry, with these boxes in it."""
    fields = struct.pack(">6xHHHIHHHHI", 1, version, 0, 0, channels, bits, 0, 0, rate << 16)
    return full_box(b"stsd", numbers(1), box(name, fields, added, *parts))


def aac(config: str, rate: int = RATE) -> bytes:
    """`stsd` of AAC with this configuration, in hexadecimal digits."""
    return entry(b"mp4a", esds(bytes.fromhex(config)), rate=rate)


def track(
    description: bytes | None = None,
    *parts: bytes,
    length: int = 10 * RATE,
    scale: int = RATE,
    samples: tuple[int, int] | None = (441, 1000),
    is_long: bool = False,
    handler: bytes = b"soun",
    number: int = 1,
    sizes: bytes = b"",
) -> bytes:
    """`trak`. `samples`: how many there are, and the length of each. `parts` follow at its end."""
    description = entry(b"mp4a", esds()) if description is None else description
    times = full_box(b"stts", numbers(1, *samples) if samples else numbers(0))
    tables = box(b"stbl", description, times, sizes)
    media = box(
        b"mdia",
        header(b"mdhd", scale, length, is_long=is_long),
        full_box(b"hdlr", bytes(4) + handler + bytes(13)),
        box(b"minf", tables),
    )
    return box(b"trak", full_box(b"tkhd", numbers(0, 0, number, 0, 0), bytes(60)), media, *parts)


def movie(*parts: bytes, scale: int = 1000, length: int = 0) -> bytes:
    return box(b"moov", header(b"mvhd", scale, length), *parts)


def mp4(*boxes: bytes) -> bytes:
    return box(b"ftyp", b"M4A \0\0\0\0") + b"".join(boxes)


def item(name: str, *values: bytes, kind: int = 1) -> bytes:
    return box(name, *(box(b"data", numbers(kind, 0), value) for value in values))


def meta(*parts: bytes, is_full: bool = True, handler: bytes = b"mdir") -> bytes:
    """`meta`; a full box as in MP4, or none as in QuickTime."""
    described = full_box(b"hdlr", bytes(4) + handler + bytes(13))
    return box(b"meta", bytes(4 if is_full else 0), described, *parts)


def keys(*names: str) -> bytes:
    held = (box(b"mdta", name.encode()) for name in names)
    return full_box(b"keys", numbers(len(names)), *held)


def tagged(*items: bytes) -> bytes:
    """`udta` with these items, as iTunes writes them."""
    return box(b"udta", meta(box(b"ilst", *items)))


def quicktime_text(name: str, text: bytes, language: int = 0x55C4) -> bytes:
    return box(name, struct.pack(">HH", len(text), language), text)


def fragment(
    *runs: bytes, number: int = 1, default: int | None = None, base: bool = False
) -> bytes:
    """`moof` with one `traf`."""
    flags = (0x8 if default is not None else 0) | (0x3 if base else 0)
    fields = bytes(12 if base else 0) + (b"" if default is None else numbers(default))
    described = full_box(b"tfhd", numbers(number), fields, flags=flags)
    return box(b"moof", full_box(b"mfhd", numbers(1)), box(b"traf", described, *runs))


def run(*lengths: int, count: int = 0, other_fields: bool = False) -> bytes:
    """`trun`: with the `lengths` of samples, or with `count` samples of the default length."""
    if not lengths:
        return full_box(b"trun", numbers(count))
    if not other_fields:
        return full_box(b"trun", numbers(len(lengths), *lengths), flags=0x100)
    held = b"".join(numbers(length, 7, 0, 0) for length in lengths)
    return full_box(b"trun", numbers(len(lengths), 0, 0), held, flags=0xF05)


def segments(
    *lengths: int, scale: int = RATE, number: int = 1, is_long: bool = False, to_index: bool = False
) -> bytes:
    """`sidx`."""
    start = bytes(16 if is_long else 8)
    held = b"".join(numbers(1000 | to_index << 31, length, 0) for length in lengths)
    counted = numbers(number, scale) + start + struct.pack(">HH", 0, len(lengths)) + held
    return full_box(b"sidx", counted, version=int(is_long))


def extends(*, total: int = 0, default: int = 0, is_long: bool = False, number: int = 1) -> bytes:
    """`mvex`, with `mehd` if a `total` is given."""
    length = struct.pack(">Q" if is_long else ">I", total)
    stated = full_box(b"mehd", length, version=int(is_long)) if total else b""
    return box(b"mvex", stated, full_box(b"trex", numbers(number, 1, default, 0, 0)))


def edits(*entries: tuple[int, int], is_long: bool = False, speed: int = 1 << 16) -> bytes:
    """`edts`: of each edit the length in the movie's units, and where in the media it begins."""
    held = (struct.pack(">QqI" if is_long else ">IiI", *each, speed) for each in entries)
    table = full_box(b"elst", numbers(len(entries)), *held, version=int(is_long))
    return box(b"edts", table)


def edited_track(*entries: tuple[int, int], is_long: bool = False, speed: int = 1 << 16) -> bytes:
    return track(None, edits(*entries, is_long=is_long, speed=speed))


MDAT = box(b"mdat", SOUND)
TITLE = item("\xa9nam", b"Title")


def read_alike(path: Path, *boxes: bytes) -> TrackTags:
    """The tags of a file of these boxes, which both readers have to find."""
    path.write_bytes(mp4(*boxes))
    tags = read_fully(str(path))
    assert read_quickly(str(path)) == tags
    return tags


needs_ffmpeg = pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is not installed")
