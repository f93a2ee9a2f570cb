"""A value that says nothing hides no other, be it of another name or of another tag."""

import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import mutagen.apev2
import mutagen.id3
import pytest
from mutagen.flac import FLAC

from library.tags import TrackTags
from library.tags.reader import read_fully, read_quickly
from tests.audio_files import make_audio

ape: Any = mutagen.apev2
id3: Any = mutagen.id3
ID = "0383dadf-2a4e-4d10-a46a-e9e041da8eb3"


def read(path: Path) -> TrackTags:
    """What both readers read, if the quick one takes the file."""
    tags = read_fully(str(path))
    assert read_quickly(str(path)) in {None, tags}
    return tags


def read_flac(path: Path, comments: Mapping[str, str]) -> TrackTags:
    audio: Any = FLAC(make_audio(path))  # type: ignore[no-untyped-call]
    audio.update(comments)
    audio.save()
    return read(path)


@pytest.mark.parametrize(
    ("useless", "useful", "field", "value"),
    [
        ({"date": ""}, {"year": "1999"}, "year", 1999),
        ({"date": "0000"}, {"year": "1999"}, "year", 1999),
        ({"date": "unknown"}, {"year": "1999-05"}, "release_date", "1999-05"),
        ({"originaldate": "0"}, {"originalyear": "1973"}, "original_date", "1973"),
        ({"tracknumber": "A1"}, {"track": "7"}, "track_number", 7),
        ({"tracknumber": "0"}, {"track": "7/12"}, "track_number", 7),
        ({"tracktotal": "?"}, {"totaltracks": "12"}, "track_total", 12),
        ({"titlesort": " "}, {"titlesortorder": "S"}, "title_sort", "S"),
        ({"label": "\0"}, {"publisher": "P"}, "labels", ("P",)),
        ({"bpm": "0"}, {"tempo": "120.5"}, "bpm", 120.5),
        ({"musicbrainz_trackid": "none"}, {"musicbrainzrecordingid": ID}, *("", ID)),
        ({"comment": ""}, {"description": "D"}, "comment", "D"),
        ({"composer": "Unknown Artist"}, {"writer": "W"}, "composer", "W"),
    ],
)
def test_a_useless_value_gives_way_to_the_next_name(
    tmp_path: Path, useless: dict[str, str], useful: dict[str, str], field: str, value: object
) -> None:
    field = field or "musicbrainz_recording_id"
    assert getattr(read_flac(tmp_path / "a.flac", useless | useful), field) == value
    assert getattr(read_flac(tmp_path / "b.flac", useful | useless), field) == value


def tagged_thrice(path: Path, frames: Mapping[str, str], items: Mapping[str, str]) -> TrackTags:
    """An MP3 file with ID3v2, APEv2 and ID3v1; the last says that all is of 1984."""
    make_audio(path)
    tags = id3.ID3()
    for name, text in frames.items():
        tags.add(getattr(id3, name)(encoding=3, text=[text]))
    tags.save(path, v1=0)
    if items:
        second = ape.APEv2()
        second.update(items)
        second.save(path)
    texts = (b"V1 title", b"V1 artist", b"V1 album", b"1984", b"V1 comment")
    with path.open("ab") as file:
        file.write(struct.pack("<3s30s30s30s4s28sBBB", b"TAG", *texts, 0, 9, 17))
    return read(path)


@pytest.mark.parametrize(
    ("frames", "items", "field", "value"),
    [
        ({"TPE1": ""}, {}, "artist", "V1 artist"),
        ({"TPE1": "Unknown Artist"}, {}, "artist", "V1 artist"),
        ({"TIT2": " "}, {"Title": "APE title"}, "title", "APE title"),
        ({"TIT2": " "}, {"Title": ""}, "title", "V1 title"),
        ({"TDRC": "0000"}, {}, "year", 1984),
        ({"TDRC": "0000"}, {"Year": "1985-02"}, "release_date", "1985-02"),
        ({"TRCK": "0/12"}, {}, "track_number", 9),
        ({"TRCK": "0/12"}, {}, "track_total", 12),
        ({"TRCK": "3"}, {"Track": "4/12"}, "track_number", 3),
        ({"TCON": ""}, {"Genre": "Jazz"}, "genres", ("Jazz",)),
        ({"TCON": "Unknown Genre"}, {}, "genres", ("Rock",)),
        ({}, {}, "comment", "V1 comment"),
        ({"TBPM": "x"}, {"BPM": "99"}, "bpm", 99),
    ],
)
def test_a_useless_value_gives_way_to_the_next_tag(
    tmp_path: Path, frames: dict[str, str], items: dict[str, str], field: str, value: object
) -> None:
    assert getattr(tagged_thrice(tmp_path / "a.mp3", frames, items), field) == value


def test_a_comment_of_id3v1_is_read_by_both_readers(tmp_path: Path) -> None:
    frames = {"TIT2": "T", "TPE1": "A", "TALB": "B", "TDRC": "1999", "TCON": "Pop", "TRCK": "1"}
    assert tagged_thrice(tmp_path / "a.mp3", frames, {}).comment == "V1 comment"


def test_spellings_of_a_name_are_no_list(tmp_path: Path) -> None:
    """Each tagger that a file went through left its own."""
    artists = {"ALBUM ARTIST": "Old", "ALBUMARTIST": "New", "album_artist": "Older", "ARTIST": "A"}
    ids = {"MUSICBRAINZ_ARTISTID": ID, "MusicBrainz Artist Id": ID.upper()}
    comments = artists | ids
    tags = read_flac(tmp_path / "a.flac", comments)
    assert (tags.album_artist, tags.album_artists) == ("New", ("New",))
    assert tags.musicbrainz_artist_ids == (ID,)
    assert read_flac(tmp_path / "b.flac", {"ALBUM ARTIST": "Old"}).album_artist == "Old"


def test_what_all_tags_leave_useless_is_as_if_it_were_not_there(tmp_path: Path) -> None:
    useless = {"title": "", "date": "0000", "tracknumber": "?", "genre": " ", "bpm": "0"}
    tags = read_flac(tmp_path / "tune.flac", useless)
    assert (tags.title, tags.year, tags.track_number) == ("tune", None, None)
    assert (tags.genre, tags.genres, tags.bpm) == ("", (), None)


@pytest.mark.parametrize(
    "numbers",
    [
        ["A1", "A2", "A10", "B1", "B2", "C1", "D1", "AA1"],
        ["A", "B"],
        ["A", "AA"],
        ["1A", "2A", "1B"],
    ],
)
def test_sides_order_a_record(tmp_path: Path, numbers: list[str]) -> None:
    read_of = {
        number: read_flac(tmp_path / f"{number}.flac", {"tracknumber": number, "disctotal": "1"})
        for number in reversed(numbers)
    }
    in_order = sorted(numbers, key=lambda number: _place(read_of[number]))
    assert in_order == numbers
    assert {tags.disc_total for tags in read_of.values()} == {None}


def test_sides_of_several_discs_follow_each_other(tmp_path: Path) -> None:
    numbers = [("1", "A1"), ("1", "B1"), ("2", "C1"), ("2", "D1")]
    restarted = [("1", "A1"), ("1", "B1"), ("2", "A1"), ("2", "B1")]
    for at, pairs in enumerate((numbers, restarted)):
        places = [
            _place(read_flac(tmp_path / f"{at}.flac", {"discnumber": disc, "tracknumber": number}))
            for disc, number in pairs
        ]
        assert places == [(1, 1), (2, 1), (3, 1), (4, 1)]


def test_a_side_is_named(tmp_path: Path) -> None:
    tags = read_flac(tmp_path / "a.flac", {"tracknumber": "B2"})
    assert (tags.track_number, tags.disc_number, tags.disc_subtitle) == (2, 2, "Side B")
    named = {"tracknumber": "B2", "discsubtitle": "Night"}
    assert read_flac(tmp_path / "b.flac", named).disc_subtitle == "Night"


def test_a_number_that_a_shorter_tag_cut_off_a_side_leaves_the_side(tmp_path: Path) -> None:
    """ID3v1 has no letters in its numbers: of B9 it keeps 9."""
    tags = tagged_thrice(tmp_path / "a.mp3", {"TRCK": "B9"}, {})
    assert (tags.track_number, tags.disc_number) == (9, 2)
    tags = tagged_thrice(tmp_path / "b.mp3", {"TRCK": "B2"}, {})
    assert (tags.track_number, tags.disc_number) == (9, None)


def _place(tags: TrackTags) -> tuple[int, int]:
    return tags.disc_number or 0, tags.track_number or 0
