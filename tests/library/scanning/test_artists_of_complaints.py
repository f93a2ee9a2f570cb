"""What people complain of in other servers: artists that fall apart, run together or are left."""

import os
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from library.models.catalogue import Artist, Track
from library.models.tombstones import Tombstone
from tests.audio_files import make_audio, retag
from tests.library.scanning.conftest import Scan as ScanCall

ONE = "11111111-2222-4333-8444-555555555555"
TWO = "99999999-2222-4333-8444-555555555555"
THREE = "55555555-2222-4333-8444-555555555555"


def artists() -> dict[str, int]:
    """The names of listed artists, with how many tracks each has in a role of its own."""
    listed = Artist.objects.listed().order_by("name", "musicbrainz_artist_id")
    names: dict[str, int] = {}
    for artist in listed:
        name = artist.name
        while name in names:
            name += " again"
        names[name] = artist.tracks.distinct().count()
    return names


@pytest.mark.parametrize(
    "names",
    [
        ("Grant-Lee Phillips", "Grant‐Lee Phillips"),  # noqa: RUF001  # soundspan 828
        ("Salt-N-Pepa", "Salt‐N‐Pepa"),  # noqa: RUF001  # music-assistant 811
        ('"Weird Al" Yankovic', "“Weird Al” Yankovic"),  # music-assistant 811
        ("Run-D.M.C.", "Run–D.M.C."),  # noqa: RUF001  # navidrome 2004, 4227
        ("In Flames", "In flames"),  # vanilla 557
        ("Moby", "Moby "),  # vanilla 557
        ("Rage Against The Machine", "rage against the machine"),  # strawberry 1331
        ("Sex Pistols", "sex pistols"),  # jellyfin 11190
        ("Sigur Rós", unicodedata.normalize("NFD", "Sigur Rós")),
        ("GO!GO!7188", "Go!Go!7188"),  # lms 529
    ],
    ids=lambda names: names[0],
)
def test_one_artist_for_both_spellings(music: Path, scan: ScanCall, names: tuple[str, str]) -> None:
    for number, name in enumerate(names):
        make_audio(music / f"{number}.flac", artist=name, album_artist=name, album="A")
    scan()
    assert list(artists().values()) == [2]


def test_artists_of_one_name_stay_two_also_in_case_alone(music: Path, scan: ScanCall) -> None:
    """jellyfin 9623, navidrome 3964."""
    for name, artist_id in (("MEG", ONE), ("Meg", TWO)):
        ids: dict[str, Any] = {
            "musicbrainz_artist_ids": [artist_id],
            "musicbrainz_album_artist_ids": [artist_id],
        }
        tags: dict[str, Any] = {"artist": name, "album_artist": name, "album": name}
        make_audio(music / name / name / "zero.flac", **tags, **ids)
    scan()
    assert artists() == {"MEG": 1, "Meg": 1}


def test_tracks_without_ids_are_by_the_same_artist(music: Path, scan: ScanCall) -> None:
    """lms 642: a compilation of one's own without ids."""
    make_audio(music / "album" / "1.flac", artist="Air", musicbrainz_artist_ids=[ONE])
    make_audio(music / "mine" / "1.flac", artist="Air", album="Mine", composer="Air")
    scan()
    assert artists() == {"Air": 2}


def test_one_id_for_several_names_is_not_taken_for_any(music: Path, scan: ScanCall) -> None:
    """slimserver 1545, 1555, 1654: the id of one artist must not spread to the name of a pair."""
    make_audio(
        music / "1.flac", artist="Paul Simon", artists=["Paul Simon"], musicbrainz_artist_ids=[ONE]
    )
    make_audio(
        music / "2.flac",
        artist="Paul Simon & Sting",
        artists=["Paul Simon", "Sting"],
        musicbrainz_artist_ids=[ONE, TWO],
    )
    make_audio(
        music / "3.flac",
        artist="Sting",
        artists=["Sting", "Eric Clapton"],
        musicbrainz_artist_ids=[THREE],
    )
    scan()
    ids = dict(Artist.objects.values_list("name", "musicbrainz_artist_id"))
    assert ids == {"Paul Simon": ONE, "Sting": TWO, "Eric Clapton": ""}


def test_various_artists_are_one(music: Path, scan: ScanCall) -> None:
    """lms 39: four of them."""
    for number, artist_id in enumerate(("", ONE, "", ONE)):
        ids: dict[str, Any] = {"musicbrainz_album_artist_ids": [artist_id]} if artist_id else {}
        name = "Various Artists" if number % 2 else "Various artists"
        tags: dict[str, Any] = {"artist": f"A{number}", "album_artist": name, "album": f"{number}"}
        make_audio(music / f"{number}" / "1.flac", **tags, **ids)
    scan()
    assert artists()["Various Artists"] == 4


def test_a_change_of_capitals_leaves_nothing_behind(music: Path, scan: ScanCall) -> None:
    """slimserver 547, navidrome 6166: file, folder and tag are renamed in one go."""
    old = make_audio(music / "Jeff" / "Jeff.flac", artist="Jeff The Brotherhood", title="x")
    scan()
    artist, track = Artist.objects.get().pk, Track.objects.get().pk
    new = music / "JEFF" / "JEFF.flac"
    new.parent.mkdir()
    os.rename(old, new)
    old.parent.rmdir()
    retag(new, artist="JEFF The Brotherhood")
    os.utime(new, (1_700_000_000, 1_700_000_000))
    scan()
    assert artists() == {"JEFF The Brotherhood": 1}
    assert (Artist.objects.get().pk, Track.objects.get().pk) == (artist, track)


def test_an_artist_of_no_track_is_not_listed(music: Path, scan: ScanCall) -> None:
    """An artist whose files were all given to two others stays for what people made of it."""
    paths = [make_audio(music / f"{number}.flac", artist="A and B") for number in range(2)]
    scan()
    for path, name in zip(paths, "AB", strict=True):
        retag(path, artist=name)
        os.utime(path, (1_700_000_000, 1_700_000_000))
    scan()
    assert artists() == {"A": 1, "B": 1}
    assert not Tombstone.objects.filter(kind="artist").exists()
