"""Folders and disks that cannot be seen at the moment: nothing is joined, and nothing is gone."""

import os
import shutil
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from library.models.catalogue import Track
from tests.audio_files import make_noise
from tests.library.scanning.conftest import Installation, Scan
from tests.library.scanning.test_identity_false_joins import OTHER, SONG, missing
from tests.library.scanning.test_missing import WITHOUT_ROOTS_RIGHTS

CLOSED = (os.geteuid() == 0 and WITHOUT_ROOTS_RIGHTS) or ()
"""What starts a process that file permissions hold back."""


@pytest.mark.server
def test_a_folder_that_cannot_be_listed_joins_nothing(installation: Installation) -> None:
    music = installation.music
    path = make_noise(music / "closed" / "a.wav", 1, **SONG)
    make_noise(music / "open" / "b.wav", 2, **OTHER)
    installation.scan()
    shutil.copy2(path, music / "open" / "copy.wav")
    installation.scan()
    before = installation.query("SELECT path, id FROM library_track ORDER BY path")
    path.unlink()
    (music / "closed").chmod(0)
    try:
        report = installation.scan(before=CLOSED)
        assert (report["counts"]["joined"], report["counts"]["missing"]) == (0, 0)
        assert installation.query("SELECT path, id FROM library_track ORDER BY path") == before
    finally:
        (music / "closed").chmod(0o755)
    (music / "closed" / "other.txt").touch()
    assert installation.scan()["counts"]["joined"] == 1


@pytest.mark.server
@pytest.mark.parametrize("closed", ["closed", "closed/inner"])
def test_a_file_in_a_folder_that_cannot_be_listed_is_not_taken_for_gone(
    installation: Installation, closed: str
) -> None:
    """The scan is limited to another folder, into which the file was copied."""
    music = installation.music
    path = make_noise(music / "closed" / "inner" / "a.wav", 1, **SONG)
    make_noise(music / "open" / "b.wav", 2, **OTHER)
    installation.scan()
    shutil.copy2(path, music / "open" / "copy.wav")
    (music / closed).chmod(0)
    try:
        counts = installation.scan(str(music / "open"), before=CLOSED)["counts"]
        assert (counts["added"], counts["moved"], counts["joined"]) == (1, 0, 0)
    finally:
        (music / closed).chmod(0o755)
    assert installation.scan()["counts"]["missing"] == 0


@pytest.fixture
def two_roots(tmp_path: Path, settings: Settings) -> tuple[Path, Path]:
    roots = tmp_path / "disk", tmp_path / "nas"
    for number, root in enumerate(roots):
        make_noise(root / "bystander.wav", 900 + number, title=f"Bystander {number}")
    settings.MUSIC_DIRS = roots
    return roots


def test_a_root_that_is_away_joins_nothing(two_roots: tuple[Path, Path], scan: Scan) -> None:
    disk, nas = two_roots
    path = make_noise(disk / "a.wav", 1, **SONG)
    scan()
    before = Track.objects.get(path="a.wav").pk
    shutil.copy2(path, nas / "copy.wav")
    scan()
    os.rename(disk, away := disk.with_name("away"))
    assert (scan().counts.joined, missing()) == (0, set())
    os.rename(away, disk)
    scan()
    assert Track.objects.get(path="a.wav").pk == before
    assert Track.objects.present().count() == 4


def test_a_copy_of_a_file_whose_root_is_away_is_new(
    two_roots: tuple[Path, Path], scan: Scan
) -> None:
    disk, nas = two_roots
    path = make_noise(disk / "a.wav", 1, **SONG)
    scan()
    before = Track.objects.get(path="a.wav").pk
    shutil.copy2(path, nas / "copy.wav")
    os.rename(disk, away := disk.with_name("away"))
    report = scan()
    assert (report.counts.added, report.counts.moved) == (1, 0)
    report = scan(folders=(nas,))
    assert (report.counts.added, report.counts.moved) == (0, 0)
    os.rename(away, disk)
    scan()
    assert Track.objects.get(path="a.wav").pk == before
    assert missing() == set()


def test_a_copy_whose_disk_is_away_takes_no_id(two_roots: tuple[Path, Path], scan: Scan) -> None:
    """The copy's disk was unplugged before the original was deleted."""
    disk, nas = two_roots
    path = make_noise(disk / "a.wav", 1, **SONG)
    scan()
    original = Track.objects.get(path="a.wav").pk
    shutil.copy2(path, nas / "copy.wav")
    scan()
    copy = Track.objects.get(path="copy.wav").pk
    path.unlink()
    os.rename(nas, away := nas.with_name("away"))
    report = scan()
    assert (report.counts.joined, missing()) == (0, {original})
    os.rename(away, nas)
    scan()
    assert Track.objects.filter(pk__in=[original, copy], path__in=["a.wav", "copy.wav"]).exists()
    assert Track.objects.get(path="copy.wav", missing_since=None).pk in {original, copy}
