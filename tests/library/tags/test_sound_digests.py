"""Digests of sound: other tags leave them as they are, other sound does not."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mutagen.apev2
import mutagen.id3
import pytest

from library.tags.reader import read_fully, read_quickly
from tests.audio_files import JPEG, SAMPLES, make_audio, retag
from tests.mpeg_files import adts_frames, apev2, id3v1, lyrics3_v2, mpeg_frames, xing

id3: Any = mutagen.id3
ape: Any = mutagen.apev2
SUFFIXES = (".mp3", ".aac", ".wv", ".ape", ".mpc", ".mp+", ".tta")
LONG_MP3 = xing(1200, 0, flags=1) + mpeg_frames(*(9, 10, 11, 9) * 300)
LONG = {".mp3": LONG_MP3, ".aac": adts_frames(*range(200, 400)) * 5}


def digest(path: Path) -> str:
    found = read_fully(str(path)).audio_digest
    quick = read_quickly(str(path))
    assert quick is None or quick.audio_digest == found
    assert len(found) == 32
    return found


def _grow_padding(path: Path) -> None:
    tags = id3.ID3(path)
    tags.add(id3.APIC(encoding=0, mime="image/jpeg", type=3, desc="", data=JPEG + bytes(100_000)))
    tags.save(path, padding=lambda _: 50_000)


def _add_id3v1(path: Path) -> None:
    id3.ID3(path).save(path, v1=2)


def _remove_id3(path: Path) -> None:
    id3.ID3(path).delete(path)


def _add_apev2(path: Path) -> None:
    tags = ape.APEv2()
    tags["Title"] = "Another"
    tags["Cover Art (Front)"] = ape.APEValue(b"cover.jpg\0" + JPEG * 20, ape.BINARY)
    tags.save(path)


def _append(data: bytes) -> Callable[[Path], None]:
    def append(path: Path) -> None:
        with path.open("ab") as file:
            file.write(data)

    return append


@pytest.mark.parametrize("sound", ["sample", "long"])
@pytest.mark.parametrize(
    "change",
    [
        _grow_padding,
        _add_id3v1,
        _remove_id3,
        _add_apev2,
        _append(apev2(Title="T") + id3v1("T")),
        _append(lyrics3_v2(LYR="la " * 1_000) + id3v1("T")),
    ],
)
def test_other_tags_leave_the_digest_of_an_mp3(
    tmp_path: Path, sound: str, change: Callable[[Path], None]
) -> None:
    path = tmp_path / "a.mp3"
    path.write_bytes(LONG_MP3 if sound == "long" else SAMPLES[".mp3"].read_bytes())
    bare = digest(path)
    retag(path, title="Title", artist=["A", "B"])
    assert digest(path) == bare
    change(path)
    assert digest(path) == bare


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_other_tags_leave_the_digest(tmp_path: Path, suffix: str) -> None:
    path = make_audio(tmp_path / f"a{suffix}")
    bare = digest(path)
    retag(path, title="Title", album="Album", cover=JPEG)
    assert digest(path) == bare
    retag(path, title="Another, longer title", album=None)
    assert digest(path) == bare


@pytest.mark.parametrize("suffix", [each for each in SUFFIXES if each != ".mp+"])
@pytest.mark.parametrize("share", [0.003, 0.5, 0.999])
def test_other_sound_has_another_digest(tmp_path: Path, suffix: str, share: float) -> None:
    path = tmp_path / f"a{suffix}"
    data = bytearray(LONG.get(suffix) or SAMPLES[suffix].read_bytes())
    path.write_bytes(data)
    before = digest(path)
    at = max(100, int(len(data) * share))
    data[at] ^= 0x55
    path.write_bytes(data)
    assert digest(path) != before


def test_the_sound_is_read_in_one_direction(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether there is an ID3v1 tag or not, which moves the middle of the sound. The middle takes
    one small read."""
    path, reads = tmp_path / "a.mp3", list[tuple[int, int]]()
    real_pread = os.pread

    def pread(descriptor: int, count: int, at: int) -> bytes:
        reads.append((at, count))
        return real_pread(descriptor, count, at)

    for version in (0, 2):
        path.write_bytes(LONG_MP3)
        retag(path, title="Title", cover=JPEG + bytes(100_000))
        id3.ID3(path).save(path, v1=version)
        reads.clear()
        with monkeypatch.context() as patch:
            patch.setattr(os, "pread", pread)
            assert read_quickly(str(path)) is not None
        assert reads == sorted(reads)
        _picture, _beginning, middle, _end = reads
        assert middle[1] < 5_000
