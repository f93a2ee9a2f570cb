"""Names of artists that are mended in the files: the row stays, with its id."""

import os
from pathlib import Path
from typing import Any

import pytest
from mutagen.flac import FLAC

from library.models.catalogue import Artist, Track, TrackArtist
from library.models.genres import Genre, Label
from library.models.revision import Revision
from library.models.successions import Succession
from library.models.tombstones import Tombstone, TombstoneKind
from tests.audio_files import make_audio, retag
from tests.library.scanning.conftest import Scan as ScanCall

LONG_AGO = (1_700_000_000, 1_700_000_000)


def mend(path: Path, **tags: Any) -> None:
    retag(path, **tags)
    os.utime(path, LONG_AGO)


def make(music: Path, *paths: str, **tags: Any) -> list[Path]:
    return [make_audio(music / path, **{"title": path, **tags}) for path in paths]


def stones() -> dict[int, int | None]:
    artists = Tombstone.objects.filter(kind=TombstoneKind.ARTIST)
    return dict(artists.values_list("row_id", "replaced_by"))


def names() -> list[str]:
    return sorted(Artist.objects.values_list("name", flat=True))


@pytest.mark.parametrize("batch_size", [1, 500])
def test_a_name_mended_in_all_files_keeps_its_row(
    music: Path, scan: ScanCall, batch_size: int
) -> None:
    paths = make(music, "1.flac", "2.flac", "3.flac", artist="Bjork", composer="Bjork")
    scan()
    before = Artist.objects.get()
    for path in paths:
        mend(path, artist="Björk", composer="Björk")
    scan(batch_size=batch_size)
    after = Artist.objects.get()
    assert (after.pk, after.name, after.key) == (before.pk, "Björk", "björk")
    assert after.revision == Revision.objects.get().number
    assert after.tracks.distinct().count() == 3
    assert set(Track.objects.values_list("revision", flat=True)) == {after.revision}
    assert list(stones().values()) == [before.pk]
    assert not Succession.objects.exists()


def test_a_name_that_is_there_already_takes_the_other_in(music: Path, scan: ScanCall) -> None:
    make(music, "0.flac", artist="Björk")
    wrong = make(music, "1.flac", "2.flac", artist="Bjork")
    scan()
    stays, goes = Artist.objects.get(name="Björk").pk, Artist.objects.get(name="Bjork").pk
    for path in wrong:
        mend(path, artist="Björk")
    scan()
    assert Artist.objects.get().pk == stays
    assert stones() == {goes: stays}


def test_two_wrong_names_become_one_row(music: Path, scan: ScanCall) -> None:
    paths = [
        *make(music, "1.flac", artist="Bjork"),
        *make(music, "2.flac", artist="Bjoerk"),
    ]
    scan()
    first, second = Artist.objects.order_by("pk").values_list("pk", flat=True)
    for path in paths:
        mend(path, artist="Björk")
    scan()
    assert (Artist.objects.get().pk, names()) == (first, ["Björk"])
    assert stones()[second] == first


def test_files_mended_in_several_scans_are_one_in_the_end(music: Path, scan: ScanCall) -> None:
    paths = make(music, "1.flac", "2.flac", artist="Bjork")
    scan()
    first = Artist.objects.get().pk
    mend(paths[0], artist="Björk")
    scan()
    assert names() == ["Bjork", "Björk"]
    mend(paths[1], artist="Björk")
    scan()
    assert (Artist.objects.get().pk, names()) == (first, ["Björk"])


def test_a_missing_track_still_has_its_name(music: Path, scan: ScanCall) -> None:
    one, other = make(music, "1.flac", "2.flac", artist="Bjork")
    other.unlink()
    scan()
    make(music, "2.flac", artist="Bjork")
    scan()
    (music / "2.flac").unlink()
    mend(one, artist="Björk")
    scan()
    assert names() == ["Bjork", "Björk"]
    assert stones() == {}


def test_a_name_that_became_two_is_neither_of_them(music: Path, scan: ScanCall) -> None:
    (path,) = make(music, "1.flac", artist="Simon & Garfunkel")
    mixed = make(music, "2.flac", "3.flac", artist="Typo")
    scan()
    mend(path, artist="Simon & Garfunkel", artists=["Simon", "Garfunkel"])
    mend(mixed[0], artist="Right")
    mend(mixed[1], artist="Other")
    scan()
    assert names() == ["Garfunkel", "Other", "Right", "Simon", "Simon & Garfunkel", "Typo"]
    assert stones() == {}


def test_a_name_mended_twice_leads_to_the_last(music: Path, scan: ScanCall) -> None:
    paths = make(music, "1.flac", artist="Bjork")
    scan()
    first = Artist.objects.get().pk
    for name in ("Bjoerk", "Björk"):
        mend(paths[0], artist=name)
        os.utime(paths[0], (1_700_000_000, 1_700_000_000 + len(name)))
        scan()
        assert (Artist.objects.get().pk, names()) == (first, [name])


def test_the_spelling_of_most_tracks_is_shown(music: Path, scan: ScanCall) -> None:
    paths = make(music, "1.flac", "2.flac", "3.flac", artist="BEATLES", genre="Hip‐Hop", album="A")  # noqa: RUF001
    scan()
    before = Artist.objects.get()
    mend(paths[0], artist="Beatles", genre="Hip-Hop")
    scan()
    assert names() == ["BEATLES"]
    mend(paths[1], artist="Beatles")
    scan()
    after = Artist.objects.get()
    assert (after.pk, after.name, after.name_key) == (before.pk, "Beatles", "beatles")
    spelled = TrackArtist.objects.filter(role="artist").order_by("track__path")
    assert [*spelled.values_list("credited_as", flat=True)] == [None, None, "BEATLES"]
    mend(paths[2], artist="Beatles")
    scan()
    assert not TrackArtist.objects.filter(credited_as__isnull=False).exists()
    assert names() == ["Beatles"]


def test_what_most_present_tracks_say_and_of_equal_numbers_mixed_case(
    music: Path, scan: ScanCall
) -> None:
    capitals = make(music, "1.flac", "2.flac", "3.flac", artist="BEATLES")
    make(music, "4.flac", artist="beatles")
    make(music, "5.flac", artist="Beatles")
    scan()
    assert names() == ["BEATLES"]
    for path in capitals[1:]:
        path.unlink()
    scan()
    assert names() == ["Beatles"]


@pytest.mark.parametrize("order", [("a", "b", "c"), ("c", "b", "a")])
def test_the_order_of_files_makes_no_difference_to_the_spelling(
    music: Path, scan: ScanCall, order: tuple[str, ...]
) -> None:
    spellings = {"a": "Guns N’ Roses", "b": "Guns N' Roses", "c": "GUNS N' ROSES"}  # noqa: RUF001
    for name in order:
        make(music, f"{name}.flac", artist=spellings[name])
        scan()
    assert names() == ["Guns N' Roses"]


def test_genres_and_labels_are_one_whatever_their_typography(music: Path, scan: ScanCall) -> None:
    for number, dash in enumerate("‐–--"):  # noqa: RUF001
        (path,) = make(music, f"{number}.flac", genre=f"Hip{dash}Hop", album=f"{number}")
        tagged: Any = FLAC(path)  # type: ignore[no-untyped-call]  # mutagen's has no types
        tagged["LABEL"] = f"Rough{dash}Trade"
        tagged.save()
        os.utime(path, LONG_AGO)
    scan()
    assert [*Genre.objects.values_list("name", flat=True)] == ["Hip-Hop"]
    assert [*Label.objects.values_list("name", flat=True)] == ["Rough-Trade"]
