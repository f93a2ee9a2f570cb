"""Tags that do not belong to a format but stand before or behind a stream of it: ID3v2, APEv2 and
ID3v1 around FLAC and Ogg, as Exact Audio Copy and Grip write them."""

import re

from library.tags.bounded_file import BoundedFile
from library.tags.ends import TagsAround, finder
from library.tags.native_tags import NativeTags
from library.tags.source import FileSource, Source

TAIL_BYTES = 16 * 1024
"""How many of a file's last bytes are searched for an ID3v2 tag without a footer."""


def find_stream(file: BoundedFile, mark: re.Pattern[bytes]) -> tuple[NativeTags, int | None]:
    """The tags before a stream that begins with `mark`, and where it begins; None if there is no
    stream."""
    source = FileSource(file)
    around = TagsAround(source)
    start = around.start_of_stream(finder(source, mark))
    return around.merged(), start


def tags_behind(source: Source) -> tuple[NativeTags, int]:
    """The tags at the end of a file, and where the first of them begins."""
    around = TagsAround(source, TAIL_BYTES)
    end = around.end_of_stream()
    return around.merged(), end
