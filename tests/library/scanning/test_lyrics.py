"""A scan finds the lyrics in tags and in files beside the tracks."""

import os
import time
import unicodedata
from pathlib import Path
from typing import Literal

import mutagen
import mutagen.id3
import pytest

from library.models.catalogue import Track
from tests.audio_files import make_audio
from tests.library.scanning.conftest import Scan

SYNCED = "[00:01.00]One\n[00:02.00]Two\n"


def lyrics_file(path: Path, text: str = SYNCED, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    then = time.time() - 60
    os.utime(path, (then, then))
    return path


def stored(name: str) -> tuple[str, str]:
    return Track.objects.values_list("lyrics_kind", "lyrics_file_name").get(path=name)


@pytest.mark.parametrize("workers", [0, 1])
@pytest.mark.parametrize(
    ("name", "text", "encoding", "kind"),
    [
        ("Song.lrc", SYNCED, "utf-8", "synced"),
        ("Song.LRC", SYNCED, "utf-16", "synced"),
        ("song.lrc", SYNCED, "utf-8-sig", "synced"),
        ("Song.en.lrc", SYNCED, "utf-8", "synced"),
        ("Song.pt-BR.lrc", SYNCED, "utf-8", "synced"),
        ("Song.txt", "One\nTwo", "utf-8", "plain"),
        ("Song.txt", SYNCED, "utf-8", "synced"),
        ("Song.lrc", "One\nTwo", "cp1252", "plain"),
    ],
)
def test_a_file_beside_a_track_holds_its_lyrics(  # noqa: PLR0917
    music: Path, scan: Scan, workers: int, name: str, text: str, encoding: str, kind: str
) -> None:
    make_audio(music / "Song.mp3")
    lyrics_file(music / name, text, encoding)
    scan(workers=workers)
    assert stored("Song.mp3") == (kind, name)


@pytest.mark.parametrize("name", ["cover.txt", "readme.txt", "Song (live).lrc", "Song.mp3.bak"])
def test_a_file_of_another_name_holds_none(music: Path, scan: Scan, name: str) -> None:
    make_audio(music / "Song.mp3")
    lyrics_file(music / name)
    scan()
    assert stored("Song.mp3") == ("", "")


def test_a_name_with_a_dot_is_its_own(music: Path, scan: Scan) -> None:
    make_audio(music / "Help.me.mp3")
    lyrics_file(music / "Help.me.lrc")
    scan()
    assert stored("Help.me.mp3") == ("synced", "Help.me.lrc")


@pytest.mark.parametrize(("audio", "lyrics"), [("NFD", "NFC"), ("NFC", "NFD")])
def test_names_may_differ_in_their_unicode_form(
    music: Path, scan: Scan, audio: Literal["NFC", "NFD"], lyrics: Literal["NFC", "NFD"]
) -> None:
    make_audio(music / unicodedata.normalize(audio, "Été ガ.mp3"))
    lyrics_file(music / unicodedata.normalize(lyrics, "Été ガ.lrc"))
    scan()
    name = unicodedata.normalize(lyrics, "Été ガ.lrc")
    assert Track.objects.values_list("lyrics_kind", "lyrics_file_name").get() == ("synced", name)


def test_a_file_with_times_is_preferred(music: Path, scan: Scan) -> None:
    make_audio(music / "Song.mp3")
    lyrics_file(music / "Song.txt", "One")
    lyrics_file(music / "Song.lrc")
    scan()
    assert stored("Song.mp3") == ("synced", "Song.lrc")


def test_names_that_differ_in_case_alone_belong_to_their_own_tracks(
    music: Path, scan: Scan
) -> None:
    for name in ("song", "SONG"):
        make_audio(music / f"{name}.mp3")
        lyrics_file(music / f"{name}.lrc")
    scan()
    assert [stored(f"{name}.mp3")[1] for name in ("song", "SONG")] == ["song.lrc", "SONG.lrc"]


def test_a_file_that_comes_changes_and_goes_is_noticed(
    music: Path, scan: Scan, opened: list[str]
) -> None:
    track = make_audio(music / "Song.mp3")
    make_audio(music / "Other.mp3")
    scan()
    path = lyrics_file(music / "Song.lrc", "One")
    opened.clear()
    assert scan().counts.updated == 1
    assert stored("Song.mp3") == ("plain", "Song.lrc")
    lyrics_file(path)
    assert scan().counts.updated == 1
    assert stored("Song.mp3") == ("synced", "Song.lrc")
    assert scan().counts.updated == 0
    path.unlink()
    assert scan().counts.updated == 1
    assert stored("Song.mp3") == ("", "")
    assert {each for each in opened if each.endswith(".mp3")} <= {str(track)}


def test_lyrics_in_tags_stay_beside_a_plain_file(music: Path, scan: Scan) -> None:
    track = make_audio(music / "Song.flac")
    audio = mutagen.File(track)
    audio["LYRICS"] = SYNCED
    audio.save()
    os.utime(track, (1, 1))
    lyrics_file(music / "Song.txt", "One")
    scan()
    assert stored("Song.flac") == ("synced", "Song.txt")


def test_a_file_of_lyrics_that_cannot_be_read_costs_no_track(music: Path, scan: Scan) -> None:
    make_audio(music / "Song.mp3")
    (music / "Song.lrc").mkdir()
    make_audio(music / "Else.mp3")
    (music / "Else.lrc").symlink_to("nowhere")
    scan()
    assert stored("Song.mp3") == stored("Else.mp3") == ("", "")
