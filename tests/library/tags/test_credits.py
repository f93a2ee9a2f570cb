"""Who a track is by: the credit as displayed, and the names in it."""

from pathlib import Path
from typing import Any

import pytest
from mutagen.flac import FLAC

from library.tags import UNKNOWN_ARTIST, TrackTags
from library.tags.reader import read_tags
from musproject.environment import DEFAULT_ARTIST_SEPARATORS
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


def read_flac(path: Path, separators: tuple[str, ...], **comments: str | list[str]) -> TrackTags:
    """What is read of a FLAC file with these comments."""
    audio: Any = FLAC(make_audio(path))  # type: ignore[no-untyped-call]
    audio.update(comments)
    audio.save()
    return read_tags(str(path), artist_separators=separators)


@pytest.mark.parametrize(
    ("credit", "names"),
    [
        ("A; B", ("A", "B")),
        ("A;B", ("A", "B")),
        ("A / B", ("A", "B")),
        ("A/B", ("A/B",)),
        ("A feat. B", ("A", "B")),
        ("A FEAT B", ("A", "B")),
        ("A Ft. B & C", ("A", "B & C")),
        ("A (featuring B)", ("A", "B")),
        ("A [feat. B]", ("A", "B")),
        ("A (UK) feat. B (US)", ("A (UK)", "B (US)")),
        ("Defeat. Us", ("Defeat. Us",)),
        ("A, B & C", ("A, B & C",)),
        ("A ; ; B;", ("A", "B")),
        (r"A\\B", ("A", "B")),
        ("LOONA / ODD EYE CIRCLE", ("LOONA / ODD EYE CIRCLE",)),
        ("AC/DC / Earth, Wind & Fire", ("AC/DC", "Earth, Wind & Fire")),
        ("Little Feat feat. Ann", ("Little Feat", "Ann")),
        ("10 Ft. Ganja Plant", ("10 Ft. Ganja Plant",)),
    ],
)
def test_a_credit_is_split_at_the_usual_separators(
    tmp_path: Path, credit: str, names: tuple[str, ...]
) -> None:
    tags = read_flac(tmp_path / "a.flac", DEFAULT_ARTIST_SEPARATORS, artist=credit)
    assert (tags.artist, tags.artists) == (credit.rstrip(), names)


@pytest.mark.parametrize(
    ("separators", "credit", "names"),
    [
        (("/",), "AC/DC/Queen", ("AC/DC", "Queen")),
        ((",",), "Tyler, The Creator, Ann", ("Tyler, The Creator", "Ann")),
        ((",", "&"), "tyler, the creator & EARTH, WIND & FIRE", None),
        ((" & ",), "Simon & Garfunkel & Ann", ("Simon & Garfunkel", "Ann")),
        ((" x ",), "A X B", ("A", "B")),
        ((), "A; B feat. C", ("A; B feat. C",)),
    ],
)
def test_names_that_contain_separators_stay_whole(
    tmp_path: Path, separators: tuple[str, ...], credit: str, names: tuple[str, ...] | None
) -> None:
    tags = read_flac(tmp_path / "a.flac", separators, artist=credit)
    assert tags.artists == (names or ("tyler, the creator", "EARTH, WIND & FIRE"))


def test_a_list_of_artists_is_not_split(tmp_path: Path) -> None:
    listed = ["A; B", "C feat. D"]
    tags = read_flac(
        tmp_path / "a.flac", DEFAULT_ARTIST_SEPARATORS, artist="A; B & C feat. D", artists=listed
    )
    assert tags.artists == ("A; B", "C feat. D")
    tags = read_flac(tmp_path / "b.flac", DEFAULT_ARTIST_SEPARATORS, artist=listed)
    assert tags.artists == ("A; B", "C feat. D")


@pytest.mark.parametrize("joined", ["A; B", "A/B", "A / B"])
@pytest.mark.parametrize("separators", [(), DEFAULT_ARTIST_SEPARATORS])
def test_a_list_that_was_written_as_one_text_is_several_names(
    tmp_path: Path, joined: str, separators: tuple[str, ...]
) -> None:
    tags = read_flac(tmp_path / "a.flac", separators, artist="A & B", artists=joined)
    assert (tags.artist, tags.artists) == ("A & B", ("A", "B"))


def test_a_name_with_a_slash_in_the_list_is_one(tmp_path: Path) -> None:
    tags = read_flac(
        tmp_path / "a.flac", DEFAULT_ARTIST_SEPARATORS, artist="Best of K/DA", artists="K/DA"
    )
    assert tags.artists == ("K/DA",)


@pytest.mark.parametrize(
    "comments",
    [
        {"musicbrainz_artistid": A_ID},
        {"artistsort": "Hey Ho"},
        {"artistsort": ["Hey", "Ho", "Let's Go"]},
    ],
)
def test_ids_and_sort_names_say_that_a_credit_is_one_name(
    tmp_path: Path, comments: dict[str, str | list[str]]
) -> None:
    path = tmp_path / "a.flac"
    tags = read_flac(path, DEFAULT_ARTIST_SEPARATORS, artist="Hey; Ho", **comments)
    assert tags.artists == ("Hey; Ho",)


def test_ids_and_sort_names_of_each_name_are_assigned(tmp_path: Path) -> None:
    tags = read_flac(
        tmp_path / "a.flac",
        DEFAULT_ARTIST_SEPARATORS,
        artist="Ann A feat. Bob B",
        artistsort="A, Ann feat. B, Bob",
        musicbrainz_artistid=[A_ID, B_ID],
    )
    assert tags.artists == ("Ann A", "Bob B")
    assert tags.artist_sort == "A, Ann feat. B, Bob"
    assert tags.artist_sort_names == ("A, Ann", "B, Bob")
    assert tags.musicbrainz_artist_ids == (A_ID, B_ID)


def test_sort_names_with_commas_are_no_list(tmp_path: Path) -> None:
    """Commas between artists cannot be told from those in their sort names."""
    path, separators = tmp_path / "a.flac", (", ",)
    tags = read_flac(path, separators, artist="Ann A, Bob B", artistsort="A, Ann, B, Bob")
    assert (tags.artists, tags.artist_sort_names) == (("Ann A", "Bob B"), ())
    tags = read_flac(tmp_path / "b.flac", separators, artist="Ann A", artistsort="A, Ann")
    assert (tags.artists, tags.artist_sort_names) == (("Ann A",), ("A, Ann",))
