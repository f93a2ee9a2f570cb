"""Tags around the stream, for formats without a place for tags: ID3v2 before the stream, APEv2 and
ID3v1 after it."""

import os
from typing import BinaryIO

from library.tags.apev2 import FOOTER_SIZE, read_apev2
from library.tags.id3_values import read_id3v1
from library.tags.id3v2 import read_id3v2
from library.tags.native_tags import NativeTags

ID3V1_SIZE = 128


def tags_at_the_ends(file: BinaryIO) -> tuple[NativeTags, int]:
    """The tags around a stream, and the byte at which the stream starts.

    Of the same field in several tags, ID3v2 comes first, then APEv2, which often adds ReplayGain.
    ID3v1 comes last, because it cuts texts off.
    """
    tags, start = read_id3v2(file)
    if tags is None:
        tags = NativeTags()
    for further in _tags_after_the_stream(file):
        if further is not None:
            tags.fill_from(further)
    return tags, start


def _tags_after_the_stream(file: BinaryIO) -> tuple[NativeTags | None, NativeTags | None]:
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - ID3V1_SIZE - FOOTER_SIZE))
    tail = file.read(ID3V1_SIZE + FOOTER_SIZE)
    id3v1 = read_id3v1(tail)
    if id3v1 is not None:
        tail, size = tail[:-ID3V1_SIZE], size - ID3V1_SIZE
    return read_apev2(file, tail[-FOOTER_SIZE:], size), id3v1
