"""DSF and DSDIFF files."""

import struct
from pathlib import Path

import pytest

from library.tags.reader import UnreadableAudio, read_tags
from tests.audio_files import SAMPLES, retag

SOUND = bytes(range(256)) * 160
LENGTH_S = len(SOUND) * 8 / 2_822_400 / 2


def dsf(
    *, samples: int = len(SOUND) * 4, data_size: int = 12 + len(SOUND), tag: bytes = b""
) -> bytes:
    described = struct.pack("<4sQ6IQII", b"fmt ", 52, 1, 0, 2, 2, 2_822_400, 1, samples, 4096, 0)
    head_size = 28 + len(described) + 12
    tag_at = head_size + len(SOUND) if tag else 0
    head = struct.pack("<4sQQQ", b"DSD ", 28, head_size + len(SOUND) + len(tag), tag_at)
    return head + described + struct.pack("<4sQ", b"data", data_size) + SOUND + tag


def chunk(name: bytes, *contents: bytes, size: int | None = None) -> bytes:
    data = b"".join(contents)
    stated = len(data) if size is None else size
    return name + struct.pack(">Q", stated) + data + bytes(len(data) % 2)


def dsdiff(*chunks: bytes, channels: int = 2) -> bytes:
    named = b"".join(f"C{number:03}".encode() for number in range(channels))
    properties = chunk(
        b"PROP",
        b"SND ",
        chunk(b"FS  ", struct.pack(">I", 2_822_400)),
        chunk(b"CHNL", struct.pack(">H", channels), named),
        chunk(b"CMPR", b"DSD ", b"\x0enot compressed"),
    )
    return chunk(b"FRM8", b"DSD ", chunk(b"FVER", b"\1\5\0\0"), properties, *chunks)


def file_of(folder: Path, name: str, data: bytes) -> str:
    path = folder / name
    path.write_bytes(data)
    return str(path)


@pytest.mark.parametrize(
    "data",
    [
        dsf(),
        dsf(samples=0),
        dsf(samples=2**60),
        dsf(data_size=0),
        dsf(data_size=2**63),
        dsf() + b"more than the header says",
    ],
)
def test_dsf_is_as_long_as_its_bits(tmp_path: Path, data: bytes) -> None:
    tags = read_tags(file_of(tmp_path, "a.dsf", data))
    assert tags.duration_s == pytest.approx(LENGTH_S, rel=0.01)
    assert (tags.codec, tags.channels, tags.sample_rate_hz) == ("dsd", 2, 2_822_400)
    assert (tags.bit_depth, tags.bitrate_kbps) == (1, 5645)


def test_dsdiff_is_as_long_as_its_bits(tmp_path: Path) -> None:
    for data in (dsdiff(chunk(b"DSD ", SOUND)), dsdiff(chunk(b"DSD ", SOUND, size=2**62))):
        tags = read_tags(file_of(tmp_path, "a.dff", data))
        assert tags.duration_s == pytest.approx(LENGTH_S)
        assert (tags.codec, tags.channels, tags.sample_rate_hz) == ("dsd", 2, 2_822_400)
        assert (tags.bit_depth, tags.bitrate_kbps) == (1, 5645)


def test_compressed_dsdiff_is_as_long_as_its_frames(tmp_path: Path) -> None:
    frames = chunk(b"FRTE", struct.pack(">IH", 750, 75))
    data = dsdiff(chunk(b"DST ", frames, chunk(b"DSTF", bytes(500))))
    assert read_tags(file_of(tmp_path, "a.dff", data)).duration_s == 10


def test_dsdiff_has_texts_of_its_own(tmp_path: Path) -> None:
    title = chunk(b"DITI", struct.pack(">I", 5), b"Title")
    artist = chunk(b"DIAR", struct.pack(">I", 6), b"Artist")
    data = dsdiff(chunk(b"DIIN", artist, title), chunk(b"DSD ", SOUND))
    path = file_of(tmp_path, "a.dff", data)
    tags = read_tags(path)
    assert (tags.title, tags.artist) == ("Title", "Artist")
    retag(path, title="From ID3")
    tags = read_tags(path)
    assert (tags.title, tags.artist) == ("From ID3", "Artist")


@pytest.mark.parametrize("suffix", [".dsf", ".dff"])
def test_the_digest_stays_when_tags_change(tmp_path: Path, suffix: str) -> None:
    path = file_of(tmp_path, f"a{suffix}", SAMPLES[suffix].read_bytes())
    before = read_tags(path).audio_digest
    retag(path, title="Retagged", cover=b"\xff\xd8\xff" + bytes(20_000))
    after = read_tags(path)
    assert before
    assert (after.title, after.audio_digest) == ("Retagged", before)


def test_dsdiff_without_sound_is_no_track(tmp_path: Path) -> None:
    with pytest.raises(UnreadableAudio, match="the sound chunk is missing"):
        read_tags(file_of(tmp_path, "a.dff", dsdiff()))
