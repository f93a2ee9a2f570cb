"""Artists of one name: told apart by the MusicBrainz ids of files."""

import os
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from library.models.catalogue import Artist, Track, TrackArtist
from library.models.revision import Revision
from library.models.successions import Succession
from library.scanning import ScanOptions, purge_missing
from library.scanning.reread import reread_portion
from tests.audio_files import make_audio, retag
from tests.library.scanning.conftest import Scan as ScanCall

ONE = "11111111-2222-4333-8444-555555555555"
TWO = "99999999-2222-4333-8444-555555555555"
THREE = "55555555-2222-4333-8444-555555555555"


def make(path: Path, artist_id: str = "", artist: str = "Nirvana", album: str = "") -> Path:
    ids: dict[str, Any] = {"musicbrainz_artist_ids": [artist_id]} if artist_id else {}
    return make_audio(path, artist=artist, album=album or path.parent.name, **ids)


def credited() -> dict[str, str]:
    """The MusicBrainz id of each track's artist, by the track's path."""
    artists = TrackArtist.objects.filter(role="artist").select_related("track", "artist")
    return {each.track.path: each.artist.musicbrainz_artist_id for each in artists}


def ids_of(name: str = "Nirvana") -> list[str]:
    artists = Artist.objects.filter(name=name).order_by("musicbrainz_artist_id")
    return [artist.musicbrainz_artist_id for artist in artists]


def test_one_name_with_two_ids_is_two_artists(music: Path, scan: ScanCall) -> None:
    make(music / "Nevermind" / "1.flac", ONE)
    make(music / "Rainbow Chaser" / "1.flac", TWO)
    scan()
    assert ids_of() == [ONE, TWO]
    assert credited() == {"Nevermind/1.flac": ONE, "Rainbow Chaser/1.flac": TWO}
    assert set(TrackArtist.objects.values_list("is_identified", flat=True)) == {True}


def test_names_that_differ_in_case_and_id_keep_their_spellings(music: Path, scan: ScanCall) -> None:
    make(music / "a" / "1.flac", ONE, artist="MEG")
    make(music / "b" / "1.flac", TWO, artist="Meg")
    scan()
    artists = Artist.objects.values_list("name", "musicbrainz_artist_id")
    assert sorted(artists) == [("MEG", ONE), ("Meg", TWO)]


def test_an_artist_without_an_id_learns_one_and_keeps_its_row(music: Path, scan: ScanCall) -> None:
    path = make(music / "a" / "1.flac")
    scan()
    before = Artist.objects.get()
    assert before.musicbrainz_artist_id == ""
    retag(path, musicbrainz_artist_ids=[ONE])
    os.utime(path, (1_700_000_000, 1_700_000_000))
    make(music / "b" / "1.flac", TWO)
    scan()
    assert ids_of() == [ONE, TWO]
    assert credited() == {"a/1.flac": ONE, "b/1.flac": TWO}
    before.refresh_from_db()
    assert before.musicbrainz_artist_id == ONE


def test_a_name_without_an_id_is_the_one_on_its_album_in_its_folder_or_with_more_tracks(
    music: Path, scan: ScanCall
) -> None:
    make(music / "a" / "1.flac", ONE)
    make(music / "a" / "2.flac", ONE)
    make(music / "b" / "1.flac", TWO)
    make(music / "b" / "2.flac")  # on the album
    make(music / "b" / "3.flac", album="Other")  # in the folder
    make(music / "c" / "1.flac")  # elsewhere
    scan()
    assert credited() == {
        "a/1.flac": ONE,
        "a/2.flac": ONE,
        "b/1.flac": TWO,
        "b/2.flac": TWO,
        "b/3.flac": TWO,
        "c/1.flac": ONE,
    }
    assert ids_of() == [ONE, TWO]


FILES: dict[str, tuple[str, str]] = {
    "a/1.flac": ("a", ONE),
    "b/1.flac": ("b", TWO),
    "b/2.flac": ("b", ""),
    "c/1.flac": ("c", ""),
}


@pytest.mark.parametrize("order", [*permutations(FILES)][::5], ids="-".join)
def test_the_order_of_files_makes_no_difference(
    music: Path, scan: ScanCall, order: tuple[str, ...]
) -> None:
    make(music / "a" / "0.flac", ONE)
    for path in order:
        album, artist_id = FILES[path]
        make(music / path, artist_id, album=album)
        scan()
    wanted = {"a/1.flac": ONE, "b/1.flac": TWO, "b/2.flac": TWO, "c/1.flac": ONE}
    assert credited() == {"a/0.flac": ONE, **wanted}


def test_all_credits_of_a_name_are_looked_at_again_when_a_second_one_comes(
    music: Path, scan: ScanCall
) -> None:
    make(music / "a" / "1.flac", ONE)
    make(music / "b" / "1.flac")
    make(music / "b" / "2.flac")
    scan()
    assert set(credited().values()) == {ONE}
    before = Track.objects.get(path="b/1.flac").revision
    make(music / "b" / "3.flac", TWO)
    scan()
    assert credited() == {"a/1.flac": ONE, "b/1.flac": TWO, "b/2.flac": TWO, "b/3.flac": TWO}
    assert Track.objects.get(path="b/1.flac").revision > before


def test_a_full_scan_of_the_same_files_changes_nothing(music: Path, scan: ScanCall) -> None:
    make(music / "a" / "1.flac", ONE)
    for name in ("1", "2", "3"):
        make(music / "b" / f"{name}.flac", TWO if name == "1" else "", artist="NIRVANA")
    scan()
    before = credited()
    number = Revision.objects.get().number
    scan(full=True)
    scan(full=True, batch_size=1)
    assert credited() == before
    assert Revision.objects.get().number == number
    assert sorted(Artist.objects.values_list("name", flat=True)) == ["NIRVANA", "Nirvana"]


def test_an_id_that_all_files_change_moves_the_row_along(music: Path, scan: ScanCall) -> None:
    paths = [make(music / "a" / f"{number}.flac", ONE) for number in range(3)]
    make(music / "b" / "1.flac", TWO)
    make(music / "a" / "4.flac")
    scan()
    before = Artist.objects.get(musicbrainz_artist_id=ONE)
    for path in paths:
        retag(path, musicbrainz_artist_ids=[THREE])
    scan(batch_size=1)
    assert ids_of() == [THREE, TWO]
    before.refresh_from_db()
    assert before.musicbrainz_artist_id == THREE
    assert set(before.tracks.values_list("path", flat=True)) == {
        *(f"a/{number}.flac" for number in (0, 1, 2, 4)),
    }


def test_ids_that_files_state_no_more_leave_one_artist(music: Path, scan: ScanCall) -> None:
    paths = [make(music / "a" / "1.flac", ONE), make(music / "b" / "1.flac", TWO)]
    make(music / "b" / "2.flac", TWO)
    scan()
    assert len(ids_of()) == 2
    for path in (*paths, music / "b" / "2.flac"):
        retag(path, musicbrainz_artist_ids=None)
    scan()
    artist = Artist.objects.get()
    assert artist.tracks.count() == 3
    assert artist.key == "nirvana"
    assert not Succession.objects.exists()


def test_a_name_whose_first_artist_was_purged_is_not_made_twice(
    music: Path, scan: ScanCall
) -> None:
    first = make(music / "a" / "1.flac", ONE)
    make(music / "b" / "1.flac", TWO)
    scan()
    first.unlink()
    scan()
    purge_missing()
    make(music / "c" / "1.flac")
    scan()
    artist = Artist.objects.get()
    assert (artist.musicbrainz_artist_id, artist.key) == (TWO, "nirvana")
    assert artist.tracks.count() == 2


def test_files_that_are_read_again_tell_artists_apart(music: Path, scan: ScanCall) -> None:
    """As after an upgrade from a version to which an artist was a name."""
    make(music / "a" / "1.flac", ONE)
    make(music / "b" / "1.flac", TWO)
    make(music / "b" / "2.flac", artist="NIRVANA")
    scan()
    first = Artist.objects.get(key="nirvana")
    TrackArtist.objects.update(artist=first, is_identified=False, credited_as=None)
    Artist.objects.exclude(pk=first.pk).delete()
    Track.objects.update(read_with="")
    reread_portion(ScanOptions(workers=0), seconds=60)
    assert credited() == {"a/1.flac": ONE, "b/1.flac": TWO, "b/2.flac": TWO}
    assert Artist.objects.get(key="nirvana").pk == first.pk
