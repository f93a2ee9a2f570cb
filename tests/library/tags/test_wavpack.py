"""WavPack files with unusual rates, channels and samples."""

import struct
from pathlib import Path

import pytest

from library.tags.reader import read_tags
from library.tags.track_tags import TrackTags

STEREO_16, MONO, FIRST, LAST, DSD = 1, 1 << 2, 1 << 11, 1 << 12, 1 << 31
UNKNOWN = 0xFFFFFFFF


def block(
    flags: int = STEREO_16 | FIRST | LAST,
    *sub_blocks: bytes,
    rate: int = 9,
    total: int = 441_000,
    index: int = 0,
    samples: int = 44_100,
) -> bytes:
    body = b"".join(sub_blocks) + bytes((0x8A, 100, 0, 0)) + bytes(200)
    numbers = (total, index, samples, flags | rate << 23, 0)
    return b"wvpk" + struct.pack("<IHBB5I", 24 + len(body), 0x410, 0, 0, *numbers) + body


def sub_block(id_: int, data: bytes) -> bytes:
    odd = 0x40 if len(data) % 2 else 0
    return bytes((id_ | odd, (len(data) + 1) // 2)) + data + bytes(len(data) % 2)


def read(tmp_path: Path, data: bytes) -> TrackTags:
    path = tmp_path / "a.wv"
    path.write_bytes(data)
    return read_tags(str(path))


@pytest.mark.parametrize("rate", [12_345, 352_800, 11_289_600, 2**31 - 1])
def test_a_rate_that_is_not_in_the_table(tmp_path: Path, rate: int) -> None:
    stated = sub_block(0x27, rate.to_bytes(4 if rate >= 2**24 else 3, "little"))
    tags = read(tmp_path, block(STEREO_16 | FIRST | LAST, stated, rate=15, total=10 * rate % 2**32))
    assert tags.sample_rate_hz == rate


def test_dsd(tmp_path: Path) -> None:
    """A sample holds eight bits of one channel; the rate is multiplied by a power of two."""
    flags = FIRST | LAST | DSD
    tags = read(tmp_path, block(flags, sub_block(0x0E, b"\2\1"), rate=12, total=3_528_000))
    assert (tags.sample_rate_hz, tags.bit_depth, tags.channels) == (2_822_400, 1, 2)
    assert tags.duration_s == pytest.approx(10)


@pytest.mark.parametrize(
    ("stated", "channels"),
    [(b"\6\x3f", 6), (b"\x12\x09\0\xff\xff\xff", 19), (b"\0\1\1\0\0\0", 257)],
)
def test_channels_that_are_stated(tmp_path: Path, stated: bytes, channels: int) -> None:
    assert read(tmp_path, block(STEREO_16 | FIRST, sub_block(0x0D, stated))).channels == channels


def test_channels_of_blocks_that_belong_together(tmp_path: Path) -> None:
    blocks = (
        block(STEREO_16 | FIRST),
        block(STEREO_16 | MONO),
        block(STEREO_16 | MONO),
        block(STEREO_16 | LAST),
        block(STEREO_16 | FIRST, index=44_100),
    )
    assert read(tmp_path, b"".join(blocks)).channels == 6


@pytest.mark.parametrize(
    ("flags", "bits"),
    [(0, 8), (1, 16), (2, 24), (3, 32), (1 << 7 | 3, 32), (2 | 4 << 13, 20), (1 | 4 << 13, 12)],
)
def test_bit_depth(tmp_path: Path, flags: int, bits: int) -> None:
    assert read(tmp_path, block(flags | FIRST | LAST)).bit_depth == bits


def test_a_total_that_is_unknown_comes_from_the_last_block(tmp_path: Path) -> None:
    blocks = [block(total=UNKNOWN, index=44_100 * n) for n in range(7)]
    assert read(tmp_path, b"".join(blocks)).duration_s == pytest.approx(7)
    assert read(tmp_path, b"".join(blocks[2:])).duration_s == pytest.approx(5)


def test_a_first_block_without_sound_is_passed(tmp_path: Path) -> None:
    tags = read(tmp_path, block(STEREO_16 | FIRST | LAST, samples=0, rate=15) + block())
    assert tags.sample_rate_hz == 44_100
    assert tags.duration_s == pytest.approx(10)
