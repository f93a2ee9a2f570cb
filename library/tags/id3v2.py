"""ID3v2 tags: bytes → frames. What the frames say: see `library.tags.id3_values`.

mutagen's reader is not used. It copies the rest of the tag for every frame, so that a large tag of
small frames takes hours, and it gives up on some tags that can be read in part.

Sections in comments are those of "ID3 tag version 2.4.0 - Main Structure" and "- Native Frames".
Versions 2.3.0 and 2.2.0 are described in "ID3 tag version 2.3.0" and "ID3v2".
"""

import re
import struct
import zlib
from collections.abc import Iterator
from typing import BinaryIO, NamedTuple

from library.tags.id3_values import native_tags
from library.tags.native_tags import NativeTags
from library.tags.remembering import sharing_the_last
from library.tags.vocabularies import ID3, ID3_OLD_NAMES, names_in

HEADER_SIZE = 10
FOOTER_MARK = b"3DI"
MAX_FRAMES = 10_000
MAX_INFLATED_BYTES = 32 * 1024 * 1024
"""The limit for all compressed frames of a tag together. mus would not show a larger picture."""

# From the names of frames in files to the names of version 2.4. Some programs write names of
# version 2.2 to tags of version 2.3.
_NAMES = {name.partition(":")[0].encode("ascii"): name.partition(":")[0] for name in names_in(ID3)}
_NAMES[b"APIC"] = "APIC"
_NAMES |= {
    old.encode("ascii") + end: new
    for old, new in ID3_OLD_NAMES.items()
    for end in (b"", b"\0", b" ")
}
_FRAME_NAME = re.compile(rb"[A-Z][A-Z0-9]{2}(?:[A-Z0-9\0 ]|\Z)")
_FRAME_HEADER = struct.Struct(">4sIxB")
_UNSAFE = re.compile(rb"\xff[\xe0-\xff]")

_picture_in = sharing_the_last()

_UNSYNCHRONISED, _EXTENDED, _HAS_FOOTER = 0x80, 0x40, 0x10
V22, V23, V24 = 2, 3, 4


class Header(NamedTuple):
    """The header of a tag (section 3.1). `size`: bytes of the tag, including this header, and the
    footer (section 3.4) if there is one."""

    version: int
    flags: int
    size: int


class Flags(NamedTuple):
    """The bit of each flag that changes how a frame is read (section 4.1.2; in version 2.3, section
    3.3.1). 0 if a version has no such flag."""

    grouped: int
    compressed: int
    encrypted: int
    unsynchronised: int
    has_length: int


_FLAGS = {V23: Flags(0x20, 0x80, 0x40, 0, 0x80), V24: Flags(0x40, 0x08, 0x04, 0x02, 0x01)}


def read_id3v2(file: BinaryIO, at: int = 0) -> tuple[NativeTags | None, int]:
    """The tag that starts at byte `at`, and the byte after its end; None and `at` without one."""
    file.seek(at)
    header = parse_header(file.read(HEADER_SIZE))
    if header is None:
        return None, at
    data = file.read(header.size - HEADER_SIZE)
    return native_tags(frames(header, data)), at + header.size


def parse_header(data: bytes) -> Header | None:
    if len(data) < HEADER_SIZE or data[:3] != b"ID3" or data[3] not in (V22, V23, V24):
        return None
    version, flags = data[3], data[5]
    size = HEADER_SIZE + (_synchsafe(data[6:10]) or 0)
    has_footer = version == V24 and flags & _HAS_FOOTER
    return Header(version, flags, size + HEADER_SIZE if has_footer else size)


def frames(header: Header, data: bytes) -> Iterator[tuple[str, bytes]]:
    """The frames that mus uses: their names in version 2.4, and their bodies."""
    version, tag_flags, _ = header
    unsynchronised = _FLAGS[V24].unsynchronised if tag_flags & _UNSYNCHRONISED else 0
    if version < V24 and unsynchronised:
        data = _resynchronised(data)
    at = _extended_header_size(version, data) if version > V22 and tag_flags & _EXTENDED else 0
    inflation = Inflation()
    last_header_at = len(data) - HEADER_SIZE - 1
    for _ in range(MAX_FRAMES):
        if at > last_header_at:
            return
        if version == V22:
            name, size, flags, start = _frame_header_v22(data, at)
        else:
            name, size, flags = _FRAME_HEADER.unpack_from(data, at)
            start = at + HEADER_SIZE
            if version == V24:
                size = _size_v24(data, at, size) if size > 0x7F else size  # noqa: PLR2004
                flags |= unsynchronised
        at = start + size
        if wanted := _NAMES.get(name):
            body = _picture_in(data, start, at) if wanted == "APIC" else data[start:at]
            yield wanted, _plain(body, version, flags, inflation) if flags else body
        elif not _FRAME_NAME.match(name):
            return


def _frame_header_v22(data: bytes, at: int) -> tuple[bytes, int, int, int]:
    """The name, the size, 0 for the flags, and the start of the body."""
    return data[at : at + 3], int.from_bytes(data[at + 3 : at + 6], "big"), 0, at + 6


def _size_v24(data: bytes, at: int, size: int) -> int:
    """The size of a frame of version 2.4. `size`: the four bytes read as a plain number.

    The standard uses seven bits of each byte, but old versions of iTunes used eight. If the two
    readings differ, the right one is followed by a frame, by padding or by the end of the tag.
    """
    synchsafe = _synchsafe(data[at + 4 : at + 8])
    if synchsafe is None:
        return size
    body = at + HEADER_SIZE
    fits_plain = body + size <= len(data) and _is_boundary(data, body + size)
    return size if fits_plain and not _is_boundary(data, body + synchsafe) else synchsafe


def _is_boundary(data: bytes, at: int) -> bool:
    following = data[at : at + 4]
    return not following.strip(b"\0") or _FRAME_NAME.match(following) is not None


def _synchsafe(data: bytes) -> int | None:
    """A number with seven bits in each byte (section 6.2); None if an eighth bit is set."""
    if len(data) < 4 or max(data) > 0x7F:  # noqa: PLR2004
        return None
    return data[0] << 21 | data[1] << 14 | data[2] << 7 | data[3]


def _extended_header_size(version: int, data: bytes) -> int:
    """The size of the extended header (section 3.2). Some programs set its flag without writing it:
    then the first frame stands there, and the size is 0."""
    if _FRAME_NAME.match(data):
        return 0
    if version == V23:
        return 4 + int.from_bytes(data[:4], "big")
    return _synchsafe(data[:4]) or 0


def _resynchronised(data: bytes) -> bytes:
    """`data` with unsynchronisation (section 6.1) undone. Some programs set the flag without
    changing the bytes: such data is returned as it is."""
    return data if _UNSAFE.search(data) else data.replace(b"\xff\0", b"\xff")


class Inflation:
    """Decompresses the frames of one tag, to at most MAX_INFLATED_BYTES altogether."""

    def __init__(self) -> None:
        self._left_bytes = MAX_INFLATED_BYTES

    def inflated(self, data: bytes) -> bytes:
        """The decompressed `data`; empty if it is damaged or the limit is exceeded."""
        if self._left_bytes <= 0:
            return b""
        try:
            plain = zlib.decompressobj().decompress(data, self._left_bytes + 1)
        except zlib.error:
            return b""
        self._left_bytes -= len(plain)
        return plain if self._left_bytes >= 0 else b""


def _plain(data: bytes, version: int, flags: int, inflation: Inflation) -> bytes:
    """A frame's body without what its flags (section 4.1.2) did to it: grouping, compression and
    unsynchronisation. Empty if the frame is encrypted."""
    is_set = _FLAGS[version]
    if flags & is_set.encrypted:
        return b""
    group = 1 if flags & is_set.grouped else 0
    length = 4 if flags & (is_set.has_length | is_set.compressed) else 0
    data = data[group + length :]
    if flags & is_set.unsynchronised:
        data = _resynchronised(data)
    return inflation.inflated(data) if flags & is_set.compressed else data
