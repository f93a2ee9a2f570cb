"""Who a track is by: the credit as displayed, and the names in it."""

from pathlib import Path

import pytest

from library.tags import UNKNOWN_ARTIST
from library.tags.reader import read_tags
from tests.audio_files import make_audio

A_ID = "0383dadf-2a4e-4d10-a46a-e9e041da8eb3"
B_ID = "b071f9fa-14b0-4217-8e97-eb41da73f598"

some_formats = pytest.mark.parametrize("suffix", [".mp3", ".flac", ".m4a", ".wma", ".wv"])


@some_formats
def test_one_artist_is_credited_alone(tmp_path: Path, suffix: str) -> None:
    tags = read_tags(str(make_audio(tmp_path / f"a{suffix}", artist="A & B; C / D feat. E")))
    assert tags.artist == "A & B; C / D feat. E"
    assert tags.artists == ("A & B; C / D feat. E",)


@some_formats
def test_several_values_are_several_names_and_one_credit(tmp_path: Path, suffix: str) -> None:
    path = make_audio(tmp_path / f"a{suffix}", artist=["A", "B"], composer=["C", "D"])
    tags = read_tags(str(path))
    assert (tags.artist, tags.artists) == ("A, B", ("A", "B"))
    assert (tags.composer, tags.composers) == ("C, D", ("C", "D"))


@some_formats
def test_the_list_of_artists_counts_and_the_credit_stays(tmp_path: Path, suffix: str) -> None:
    path = make_audio(tmp_path / f"a{suffix}", artist="A feat. B", artists=["A", "B"])
    tags = read_tags(str(path))
    assert (tags.artist, tags.artists) == ("A feat. B", ("A", "B"))


def test_names_are_split_where_a_separator_is_given(tmp_path: Path) -> None:
    path = str(make_audio(tmp_path / "a.mp3", artist="A; B feat. C", album_artist="X;Y"))
    tags = read_tags(path, artist_separators=(";", " feat. "))
    assert (tags.artist, tags.artists) == ("A; B feat. C", ("A", "B", "C"))
    assert tags.album_artists == ("X", "Y")


def test_a_separator_of_nothing_splits_nothing(tmp_path: Path) -> None:
    path = str(make_audio(tmp_path / "a.mp3", artist="AB"))
    assert read_tags(path, artist_separators=("",)).artists == ("AB",)


def test_a_name_of_nothing_but_separators_is_unknown(tmp_path: Path) -> None:
    tags = read_tags(str(make_audio(tmp_path / "a.mp3", artist=";")), artist_separators=(";",))
    assert tags.artists == (UNKNOWN_ARTIST,)


def test_ids_and_sort_names_belong_to_names_by_position(tmp_path: Path) -> None:
    path = make_audio(
        tmp_path / "a.flac",
        artist=["A", "B"],
        artist_sort_names=["A, the", "B, the"],
        musicbrainz_artist_ids=[A_ID, B_ID],
    )
    tags = read_tags(str(path))
    assert tags.artist_sort_names == ("A, the", "B, the")
    assert tags.musicbrainz_artist_ids == (A_ID, B_ID)


def test_ids_and_sort_names_that_are_not_one_for_each_are_left_out(tmp_path: Path) -> None:
    path = make_audio(
        tmp_path / "a.flac",
        artist=["A", "B"],
        artist_sort_names=["A, the & B, the"],
        musicbrainz_artist_ids=[A_ID],
    )
    tags = read_tags(str(path))
    assert (tags.artist_sort_names, tags.musicbrainz_artist_ids) == ((), ())


def test_an_unknown_artist_has_no_id(tmp_path: Path) -> None:
    path = make_audio(tmp_path / "a.mp3", title="T", musicbrainz_artist_ids=[A_ID])
    tags = read_tags(str(path))
    assert (tags.artists, tags.musicbrainz_artist_ids) == ((UNKNOWN_ARTIST,), ())


def test_blank_tags_are_as_none(tmp_path: Path) -> None:
    path = make_audio(tmp_path / "tune.flac", title=" ", artist=["", " "], album="\0")
    tags = read_tags(str(path))
    assert (tags.title, tags.artist, tags.album) == ("tune", UNKNOWN_ARTIST, "")
