"""Where the parts of a Matroska file are (RFC 9559, sections 5 and 6).

The sound lies in clusters of a few seconds each. A list of the other parts, the SeekHead, usually
stands before them, so that no cluster has to be read to find what stands behind.
"""

from typing import NamedTuple

from library.tags.bounded_file import BoundedFile
from library.tags.streams.ebml import Element, children, element_at, unsigned

SEGMENT, SEEK_HEAD, CLUSTER = 0x18538067, 0x114D9B74, 0x1F43B675
INFO, TRACKS, TAGS = 0x1549A966, 0x1654AE6B, 0x1254C367
ATTACHMENTS, CUES, CHAPTERS = 0x1941A469, 0x1C53BB6B, 0x1043A770
_PARTS = frozenset({SEEK_HEAD, INFO, TRACKS, TAGS, ATTACHMENTS, CUES, CHAPTERS})
_SEEK, _SEEK_ID, _SEEK_POSITION = 0x4DBB, 0x53AB, 0x53AC
_TIMESTAMP, SIMPLE_BLOCK, BLOCK_GROUP, BLOCK, _BLOCK_DURATION = 0xE7, 0xA3, 0xA0, 0xA1, 0x9B
_BEFORE_THE_TIME = frozenset({0xBF, 0xEC, 0xA7, 0xAB})
"""Children of a cluster: a checksum, padding, its position, and the size of the one before."""
MAX_ELEMENTS = 20_000
MAX_PARTS = 200
MAX_OF_A_KIND = 8
MAX_SEEK_HEAD_BYTES = 64 * 1024
MAX_MARKS = 32
"""How many places are looked at that may be the beginning of a cluster."""
_SEARCHED_BYTES = (64 * 1024, 1024 * 1024, 8 * 1024 * 1024)
"""How far from the end the last cluster is looked for, one after the other."""


class Parts(NamedTuple):
    """`found`: the parts other than clusters, in the order in which they were found.
    The clusters lie from `sound_start` up to `sound_end`."""

    found: list[Element]
    sound_start: int
    sound_end: int

    def all(self, identifier: int) -> list[Element]:
        return [each for each in self.found if each.identifier == identifier][:MAX_OF_A_KIND]

    def first(self, identifier: int) -> Element | None:
        return next(iter(self.all(identifier)), None)


def find_parts(file: BoundedFile) -> Parts:
    """Raises ValueError if the file has no segment."""
    segment = _segment(file)
    found: dict[int, Element] = {}
    cluster = _walk(file, segment, segment.at, found)
    _follow_seek_heads(file, segment, found)
    if cluster is not None:
        behind = [each for start, each in found.items() if start > cluster.start]
        if behind:
            _walk(file, segment, max(each.end for each in behind), found)
        elif cluster.has_size:
            _walk_over_clusters(file, segment, cluster, found)
    start = cluster.start if cluster else segment.end
    ends = [each for each in found if each > start]
    return Parts(list(found.values()), start, min(ends, default=segment.end))


def _segment(file: BoundedFile) -> Element:
    at = 0
    for _ in range(8):
        element = element_at(file, at, file.size_bytes)
        if element is None:
            break
        if element.identifier == SEGMENT:
            return element
        at = element.end
    raise ValueError("the segment is missing")


def _walk(
    file: BoundedFile, segment: Element, at: int, found: dict[int, Element]
) -> Element | None:
    """Add the elements from `at` on to `found`, by their starts. Ends at a cluster, which is
    returned."""
    for _ in range(MAX_PARTS):
        element = element_at(file, at, segment.end)
        if element is None or element.identifier == CLUSTER:
            return element
        if element.identifier in _PARTS:
            found[element.start] = element
        at = element.end
    return None


def _walk_over_clusters(
    file: BoundedFile, segment: Element, cluster: Element, found: dict[int, Element]
) -> None:
    """Look for parts behind the clusters, for a file without a list of them."""
    at = cluster.end
    for _ in range(MAX_ELEMENTS):
        element = element_at(file, at, segment.end)
        if element is None or (element.identifier == CLUSTER and not element.has_size):
            return
        if element.identifier in _PARTS:
            found[element.start] = element
        at = element.end


def _follow_seek_heads(file: BoundedFile, segment: Element, found: dict[int, Element]) -> None:
    """Add the parts that the lists name. A list may name a further list."""
    heads = [each for each in found.values() if each.identifier == SEEK_HEAD]
    for head in heads:
        data = file.read_between(head.at, min(head.end, head.at + MAX_SEEK_HEAD_BYTES))
        for kind, entry in children(data):
            if kind != _SEEK or len(found) >= MAX_PARTS:
                continue
            named = dict(children(entry))
            start = segment.at + unsigned(named.get(_SEEK_POSITION, b""))
            identifier = unsigned(named.get(_SEEK_ID, b""))
            if start in found or identifier not in _PARTS or _SEEK_POSITION not in named:
                continue
            part = element_at(file, start, segment.end)
            if part is not None and part.identifier == identifier:
                found[start] = part
                if identifier == SEEK_HEAD:
                    heads.append(part)


def end_of_sound_ns(file: BoundedFile, parts: Parts, scale_ns: int) -> int:
    """The time at which the last block of the last cluster begins, or ends if that is known; 0
    if none is found."""
    mark = CLUSTER.to_bytes(4, "big")
    for size in _SEARCHED_BYTES:
        start = max(parts.sound_start, parts.sound_end - size)
        data = file.read_between(start, parts.sound_end)
        at = len(data)
        for _ in range(MAX_MARKS):
            at = data.rfind(mark, 0, at)
            cluster = element_at(file, start + at, parts.sound_end) if at != -1 else None
            if cluster is None:
                break
            if end := _end_of_cluster(data[cluster.at - start :]):
                return end * scale_ns
        if start == parts.sound_start:
            break
    return 0


def _end_of_cluster(data: bytes) -> int:
    """The time of the last block in the contents of a cluster; 0 if this is no cluster, since
    the same four bytes may occur in the sound."""
    time, last, time_is_known = 0, 0, False
    for kind, content in children(data):
        if kind == _TIMESTAMP:
            time, time_is_known = unsigned(content), True
        elif not time_is_known and kind not in _BEFORE_THE_TIME:
            return 0
        elif kind == SIMPLE_BLOCK:
            last = max(last, time + _relative_time(content))
        elif kind == BLOCK_GROUP:
            group = dict(children(content))
            duration = unsigned(group.get(_BLOCK_DURATION, b""))
            last = max(last, time + _relative_time(group.get(BLOCK, b"")) + duration)
    return last


def _relative_time(block: bytes) -> int:
    """The time of a block, which stands after the number of its track, relative to its cluster."""
    length = 9 - block[0].bit_length() if block and block[0] else 9
    if len(block) < length + 2:
        return 0
    return max(0, int.from_bytes(block[length : length + 2], "big", signed=True))
