"""MP3 whose frames begin right after the tags, or at the beginning of the file."""

from library.tags.audio import Audio
from library.tags.ordinary.open_file import NeedsFullReader, OpenFile
from library.tags.streams.frame_walk import FRAMES_IN_A_ROW, in_a_row
from library.tags.streams.mpeg_frames import MPEG
from library.tags.streams.mpeg_stream import is_tagged, read_mpeg_stream

_BEGINNINGS = (b"ID3", b"\xff")
_ENOUGH_BYTES = 8 * 1024
"""Of frames in a row, whatever their bit rate."""


def read_mpeg(file: OpenFile) -> Audio:
    if not file.head.startswith(_BEGINNINGS):
        raise NeedsFullReader
    audio = read_mpeg_stream(file, lambda at: _frames_at(file, at))
    if audio is None:
        raise NeedsFullReader
    return audio


def _frames_at(file: OpenFile, at: int) -> int:
    data = file.read_at_most(at, 256)
    if not is_tagged(data, 0):
        data = file.read_at_most(at, _ENOUGH_BYTES)
        if in_a_row(data, 0, MPEG, is_end=False) < FRAMES_IN_A_ROW:
            raise NeedsFullReader
    return at
