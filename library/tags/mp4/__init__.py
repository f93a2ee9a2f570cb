"""MP4 files, which include M4A, M4B and QuickTime's: boxes in boxes.

- Boxes, samples and fragments: ISO/IEC 14496-12, "ISO base media file format".
- Tags, older boxes and sounds that are only in QuickTime: Apple's "QuickTime File Format".

mutagen's class for MP4 is not used for reading. It refuses a file for one unusual box, loops
endlessly on some broken covers, and knows neither fragments nor most codecs.
"""

from library.tags.bounded_file import BoundedFile
from library.tags.mp4.boxes import Source
from library.tags.mp4.movie import read_movie

__all__ = ["Source", "read_movie", "score"]

_FIRST_BOXES = frozenset({b"ftyp", b"moov", b"mdat", b"wide", b"pnot"})
"""Names of a file's first box. QuickTime's older files have no `ftyp`."""


def score(_name: str, _file: BoundedFile, beginning: bytes) -> int:
    return 2 * (beginning[4:8] in _FIRST_BOXES)
