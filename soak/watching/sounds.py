"""Audio files of any size, each with a sound of its own, made without an encoder."""

import random
from collections.abc import Mapping
from pathlib import Path

from tests.audio_files import SAMPLES, retag

MP3_HEADER = bytes.fromhex("fffb9044")
"""MPEG 1 layer III, 128 kbit/s, 44,100 Hz, no padding: a frame of 417 bytes."""
FRAME_BYTES = 417
SILENT_SIDE_INFORMATION = bytes(32)
DIFFERENT_FRAMES = 16
WITHOUT_SYNC = bytes(min(each, 0xFE) for each in range(256))
FLAC_MD5 = slice(26, 42)
"""Where the MD5 of the samples is in the block STREAMINFO, which is the first."""
SUFFIXES = (".mp3", ".flac", ".m4a")


def make_sound(path: Path, sound: int, size_bytes: int, tags: Mapping[str, str]) -> None:
    """Write an audio file whose sound differs from that of any other number.

    `size_bytes` is about the size of MP3 files; files of other formats are small.
    """
    path.write_bytes(_CONTENTS[path.suffix](random.Random(sound), size_bytes))
    retag(path, cover=None, **tags)


def _mp3(source: random.Random, size_bytes: int) -> bytes:
    """Frames of silence. Their ancillary data is random, which no player looks at."""
    rest = FRAME_BYTES - len(MP3_HEADER) - len(SILENT_SIDE_INFORMATION)
    frames = b"".join(
        MP3_HEADER + SILENT_SIDE_INFORMATION + source.randbytes(rest).translate(WITHOUT_SYNC)
        for _ in range(DIFFERENT_FRAMES)
    )
    return frames * max(size_bytes // len(frames), 1)


def _flac(source: random.Random, size_bytes: int) -> bytes:  # noqa: ARG001
    content = bytearray(SAMPLES[".flac"].read_bytes())
    content[FLAC_MD5] = source.randbytes(16)
    return bytes(content)


def _m4a(source: random.Random, size_bytes: int) -> bytes:  # noqa: ARG001
    content = SAMPLES[".m4a"].read_bytes()
    start = content.index(b"mdat") + 4
    length = int.from_bytes(content[start - 8 : start - 4]) - 8
    return content[:start] + source.randbytes(length) + content[start + length :]


_CONTENTS = {".mp3": _mp3, ".flac": _flac, ".m4a": _m4a}
