"""Ogg files that begin with the first page of a stream."""

from library.tags.audio import Audio
from library.tags.ordinary.open_file import NeedsFullReader, OpenFile
from library.tags.streams.ogg import read_stream
from library.tags.streams.ogg_pages import CAPTURE


def read_ogg(file: OpenFile) -> Audio:
    if not file.head.startswith(CAPTURE):
        raise NeedsFullReader
    return read_stream(file)
