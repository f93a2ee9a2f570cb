"""At which byte an MP3 of constant bit rate is at a second; of another one nothing is said."""

import os
from pathlib import Path

import pytest

from library.media.mp3_offsets import byte_at

ID3 = b"ID3\4\0\0\0\0\1\0" + bytes(128)  # its size is 128
LENGTHS = {128: 417, 160: 522}
THIRDS = {128: 0x90, 160: 0xA0}
S = 1152 / 44_100  # of a frame


def frames(kbps: int, count: int) -> bytes:
    return (bytes((0xFF, 0xFB, THIRDS[kbps], 0)) + bytes(LENGTHS[kbps] - 4)) * count


def found(folder: Path, content: bytes, start_s: float, duration_s: float) -> int | None:
    path = folder / "song.mp3"
    path.write_bytes(content)
    file = os.open(path, os.O_RDONLY)
    try:
        return byte_at(file, len(content), start_s, duration_s)
    finally:
        os.close(file)


@pytest.mark.parametrize("tag", [b"", ID3])
def test_the_frame_of_the_second(tmp_path: Path, tag: bytes) -> None:
    at = found(tmp_path, tag + frames(128, 300), 100 * S, 300 * S)
    assert at is not None
    assert (at - len(tag)) % 417 == 0
    assert (at - len(tag)) // 417 == pytest.approx(100, abs=1)


def test_a_rate_that_differs_elsewhere_is_not_constant(tmp_path: Path) -> None:
    """Where it begins and at the second that is asked for, it is the same."""
    content = frames(128, 100) + frames(160, 30) + frames(128, 100)
    assert found(tmp_path, content, 50 * S, 230 * S) is None


def test_a_length_that_does_not_fit_is_not_constant(tmp_path: Path) -> None:
    assert found(tmp_path, frames(128, 300), 1, 300 * S + 5) is None


@pytest.mark.parametrize("start_s", [-1, 300 * S, 1e9])
def test_a_second_that_the_file_does_not_have(tmp_path: Path, start_s: float) -> None:
    assert found(tmp_path, frames(128, 300), start_s, 300 * S) is None


@pytest.mark.parametrize("content", [b"", b"ID3", bytes(100_000), b"\xff" * 100_000, ID3])
def test_what_is_no_mp3(tmp_path: Path, content: bytes) -> None:
    assert found(tmp_path, content, 1, 10) is None
