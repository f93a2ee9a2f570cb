"""Lyrics in the tags of each format: their texts, kinds and languages."""

# mutagen has types for half of itself, and strict checking trips over the other half.
# mypy: allow-untyped-calls

import os
from pathlib import Path
from typing import Any

import mutagen
import mutagen.id3
import pytest
from mutagen.mp4 import MP4FreeForm

from library.tags.native_tags import NativeLyrics
from library.tags.reader import read_embedded_lyrics, read_fully, read_quickly
from tests.audio_files import make_audio

id3: Any = mutagen.id3
PLAIN, SYNCED = "One\nTwö", "[00:01.00]One\n[00:02.50]Two"


def lyrics_of(path: Path) -> list[NativeLyrics]:
    with path.open("rb") as file:
        return read_embedded_lyrics(os.dup(file.fileno()), path.suffix)


def kind_and_language(path: Path) -> tuple[str, str]:
    tags = read_fully(str(path))
    quick = read_quickly(str(path))
    assert quick in (None, tags)
    return tags.lyrics_kind, tags.lyrics_language


def with_frames(path: Path, *frames: Any, version: int = 4) -> Path:
    make_audio(path)
    tags = id3.ID3()
    for frame in frames:
        tags.add(frame)
    tags.save(path, v2_version=version)
    return path


@pytest.mark.parametrize("version", [3, 4])
@pytest.mark.parametrize("encoding", [1, 3])
def test_uslt(tmp_path: Path, version: int, encoding: int) -> None:
    frame = id3.USLT(encoding=encoding, lang="deu", desc="d", text=PLAIN)
    path = with_frames(tmp_path / "a.mp3", frame, version=version)
    assert lyrics_of(path) == [NativeLyrics("deu", PLAIN)]
    assert kind_and_language(path) == ("plain", "deu")


def test_several_languages(tmp_path: Path) -> None:
    frames = [id3.USLT(encoding=3, lang=lang, desc="", text=lang) for lang in ("eng", "XXX")]
    path = with_frames(tmp_path / "a.mp3", *frames)
    assert set(lyrics_of(path)) == {NativeLyrics("eng", "eng"), NativeLyrics("", "XXX")}


def test_lrc_in_uslt_is_synced(tmp_path: Path) -> None:
    path = with_frames(tmp_path / "a.mp3", id3.USLT(encoding=3, lang="eng", desc="", text=SYNCED))
    assert kind_and_language(path) == ("synced", "eng")


@pytest.mark.parametrize("encoding", [0, 1, 3])
def test_sylt_becomes_lines_with_their_times(tmp_path: Path, encoding: int) -> None:
    text = [("One", 1000), ("Two", 2500)]
    frame = id3.SYLT(encoding=encoding, lang="eng", format=2, type=1, desc="x", text=text)
    path = with_frames(tmp_path / "a.mp3", id3.USLT(encoding=3, lang="eng", text="One"), frame)
    assert lyrics_of(path)[0] == NativeLyrics("eng", "[00:01.000]One\n[00:02.500]Two")
    assert kind_and_language(path) == ("synced", "eng")


def test_syllables_of_sylt_make_one_line(tmp_path: Path) -> None:
    text = [("Strang", 500), ("ers", 900), ("\nin", 1200), (" the", 1400), ("\nnight", 62_000)]
    frame = id3.SYLT(encoding=3, lang="eng", format=2, type=1, desc="", text=text)
    found = lyrics_of(with_frames(tmp_path / "a.mp3", frame))
    assert found[0].text == "[00:00.500]Strangers\n[00:01.200] in the\n[01:02.000] night"


def test_a_time_of_weeks_in_sylt_is_passed_over(tmp_path: Path) -> None:
    text = [("One", 2**32 - 1), ("Two", 2500)]
    frame = id3.SYLT(encoding=3, lang="eng", format=2, type=1, desc="", text=text)
    found = lyrics_of(with_frames(tmp_path / "a.mp3", frame))
    assert found == [NativeLyrics("eng", "[00:02.500]Two")]
    alone = id3.SYLT(encoding=3, lang="eng", format=2, type=1, desc="", text=text[:1])
    assert kind_and_language(with_frames(tmp_path / "b.mp3", alone)) == ("", "")


@pytest.mark.parametrize("kind", [3, 5, 6])
def test_chords_and_events_are_no_lyrics(tmp_path: Path, kind: int) -> None:
    frame = id3.SYLT(encoding=3, lang="eng", format=2, type=kind, desc="", text=[("Am", 5)])
    assert kind_and_language(with_frames(tmp_path / "a.mp3", frame)) == ("", "")


@pytest.mark.parametrize("suffix", [".flac", ".ogg", ".opus"])
@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("LYRICS", PLAIN, "plain"),
        ("LYRICS", SYNCED, "synced"),
        ("UNSYNCEDLYRICS", PLAIN, "plain"),
        ("UNSYNCED LYRICS", PLAIN, "plain"),
        ("SYNCEDLYRICS", SYNCED, "synced"),
    ],
)
def test_vorbis_comments(tmp_path: Path, suffix: str, name: str, text: str, kind: str) -> None:
    path = make_audio(tmp_path / f"a{suffix}")
    audio = mutagen.File(path)
    audio[name] = text
    audio.save()
    assert kind_and_language(path) == (kind, "")
    assert [each.text for each in lyrics_of(path)] == [text]


def test_synced_lyrics_come_before_plain_ones(tmp_path: Path) -> None:
    path = make_audio(tmp_path / "a.flac")
    audio = mutagen.File(path)
    audio["LYRICS"], audio["SYNCEDLYRICS"] = PLAIN, SYNCED
    audio.save()
    assert [each.text for each in lyrics_of(path)] == [SYNCED, PLAIN]
    assert kind_and_language(path) == ("synced", "")


@pytest.mark.parametrize("name", ["\xa9lyr", "----:com.apple.iTunes:LYRICS"])
def test_mp4(tmp_path: Path, name: str) -> None:
    path = make_audio(tmp_path / "a.m4a")
    audio = mutagen.File(path)
    audio[name] = MP4FreeForm(PLAIN.encode()) if name.startswith("-") else PLAIN
    audio.save()
    assert kind_and_language(path) == ("plain", "")
    assert [each.text for each in lyrics_of(path)] == [PLAIN]


@pytest.mark.parametrize(("suffix", "name"), [(".ape", "Lyrics"), (".wma", "WM/Lyrics")])
def test_apev2_and_asf(tmp_path: Path, suffix: str, name: str) -> None:
    path = make_audio(tmp_path / f"a{suffix}")
    audio = mutagen.File(path)
    if audio.tags is None:
        audio.add_tags()
    audio[name] = PLAIN
    audio.save()
    assert kind_and_language(path) == ("plain", "")


@pytest.mark.parametrize("body", [b"\1", b"\3eng", b"\3eng\2\1", b"\7eng\2\1", b"\3eng\2\1x\0a"])
@pytest.mark.parametrize("name", ["USLT", "SYLT"])
def test_damaged_frames_are_passed_over(tmp_path: Path, name: str, body: bytes) -> None:
    frame = name.encode() + len(body).to_bytes(4, "big") + b"\0\0" + body
    header = b"ID3\4\0\0" + bytes([0, 0, 0, len(frame)])
    path = tmp_path / "a.mp3"
    path.write_bytes(header + frame + make_audio(tmp_path / "b.mp3").read_bytes())
    assert kind_and_language(path)[0] in {"", "plain"}
