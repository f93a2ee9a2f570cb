"""FLAC (RFC 9639, section 6): a marker, STREAMINFO, other metadata blocks, then frames."""

from library.tags import vorbis
from library.tags.audio import Audio, Stream
from library.tags.native_tags import NativeTags, flac_picture
from library.tags.ordinary.open_file import NeedsFullReader, OpenFile

MAX_BLOCKS = 100
STREAMINFO_SIZE = 34
# Section 8.1, table 1.
_STREAMINFO, _SEEKTABLE, _COMMENTS, _CUESHEET, _PICTURE = 0, 3, 4, 5, 6
_READ = frozenset({_STREAMINFO, _COMMENTS, _PICTURE})
_THERE_ONCE = frozenset({_STREAMINFO, _SEEKTABLE, _COMMENTS, _CUESHEET})


def read_flac(file: OpenFile) -> Audio:
    if not file.head.startswith(b"fLaC"):
        raise NeedsFullReader
    blocks, sound_at = _blocks(file)
    kind, info = blocks[0]
    if kind != _STREAMINFO:
        raise NeedsFullReader
    tags = NativeTags()
    for kind, body in blocks:
        if kind == _COMMENTS:
            tags = vorbis.native_tags(vorbis.comments(body)[0])
    blocks_of_pictures = (flac_picture(body) for kind, body in blocks if kind == _PICTURE)
    tags.pictures[:0] = [picture for picture in blocks_of_pictures if picture]
    return Audio(_stream(info, file.size - sound_at), tags, "flac")


def _blocks(file: OpenFile) -> tuple[list[tuple[int, bytes]], int]:
    """The metadata blocks that are used, each as kind and body, and where the frames begin (section
    8.1)."""
    read: list[tuple[int, bytes]] = []
    kinds: set[int] = set()
    at = 4
    for _ in range(MAX_BLOCKS):
        header = file.read(at, at + 4)
        kind, start = header[0] & 0x7F, at + 4
        at = start + int.from_bytes(header[1:], "big")
        if (kind in kinds and kind in _THERE_ONCE) or at > file.size:
            raise NeedsFullReader
        kinds.add(kind)
        if kind in _READ:
            read.append((kind, file.read(start, at)))
        if header[0] & 0x80:
            return read, at
    raise NeedsFullReader


def _stream(info: bytes, sound_bytes: int) -> Stream:
    """Decode STREAMINFO (section 8.2): from byte 10 on there are 20 bits for the sample rate, 3 for
    the channels, 5 for the bit depth and 36 for the number of samples."""
    sample_rate = int.from_bytes(info[10:13], "big") >> 4
    if len(info) < STREAMINFO_SIZE or not sample_rate:
        raise NeedsFullReader
    length = (int.from_bytes(info[13:18], "big") & 0xF_FFFF_FFFF) / sample_rate
    bitrate = int(sound_bytes * 8 / length) if length else 0
    bits_per_sample = ((info[12] & 1) << 4 | info[13] >> 4) + 1
    return Stream(length, bitrate, sample_rate, (info[12] >> 1 & 7) + 1, bits_per_sample)
