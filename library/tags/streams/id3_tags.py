"""ID3v2 tags before a container that has a place for tags of its own, and in its chunks."""

from library.tags.bounded_file import BoundedFile
from library.tags.id3v2 import read_id3v2
from library.tags.native_tags import NativeTags

MAX_TAGS = 8
"""Of each kind. A damaged file may seem to have thousands, each as long as the whole file."""


def tags_before(file: BoundedFile) -> tuple[NativeTags, int]:
    """The ID3v2 tags that the file begins with, as one, and the byte at which they end."""
    tags, at = NativeTags(), 0
    for _ in range(MAX_TAGS):
        found, at = read_id3v2(file, at)
        if found is None:
            break
        tags.fill_from(found)
    return tags, at


class TagsInChunks:
    """Collects the ID3v2 tags in the chunks of a file. Of the same field, the first counts."""

    def __init__(self, file: BoundedFile) -> None:
        self._file = file
        self._tags_left = MAX_TAGS
        self.tags = NativeTags()

    def take(self, at: int) -> None:
        """Read the tag that begins at byte `at`, if there is one."""
        self._tags_left -= 1
        if self._tags_left >= 0:
            self.tags.fill_from(read_id3v2(self._file, at)[0] or NativeTags())
