"""ID3v2 tags before a container that has a place for tags of its own, and in its chunks."""

from library.tags.bounded_file import BoundedFile
from library.tags.id3v2 import read_id3v2
from library.tags.native_tags import NativeTags

MAX_TAGS = 8
"""Of each kind. A damaged file may seem to have thousands, each as long as the whole file."""
MAX_ZEROS = 64 * 1024


def tags_before(file: BoundedFile) -> tuple[NativeTags, int]:
    """The ID3v2 tags that the file begins with, as one, and the byte at which they end. Zeros may
    follow them."""
    tags, at = NativeTags(), 0
    for _ in range(MAX_TAGS):
        found, end = read_id3v2(file, at)
        if found is None:
            break
        tags.fill_from(found)
        at = after_zeros(file, end)
    return tags, at


def after_zeros(file: BoundedFile, at: int) -> int:
    """Where the zeros end that stand at byte `at`."""
    data = file.read_between(at, at + 1)
    if data == b"\0":
        data = file.read_between(at, at + MAX_ZEROS)
    return at + len(data) - len(data.lstrip(b"\0"))


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
