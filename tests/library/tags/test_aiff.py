"""AIFF and AIFC files: lengths of every codec, texts in chunks, sizes that are wrong."""

import os
import struct
from pathlib import Path

import pytest

from library.tags.reader import UnreadableAudio, read_tags
from tests.audio_files import SAMPLES, make_audio, retag

TEN_SECONDS = bytes(range(250)) * 640
"""Of one channel of 16 bits at 8000 Hz."""
RATE = bytes.fromhex("400bfa00000000000000")
"""8000 as a float of 80 bits."""


def chunk(name: bytes, data: bytes, *, size: int | None = None) -> bytes:
    stated = len(data) if size is None else size
    return name + struct.pack(">I", stated) + data + bytes(len(data) % 2)


def common(
    frames: int = 80_000,
    *,
    bits: int = 16,
    channels: int = 1,
    kind: bytes = b"",
    rate: bytes = RATE,
) -> bytes:
    name = b"\x03abc" if kind else b""
    return chunk(b"COMM", struct.pack(">hIh", channels, frames, bits) + rate + kind + name)


def sound(data: bytes = TEN_SECONDS, *, size: int | None = None) -> bytes:
    return chunk(b"SSND", bytes(8) + data, size=size)


def aiff(*chunks: bytes, kind: bytes = b"AIFF", size: int | None = None) -> bytes:
    body = kind + b"".join(chunks)
    return b"FORM" + struct.pack(">I", len(body) if size is None else size) + body


def file_of(folder: Path, data: bytes) -> str:
    path = folder / "File.aif"
    path.write_bytes(data)
    return str(path)


def tag_of(folder: Path, title: str) -> bytes:
    tagged = make_audio(folder / "tagged.mp3", title=title).read_bytes()
    return tagged[: len(tagged) - SAMPLES[".mp3"].stat().st_size]


NAME = chunk(b"NAME", b"Title")


@pytest.mark.parametrize(
    "data",
    [
        aiff(common(), sound(), NAME),
        aiff(NAME, sound(), common()),
        aiff(chunk(b"NAME", b"Title")[:-1], common(), sound()),  # without its padding
        aiff(common(), sound(TEN_SECONDS + b"1")[:-1] + b"\1", chunk(b"regn", b"1234"), NAME),
        aiff(common(), NAME, sound(), size=0),
        aiff(common(), NAME, sound(), size=2**31),
        aiff(common(), NAME, sound(size=0)),
        aiff(common(), NAME, sound(size=2**32 - 1)),
        aiff(common(0), NAME, sound()),
        aiff(common(2**32 - 1), NAME, sound()),
        aiff(NAME, common(), sound()) + b"TAG" + b"x" * 125,
        aiff(NAME, chunk(b"ID3\4", b"abcd"), common(), sound()),
        aiff(NAME, common(kind=b"NONE"), sound(), kind=b"AIFC"),
        aiff(NAME, common(), sound(), kind=b"AIFC"),
        aiff(NAME, common(kind=b"sowt"), sound(), kind=b"AIFC"),
    ],
)
def test_the_length_and_the_title_are_right_whatever_the_sizes_say(
    tmp_path: Path, data: bytes
) -> None:
    tags = read_tags(file_of(tmp_path, data))
    assert (tags.title, tags.codec, tags.sample_rate_hz, tags.bit_depth) == (
        "Title",
        "pcm",
        8000,
        16,
    )
    assert tags.duration_s == pytest.approx(10, rel=0.001)


@pytest.mark.parametrize(
    ("kind", "bits", "frames", "data_bytes", "codec", "depth"),
    [
        (b"alaw", 16, 80_000, 80_000, "alaw", 0),
        (b"ALAW", 8, 80_000, 80_000, "alaw", 0),
        (b"ulaw", 16, 80_000, 80_000, "mulaw", 0),
        (b"ima4", 16, 1250, 42_500, "adpcm", 0),  # the frames that are counted are packets
        (b"ima4", 16, 80_000, 42_500, "adpcm", 0),
        (b"ima4", 0, 0, 42_500, "adpcm", 0),
        (b"GSM ", 16, 500, 16_500, "gsm", 0),
        (b"MAC3", 8, 13_333, 26_668, "mace", 0),
        (b"fl32", 32, 80_000, 320_000, "pcm", 32),
        (b"FL32", 16, 80_000, 320_000, "pcm", 32),
        (b"fl64", 64, 80_000, 640_000, "pcm", 64),
        (b"in24", 16, 80_000, 240_000, "pcm", 24),
        (b"twos", 20, 80_000, 240_000, "pcm", 20),
        (b"raw ", 8, 80_000, 80_000, "pcm", 8),
        (b"QDM2", 16, 80_000, 30_000, "qdm2", 0),
    ],
)
def test_every_codec_is_as_long_as_its_sound(  # noqa: PLR0917
    tmp_path: Path, kind: bytes, bits: int, frames: int, data_bytes: int, codec: str, depth: int
) -> None:
    data = aiff(common(frames, bits=bits, kind=kind), sound(bytes(data_bytes)), kind=b"AIFC")
    tags = read_tags(file_of(tmp_path, data))
    assert (tags.codec, tags.bit_depth, tags.sample_rate_hz) == (codec, depth, 8000)
    assert tags.duration_s == pytest.approx(10, rel=0.01)
    assert tags.bitrate_kbps == pytest.approx(data_bytes * 8 / 10_000, abs=1)


def test_a_file_of_5_gib_is_as_long_as_it_is(tmp_path: Path) -> None:
    bytes_ = 5 * 2**30
    data = aiff(common(bytes_ // 2), NAME, sound(b"", size=(bytes_ + 8) % 2**32))
    path = file_of(tmp_path, data)
    os.truncate(path, len(data) + bytes_)
    assert read_tags(path).duration_s == pytest.approx(bytes_ / 16000, rel=0.001)


def test_a_file_without_sound_is_empty_if_it_says_so(tmp_path: Path) -> None:
    for data in (aiff(common(0), NAME), aiff(common(0), sound(b""), NAME)):
        tags = read_tags(file_of(tmp_path, data))
        assert (tags.title, tags.duration_s, tags.audio_digest) == ("Title", 0, "")


def test_its_own_texts_are_read_where_id3_says_nothing(tmp_path: Path) -> None:
    texts = chunk(b"NAME", "Müsli".encode()) + chunk(b"AUTH", b"Artist\0\0")
    tags = read_tags(file_of(tmp_path, aiff(texts, common(), sound())))
    assert (tags.title, tags.artist) == ("Müsli", "Artist")
    both = aiff(texts, common(), sound(), chunk(b"ID3 ", tag_of(tmp_path, "From ID3")))
    tags = read_tags(file_of(tmp_path, both))
    assert (tags.title, tags.artist) == ("From ID3", "Artist")


def test_an_id3_tag_that_is_no_chunk_is_read(tmp_path: Path) -> None:
    path = file_of(tmp_path, aiff(common(), sound()) + tag_of(tmp_path, "Behind"))
    assert read_tags(path).title == "Behind"


def test_id3_tags_before_the_file_are_read(tmp_path: Path) -> None:
    path = file_of(tmp_path, tag_of(tmp_path, "Before") + aiff(common(), sound()))
    tags = read_tags(path)
    assert (tags.title, tags.codec, tags.duration_s) == ("Before", "pcm", 10)


def test_the_digest_is_that_of_the_sound(tmp_path: Path) -> None:
    plain = read_tags(file_of(tmp_path, aiff(common(), sound()))).audio_digest
    other = read_tags(file_of(tmp_path, aiff(common(), sound(TEN_SECONDS[::-1])))).audio_digest
    path = file_of(tmp_path, aiff(NAME, common(), sound()))
    retag(path, title="Retagged")
    retagged = read_tags(path)
    assert retagged.title == "Retagged"
    assert plain == retagged.audio_digest != other


@pytest.mark.parametrize(
    ("data", "detail"),
    [
        (aiff(common()), "the sound chunk is missing"),
        (aiff(sound()), "the common chunk is missing"),
        (aiff(common(rate=bytes(10)), sound()), "the sample rate"),
        (aiff(common(rate=b"\x7f\xff" + b"\xff" * 8), sound()), "the sample rate"),
        (aiff(common(channels=-1), sound()), "the channels"),
    ],
)
def test_what_is_missing_is_named(tmp_path: Path, data: bytes, detail: str) -> None:
    with pytest.raises(UnreadableAudio, match=detail):
        read_tags(file_of(tmp_path, data))
