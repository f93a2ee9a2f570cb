"""Tags around streams of frames: any number of them, in any order, with junk between."""

import struct
from collections.abc import Callable
from pathlib import Path

import pytest

from library.tags.reader import UnreadableAudio, read_tags
from library.tags.track_tags import UNKNOWN_ARTIST
from tests.audio_files import SAMPLES
from tests.library.tags.both_readers import read
from tests.mpeg_files import (
    SECOND_OF_FRAMES,
    adts_frames,
    apev2,
    id3v1,
    id3v2,
    lyrics3_v2,
    mpeg_frames,
)

SOUND = mpeg_frames(*(9, 10, 11, 9) * 60)
SOUND_S = 240 * SECOND_OF_FRAMES
ID3 = id3v2(TIT2="From ID3v2")
APE = apev2(Title="From APEv2", Artist="APE")
V1 = id3v1("From ID3v1", "V1")
LYRICS = lyrics3_v2(LYR="[00:01]la la", ETT="From Lyrics3")
END = id3v2(version=4, footer=True, TIT2="From the end")
WITHOUT_FOOTER = id3v2(TIT2="From the end")


@pytest.mark.parametrize(
    ("data", "title"),
    [
        (ID3 + ID3 + SOUND, "From ID3v2"),
        (id3v2() + ID3 + SOUND, "From ID3v2"),
        (id3v2(padding=2_000) + ID3 + SOUND, "From ID3v2"),
        (id3v2(TIT2="First") + ID3 + SOUND, "First"),
        (id3v2(version=4, footer=True, TIT2="With footer") + SOUND, "With footer"),
        (ID3 + bytes(65_536) + SOUND, "From ID3v2"),
        (ID3 + bytes(2_000_000) + SOUND, "From ID3v2"),
        (ID3 + b"\x20" * 4 + SOUND, "From ID3v2"),
        (bytes(500) + ID3 + SOUND, "From ID3v2"),
        (b"\r\n\r\nHTTP junk" + ID3 + SOUND, "From ID3v2"),
        (ID3 + bytes(700) + id3v2(TALB="Album") + SOUND, "From ID3v2"),
        (APE + SOUND, "From APEv2"),
        (ID3 + APE + SOUND, "From ID3v2"),
        (APE + ID3 + SOUND, "From ID3v2"),
        (SOUND + APE, "From APEv2"),
        (SOUND + apev2(header=False, Title="No header"), "No header"),
        (SOUND + APE + V1, "From APEv2"),
        (SOUND + V1 + APE, "From APEv2"),
        (SOUND + APE + LYRICS + V1, "From APEv2"),
        (SOUND + APE + b"LYRICSBEGINla la laLYRICSEND" + V1, "From APEv2"),
        (SOUND + LYRICS + V1, "From Lyrics3"),
        (SOUND + b"TAG+" + bytes(223) + V1, "From ID3v1"),
        (SOUND + END, "From the end"),
        (SOUND + END + V1, "From the end"),
        (SOUND + WITHOUT_FOOTER, "From the end"),
        (SOUND + WITHOUT_FOOTER + APE + V1, "From the end"),
        (SOUND + APE + END, "From the end"),
        (ID3 + SOUND + END + APE + V1, "From ID3v2"),
        (SOUND + V1 + V1, "From ID3v1"),
    ],
)
def test_every_order_of_tags(tmp_path: Path, data: bytes, title: str) -> None:
    tags = read(tmp_path, data)
    assert tags.title == title
    assert tags.duration_s == pytest.approx(SOUND_S, rel=0.002)
    assert tags.audio_digest == read(tmp_path, SOUND, "bare.mp3").audio_digest


def test_a_field_that_one_tag_lacks_comes_from_the_next(tmp_path: Path) -> None:
    tags = read(tmp_path, id3v2(TIT2="T") + SOUND + apev2(Artist="A") + id3v1("V1", "V1"))
    assert (tags.title, tags.artist) == ("T", "A")


def test_a_mark_of_id3v1_inside_apev2_is_none(tmp_path: Path) -> None:
    """The header of an APEv2 tag, APETAGEX, lies 131 bytes before the end of the file."""
    tag = apev2(Title="x" * (131 - 64 - 8 - len("Title") - 1))
    assert len(tag) == 131
    assert read(tmp_path, SOUND + tag).title.startswith("xxx")


def test_an_apev2_item_of_a_reserved_type_does_not_hide_the_others(tmp_path: Path) -> None:
    tag = bytearray(apev2(Other="?", Title="T"))
    tag[32 + 4] = 6
    assert read(tmp_path, SOUND + tag).title == "T"


@pytest.mark.parametrize("second", [id3v2(TSSE="Lavf"), id3v2(TIT2=""), id3v2(version=4, TIT2="")])
def test_a_second_tag_that_says_nothing_hides_nothing(tmp_path: Path, second: bytes) -> None:
    assert read(tmp_path, ID3 + second + SOUND + V1).title == "From ID3v2"


def test_a_tag_longer_than_it_says_does_not_hide_the_sound(tmp_path: Path) -> None:
    tag = id3v2(TIT2="T", TALB="x" * 3_000)
    tag = tag[:6] + b"\0\0\0\x50" + tag[10:]
    tags = read(tmp_path, tag + SOUND)
    assert tags.title == "T"
    assert tags.duration_s == pytest.approx(SOUND_S, rel=0.002)


def test_a_tag_shorter_than_it_says_does_not_hide_the_sound(tmp_path: Path) -> None:
    tag = id3v2(TIT2="T")
    tags = read(tmp_path, tag[:6] + b"\x7f" * 4 + tag[10:] + SOUND)
    assert tags.title == "T"
    assert tags.duration_s == pytest.approx(SOUND_S, rel=0.002)


def test_endless_tags_are_not_followed(tmp_path: Path) -> None:
    assert read(tmp_path, id3v2() * 10_000 + SOUND).artist == UNKNOWN_ARTIST
    assert read(tmp_path, SOUND + V1 * 10_000).title == "From ID3v1"


def test_a_tag_without_sound_is_no_track(tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    for data in (ID3, ID3 + APE + V1, ID3 + bytes(5_000_000), APE):
        path.write_bytes(data)
        with pytest.raises(UnreadableAudio):
            read_tags(str(path))


@pytest.mark.parametrize("junk", [b"", bytes(300), b"\x11" * 1_500, bytes(100_000)])
def test_adts_behind_tags_and_junk(tmp_path: Path, junk: bytes) -> None:
    sound = adts_frames(*(200, 300) * 100)
    tags = read(tmp_path, ID3 + junk + sound + APE, "a.aac")
    assert (tags.title, tags.artist) == ("From ID3v2", "APE")
    assert tags.duration_s == pytest.approx(200 * 1024 / 44100)
    assert tags.audio_digest == read(tmp_path, sound, "bare.aac").audio_digest


@pytest.mark.parametrize("suffix", [".wv", ".ape", ".mpc", ".mp+", ".tta"])
@pytest.mark.parametrize(
    "around",
    [
        lambda sound: id3v2() + ID3 + sound,
        lambda sound: ID3 + bytes(1_000) + sound,
        lambda sound: ID3 + sound + APE + V1,
        lambda sound: ID3 + sound + LYRICS + V1,
    ],
)
def test_other_formats_have_the_same_tags_around(
    tmp_path: Path, suffix: str, around: Callable[[bytes], bytes]
) -> None:
    sound = SAMPLES[suffix].read_bytes()
    bare = read(tmp_path, sound, f"bare{suffix}")
    tags = read(tmp_path, around(sound), f"a{suffix}")
    assert tags.title == "From ID3v2"
    assert (tags.duration_s, tags.sample_rate_hz) == (bare.duration_s, bare.sample_rate_hz)
    assert tags.audio_digest == bare.audio_digest != ""


@pytest.mark.parametrize(("flags", "bits"), [(0, 16), (1, 8), (8, 24)])
def test_the_bit_depth_of_old_monkeys_audio(tmp_path: Path, flags: int, bits: int) -> None:
    header = struct.pack("<4sHHHHIIIII", b"MAC ", 3970, 2000, flags, 2, 44_100, 0, 0, 11, 73_728)
    tags = read(tmp_path, header.ljust(5_000, b"\x21"), "a.ape")
    assert (tags.bit_depth, tags.channels, tags.sample_rate_hz) == (bits, 2, 44_100)
    assert tags.duration_s == pytest.approx((10 * 73_728 * 4 + 73_728) / 44_100)


def test_monkeys_audio_in_floating_point(tmp_path: Path) -> None:
    data = b"MACF" + SAMPLES[".ape"].read_bytes()[4:]
    assert read(tmp_path, data, "a.ape").duration_s > 0
