"""What files say about their release, and the frames that mean something else beside others."""

import struct
from pathlib import Path
from typing import Any

import pytest
from mutagen.flac import FLAC

from library.tags import TrackTags
from library.tags.reader import read_tags
from tests.audio_files import make_audio
from tests.library.tags.test_id3 import UTF16, frame, read, tag, text_frame


def read_flac(path: Path, comments: dict[str, str | list[str]]) -> TrackTags:
    audio: Any = FLAC(make_audio(path))  # type: ignore[no-untyped-call]
    audio.update(comments)
    audio.save()
    return read_tags(str(path))


@pytest.mark.parametrize(
    ("genre", "genres"),
    [
        ("R&B/Soul", ("R&B/Soul",)),
        ("Rock; Pop", ("Rock", "Pop")),
        ("Rock;Pop / Folk", ("Rock", "Pop", "Folk")),
        ("Techno (Peak / Time)", ("Techno (Peak / Time)",)),
        (["Rock", "rock", "Pop"], ("Rock", "Pop")),
        ("Rock\0Pop", ("Rock", "Pop")),
        (r"Rock\\Pop", ("Rock", "Pop")),
        ("Rock, Pop", ("Rock, Pop",)),
        (" ; ", ()),
    ],
)
def test_genres(tmp_path: Path, genre: str | list[str], genres: tuple[str, ...]) -> None:
    tags = read_flac(tmp_path / "a.flac", {"genre": genre})
    assert (tags.genres, tags.genre) == (genres, genres[0] if genres else "")


@pytest.mark.parametrize(
    ("comments", "year", "original", "released"),
    [
        ({"date": "2011"}, 2011, "", "2011"),
        ({"date": "2011", "originaldate": "1973-03"}, 2011, "1973-03", "2011"),
        ({"originalyear": "1973"}, 1973, "1973", ""),
        ({"date": "1973", "releasedate": "2011-03-01"}, 2011, "1973", "2011-03-01"),
        ({"date": "2011-03-01", "releasedate": "1973"}, 2011, "1973", "2011-03-01"),
        ({"date": "2011-03-01", "releasedate": "2011"}, 2011, "", "2011-03-01"),
        ({"releasedate": "2011"}, 2011, "", "2011"),
    ],
)
def test_dates_of_a_release(
    tmp_path: Path, comments: dict[str, str | list[str]], year: int, original: str, released: str
) -> None:
    tags = read_flac(tmp_path / "a.flac", comments)
    assert (tags.year, tags.original_date, tags.release_date) == (year, original, released)


@pytest.mark.parametrize(
    ("types", "sorted_types"),
    [
        (["Album", "Live"], ("album", "live")),
        ("live; album", ("album", "live")),
        ("album/compilation", ("album", "compilation")),
        ("Album/Mixtape/Street", ("album", "mixtape/street")),
        ("EP", ("ep",)),
    ],
)
def test_release_types(
    tmp_path: Path, types: str | list[str], sorted_types: tuple[str, ...]
) -> None:
    tags = read_flac(tmp_path / "a.flac", {"releasetype": types})
    assert set(tags.release_types) == set(sorted_types)
    assert tags.release_types[0] == sorted_types[0]


def test_a_release_without_label_has_none(tmp_path: Path) -> None:
    tags = read_flac(tmp_path / "a.flac", {"label": "[no label]", "catalognumber": "[none]"})
    assert (tags.labels, tags.catalogue_number) == ((), "")


@pytest.mark.parametrize(
    ("comments", "status"),
    [
        ({"itunesadvisory": "1"}, "explicit"),
        ({"itunesadvisory": "2"}, "clean"),
        ({"itunesadvisory": "0"}, ""),
        ({"rating": "Explicit"}, "explicit"),
        ({"rating": "4"}, ""),
    ],
)
def test_explicit_status(tmp_path: Path, comments: dict[str, str | list[str]], status: str) -> None:
    assert read_flac(tmp_path / "a.flac", comments).explicit_status == status


def test_isrcs_lose_their_hyphens(tmp_path: Path) -> None:
    tags = read_flac(tmp_path / "a.flac", {"isrc": ["US-S1Z-99-00001", "gbaye9900017", "none"]})
    assert tags.isrc == ("USS1Z9900001", "GBAYE9900017")


@pytest.mark.parametrize(
    ("bpm", "value"), [("120", 120), ("125,93", 125.93), ("99.5 BPM", 99.5), ("12593", None)]
)
def test_tempos(tmp_path: Path, bpm: str, value: float | None) -> None:
    assert read_flac(tmp_path / "a.flac", {"bpm": bpm}).bpm == value


@pytest.mark.parametrize(
    ("disc", "number", "title"),
    [
        ("1: The Early Days", 1, "The Early Days"),
        ("Disc 2 - Live", 2, "Live"),
        ("2", 2, ""),
        ("2.0", 2, ""),
        ("1-2", 2, ""),
    ],
)
def test_the_number_of_a_disc_may_be_followed_by_its_title(
    tmp_path: Path, disc: str, number: int, title: str
) -> None:
    tags = read_flac(tmp_path / "a.flac", {"discnumber": disc})
    assert (tags.disc_number, tags.disc_subtitle) == (number, title)


def test_a_movement_may_stand_where_others_write_its_number(tmp_path: Path) -> None:
    assert read_flac(tmp_path / "a.flac", {"movement": "Andante"}).movement == "Andante"
    tags = read_flac(tmp_path / "b.flac", {"movement": "2", "movementtotal": "4"})
    assert (tags.movement, tags.movement_number, tags.movement_total) == ("", 2, 4)


# Frames of ID3


def comment(text: str, description: str = "", language: str = "eng") -> bytes:
    body = language.encode() + description.encode("utf-16") + b"\0\0" + text.encode("utf-16")
    return frame("COMM", bytes([UTF16]) + body)


def test_the_comment_without_a_description_is_shown(tmp_path: Path) -> None:
    frames = [
        comment(" 00000000 00000210", "iTunNORM"),
        comment("1", "iTunPGAP"),
        comment("2000s", "Songs-DB_Custom1"),
        comment("Good", "", "deu"),
    ]
    assert read(tmp_path, tag(*frames)).comment == "Good"
    assert read(tmp_path, tag(*frames[:3])).comment == ""


def test_a_description_that_says_comment_is_none(tmp_path: Path) -> None:
    assert read(tmp_path, tag(comment("Old", "ID3v1 Comment"))).comment == "Old"


def test_the_grouping_of_itunes_makes_tit1_the_work(tmp_path: Path) -> None:
    first = text_frame("TIT1", "One")
    assert read(tmp_path, tag(first)).grouping == "One"
    tags = read(tmp_path, tag(first, text_frame("GRP1", "Two")))
    assert (tags.grouping, tags.work) == ("Two", "One")
    tags = read(tmp_path, tag(first, text_frame("MVNM", "M"), text_frame("MVIN", "2/4")))
    assert (tags.grouping, tags.work, tags.movement) == ("", "One", "M")
    assert (tags.movement_number, tags.movement_total) == (2, 4)


def test_year_and_day_of_version_2_3_are_one_date(tmp_path: Path) -> None:
    frames = text_frame("TYER", "1984", version=3), text_frame("TDAT", "1705", version=3)
    assert read(tmp_path, tag(*frames, version=3)).release_date == "1984-05-17"


def volume(identification: bytes, gain_db: float, peak: int = 0x8000) -> bytes:
    channel = struct.pack(">BhBH", 1, round(gain_db * 512), 16, peak)
    other = struct.pack(">BhB", 2, 100, 0)
    return frame("RVA2", identification + b"\0" + other + channel)


def test_volumes_of_rva2_are_gains(tmp_path: Path) -> None:
    tags = read(tmp_path, tag(volume(b"track", -3, 0x4000), volume(b"album", 1.5)))
    assert (tags.replaygain_track_gain_db, tags.replaygain_track_peak) == (-3, 0.5)
    assert (tags.replaygain_album_gain_db, tags.replaygain_album_peak) == (1.5, 1)
    assert read(tmp_path, tag(volume(b"normalize", -2))).replaygain_track_gain_db == -2


def test_replaygain_counts_before_rva2_and_sound_check(tmp_path: Path) -> None:
    gain = text_frame("TXXX", "replaygain_track_gain\0-6,2 dB")
    check = comment(" 000003E8 000007D0" + 8 * " 00000000", "iTunNORM")
    tags = read(tmp_path, tag(volume(b"track", -3), check, gain))
    assert tags.replaygain_track_gain_db == -6.2
    tags = read(tmp_path, tag(check, volume(b"track", -3)))
    assert tags.replaygain_track_gain_db == -3
    assert read(tmp_path, tag(check)).replaygain_track_gain_db == -3.01
    silence = comment(2 * " 7FFFFFFF" + 8 * " 00000000", "iTunNORM")
    assert read(tmp_path, tag(silence)).replaygain_track_gain_db is None


@pytest.mark.parametrize("body", [b"track", b"track\0\1", b"track\0\1\0\0\xff", b"\0" * 9])
def test_a_damaged_volume_is_no_error(tmp_path: Path, body: bytes) -> None:
    tags = read(tmp_path, tag(frame("RVA2", body), text_frame("TIT2", "T")))
    assert tags.title == "T"


@pytest.mark.parametrize("body", [b"\1", b"\1en", b"\1eng", b"\1eng\xff\xfe", b"\x09eng\0a"])
def test_a_damaged_comment_is_no_error(tmp_path: Path, body: bytes) -> None:
    tags = read(tmp_path, tag(frame("COMM", body), text_frame("TIT2", "T")))
    assert (tags.title, tags.comment) == ("T", "")
