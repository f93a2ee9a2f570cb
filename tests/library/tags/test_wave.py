"""WAV files: their sizes, lengths, texts and digests, as programs write them, rightly or not."""

import os
import struct
from pathlib import Path

import pytest

from library.tags.reader import UnreadableAudio, read_tags
from tests.audio_files import SAMPLES, make_audio, retag

RATE_HZ = 8000
PCM, MS_ADPCM, FLOAT, IMA_ADPCM, GSM, MPEG, MP3, EXTENSIBLE = (
    1,
    2,
    3,
    0x11,
    0x31,
    0x50,
    0x55,
    0xFFFE,
)
TEN_SECONDS = bytes(range(250)) * (10 * RATE_HZ * 2 // 250)


def chunk(name: bytes, data: bytes, order: str = "<", *, size: int | None = None) -> bytes:
    stated = len(data) if size is None else size
    return name + struct.pack(f"{order}I", stated) + data + bytes(len(data) % 2)


def form(
    codec: int = PCM,
    *,
    bits: int = 16,
    channels: int = 1,
    block: int = 2,
    bytes_per_second: int | None = None,
    extra: bytes = b"",
    order: str = "<",
) -> bytes:
    per_second = RATE_HZ * block if bytes_per_second is None else bytes_per_second
    data = struct.pack(f"{order}HHIIHH", codec, channels, RATE_HZ, per_second, block, bits)
    return chunk(b"fmt ", data + extra, order)


def wave(*chunks: bytes, kind: bytes = b"RIFF", order: str = "<", size: int | None = None) -> bytes:
    body = b"WAVE" + b"".join(chunks)
    return kind + struct.pack(f"{order}I", len(body) if size is None else size) + body


def info(*items: tuple[bytes, bytes], order: str = "<") -> bytes:
    return chunk(b"LIST", b"INFO" + b"".join(chunk(*item, order) for item in items), order)


def file_of(folder: Path, data: bytes) -> str:
    path = folder / "File.wav"
    path.write_bytes(data)
    return str(path)


TITLE = info((b"INAM", b"Title\0"))
DATA = chunk(b"data", TEN_SECONDS)
PCM_EXTRA = struct.pack("<HHI", 22, 16, 4) + b"\1\0" + bytes(14)


@pytest.mark.parametrize(
    "data",
    [
        wave(form(), DATA, TITLE),
        wave(form(order=">"), chunk(b"data", TEN_SECONDS, ">"),
             info((b"INAM", b"Title\0"), order=">"), kind=b"RIFX", order=">"),
        *(wave(chunk(b"ds64", struct.pack("<QQQI", 9, len(TEN_SECONDS), 80_000, 0)), form(), TITLE,
               chunk(b"data", TEN_SECONDS, size=2**32 - 1), kind=kind, size=2**32 - 1)
          for kind in (b"RF64", b"BW64")),
        wave(chunk(b"ds64", bytes(28)), form(), TITLE,
             chunk(b"data", TEN_SECONDS, size=2**32 - 1), kind=b"RF64", size=2**32 - 1),
        wave(form(), TITLE, chunk(b"data", TEN_SECONDS, size=2**32 - 1), size=2**32 - 1),
        wave(form(), TITLE, chunk(b"data", TEN_SECONDS, size=0), size=0),
        wave(form(), TITLE, chunk(b"data", TEN_SECONDS, size=10**9)),
        wave(form(), chunk(b"junk", b"12345")[:-1], TITLE, DATA),
        wave(form(), chunk(b"JUNK", b"1234567"), TITLE, DATA),
        wave(form(), TITLE, DATA) + bytes(5000),
        wave(form(), TITLE, DATA) + b"TAG" + b"x" * 125,
        wave(form(), TITLE, DATA) + b"\xff\xfe\1\2" * 300,
        wave(form(), chunk(b"\xff\0\1\2", b"1234"), TITLE, DATA),
        wave(form(), DATA, chunk(b"\0n\0i", b""), TITLE),
        wave(form(), chunk(b"junk", b"12345")[:-1] + b"\1", TITLE, DATA),
        wave(form(), chunk(b"junk", b"123456") + b"\0", TITLE, DATA),
        wave(form(), TITLE, chunk(b"afsp", b"1234", size=10**9), DATA),
        wave(form(block=0), TITLE, DATA),
        wave(form(EXTENSIBLE, extra=PCM_EXTRA), TITLE, DATA),
    ],
)  # fmt: skip
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
    assert tags.bitrate_kbps == 128


@pytest.mark.parametrize("stated", [(5 * 2**30) % 2**32, 2**32 - 1, 0])
def test_a_file_of_5_gib_is_as_long_as_it_is(tmp_path: Path, stated: int) -> None:
    data = wave(form(), TITLE, chunk(b"data", b"", size=stated))
    path = file_of(tmp_path, data)
    os.truncate(path, len(data) + 5 * 2**30)  # takes no room on the disk
    assert read_tags(path).duration_s == pytest.approx(5 * 2**30 / 16000, rel=0.001)


def test_chunks_behind_5_gib_are_found(tmp_path: Path) -> None:
    head = wave(form(), chunk(b"data", b"", size=(5 * 2**30) % 2**32))
    path = file_of(tmp_path, head)
    os.truncate(path, len(head) + 5 * 2**30)
    with open(path, "ab") as file:
        file.write(TITLE)
    tags = read_tags(path)
    assert (tags.title, tags.duration_s) == ("Title", 5 * 2**30 / 16000)


def test_an_empty_recording_is_empty(tmp_path: Path) -> None:
    tags = read_tags(file_of(tmp_path, wave(form(), chunk(b"data", b""), TITLE)))
    assert (tags.title, tags.duration_s, tags.audio_digest) == ("Title", 0, "")


def fact(samples: int) -> bytes:
    return chunk(b"fact", struct.pack("<I", samples))


ADPCM_EXTRA = struct.pack("<HH", 2, 505)
MP3_EXTRA = struct.pack("<HHIHHH", 12, 1, 2, 417, 1, 0)
MPEG_EXTRA = struct.pack("<HHIHHHI", 22, 4, 64000, 1, 1, 0, 0)


@pytest.mark.parametrize(
    ("described", "stated", "data_bytes", "codec"),
    [
        (form(IMA_ADPCM, bits=4, block=256, extra=ADPCM_EXTRA), b"", 40_556, "adpcm"),
        (form(IMA_ADPCM, bits=4, block=256, extra=ADPCM_EXTRA), fact(80_000), 40_704, "adpcm"),
        (form(IMA_ADPCM, bits=4, block=256, extra=ADPCM_EXTRA), fact(40_704), 40_556, "adpcm"),
        (form(IMA_ADPCM, bits=4, block=512, channels=2, extra=ADPCM_EXTRA), b"", 81_112, "adpcm"),
        (form(MS_ADPCM, bits=4, block=256), b"", 40_960, "adpcm"),
        (form(GSM, bits=0, block=65), b"", 16_250, "gsm"),
        (form(GSM, bits=0, block=65, extra=struct.pack("<HH", 2, 320)), fact(1), 16_250, "gsm"),
        (form(MP3, bits=0, block=1, bytes_per_second=1000, extra=MP3_EXTRA), b"", 10_000, "mp3"),
        (form(MP3, bits=0, block=1, bytes_per_second=1100, extra=MP3_EXTRA),
         fact(80_000), 10_000, "mp3"),
        (form(MP3, bits=0, block=1, bytes_per_second=1000, extra=MP3_EXTRA),
         fact(2**32 - 1), 10_000, "mp3"),
        (form(MPEG, bits=0, block=1, bytes_per_second=8000, extra=MPEG_EXTRA), b"", 80_000, "mp3"),
        (form(0x2000, bits=0, block=1, bytes_per_second=24_000), b"", 240_000, "ac3"),
        (form(0x00FF, bits=0, block=1, bytes_per_second=2000), fact(80_000), 20_000, "aac"),
        (form(6, bits=8, block=1), b"", 80_000, "alaw"),
        (form(FLOAT, bits=32, block=4), b"", 320_000, "pcm"),
        (form(bits=24, block=4), b"", 320_000, "pcm"),  # in containers of 32 bits
        (form(bits=24, block=24, channels=8), b"", 24 * 80_000, "pcm"),
        (form(0x1234, bits=0, block=1, bytes_per_second=1000), b"", 10_000, "wav"),
    ],
)  # fmt: skip
def test_compressed_sound_is_as_long_as_its_blocks_or_frames(
    tmp_path: Path, described: bytes, stated: bytes, data_bytes: int, codec: str
) -> None:
    data = wave(described, stated, chunk(b"data", bytes(data_bytes)))
    tags = read_tags(file_of(tmp_path, data))
    assert tags.codec == codec
    assert tags.duration_s == pytest.approx(10, rel=0.01)
    assert tags.bitrate_kbps == pytest.approx(data_bytes * 8 / 10_000, rel=0.02, abs=1)
    assert tags.bit_depth in {0, 24, 32}


def test_mp3_without_a_stated_rate_is_measured_by_its_frames(tmp_path: Path) -> None:
    frames = SAMPLES[".mp3"].read_bytes()
    described = form(MP3, bits=0, block=1, bytes_per_second=0, extra=MP3_EXTRA)
    tags = read_tags(file_of(tmp_path, wave(described, chunk(b"data", frames))))
    assert tags.duration_s == pytest.approx(0.5, rel=0.15)


def test_mp2_of_a_constant_rate_is_measured_by_its_first_frame(tmp_path: Path) -> None:
    # MPEG 1, layer II, 64 kbit/s at 48 kHz: 192 bytes, 24 ms.
    frames = (b"\xff\xfd\x44\x00" + bytes(188)) * 100
    described = form(MPEG, bits=0, block=1, bytes_per_second=0, extra=MPEG_EXTRA)
    tags = read_tags(file_of(tmp_path, wave(described, chunk(b"data", frames))))
    assert tags.duration_s == pytest.approx(2.4, rel=0.001)


def test_the_bits_that_count_are_the_depth(tmp_path: Path) -> None:
    extra = struct.pack("<HHI", 22, 24, 4) + b"\1\0" + bytes(14)
    data = wave(form(EXTENSIBLE, bits=32, block=4, extra=extra), chunk(b"data", bytes(320_000)))
    tags = read_tags(file_of(tmp_path, data))
    assert (tags.bit_depth, tags.duration_s) == (24, 10)


@pytest.mark.parametrize(
    ("text", "code_page", "title"),
    [
        ("Тест".encode("cp1251"), 1251, "Тест"),
        ("長相思".encode("cp932"), 932, "長相思"),
        ("长相思".encode("gbk"), 936, "长相思"),
        ("Тест".encode("koi8-r"), 20866, "Тест"),
        ("Тест".encode(), 1251, "Тест"),
        ("Тест".encode(), 0, "Тест"),
        ("Тестовая".encode("cp1251"), 0, "Тестовая"),
        ("Motörhead".encode("cp1252"), 0, "Motörhead"),
        ("Motörhead".encode("cp1252"), 64999, "Motörhead"),
        ("Two words".encode("utf-16-le") + b"\0\0", 0, "Two words"),
        ("Тест".encode("utf-16"), 0, "Тест"),
        (b"Title\0rubbish", 0, "Title"),
    ],
)
def test_texts_are_read_in_the_code_page_that_the_file_names(
    tmp_path: Path, text: bytes, code_page: int, title: str
) -> None:
    parts = [chunk(b"CSET", struct.pack("<4H", code_page, 0, 0, 0)), info((b"INAM", text))]
    for each in (parts, parts[::-1]):
        assert read_tags(file_of(tmp_path, wave(form(), *each, DATA))).title == title


def test_texts_of_odd_sizes_without_padding_are_read(tmp_path: Path) -> None:
    items = b"".join(
        name + struct.pack("<I", len(text)) + text
        for name, text in ((b"INAM", b"Tune\0"), (b"IART", b"Artist!"), (b"IPRD", b"Album"))
    )
    tags = read_tags(file_of(tmp_path, wave(form(), chunk(b"LIST", b"INFO" + items), DATA)))
    assert (tags.title, tags.artist, tags.album) == ("Tune", "Artist!", "Album")


def test_texts_of_even_sizes_with_padding_are_read(tmp_path: Path) -> None:
    """As sdrtrunk writes them."""
    items = chunk(b"INAM", b"Title\0") + b"\0" + chunk(b"IART", b"Artist")
    tags = read_tags(file_of(tmp_path, wave(form(), chunk(b"LIST", b"INFO" + items), DATA)))
    assert (tags.title, tags.artist) == ("Title", "Artist")


def test_a_list_of_another_kind_does_not_hide_the_texts(tmp_path: Path) -> None:
    labels = chunk(b"LIST", b"adtl" + chunk(b"labl", b"\1\0\0\0Verse\0"))
    assert read_tags(file_of(tmp_path, wave(form(), labels, DATA, TITLE))).title == "Title"


def test_a_broadcast_wave_says_when_it_was_recorded(tmp_path: Path) -> None:
    described = b"Take 3".ljust(256, b"\0") + b"Recorder".ljust(64, b"\0") + b"2019-05-04"
    data = wave(chunk(b"bext", described.ljust(602, b"\0")), form(), DATA)
    tags = read_tags(file_of(tmp_path, data))
    assert (tags.title, tags.year) == ("File", 2019)


def tag_of(folder: Path, title: str) -> bytes:
    tagged = make_audio(folder / "tagged.mp3", title=title).read_bytes()
    return tagged[: len(tagged) - SAMPLES[".mp3"].stat().st_size]


@pytest.mark.parametrize("count", [1, 2])
def test_id3_tags_before_the_file_are_read(tmp_path: Path, count: int) -> None:
    tags = b"".join(tag_of(tmp_path, title) for title in ("First", "Second")[:count])
    for zeros in (b"", bytes(3000)):
        path = file_of(tmp_path, tags + zeros + wave(form(), DATA))
        found = read_tags(path)
        assert (found.title, found.codec, found.duration_s) == ("First", "pcm", 10)


def test_an_id3_tag_that_is_no_chunk_is_read(tmp_path: Path) -> None:
    path = file_of(tmp_path, wave(form(), DATA) + tag_of(tmp_path, "Behind"))
    assert read_tags(path).title == "Behind"


def test_the_id3_tag_comes_before_the_list(tmp_path: Path) -> None:
    tag = chunk(b"id3 ", tag_of(tmp_path, "From ID3"))
    parts = (info((b"INAM", b"Cut of"), (b"IART", b"Artist")), DATA, tag)
    tags = read_tags(file_of(tmp_path, wave(form(), *parts)))
    assert (tags.title, tags.artist) == ("From ID3", "Artist")


def test_the_digest_is_that_of_the_sound(tmp_path: Path) -> None:
    plain = read_tags(file_of(tmp_path, wave(form(), DATA))).audio_digest
    assert plain
    with_texts = read_tags(file_of(tmp_path, wave(TITLE, form(), DATA, TITLE))).audio_digest
    other = read_tags(file_of(tmp_path, wave(form(), chunk(b"data", TEN_SECONDS[::-1]))))
    path = file_of(tmp_path, wave(form(), DATA))
    retag(path, title="Retagged")
    retagged = read_tags(path)
    assert retagged.title == "Retagged"
    assert plain == with_texts == retagged.audio_digest != other.audio_digest


def test_the_digest_of_a_stream_is_that_of_the_finished_file(tmp_path: Path) -> None:
    finished = read_tags(file_of(tmp_path, wave(form(), DATA))).audio_digest
    piped = wave(form(), chunk(b"data", TEN_SECONDS, size=2**32 - 1), size=2**32 - 1)
    assert read_tags(file_of(tmp_path, piped)).audio_digest == finished


@pytest.mark.skipif(not Path("/proc/self/io").exists(), reason="Linux has it")
def test_little_of_a_long_file_is_read(tmp_path: Path) -> None:
    path = file_of(tmp_path, wave(form(), chunk(b"data", bytes(20_000_000)), TITLE))
    before = bytes_read_by_this_process()
    assert read_tags(path).title == "Title"
    assert bytes_read_by_this_process() - before < 200_000


def bytes_read_by_this_process() -> int:
    status = Path("/proc/self/io").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("rchar")).split()[1])


@pytest.mark.parametrize(
    ("data", "detail"),
    [
        (wave(form()), "the data chunk is missing"),
        (wave(DATA), "the format chunk is missing"),
        (wave(chunk(b"fmt ", bytes(16)), DATA), "the sample rate is missing"),
    ],
)
def test_what_is_missing_is_named(tmp_path: Path, data: bytes, detail: str) -> None:
    with pytest.raises(UnreadableAudio, match=detail):
        read_tags(file_of(tmp_path, data))
