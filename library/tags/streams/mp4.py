"""MP4 files."""

from library.tags.audio import Audio
from library.tags.bounded_file import BoundedFile
from library.tags.id3v2 import HEADER_SIZE, parse_header, read_id3v2
from library.tags.mp4 import read_movie


class _Bytes:
    """The bytes of a file, as the reader of MP4 asks for them."""

    def __init__(self, file: BoundedFile) -> None:
        self._file = file
        self.size = file.size_bytes

    def read(self, start: int, end: int) -> bytes:
        self._file.seek(start)
        data = self._file.read(end - start)
        if len(data) < end - start:
            raise EOFError("cut off while it was read")
        return data

    read_only = read


def read_mp4(file: BoundedFile) -> Audio:
    """Some taggers put an ID3 tag in front, which is no part of the format. Its fields are used
    where the file has no others."""
    source = _Bytes(file)
    header = parse_header(source.read(0, min(HEADER_SIZE, source.size)))
    if header is None:
        return read_movie(source)
    audio = read_movie(source, header.size)
    if tags := read_id3v2(file, 0)[0]:
        audio.tags.fill_from(tags)
    return audio
