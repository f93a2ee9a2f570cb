"""Codec, rate, channels and bit depth of MP4 files."""

import struct
from pathlib import Path

import pytest

from tests.library.tags import mp4_files as made
from tests.library.tags.mp4_files import MDAT, read_alike

aac, box, entry = made.aac, made.box, made.entry
FLAC_192_KHZ = bytes(18) + (192_000 << 44 | 5 << 41 | 23 << 36).to_bytes(8, "big")
ALAC_96_KHZ = bytes(9) + bytes([24, 40, 10, 14, 6]) + bytes(10) + made.numbers(96_000)


@pytest.mark.parametrize(
    ("description", "expected"),
    [
        (entry(), ("aac", 44100, 2, 0)),
        (aac("1208"), ("aac", 44100, 1, 0)),
        (aac("1230"), ("aac", 44100, 6, 0)),
        (aac("1238"), ("aac", 44100, 8, 0)),
        # HE-AAC: said at once, said in an extension, and only known by the rate of the entry.
        (aac("2b920800"), ("aac", 44100, 2, 0)),
        (aac("139056e5a0", rate=22050), ("aac", 44100, 2, 0)),
        (aac("1390"), ("aac", 44100, 2, 0)),
        (aac("1390", rate=22050), ("aac", 22050, 2, 0)),
        # HE-AAC v2: mono that PS makes stereo.
        (aac("eb8a0800"), ("aac", 44100, 2, 0)),
        (aac("138856e5a54880"), ("aac", 44100, 2, 0)),
        (aac("138856e5a54800"), ("aac", 44100, 1, 0)),
        # Mono at a low rate, which nothing doubles.
        (aac("1388", rate=22050), ("aac", 22050, 1, 0)),
        # Channels in a program_config_element: a pair in front, and one for low frequencies.
        (aac("1200050401002000"), ("aac", 44100, 3, 0)),
        # USAC, layer III of MPEG audio, Audio Lossless, and what is no configuration.
        (aac("f94840"), ("aac", 44100, 2, 0)),
        (aac("f84840"), ("mp3", 44100, 2, 0)),
        (aac("f88840"), ("mp4", 44100, 2, 0)),
        (aac("f88800ffff"), ("mp4", 44100, 2, 0)),
        (aac(""), ("aac", 44100, 2, 0)),
        (aac("12"), ("aac", 44100, 2, 0)),
        (entry(b"mp4a", made.esds(None, 0x6B)), ("mp3", 44100, 2, 0)),
        (entry(b"mp4a", made.esds(None, 0xA5)), ("ac3", 44100, 2, 0)),
        (entry(b"mp4a", made.esds(None, 0xDD)), ("mp4", 44100, 2, 0)),
        (entry(b"ac-3"), ("ac3", 44100, 2, 0)),
        (entry(b"ac-3", box(b"dac3", bytes.fromhex("103dc0"))), ("ac3", 48000, 6, 0)),
        (entry(b"ec-3", box(b"dec3", bytes.fromhex("0c00200f00"))), ("eac3", 48000, 6, 0)),
        (entry(b"ec-3", box(b"dec3", bytes.fromhex("1800200f0202"))), ("eac3", 48000, 8, 0)),
        (entry(b"Opus", box(b"dOps", b"\0\6" + bytes(9))), ("opus", 48000, 6, 0)),
        (entry(b"fLaC", box(b"dfLa", FLAC_192_KHZ), rate=0), ("flac", 192_000, 6, 24)),
        (entry(b"alac", box(b"alac", ALAC_96_KHZ)), ("alac", 96_000, 6, 24)),
        (entry(b"alac", box(b"wave", box(b"alac", ALAC_96_KHZ))), ("alac", 96_000, 6, 24)),
        (entry(b"alac"), ("alac", 44100, 2, 16)),
        (entry(b"alac", box(b"alac", b"short")), ("alac", 44100, 2, 16)),
        (entry(b"enca", box(b"sinf", box(b"frma", b"fLaC"))), ("flac", 44100, 2, 16)),
        (entry(b"samr", rate=8000), ("mp4", 8000, 1, 0)),
        (entry(b"zzzz"), ("mp4", 44100, 2, 0)),
        (entry(b"zzzz", rate=0), ("mp4", 44100, 2, 0)),
    ],
)
def test_the_codecs_own_header_describes_the_sound(
    tmp_path: Path, description: bytes, expected: tuple[str, int, int, int]
) -> None:
    tags = read_alike(tmp_path / "a.m4a", MDAT, made.movie(made.track(description)))
    assert (tags.codec, tags.sample_rate_hz, tags.channels, tags.bit_depth) == expected
    assert tags.duration_s == 10


QUICKTIME_V2 = (
    made.numbers(72) + struct.pack(">d", 96_000) + made.numbers(6, 0x7F000000, 24, 12, 0, 0)
)


@pytest.mark.parametrize(
    ("description", "expected"),
    [
        (entry(b"sowt"), ("pcm", 44100, 2, 16, 1411)),
        (entry(b"in24", version=1, added=bytes(16)), ("pcm", 44100, 2, 24, 2117)),
        (entry(b"lpcm", version=2, added=QUICKTIME_V2), ("pcm", 96_000, 6, 24, 13824)),
        (entry(b"ipcm", made.full_box(b"pcmC", b"\1\x18")), ("pcm", 44100, 2, 24, 2117)),
        (entry(b"ulaw"), ("mulaw", 44100, 2, 0, 20)),
        (entry(b"ima4"), ("adpcm", 44100, 2, 0, 20)),
        (
            entry(
                b"mp4a",
                box(b"wave", box(b"frma", b"mp4a"), made.esds()),
                version=1,
                added=bytes(16),
            ),
            ("aac", 44100, 2, 0, 20),
        ),
        (entry(b"mp4a", made.esds(bitrate=128_000)), ("aac", 44100, 2, 0, 128)),
    ],
)
def test_sounds_of_quicktime_are_described(
    tmp_path: Path, description: bytes, expected: tuple[str, int, int, int, int]
) -> None:
    tags = read_alike(tmp_path / "a.m4a", MDAT, made.movie(made.track(description)))
    stream = (tags.codec, tags.sample_rate_hz, tags.channels, tags.bit_depth, tags.bitrate_kbps)
    assert stream == expected


def test_a_version_of_mp4_is_none_of_quicktime(tmp_path: Path) -> None:
    """In a newer `stsd`, version 1 of an entry adds nothing in front of its boxes."""
    description = bytearray(entry(b"mp4a", made.esds(bytes.fromhex("1208")), version=1))
    description[8] = 1
    tags = read_alike(tmp_path / "a.m4a", MDAT, made.movie(made.track(bytes(description))))
    assert tags.channels == 1


def test_the_first_track_of_sound_is_described(tmp_path: Path) -> None:
    """The bit rate is that of its samples: a film's data is mostly pictures."""
    sizes = made.full_box(b"stsz", made.numbers(0, 2, 60_000, 65_000))
    film = made.track(handler=b"vide", number=1, length=99 * made.RATE)
    sound = made.track(entry(b"Opus"), sizes=sizes, number=2)
    tags = read_alike(tmp_path / "a.mp4", MDAT, made.movie(film, sound))
    assert (tags.codec, tags.duration_s, tags.bitrate_kbps) == ("opus", 10, 100)
