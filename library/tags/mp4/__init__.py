"""MP4 files, which include M4A, M4B and QuickTime's: boxes in boxes.

- Boxes, samples and fragments: ISO/IEC 14496-12, "ISO base media file format".
- Tags, older boxes and sounds that are only in QuickTime: Apple's "QuickTime File Format".

mutagen's class for MP4 is not used for reading. It refuses a file for one unusual box, loops
endlessly on some broken covers, and knows neither fragments nor most codecs.
"""

from mutagen import FileType

from library.tags.mp4.boxes import Source
from library.tags.mp4.movie import read_movie

__all__ = ["Mp4", "Source", "read_movie"]

_FIRST_BOXES = frozenset({b"ftyp", b"moov", b"mdat", b"wide", b"pnot"})
"""Names of a file's first box. QuickTime's older files have no `ftyp`."""


class Mp4(FileType):
    """Recognises an MP4 file by its first bytes."""

    @staticmethod
    def score(filename: str, fileobj: object, header: bytes) -> int:  # noqa: ARG004
        return 2 if header[4:8] in _FIRST_BOXES else 0
