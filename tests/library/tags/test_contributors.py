"""Those who are credited besides artists and composers."""

from pathlib import Path
from typing import Any

import mutagen
import mutagen.id3
import pytest

from library.tags.reader import read_tags
from library.tags.track_tags import Contributor
from musproject.environment import DEFAULT_ARTIST_SEPARATORS
from tests.audio_files import make_audio

id3: Any = mutagen.id3
Pairs = list[tuple[str, str]]


def read_contributors(path: Path, edit: Any) -> tuple[Contributor, ...]:
    audio: Any = mutagen.File(make_audio(path, title="T"))
    edit(audio.tags)
    audio.save()
    return read_tags(str(path), artist_separators=DEFAULT_ARTIST_SEPARATORS).contributors


def performer(name: str, instrument: str = "") -> Contributor:
    return Contributor("performer", name, instrument)


@pytest.mark.parametrize(
    ("text", "contributor"),
    [
        ("Ann", performer("Ann")),
        ("Ann (guitar)", performer("Ann", "guitar")),
        ("Ann (drums (drum set))", performer("Ann", "drums (drum set)")),
        ("Ann (UK) (bass)", performer("Ann (UK)", "bass")),
        ("(all)", performer("(all)")),
        ("Ann)", performer("Ann)")),
    ],
)
def test_a_performers_instrument_stands_in_brackets(
    tmp_path: Path, text: str, contributor: Contributor
) -> None:
    found = read_contributors(tmp_path / "a.flac", lambda tags: tags.update({"performer": text}))
    assert found == (contributor,)


def test_several_performers_may_stand_in_one_text(tmp_path: Path) -> None:
    text = "Ann (guitar; vocals); Bob (bass)"
    found = read_contributors(tmp_path / "a.flac", lambda tags: tags.update({"performer": text}))
    assert found == (performer("Ann", "guitar; vocals"), performer("Bob", "bass"))


@pytest.mark.parametrize("frame", ["TIPL", "IPLS"])
def test_people_of_id3_have_their_roles(tmp_path: Path, frame: str) -> None:
    """Version 2.3 has one list for all, in which any other word is an instrument."""
    people = [
        *(("producer", "P; Q"), ("engineer", "E"), ("DJ-mix", "D"), ("mix", "M")),
        *(
            ("Arranger", "A"),
            ("electric guitar", "G"),
            ("performer", "X"),
            ("executive producer", "Y"),
        ),
    ]

    def add(tags: Any) -> None:
        tags.add(getattr(id3, frame)(encoding=3, people=people))

    assert read_contributors(tmp_path / "a.mp3", add) == (
        Contributor("producer", "P"),
        Contributor("producer", "Q"),
        Contributor("arranger", "A"),
        performer("G", "electric guitar"),
        performer("X"),
    )


def test_musicians_of_id3_are_performers(tmp_path: Path) -> None:
    people = [("drums", "D"), ("performer", "P"), ("", "N"), ("bass", "")]

    def add(tags: Any) -> None:
        tags.add(id3.TMCL(encoding=1, people=people))

    found = read_contributors(tmp_path / "a.mp3", add)
    assert found == (performer("D", "drums"), performer("P"), performer("N"))


def test_each_is_named_once_in_a_role(tmp_path: Path) -> None:
    twice = {"conductor": ["C", "C"], "lyricist": "C", "performer": ["C (piano)", "C (piano)", "C"]}
    found = read_contributors(tmp_path / "a.flac", lambda tags: tags.update(twice))
    assert found == (
        *(Contributor("conductor", "C"), Contributor("lyricist", "C")),
        *(performer("C", "piano"), performer("C")),
    )


def test_a_hundred_contributors_are_kept(tmp_path: Path) -> None:
    many = {"performer": [f"P{number}" for number in range(500)]}
    found = read_contributors(tmp_path / "a.flac", lambda tags: tags.update(many))
    assert len(found) == 100
