"""Windows Media (ASF) files, made of the sample by changing single fields of its header."""

import struct
from pathlib import Path

import pytest

from library.tags.reader import UnreadableAudio, read_tags
from library.tags.streams import windows_media as asf
from tests.audio_files import SAMPLES, make_audio, retag

SAMPLE = SAMPLES[".asf"].read_bytes()
PROPERTIES = SAMPLE.index(asf._FILE_PROPERTIES) + 24
STREAM = SAMPLE.index(asf._STREAM_PROPERTIES) + 24
FORMAT = STREAM + 54


def changed(*changes: tuple[int, bytes]) -> bytes:
    data = bytearray(SAMPLE)
    for at, with_ in changes:
        data[at : at + len(with_)] = with_
    return bytes(data)


def file_of(folder: Path, data: bytes, name: str = "a.wma") -> str:
    path = folder / name
    path.write_bytes(data)
    return str(path)


def test_the_preroll_is_no_part_of_the_length(tmp_path: Path) -> None:
    ticks_and_preroll = struct.pack("<QQQ", 130_000_000, 0, 3_000)
    tags = read_tags(file_of(tmp_path, changed((PROPERTIES + 40, ticks_and_preroll))))
    assert tags.duration_s == 10


@pytest.mark.parametrize("flags", [1, 2])
def test_a_broadcast_is_as_long_as_its_packets(tmp_path: Path, flags: int) -> None:
    unknown = struct.pack("<QQQI", 0, 0, 3_000, flags)
    tags = read_tags(file_of(tmp_path, changed((PROPERTIES + 40, unknown))))
    assert tags.duration_s == pytest.approx(0.5, rel=0.15)


@pytest.mark.parametrize(
    ("number", "bits", "codec", "depth"),
    [
        (0x160, 16, "wma", 0),
        (0x161, 16, "wma", 0),
        (0x162, 24, "wmapro", 0),
        (0x163, 24, "wmalossless", 24),
        (0x0A, 16, "wmavoice", 0),
        (0x55, 0, "mp3", 0),
    ],
)
def test_codecs_are_told_apart(
    tmp_path: Path, number: int, bits: int, codec: str, depth: int
) -> None:
    data = changed((FORMAT, struct.pack("<H", number)), (FORMAT + 14, struct.pack("<H", bits)))
    tags = read_tags(file_of(tmp_path, data))
    assert (tags.codec, tags.bit_depth, tags.channels, tags.bitrate_kbps) == (codec, depth, 1, 32)


@pytest.mark.parametrize("suffix", [".wma", ".asf"])
def test_the_digest_stays_when_tags_change(tmp_path: Path, suffix: str) -> None:
    path = make_audio(tmp_path / f"a{suffix}")
    before = read_tags(str(path)).audio_digest
    retag(path, title="Retagged", cover=b"\xff\xd8\xff" + bytes(20_000))
    after = read_tags(str(path))
    assert before
    assert (after.title, after.audio_digest) == ("Retagged", before)


def test_tags_that_are_damaged_do_not_hide_the_sound(tmp_path: Path) -> None:
    path = make_audio(tmp_path / "a.wma", title="T")
    data = path.read_bytes()
    texts = data.index(bytes.fromhex("3326b2758e66cf11a6d900aa0062ce6c"))
    damaged = data[: texts + 24] + b"\xff" * 10 + data[texts + 34 :]
    tags = read_tags(file_of(tmp_path, damaged))
    assert (tags.codec, tags.channels) == ("wma", 1)


def test_an_id3_tag_before_the_file_is_read(tmp_path: Path) -> None:
    tagged = make_audio(tmp_path / "tagged.mp3", title="Before").read_bytes()
    tag = tagged[: len(tagged) - SAMPLES[".mp3"].stat().st_size]
    tags = read_tags(file_of(tmp_path, tag + SAMPLE))
    assert (tags.title, tags.codec) == ("Before", "wma")


def test_a_film_is_refused_as_one(tmp_path: Path) -> None:
    start, end = STREAM - 24, STREAM - 24 + struct.unpack_from("<Q", SAMPLE, STREAM - 8)[0]
    audio = SAMPLE[start:end]
    video = audio[:24] + asf._VIDEO + audio[40:]
    size, count = struct.unpack_from("<QI", SAMPLE, 16)
    header = SAMPLE[:16] + struct.pack("<QI", size + len(video), count + 1) + SAMPLE[28:start]
    with pytest.raises(UnreadableAudio, match="This is a film"):
        read_tags(file_of(tmp_path, header + video + audio + SAMPLE[end:]))
    header = SAMPLE[:start] + video + SAMPLE[end:]
    with pytest.raises(UnreadableAudio, match="a film without a sound track"):
        read_tags(file_of(tmp_path, header))
