"""Ogg files that begin with the first page of a stream."""

from library.tags.audio import Audio
from library.tags.ordinary.open_file import NeedsFullReader, OpenFile
from library.tags.streams.ogg import FIRST_PAGE, read_stream


def read_ogg(file: OpenFile) -> Audio:
    if FIRST_PAGE.match(file.head) is None:
        raise NeedsFullReader
    return read_stream(file)
