"""ID3v2 tags before a container that has a place for tags of its own."""

from library.tags.bounded_file import BoundedFile
from library.tags.id3v2 import read_id3v2
from library.tags.native_tags import NativeTags

MAX_TAGS = 8


def tags_before(file: BoundedFile) -> tuple[NativeTags, int]:
    """The ID3v2 tags that the file begins with, as one, and the byte at which they end."""
    tags, at = NativeTags(), 0
    for _ in range(MAX_TAGS):
        found, at = read_id3v2(file, at)
        if found is None:
            break
        tags.fill_from(found)
    return tags, at
