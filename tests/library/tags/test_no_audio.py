"""What is no audio is an error with a reason a person can act on; a failing disk is another."""

import errno
import os
import random
import zipfile
from pathlib import Path

import pytest

from library.tags.reader import UnreadableAudio, read_embedded_cover, read_tags
from tests.audio_files import FILM_WITHOUT_SOUND, JPEG, PNG, SAMPLES, make_audio
from tests.library.tags.storable import assert_storable

every_suffix = pytest.mark.parametrize("suffix", sorted(SAMPLES))


def reason(path: Path) -> str:
    with pytest.raises(UnreadableAudio) as caught:
        read_tags(str(path))
    return str(caught.value)


def file_of(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


@every_suffix
def test_an_empty_file_is_said_to_be_empty(tmp_path: Path, suffix: str) -> None:
    assert reason(file_of(tmp_path / f"a{suffix}", b"")) == "The file is empty."


@every_suffix
def test_text_is_said_to_be_text(tmp_path: Path, suffix: str) -> None:
    path = file_of(tmp_path / f"a{suffix}", "Grüße: kein Ton, nur Text.\n".encode() * 100)
    assert reason(path) == "No audio found: this looks like text."


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"<!DOCTYPE html>\n<html><body>404</body></html>", "a web page"),
        (JPEG, "a JPEG picture"),
        (PNG, "a PNG picture"),
        (bytes(4096), "nothing but zeros"),
    ],
)
def test_other_kinds_of_file_are_named(tmp_path: Path, data: bytes, kind: str) -> None:
    assert reason(file_of(tmp_path / "a.mp3", data)) == f"No audio found: this looks like {kind}."


TRANSPORT_PACKET = b"G\x40\0\x10".ljust(188, b"\xff")
FRAMES = SAMPLES[".mp3"].read_bytes()


@pytest.mark.parametrize("name", ["a.mp3", "a.aac", "a.ogg", "a.wav", "a.m4a", "a.mka"])
@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (TRANSPORT_PACKET * 20, "an MPEG transport stream"),
        ((bytes(4) + TRANSPORT_PACKET) * 20, "an MPEG transport stream"),
        ((TRANSPORT_PACKET + bytes(16)) * 20, "an MPEG transport stream"),
        (b"\0\0\1\xba" + FRAMES, "an MPEG program stream"),
        (b"FLV\1" + FRAMES, "a Flash film"),
        (b"RIFF\0\0\1\0AVI LIST" + FRAMES, "an AVI film"),
        (b"caff\0\1\0\0desc" + FRAMES, "a Core Audio file"),
        (b"riff\x2e\x91\xcf\x11" + FRAMES, "a Wave64 file"),
        (b"#!AMR\n" + FRAMES, "an AMR file"),
        (b".snd\0\0\0\x18" + FRAMES, "a Sun audio file"),
        (b".RMF\0\0\0\x12" + FRAMES, "a RealAudio file"),
        (b"MThd\0\0\0\6" + FRAMES, "a MIDI file"),
    ],
)
def test_a_format_that_mus_does_not_play_is_named(
    tmp_path: Path, name: str, data: bytes, kind: str
) -> None:
    """Even if frames of MPEG audio could be found in it."""
    path = file_of(tmp_path / name, data)
    assert reason(path) == f"This is {kind}, a format that mus does not play."


def test_letters_that_begin_transport_packets_do_not_make_a_transport_stream(
    tmp_path: Path,
) -> None:
    path = file_of(tmp_path / "a.mp3", b"G".ljust(188, b"\0") * 2 + FRAMES)
    assert read_tags(str(path)).codec == "mp3"


def test_an_archive_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.flac"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "text")
    assert reason(path) == "No audio found: this looks like a ZIP archive."


def test_a_film_without_sound_is_no_audio(tmp_path: Path) -> None:
    path = file_of(tmp_path / "a.mp4", FILM_WITHOUT_SOUND.read_bytes())
    assert reason(path) == "No audio found: this is a film without a sound track."


@pytest.mark.parametrize("seed", range(5))
@every_suffix
def test_noise_is_no_audio(tmp_path: Path, suffix: str, seed: int) -> None:
    noise = random.Random(seed).randbytes(300_000)
    assert "No audio" in reason(file_of(tmp_path / f"a{suffix}", noise))


def test_an_mp4_file_without_its_index_is_said_to_be_cut_off(tmp_path: Path) -> None:
    path = file_of(tmp_path / "a.m4a", SAMPLES[".m4a"].read_bytes()[:1500])
    assert "cut off" in reason(path)


@every_suffix
def test_a_file_cut_off_in_its_header_is_an_error_with_a_reason(
    tmp_path: Path, suffix: str
) -> None:
    said = reason(file_of(tmp_path / f"a{suffix}", SAMPLES[suffix].read_bytes()[:16]))
    assert said.endswith(".")
    assert str(tmp_path) not in said


def test_a_folder_is_an_error_of_the_disk(tmp_path: Path) -> None:
    folder = tmp_path / "a.mp3"
    folder.mkdir()
    with pytest.raises(IsADirectoryError):
        read_tags(str(folder))


def test_a_file_that_has_vanished_is_an_error_of_the_disk(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_tags(str(tmp_path / "a.mp3"))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_an_error_of_the_disk(tmp_path: Path) -> None:
    path = make_audio(tmp_path / "a.mp3")
    path.chmod(0)
    with pytest.raises(PermissionError):
        read_tags(str(path))


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="Linux has it")
@every_suffix
def test_a_disk_that_fails_while_reading_is_not_blamed_on_the_file(
    tmp_path: Path, suffix: str
) -> None:
    """Reading the first page of a process's memory is an input/output error."""
    path = tmp_path / f"a{suffix}"
    path.symlink_to("/proc/self/mem")
    with pytest.raises(OSError, match="Input/output error") as caught:
        read_tags(str(path))
    assert caught.value.errno == errno.EIO


def test_a_named_pipe_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "a.mp3"
    os.mkfifo(path)
    assert reason(path) == "No audio found: this is no regular file."


def test_an_mp3_that_begins_with_junk_is_read(tmp_path: Path) -> None:
    path = make_audio(tmp_path / "a.mp3")
    junk = random.Random(1).randbytes(50_000)
    file_of(path, junk + SAMPLES[".mp3"].read_bytes())
    tags = read_tags(str(path))
    assert tags.codec == "mp3"
    assert_storable(tags)


def test_an_mp3_with_a_large_tag_is_read(tmp_path: Path) -> None:
    path = make_audio(tmp_path / "a.mp3", title="T", cover=JPEG + bytes(3_000_000))
    tags = read_tags(str(path))
    assert (tags.title, tags.codec) == ("T", "mp3")
    assert tags.duration_s == pytest.approx(0.5, rel=0.15)


def test_a_tag_that_says_it_is_longer_than_it_is_does_not_hide_the_sound(tmp_path: Path) -> None:
    path = make_audio(tmp_path / "a.mp3", title="T")
    data = bytearray(path.read_bytes())
    data[6:10] = b"\x01\x7f\x7f\x7f"
    tags = read_tags(str(file_of(path, bytes(data))))
    assert (tags.title, tags.codec) == ("T", "mp3")


def test_an_embedded_cover_is_handed_out(tmp_path: Path) -> None:
    path = make_audio(tmp_path / "a.flac", cover=JPEG)
    assert read_embedded_cover(os.open(path, os.O_RDONLY), ".flac") == JPEG
    other = make_audio(tmp_path / "b.flac")
    assert read_embedded_cover(os.open(other, os.O_RDONLY), ".flac") is None
