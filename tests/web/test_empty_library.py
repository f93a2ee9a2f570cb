"""What a library without tracks says of itself."""

import os
from pathlib import Path

from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains
from pytest_django.fixtures import Settings

from library.models import ScanState
from tests.web.library_rows import make_scan, make_tracks


def test_each_folder_is_named_with_what_is_wrong_with_it(
    page: Client, tmp_path: Path, settings: Settings
) -> None:
    names = ("good", "empty", "absent", "file", os.fsdecode(b"caf\xe9"))
    good, empty, absent, file, odd = settings.MUSIC_DIRS = [tmp_path / name for name in names]
    for folder in (good, empty, odd):
        folder.mkdir()
    for song in (good / "a.mp3", odd / "a.mp3", file):
        song.touch()
    text = " ".join(page.get("/").content.decode().split())
    for folder, state in ((good, "is there"), (empty, "is empty"), (absent, "is not there")):
        assert f"{folder}</code> <strong" in text
        assert f">{state}</strong>" in text
    assert "is not a folder" in text
    assert "caf\N{REPLACEMENT CHARACTER}" in text


def test_it_says_how_to_start_a_scan(page: Client, music: Path) -> None:
    response = page.get("/")
    assertContains(response, "No scan has run yet.")
    assertContains(response, "make scan")
    assertNotContains(response, "/admin/")


def test_staff_is_shown_the_scans(admin_client: Client, music: Path) -> None:
    assertContains(admin_client.get("/"), "/admin/library/scan/")


def test_a_running_scan_is_told_and_the_page_looks_again(page: Client, music: Path) -> None:
    make_scan(state=ScanState.RUNNING, seen=1)
    response = page.get("/")
    assertContains(response, "A scan is running: 1 file seen")
    assertContains(response, 'http-equiv="refresh"')


def test_a_finished_scan_is_told_and_the_page_stays(page: Client, music: Path) -> None:
    make_scan(seen=7)
    response = page.get("/")
    assertContains(response, "saw 7 files")
    assertNotContains(response, 'http-equiv="refresh"')


def test_tracks_that_are_missing_are_not_forgotten(page: Client, music: Path) -> None:
    make_tracks(2, missing=True)
    assertContains(page.get("/"), "The library knows 2 tracks whose files were gone")


def test_a_search_in_an_empty_library_is_a_search(page: Client, music: Path) -> None:
    assertContains(page.get("/?q=blue"), "Clear the search")
