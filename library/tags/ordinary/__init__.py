"""Ordinary files, read quickly: what nearly all files of a library are.

Each module reads one format, as far as it is written the way everybody writes it, and takes the
text of the tags through the same code as the readers of `formats`. It gives exactly what those
give, or raises `Extraordinary`; then they read the file from its beginning.
"""

from collections.abc import Callable

from library.tags.formats import Audio
from library.tags.ordinary.flac import read_flac
from library.tags.ordinary.mp4 import read_mp4
from library.tags.ordinary.mpeg import read_mpeg
from library.tags.ordinary.ogg import read_opus, read_vorbis
from library.tags.ordinary.opened import Extraordinary, Opened

__all__ = ["Extraordinary", "Opened", "read_ordinary"]

_READERS: dict[str, Callable[[Opened], Audio]] = {
    ".mp3": read_mpeg,
    ".flac": read_flac,
    ".m4a": read_mp4,
    ".m4b": read_mp4,
    ".mp4": read_mp4,
    ".ogg": read_vorbis,
    ".oga": read_vorbis,
    ".opus": read_opus,
}


def read_ordinary(file: Opened, path: str) -> Audio:
    """What is in the file. Raises Extraordinary, or whatever a damaged file brings about."""
    reader = _READERS.get(path[path.rfind(".") :].lower())
    if reader is None:
        raise Extraordinary
    return reader(file)
