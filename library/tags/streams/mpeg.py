"""MPEG audio, layers I to III, and AAC in ADTS: a stream of frames with tags around it."""

from typing import Any

from mutagen.aac import AACInfo
from mutagen.mp3 import HeaderNotFoundError, MPEGInfo

from library.tags.audio import Audio
from library.tags.bounded_file import BoundedFile
from library.tags.ends import tags_at_the_ends
from library.tags.id3v2 import HEADER_SIZE


def read_mpeg(file: BoundedFile) -> Audio:
    tags, start = tags_at_the_ends(file)
    try:
        info = _mpeg_info(file, start)
    except HeaderNotFoundError:
        if not start:
            raise
        # The tag states a greater length than it has: look for the stream inside.
        info = _mpeg_info(file, HEADER_SIZE)
    return Audio(info, tags, f"mp{info.layer}")


def _mpeg_info(file: BoundedFile, start: int) -> Any:
    """The description of an MPEG stream. Raises HeaderNotFoundError if there is none.

    If mutagen finds only few frames in a row ("sketchy"), these may be random bytes. They are
    accepted only at the very start of the stream.
    """
    info: Any = MPEGInfo(file, start)
    if info.sketchy:
        file.seek(start)
        first = file.read(2)
        if len(first) < 2 or first[0] != 0xFF or first[1] < 0xE0:  # noqa: PLR2004
            raise HeaderNotFoundError("can't sync to MPEG frame")
    return info


def read_adts(file: BoundedFile) -> Audio:
    tags, _ = tags_at_the_ends(file)
    file.seek(0)  # mutagen skips an ID3 tag itself
    info: Any = AACInfo(file)
    return Audio(info, tags, "aac")
