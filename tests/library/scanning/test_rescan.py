"""A second look costs next to nothing, and sees every change."""

import os
import time
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from library.models.catalogue import Track
from library.models.scan import Scan, ScanState, ScanTrigger
from library.scanning.report import ScanCounts
from tests.audio_files import JPEG, jpeg, make_audio
from tests.library.scanning.conftest import Scan as ScanCall


def test_an_unchanged_rescan_opens_no_audio_and_writes_no_track(
    music: Path, scan: ScanCall, opened: list[str]
) -> None:
    for number in range(20):
        make_audio(music / f"{number % 3}" / f"{number}.mp3")
    opened.clear()
    scan(workers=0)
    assert len(set(opened)) == 20
    opened.clear()
    before = list(Track.objects.values())
    with CaptureQueriesContext(connection) as queries:
        report = scan(workers=0)
    assert report.counts == ScanCounts(seen=20)
    assert opened == []
    assert list(Track.objects.values()) == before
    assert not [query for query in queries if '"library_track" ' in written(query["sql"])]


def written(sql: str) -> str:
    return sql if sql.startswith(("INSERT", "UPDATE", "DELETE")) else ""


@pytest.mark.parametrize("workers", [0, 1])
def test_an_unchanged_rescan_asks_the_same_few_queries_whatever_the_number_of_files(
    music: Path, scan: ScanCall, workers: int
) -> None:
    make_audio(music / "first.mp3")
    scan(workers=workers)
    with CaptureQueriesContext(connection) as few:
        scan(workers=workers)
    for number in range(60):
        make_audio(music / f"folder {number}" / f"{number}.mp3")
    scan(workers=workers)
    with CaptureQueriesContext(connection) as many:
        scan(workers=workers)
    # One of them asks whether the scan before may have left names to be settled, one which
    # playlist files are known, and on SQLite one enlarges its cache.
    assert len(many) == len(few) <= 41


def test_a_scan_of_a_folder_lists_and_loads_nothing_else(
    music: Path, scan: ScanCall, listed: list[str]
) -> None:
    for number in range(20):
        make_audio(music / f"{number % 4}" / "album" / f"{number}.mp3")
    scan(workers=0)
    listed.clear()
    with CaptureQueriesContext(connection) as queries:
        report = scan(workers=0, folders=(music / "2",))
    assert report.counts == ScanCounts(seen=5)
    # The music folder itself, to tell whether it is still there.
    assert {os.path.relpath(path, music) for path in listed} == {".", "2", "2/album"}
    loads = [query["sql"] for query in queries if '"library_track"."mtime_ns"' in query["sql"]]
    assert len(loads) == 1
    with connection.cursor() as cursor:
        cursor.execute(loads[0][loads[0].index("SELECT") :])  # PostgreSQL declares a cursor first
        assert len(cursor.fetchall()) == 5


def test_a_first_scan_asks_a_fixed_number_of_queries_per_thousand_files(
    music: Path, scan: ScanCall
) -> None:
    def queries_for(count: int) -> int:
        folder = music / str(count)
        for number in range(count):
            make_audio(
                folder / f"{number}.mp3", title=f"{count} {number}", artist=f"{number}",
                album=f"{number}", album_artist=f"{number}",
            )  # fmt: skip
        with CaptureQueriesContext(connection) as queries:
            scan(workers=0)
        return len(queries)

    # A statement of Django's holds 999 parameters on SQLite: some twenty rows. About ten queries
    # find the albums of a batch. Nine are of the first scan of a library alone: nothing is sorted
    # yet as the setting says. Five look for joins and old rows. Ten settle the names of artists,
    # genres and labels. Three tell what is new of albums and damaged files.
    assert queries_for(200) <= 124


@pytest.mark.parametrize(
    "mtime", [1_000_000_000, time.time() + 10 * 365 * 24 * 3600], ids=["backwards", "in the future"]
)
def test_a_modification_time_may_go_either_way(
    music: Path, scan: ScanCall, opened: list[str], mtime: float
) -> None:
    path = make_audio(music / "a.mp3")
    scan(workers=0)
    os.utime(path, (mtime, mtime))
    assert scan(workers=0).counts.updated == 1
    opened.clear()
    assert scan(workers=0).counts.updated == 0
    assert opened == []


def test_another_size_is_a_change_even_at_the_same_time(music: Path, scan: ScanCall) -> None:
    path = make_audio(music / "a.mp3", title="Short")
    facts = path.stat()
    scan()
    make_audio(path, title="A title that is a good deal longer" * 10)
    os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    assert scan().counts.updated == 1


def test_a_full_scan_reads_everything_again(music: Path, scan: ScanCall) -> None:
    make_audio(music / "a.mp3")
    scan()
    assert scan(full=True).counts.updated == 1


def test_a_picture_replaced_in_place_changes_that_album_alone(music: Path, scan: ScanCall) -> None:
    for album in ("one", "two"):
        for number in range(3):
            make_audio(music / album / f"{number}.mp3", album=album, album_artist="x")
        (music / album / "cover.jpg").write_bytes(JPEG)
    make_audio(music / "one" / "own.mp3", cover=JPEG)
    scan()
    before = dict(Track.objects.values_list("path", "cover_id"))
    assert all(before.values())
    (music / "one" / "cover.jpg").write_bytes(jpeg(2))
    report = scan()
    after = dict(Track.objects.values_list("path", "cover_id"))
    assert {path for path in before if before[path] != after[path]} == {
        f"one/{number}.mp3" for number in range(3)
    }
    assert report.counts.updated == 3


def test_a_cover_change_opens_no_audio(music: Path, scan: ScanCall, opened: list[str]) -> None:
    make_audio(music / "a.mp3", album="A", album_artist="B")
    scan(workers=0)
    opened.clear()
    (music / "folder.png").write_bytes(JPEG)
    scan(workers=0)
    track = Track.objects.get()
    assert track.has_cover
    assert track.album is not None
    assert track.album.cover_id == track.cover_id
    assert opened == []
    (music / "folder.png").unlink()
    scan(workers=0)
    assert not Track.objects.get().has_cover


def test_a_cover_that_came_while_the_track_was_missing_is_seen(music: Path, scan: ScanCall) -> None:
    path = make_audio(music / "x" / "a.mp3")
    make_audio(music / "b.mp3")
    scan()
    os.rename(path, kept := music.parent / "kept.mp3")
    scan()
    (music / "x" / "cover.jpg").write_bytes(JPEG)
    os.rename(kept, path)
    scan()
    assert Track.objects.get(path="x/a.mp3").has_cover


@pytest.mark.parametrize("trigger", [ScanTrigger.SCHEDULE, ScanTrigger.WATCH])
def test_scans_by_themselves_that_changed_nothing_are_kept_a_hundred_at_most(
    music: Path, scan: ScanCall, trigger: ScanTrigger
) -> None:
    make_audio(music / "a.mp3")
    first = scan(trigger=trigger)
    now = Scan.objects.get().started_at
    Scan.objects.bulk_create(
        Scan(trigger=trigger, state=ScanState.COMPLETED, finished_at=now) for _ in range(120)
    )
    scan(trigger=trigger)
    assert Scan.objects.count() == 101
    assert Scan.objects.filter(pk=first.scan_id).exists()
