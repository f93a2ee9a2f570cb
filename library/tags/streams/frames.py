"""The bit rate of sound that consists of frames, from the first of them.

For containers that hold MPEG audio (ISO 11172-3, section 2.4.2.3) or AC-3 (ETSI TS 102 366, section
4.4.1) without stating how much of it makes a second.
"""

import io
from typing import Any

from mutagen.mp3 import HeaderNotFoundError, MPEGInfo

FRAME_BYTES = 8 * 1024
"""Enough for the frames that are looked at."""
_MPEG = frozenset({"mp1", "mp2", "mp3"})
_AC3_MARK = b"\x0b\x77"
_AC3_KBPS = (
    *(32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 576, 640),
)


def bytes_per_second(sound: bytes, codec: str) -> int:
    """Of the sound that begins so; 0 if it is unknown."""
    if codec in _MPEG:
        try:
            info: Any = MPEGInfo(io.BytesIO(sound))
        except HeaderNotFoundError:
            return 0
        return int(info.bitrate) // 8
    if codec == "ac3" and sound[:2] == _AC3_MARK and len(sound) > 4:  # noqa: PLR2004
        index = (sound[4] & 0x3F) >> 1
        return _AC3_KBPS[index] * 1000 // 8 if index < len(_AC3_KBPS) else 0
    return 0
