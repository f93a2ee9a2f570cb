"""A quick reader for files with the usual structure of their format: nearly all of a library.

Each module reads one format. The text of tags goes through the same code as in the readers of
`formats`, and the result is exactly theirs. A file with another structure raises `NeedsFullReader`;
the readers of `formats` then read the file from its beginning.
"""

from collections.abc import Callable

from library.tags.audio import Audio
from library.tags.ordinary.flac import read_flac
from library.tags.ordinary.mp4 import read_mp4
from library.tags.ordinary.mpeg import read_mpeg
from library.tags.ordinary.ogg import read_ogg
from library.tags.ordinary.open_file import NeedsFullReader, OpenFile

__all__ = ["NeedsFullReader", "OpenFile", "read_ordinary"]

_READERS: dict[str, Callable[[OpenFile], Audio]] = {
    ".mp3": read_mpeg,
    ".flac": read_flac,
    ".m4a": read_mp4,
    ".m4b": read_mp4,
    ".mp4": read_mp4,
    ".ogg": read_ogg,
    ".oga": read_ogg,
    ".opus": read_ogg,
    ".spx": read_ogg,
}


def read_ordinary(file: OpenFile, path: str) -> Audio:
    """The file's audio and tags. Raises NeedsFullReader; a damaged file may raise anything."""
    reader = _READERS.get(path[path.rfind(".") :].lower())
    if reader is None:
        raise NeedsFullReader
    return reader(file)
