"""Formats without a place for tags of their own, which stand around the stream: Monkey's Audio,
WavPack, Musepack and True Audio."""

from typing import Any

from mutagen.monkeysaudio import MonkeysAudioInfo
from mutagen.musepack import MusepackInfo
from mutagen.trueaudio import TrueAudioInfo
from mutagen.wavpack import WavPackInfo

from library.tags.audio import Audio
from library.tags.bounded_file import BoundedFile
from library.tags.ends import tags_at_the_ends


def read_monkeys_audio(file: BoundedFile) -> Audio:
    tags, start = tags_at_the_ends(file)
    file.seek(start)
    return Audio(MonkeysAudioInfo(file), tags, "ape")


def read_wavpack(file: BoundedFile) -> Audio:
    tags, start = tags_at_the_ends(file)
    file.seek(start)
    info: Any = WavPackInfo(file)  # type: ignore[no-untyped-call]
    return Audio(info, tags, "wavpack")


def read_musepack(file: BoundedFile) -> Audio:
    tags, _ = tags_at_the_ends(file)
    file.seek(0)  # mutagen skips an ID3 tag itself
    return Audio(MusepackInfo(file), tags, "musepack")


def read_true_audio(file: BoundedFile) -> Audio:
    tags, start = tags_at_the_ends(file)
    file.seek(start)
    return Audio(_true_audio_info(file, start), tags, "tta")


def _true_audio_info(file: BoundedFile, start: int) -> Any:
    """mutagen's description, with the number of channels, which mutagen leaves out: the two bytes
    at offset 6 ("TTA1 format description")."""
    info: Any = TrueAudioInfo(file, start)
    file.seek(start + 6)
    info.channels = int.from_bytes(file.read(2), "little")
    return info
