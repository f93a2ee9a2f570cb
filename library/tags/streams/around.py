"""Formats without a place for tags of their own, which stand around the stream: Monkey's Audio,
WavPack, Musepack and True Audio."""

import io
import re
import struct
from typing import Any

from mutagen.monkeysaudio import MonkeysAudioInfo
from mutagen.musepack import MusepackInfo

from library.tags.audio import Audio, Stream
from library.tags.audio_digest import digest_of_payload
from library.tags.bounded_file import BoundedFile
from library.tags.ends import TagsAround, finder
from library.tags.source import FileSource
from library.tags.streams import wavpack

_MONKEYS_AUDIO = re.compile(rb"MAC[ F]")
_WAVPACK = re.compile(rb"wvpk")
_MUSEPACK = re.compile(rb"MPCK|MP\+[\x07\x17\x27]")
_TRUE_AUDIO = re.compile(rb"TTA[12]")
_IS_8_BIT, _IS_24_BIT = 1, 8
_TTA_HEADER = struct.Struct("<4sHHHII")


class _Parts:
    """A file with tags around a stream: where its stream stands, and its tags."""

    def __init__(
        self, file: BoundedFile, mark: re.Pattern[bytes], *, searches: bool = True
    ) -> None:
        self.source = source = FileSource(file)
        self._around = TagsAround(source)
        start = self._around.start_of_stream(finder(source, mark))
        if start is None:
            if searches:
                raise ValueError("the stream was not found")
            start = 0
        self.start, self.end = start, self._around.end_of_stream()
        file.seek(start)

    def audio(self, info: Any, codec: str) -> Audio:
        digest = digest_of_payload(self.source.read_only, self.start, self.end)
        return Audio(info, self._around.merged(), codec, digest)


def read_monkeys_audio(file: BoundedFile) -> Audio:
    parts = _Parts(file, _MONKEYS_AUDIO)
    # The mark of samples in floating point is unknown to mutagen. The header is the same.
    header = b"MAC " + parts.source.read_at_most(parts.start, 128)[4:]
    info: Any = MonkeysAudioInfo(io.BytesIO(header))
    if not info.bits_per_sample:
        info.bits_per_sample = _bits_of_old_monkeys_audio(header)
    return parts.audio(info, "ape")


def _bits_of_old_monkeys_audio(header: bytes) -> int:
    """Before version 3.98 flags state the bit depth, at offset 8 (MACLib, "APEHeader")."""
    (flags,) = struct.unpack_from("<H", header, 8)
    return 8 if flags & _IS_8_BIT else 24 if flags & _IS_24_BIT else 16


def read_wavpack(file: BoundedFile) -> Audio:
    parts = _Parts(file, _WAVPACK)
    return parts.audio(wavpack.stream(parts.source, parts.start, parts.end), "wavpack")


def read_musepack(file: BoundedFile) -> Audio:
    # Stream versions before 7 have no mark.
    parts = _Parts(file, _MUSEPACK, searches=False)
    return parts.audio(MusepackInfo(file), "musepack")


def read_true_audio(file: BoundedFile) -> Audio:
    parts = _Parts(file, _TRUE_AUDIO)
    header = parts.source.read_at_most(parts.start, _TTA_HEADER.size)
    _, _, channels, bits, rate, samples = _TTA_HEADER.unpack(header)
    length = samples / rate if rate else 0.0
    bitrate = round(8 * (parts.end - parts.start) / length) if length else 0
    return parts.audio(Stream(length, bitrate, rate, channels, bits), "tta")
