"""FLAC files that begin with the marker of FLAC."""

from library.tags.audio import Audio
from library.tags.ordinary.open_file import NeedsFullReader, OpenFile
from library.tags.streams.flac import read_stream
from library.tags.streams.flac_metadata import MARKER


def read_flac(file: OpenFile) -> Audio:
    if not file.head.startswith(MARKER):
        raise NeedsFullReader
    return read_stream(file)
