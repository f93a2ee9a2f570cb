"""The lengths of MPEG and ADTS streams: from what the first frame says, if that can be true, else
from the frames."""

import struct
from pathlib import Path

import pytest

from library.tags.ordinary import OpenFile, read_ordinary
from library.tags.reader import read_tags
from tests.library.tags.both_readers import read
from tests.mpeg_files import (
    MONO,
    MPEG_2,
    MPEG_2_5,
    SECOND_OF_FRAMES,
    adts_frames,
    id3v2,
    mpeg_frames,
    xing,
)

QUIET, LOUD = 1, 14  # 32 and 320 kbit/s
VARIED = (QUIET,) * 100 + (LOUD, 12, LOUD, 11) * 200
"""What an encoder makes of silence followed by noise."""
VARIED_S = len(VARIED) * SECOND_OF_FRAMES


def test_frames_of_different_rates_are_counted(tmp_path: Path) -> None:
    tags = read(tmp_path, mpeg_frames(*VARIED))
    assert tags.duration_s == pytest.approx(VARIED_S)
    assert tags.bitrate_kbps == round(8 * len(mpeg_frames(*VARIED)) / VARIED_S / 1000)


@pytest.mark.parametrize(
    ("frames", "stated_share", "flags"),
    [(0, 1, 3), (0, 1, 2), (0, 1, 0), (1, 1, 3), (90_000, 1, 3), (90_000, 1, 1), (900, 10, 3)],
)
def test_a_tag_that_cannot_be_true_is_not_believed(
    tmp_path: Path, frames: int, stated_share: int, flags: int
) -> None:
    sound = mpeg_frames(*VARIED)
    tag = xing(frames, len(sound) * stated_share, flags=flags)
    assert read(tmp_path, tag + sound).duration_s == pytest.approx(VARIED_S)


def test_a_tag_that_can_be_true_is_believed_without_reading_the_sound(tmp_path: Path) -> None:
    sound = mpeg_frames(*VARIED)
    tag = xing(len(VARIED) + 40, len(sound) + len(xing(0, 0)))
    assert read(tmp_path, tag + sound).duration_s == pytest.approx(940 * SECOND_OF_FRAMES)


def test_a_file_cut_off_is_as_long_as_what_is_left(tmp_path: Path) -> None:
    sound = mpeg_frames(*(9,) * 900)
    whole = xing(900, len(sound) + len(xing(0, 0))) + sound
    assert read(tmp_path, whole).duration_s == pytest.approx(900 * SECOND_OF_FRAMES)
    cut = read(tmp_path, whole[: len(whole) // 3])
    assert cut.duration_s == pytest.approx(300 * SECOND_OF_FRAMES, rel=0.01)


def test_files_put_together_are_as_long_as_both(tmp_path: Path) -> None:
    sound = mpeg_frames(*VARIED)
    one = id3v2(TIT2="T") + xing(len(VARIED), len(sound) + len(xing(0, 0))) + sound
    assert read(tmp_path, one).duration_s == pytest.approx(VARIED_S)
    assert read(tmp_path, one * 2).duration_s == pytest.approx(2 * VARIED_S, rel=0.01)


def test_tags_and_pictures_are_no_sound(tmp_path: Path) -> None:
    frames = mpeg_frames(*(9,) * 500)
    data = id3v2(TIT2="T", padding=300_000) + frames
    assert read(tmp_path, data).duration_s == pytest.approx(500 * SECOND_OF_FRAMES, rel=0.005)


def test_frames_alike_are_not_all_read(tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    path.write_bytes(id3v2(TIT2="T") + mpeg_frames(*(9,) * 10_000))
    with OpenFile(str(path)) as file:
        audio = read_ordinary(file, str(path))
        assert audio.info.length == pytest.approx(10_000 * SECOND_OF_FRAMES, rel=0.005)
        assert file.bytes_read < 40_000


@pytest.mark.parametrize(
    ("second", "rate", "mode", "frame_s", "channels"),
    [
        (MPEG_2, 0, 0x44, 576 / 22050, 2),
        (MPEG_2_5, 2, MONO, 576 / 8000, 1),
        (0xFD, 1, 0x44, 1152 / 48000, 2),  # MPEG 1, layer II
        (0xF5, 2, MONO, 1152 / 16000, 1),  # MPEG 2, layer II
        (0xFF, 0, 0x44, 384 / 44100, 2),  # MPEG 1, layer I
    ],
)
@pytest.mark.parametrize("varied", [False, True])
def test_every_version_and_layer(
    tmp_path: Path,
    *,
    second: int,
    rate: int,
    mode: int,
    frame_s: float,
    channels: int,
    varied: bool,
) -> None:
    rates = (9, 10, 8, 12) * 100 if varied else (9,) * 400
    tags = read(tmp_path, mpeg_frames(*rates, second=second, mode=mode, rate=rate))
    assert tags.duration_s == pytest.approx(400 * frame_s, rel=0.005)
    assert tags.channels == channels
    assert tags.codec == f"mp{4 - (second >> 1 & 3)}"


def test_frames_in_free_format(tmp_path: Path) -> None:
    """All have the same length, which no header states."""
    one = b"\xff\xfb\x00\x44".ljust(1500, b"\x21")
    padded = b"\xff\xfb\x02\x44".ljust(1501, b"\x21")
    tags = read(tmp_path, (one + padded + one) * 100)
    assert tags.duration_s == pytest.approx(300 * SECOND_OF_FRAMES, rel=0.005)
    assert tags.bitrate_kbps == round(8 * 1500.3 / SECOND_OF_FRAMES / 1000)


def test_junk_between_frames_is_skipped(tmp_path: Path) -> None:
    frames = mpeg_frames(*VARIED)
    data = frames + bytes(50_000) + b"\xff\xfb\x90\x44" * 100 + frames
    assert read(tmp_path, data).duration_s == pytest.approx(2 * VARIED_S, rel=0.002)


def test_a_large_stream_is_read_in_parts(tmp_path: Path) -> None:
    """An audiobook of ninety megabytes, half of it pauses."""
    part = mpeg_frames(*(9, 5, 9, 2, 1) * 1_000, *(1,) * 5_000)
    path = tmp_path / "a.mp3"
    path.write_bytes(part * (90_000_000 // len(part)))
    with OpenFile(str(path)) as file:
        info = read_ordinary(file, str(path)).info
        assert file.bytes_read < 20_000_000
    expected_s = 90_000_000 // len(part) * 10_000 * SECOND_OF_FRAMES
    assert info.length == pytest.approx(expected_s, rel=0.01)


def test_a_large_file_that_is_mostly_no_sound(tmp_path: Path) -> None:
    """As a download leaves it whose space was reserved at once."""
    sound = mpeg_frames(*VARIED) * 10
    path = tmp_path / "a.mp3"
    with path.open("wb") as file:
        file.write(sound)
        file.truncate(100_000_000)
    assert read_tags(str(path)).duration_s == pytest.approx(10 * VARIED_S, rel=0.1)


def test_vbri_of_a_stream_that_was_cut_off(tmp_path: Path) -> None:
    frames = mpeg_frames(*VARIED)
    numbers = struct.pack(">HHHIIHHHH", 1, 0, 75, 9_000_000, 30_000, 1, 1, 2, 1)
    head = bytearray(mpeg_frames(9))
    head[36 : 36 + 4 + len(numbers)] = b"VBRI" + numbers
    assert read(tmp_path, bytes(head) + frames).duration_s == pytest.approx(VARIED_S)


def test_adts_that_begins_with_silence(tmp_path: Path) -> None:
    sizes = (9,) * 200 + (300, 400, 350) * 200
    tags = read(tmp_path, adts_frames(*sizes), "a.aac")
    assert tags.duration_s == pytest.approx(800 * 1024 / 44100)
    assert tags.bitrate_kbps == round(8 * sum(sizes) / tags.duration_s / 1000)
    assert (tags.codec, tags.channels, tags.sample_rate_hz) == ("aac", 2, 44100)


@pytest.mark.parametrize(("channels", "expected"), [(1, 1), (6, 6), (7, 8)])
def test_channels_and_rate_of_adts(tmp_path: Path, channels: int, expected: int) -> None:
    data = adts_frames(*(50,) * 50, rate_index=8, channels=channels)
    tags = read(tmp_path, data, "a.aac")
    assert (tags.channels, tags.sample_rate_hz) == (expected, 16000)


def test_adts_in_which_frames_are_damaged(tmp_path: Path) -> None:
    data = adts_frames(*(200, 300) * 200) + bytes(5_000) + adts_frames(*(100, 300) * 200)
    tags = read(tmp_path, data, "a.aac")
    assert tags.duration_s == pytest.approx(800 * 1024 / 44100, rel=0.01)


def test_a_single_frame_of_adts_is_taken(tmp_path: Path) -> None:
    tags = read(tmp_path, adts_frames(300), "a.aac")
    assert tags.duration_s == pytest.approx(1024 / 44100)


def test_channels_that_an_element_of_the_first_frame_states(tmp_path: Path) -> None:
    """Two pairs in front, a pair behind, and a low frequency channel (ISO/IEC 14496-3, 4.4.1.1)."""
    bits = "101" + "0000" + "01" + "0100" + "0010" + "0000" + "0001" + "01" + "000" + "0000" + "000"
    bits += "10000" + "10001" + "10010" + "0000"
    element = int(bits.ljust(400, "0"), 2).to_bytes(50, "big")
    frame = adts_frames(57, channels=0)[:7] + element
    assert read(tmp_path, frame * 10, "a.aac").channels == 7


def test_adts_called_mp3_is_taken(tmp_path: Path) -> None:
    tags = read(tmp_path, id3v2(TIT2="Radio") + adts_frames(*(200, 300) * 50), "a.mp3")
    assert (tags.codec, tags.title) == ("aac", "Radio")
    assert tags.duration_s == pytest.approx(100 * 1024 / 44100)


def test_many_false_headers_before_the_sound_do_not_hide_it(tmp_path: Path) -> None:
    data = id3v2(TIT2="T") + b"\xff\xfb\x90\x44\1" * 4_000 + mpeg_frames(*VARIED)
    assert read(tmp_path, data).duration_s == pytest.approx(VARIED_S, rel=0.01)


def test_headers_without_frames_end_the_search(tmp_path: Path) -> None:
    """Megabytes of what looks like a header everywhere."""
    path = tmp_path / "a.mp3"
    path.write_bytes(mpeg_frames(*VARIED) + b"\xff\xfb\x90\x44" * 2_000_000)
    assert read_tags(str(path)).duration_s > 0
