"""What people complain of with clients that keep a copy of a library, on real files. Each test says
where; the ids are those of public issues."""

import os
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.api.library import get
from tests.api.syncing import SyncedCopy, assert_same
from tests.audio_files import jpeg, make_audio, retag
from tests.library.scanning.conftest import Scan, scan

__all__ = ["scan"]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def copy(music: Path, scan: Scan, api: Client) -> SyncedCopy:
    """Of three tracks by `Bjork` on an album."""
    for number in (1, 2, 3):
        tags: dict[str, Any] = {"title": f"Song {number}", "artist": "Bjork", "album": "Debut"}
        make_audio(music / "Debut" / f"{number}.flac", **tags)
    scan(workers=0)
    copy = SyncedCopy(api)
    copy.sync()
    return copy


def retag_all(music: Path, **tags: Any) -> None:
    for number, file in enumerate(sorted(music.rglob("*.flac"))):
        retag(file, **tags)
        os.utime(file, (10**9 + number, 10**9 + number))


def names(copy: SyncedCopy) -> list[str]:
    return sorted(row["name"] for row in copy.rows["artist"].values())


def test_a_renamed_artist_is_one_artist_with_the_new_name(
    copy: SyncedCopy, music: Path, scan: Scan
) -> None:
    """psysonic 1253 and 1256: the old name stays in the list for ever, and leads nowhere."""
    before = set(copy.rows["artist"])
    retag_all(music, artist="Björk Guðmundsdóttir")
    scan(workers=0)
    copy.sync()
    assert names(copy) == ["Björk Guðmundsdóttir"]
    assert set(copy.rows["artist"]) == before
    assert_same(copy)


def test_deleted_tracks_and_albums_go(copy: SyncedCopy, music: Path, scan: Scan) -> None:
    """amperfy 57, 265 and 415, finamp 1349, music-assistant 4877: nothing says what was deleted."""
    make_audio(music / "Other" / "1.flac", title="Other", artist="Other", album="Other")
    scan(workers=0)
    copy.sync()
    (music / "Debut" / "1.flac").unlink()
    (music / "Other" / "1.flac").unlink()
    scan(workers=0)
    copy.sync()
    assert len(copy.rows["track"]) == 2
    assert names(copy) == ["Bjork"]
    assert [row["track_count"] for row in copy.rows["album"].values()] == [2]
    assert_same(copy)


def test_a_changed_file_in_another_folder_is_the_row_that_the_client_has(
    copy: SyncedCopy, music: Path, scan: Scan
) -> None:
    """amperfy 306, finamp 97: after a change of tags and folders ids are new, and what was
    downloaded is an orphan, or there twice."""
    before = set(copy.rows["track"])
    (music / "Debut").rename(music / "1993 Debut")
    retag_all(music, year="1993", genre="Pop")
    scan(workers=0)
    copy.sync()
    assert set(copy.rows["track"]) == before
    assert {row["year"] for row in copy.rows["track"].values()} == {1993}
    assert_same(copy)


def test_a_scan_that_finds_nothing_new_costs_a_client_nothing(copy: SyncedCopy, scan: Scan) -> None:
    """jpsonic 2134, MB_SubSonic 5: everything is fetched again after each scan or start."""
    scan(workers=0)
    scan(workers=0, full=True)
    copy.sync()
    assert (len(copy.pages), copy.received) == (1, 0)
    assert not copy.pages[0]["is_whole"]


def test_a_new_cover_comes_without_a_change_of_the_tracks_files(
    copy: SyncedCopy, music: Path, scan: Scan
) -> None:
    """Clients compare times of files, and keep the old picture."""
    (music / "Debut" / "cover.jpg").write_bytes(jpeg(7))
    scan(workers=0)
    copy.sync()
    assert all(row["cover_id"] for row in copy.rows["track"].values())
    assert all(row["cover_id"] for row in copy.rows["album"].values())
    assert_same(copy)


def test_an_interrupted_fetch_goes_on_where_it_ended(
    copy: SyncedCopy, api: Client, music: Path, scan: Scan
) -> None:
    """simperium 28: it begins anew. Navidrome's search3 pages shifted while the library changed,
    so that clients got rows twice and lost others."""
    slow = SyncedCopy(api, limit=2)
    cursor = slow.first_page()
    assert cursor is not None
    (music / "Debut" / "1.flac").unlink()
    make_audio(music / "Aaa" / "0.flac", title="A", artist="A", album="A")
    scan(workers=0)
    for _ in range(2):  # an answer was lost, so the client asks again
        again = get(api, f"sync?limit=2&cursor={cursor}")
    assert again["token"] == slow.pages[0]["token"]
    while cursor:
        cursor = slow.next_page(cursor)
    slow.sync()
    assert_same(slow)
