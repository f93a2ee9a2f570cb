"""The bytes per second of sound that consists of frames, from the first of them.

For containers that hold MPEG audio, or AC-3 (ETSI TS 102 366, section 4.4.1), without stating how
much of it makes a second.
"""

from library.tags.streams.frame_walk import in_a_row
from library.tags.streams.mpeg_frames import HEADER_BYTES, MPEG, frame
from library.tags.streams.mpeg_tags import stream_tag

FIRST_BYTES = 8 * 1024
"""Enough for the frames that are looked at."""
_MPEG_CODECS = frozenset({"mp1", "mp2", "mp3"})
_FEWEST_FRAMES = 2
_AC3_MARK = b"\x0b\x77"
_AC3_KBPS = (
    *(32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 576, 640),
)


def bytes_per_second(sound: bytes, codec: str) -> int:
    """Of the sound that begins so; 0 if it is unknown."""
    if codec in _MPEG_CODECS:
        return _of_mpeg(sound)
    if codec == "ac3" and sound[:2] == _AC3_MARK and len(sound) > 4:  # noqa: PLR2004
        index = (sound[4] & 0x3F) >> 1
        return _AC3_KBPS[index] * 1000 // 8 if index < len(_AC3_KBPS) else 0
    return 0


def _of_mpeg(sound: bytes) -> int:
    """The average that the tag in the first frame states, else the rate of the first frame."""
    for match in MPEG.sync.finditer(sound):
        at = match.start()
        if in_a_row(sound, at, MPEG, is_end=False) < _FEWEST_FRAMES:
            continue
        first = frame(sound[at : at + HEADER_BYTES])
        if first is None:
            continue
        tag = stream_tag(sound[at:], first)
        if tag is not None and tag.frames:
            return tag.size * first.sample_rate // (tag.frames * first.samples)
        length = first.length or MPEG.length_at(sound, at)
        return first.bitrate // 8 or length * first.sample_rate // first.samples
    return 0
