"""The parts of a ZIP file whose members are stored as they are (APPNOTE.TXT 6.3.10 of PKWARE).

The size of each part depends on names and sizes alone, so that the size of the whole is known
before a file is read. The checksum of a member stands before its bytes, not after them: programs
that read a ZIP file while it arrives refuse stored members that are followed by their checksum.
"""

import struct
import time
from typing import NamedTuple

MOST_MEMBERS = 65_534
"""More would need a record that old programs do not know. (Large files need some as well.)"""
_LARGE = 0xFFFFFFFF
"""Stands for a number of 4 bytes that is in the record for large files."""
_VERSION, _VERSION_LARGE, _UNIX = 20, 45, 3
_UTF8 = 0x0800
_REGULAR_FILE = 0o100644 << 16
_LARGE_FIELD = 1

_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_LARGE_END = struct.Struct("<4sQ2H2I4Q")
_LOCATOR = struct.Struct("<4sIQI")
_END = struct.Struct("<4s4H2IH")


class Member(NamedTuple):
    """A file in a ZIP file. `name` is UTF-8, with `/` between its parts."""

    name: bytes
    size_bytes: int
    modified_s: float

    @property
    def header_bytes(self) -> int:
        """The size of what stands before the bytes of the file."""
        return len(local_header(self, 0))


def local_header(member: Member, crc: int) -> bytes:
    is_large = member.size_bytes >= _LARGE
    extra = _extra(member.size_bytes, member.size_bytes) if is_large else b""
    size = _LARGE if is_large else member.size_bytes
    return (
        _LOCAL.pack(
            *(b"PK\3\4", _version(is_large=is_large), _UTF8, 0, *_date(member.modified_s)),
            *(crc, size, size, len(member.name), len(extra)),
        )
        + member.name
        + extra
    )


def central_header(member: Member, crc: int, offset: int) -> bytes:
    """The entry of a member in the directory. `offset`: where its local header begins."""
    numbers = (member.size_bytes, member.size_bytes, offset)
    large = [number for number in numbers if number >= _LARGE]
    extra = _extra(*large) if large else b""
    size, _, place = (min(number, _LARGE) for number in numbers)
    version = _version(is_large=bool(large))
    return (
        _CENTRAL.pack(
            *(b"PK\1\2", _UNIX << 8 | version, version, _UTF8, 0, *_date(member.modified_s)),
            *(crc, size, size, len(member.name), len(extra), 0, 0, 0, _REGULAR_FILE, place),
        )
        + member.name
        + extra
    )


def end(count: int, directory_at: int, directory_bytes: int) -> bytes:
    """What stands after the directory, which has `count` entries."""
    found = b""
    if directory_at >= _LARGE or directory_bytes >= _LARGE:
        at = directory_at + directory_bytes
        version = _VERSION_LARGE
        found += _LARGE_END.pack(
            *(b"PK\6\6", _LARGE_END.size - 12, _UNIX << 8 | version, version, 0, 0),
            *(count, count, directory_bytes, directory_at),
        )
        found += _LOCATOR.pack(b"PK\6\7", 0, at, 1)
    size, place = min(directory_bytes, _LARGE), min(directory_at, _LARGE)
    return found + _END.pack(b"PK\5\6", 0, 0, count, count, size, place, 0)


def _extra(*numbers: int) -> bytes:
    return struct.pack(f"<2H{len(numbers)}Q", _LARGE_FIELD, 8 * len(numbers), *numbers)


def _version(*, is_large: bool) -> int:
    return _VERSION_LARGE if is_large else _VERSION


def _date(modified_s: float) -> tuple[int, int]:
    """The time and the date in the format of MS-DOS, in UTC, from 1980 to 2107."""
    try:
        when = time.gmtime(modified_s)
    except (OverflowError, ValueError, OSError):
        when = time.gmtime(0)
    if not 1980 <= when.tm_year <= 2107:  # noqa: PLR2004
        return 0, 1 << 5 | 1
    day = (when.tm_year - 1980) << 9 | when.tm_mon << 5 | when.tm_mday
    return when.tm_hour << 11 | when.tm_min << 5 | when.tm_sec // 2, day
