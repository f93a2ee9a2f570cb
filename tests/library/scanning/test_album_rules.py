"""Each rule of albums, by a scan of real files. The cases are those of `docs/albums.md`."""

import os
from pathlib import Path
from typing import Any

import pytest

from library.models.albums import Album
from library.models.catalogue import Track
from library.models.folders import Folder
from tests.audio_files import make_audio
from tests.library.albums.cases import Case
from tests.library.albums.rule_cases import CASES
from tests.library.scanning.conftest import Scan as ScanCall


def scan_files(music: Path, scan: ScanCall, case: Case) -> None:
    """Scan the files of a case. Marks are made on tracks, as a person makes them after a scan."""
    for path, tags in case.files.items():
        make_audio(music / path, **{name: tags[name] for name in tags.keys() - {"by_hand"}})
    scan()
    marks = {path: tags["by_hand"] for path, tags in case.files.items() if "by_hand" in tags}
    for path, mark in marks.items():
        Track.objects.filter(path=path).update(album_by_hand=mark)
    if marks:
        Folder.objects.update(albums_to_settle=True)
        scan()


def albums() -> list[tuple[list[str], str, str | None, str]]:
    return sorted(
        (
            sorted(str(track.path) for track in album.tracks.all()),
            album.together_by,
            album.apart_by or None,
            album.disambiguation,
        )
        for album in Album.objects.all()
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_files_make_these_albums(music: Path, scan: ScanCall, case: Case) -> None:
    scan_files(music, scan, case)
    assert albums() == sorted(
        (each.paths_among(case.files), each.together, each.apart, each.disambiguation)
        for each in case.albums
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_second_scan_changes_no_album(music: Path, scan: ScanCall, case: Case) -> None:
    """Nor does one that reads every file again."""
    scan_files(music, scan, case)
    before = _rows()
    scan()
    scan(full=True)
    assert _rows() == before


def _rows() -> list[tuple[Any, ...]]:
    columns = ("id", "title", "track_count", "together_by", "apart_by", "disambiguation")
    return list(Album.objects.order_by("id").values_list(*columns))


def test_files_that_come_one_by_one_make_the_same_albums(music: Path, scan: ScanCall) -> None:
    """Each in a scan of its own, the last ones first."""
    case = next(case for case in CASES if case.name == "tracks_without_an_id_beside_two_releases")
    for path in sorted(case.files, reverse=True):
        make_audio(music / path, **case.files[path])
        scan()
    assert albums() == sorted(
        (each.paths_among(case.files), each.together, each.apart, each.disambiguation)
        for each in case.albums
    )


def test_discs_have_numbers_and_subtitles(music: Path, scan: ScanCall) -> None:
    for folder in ("CD1", "Disc 2 - Remixes"):
        make_audio(music / "Dummy" / folder / "1.mp3", album="Dummy", album_artist="Portishead")
    scan()
    album = Album.objects.get()
    assert album.disc_titles == {"2": "Remixes"}
    numbers = album.tracks.values_list("path", "disc_number").order_by("path")
    assert [(os.path.dirname(path), number) for path, number in numbers] == [
        ("Dummy/CD1", 1),
        ("Dummy/Disc 2 - Remixes", 2),
    ]
