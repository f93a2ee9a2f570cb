"""The parts of a ZIP file, read back by Python's own reader, with sizes past 4 GiB too."""

import struct
import zipfile
from io import BytesIO
from typing import Any

import pytest

from library.media.zip_format import Member, central_header, end, local_header

GIB = 1024**3


class Sparse(BytesIO):
    """A file of many GiB of which only the bytes at some places are there."""

    def __init__(self, size_bytes: int, parts: dict[int, bytes]) -> None:
        super().__init__()
        self.size_bytes, self.parts, self.at = size_bytes, parts, 0

    def seek(self, offset: int, whence: int = 0, /) -> int:
        self.at = offset + (0, self.at, self.size_bytes)[whence]
        return self.at

    def tell(self) -> int:
        return self.at

    def read(self, size: int | None = -1, /) -> bytes:
        stop = self.size_bytes if size is None or size < 0 else self.at + size
        found = bytearray(stop - self.at)
        for place, part in self.parts.items():
            for number, value in enumerate(part, place):
                if self.at <= number < stop:
                    found[number - self.at] = value
        self.at = stop
        return bytes(found)


@pytest.mark.parametrize("sizes", [(10, 20), (5 * GIB, 3), (3, 5 * GIB, 7), (2 * GIB,) * 3, ()])
def test_a_directory_is_read_by_other_programs(sizes: tuple[int, ...]) -> None:
    parts: dict[int, bytes] = {}
    members = [Member(f"Ü/{n}.flac".encode(), size, 1e9) for n, size in enumerate(sizes)]
    at, entries = 0, b""
    for number, member in enumerate(members):
        parts[at] = local_header(member, number)
        assert len(parts[at]) == member.header_bytes
        entries += central_header(member, number, at)
        at += member.header_bytes + member.size_bytes
    tail = entries + end(len(members), at, len(entries))
    parts[at] = tail
    source: Any = Sparse(at + len(tail), parts)
    with zipfile.ZipFile(source) as found:
        infos = found.infolist()
        assert [info.filename for info in infos] == [f"Ü/{n}.flac" for n in range(len(sizes))]
        assert [(info.file_size, info.compress_size) for info in infos] == [(s, s) for s in sizes]
        assert [info.CRC for info in infos] == [*range(len(sizes))]
        for info in infos:
            assert info.date_time == (2001, 9, 9, 1, 46, 40)
            found.open(info).close()  # checks the local header


@pytest.mark.parametrize("modified_s", [-1e18, 0, 1e12, 1e30])
def test_a_time_that_zip_does_not_know_is_its_first(modified_s: float) -> None:
    header = local_header(Member(b"a", 1, modified_s), 0)
    assert struct.unpack_from("<2H", header, 10) == (0, 1 << 5 | 1)
