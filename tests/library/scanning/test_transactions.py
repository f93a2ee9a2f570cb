"""Short commits: readers see rows appear, nobody waits, and a database that falters is survived."""

import os
import sqlite3
import threading
import time
from pathlib import Path

import pytest
from django.db import connection

from library.models.catalogue import Track
from library.models.scan import Scan, ScanState
from library.scanning import ScanOptions, scan_library
from tests.audio_files import make_audio
from tests.databases import refused_inserts, write_lock
from tests.library.scanning.conftest import Installation, Opened

FEW_SECONDS = 5
on_postgresql = pytest.mark.skipif(
    "connection.vendor != 'postgresql'", reason="of PostgreSQL alone"
)
on_sqlite = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="of SQLite alone")


def fill(folder: Path, count: int) -> None:
    for number in range(count):
        make_audio(folder / f"{number % 20}" / f"{number}.mp3", title=f"{number}")


@pytest.mark.django_db(transaction=True)
def test_no_file_is_opened_inside_a_transaction(music: Path, audio_opened: Opened) -> None:
    fill(music, 60)
    scan_library(ScanOptions(workers=0, batch_size=10))
    assert len(audio_opened.paths) >= 60
    assert audio_opened.in_transaction == []


@pytest.mark.django_db
def test_of_changed_tracks_a_transaction_holds_a_quarter(music: Path) -> None:
    files = [make_audio(music / f"{number}.mp3") for number in range(8)]
    few = ScanOptions(workers=0, batch_size=8)
    scan_library(few)
    unchanged = scan_library(few).transactions
    for path in files:
        os.utime(path, (1_000_000_000, 1_000_000_000))
    report = scan_library(few)
    assert report.counts.updated == 8
    assert report.transactions - unchanged == 4


@pytest.mark.django_db(transaction=True)
def test_two_thousand_files_are_at_least_four_transactions_and_seen_as_they_come(
    music: Path,
) -> None:
    fill(music, 2000)
    seen: list[int] = []
    stop = threading.Event()

    def look() -> None:
        while not stop.wait(0.02):
            seen.append(Track.objects.count())
        connection.close()

    reader = threading.Thread(target=look)
    reader.start()
    report = scan_library(ScanOptions(workers=1))
    stop.set()
    reader.join()
    assert report.transactions >= 4
    assert Track.objects.count() == 2000
    assert {count for count in seen if 0 < count < 2000}
    assert all(count % 500 == 0 for count in seen)


@on_sqlite
@pytest.mark.django_db(transaction=True)
def test_a_lock_held_for_a_moment_costs_a_retry_not_the_scan(
    music: Path, caplog: pytest.LogCaptureFixture
) -> None:
    fill(music, 10)
    database = connection.settings_dict["NAME"]
    other = sqlite3.connect(database, isolation_level=None, check_same_thread=False)
    held = threading.Event()

    def lock_once() -> bool:
        if not held.is_set():
            held.set()
            other.execute("BEGIN IMMEDIATE")
            threading.Timer(1.0, other.rollback).start()
            connection.cursor().execute("PRAGMA busy_timeout = 100")
        return False

    report = scan_library(ScanOptions(workers=0, is_cancelled=lock_once))
    other.close()
    assert report.state == ScanState.COMPLETED
    assert Track.objects.count() == 10
    assert "trying again" in caplog.text


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_a_lost_connection_costs_a_retry_not_the_scan(
    music: Path, caplog: pytest.LogCaptureFixture
) -> None:
    fill(music, 10)
    lost: list[int] = []

    def lose_once() -> bool:
        if not lost:
            lost.append(connection.connection.info.backend_pid)
            other = connection.copy()
            other.cursor().execute("SELECT pg_terminate_backend(%s)", lost)
            other.close()
        return False

    report = scan_library(ScanOptions(workers=0, is_cancelled=lose_once))
    assert report.state == ScanState.COMPLETED
    assert Track.objects.count() == 10
    assert "trying again" in caplog.text


@on_sqlite
@pytest.mark.django_db(transaction=True)
def test_a_full_disk_fails_the_scan_and_keeps_what_was_stored(music: Path) -> None:
    fill(music, 400)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")  # or pages that other tests left free would be filled first
        cursor.execute("PRAGMA page_count")
        pages = cursor.fetchone()[0]
        cursor.execute(f"PRAGMA max_page_count = {pages + 40}")
    try:
        report = scan_library(ScanOptions(workers=0, batch_size=20))
        stored = Track.objects.count()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA max_page_count = 1073741823")
    assert report.state == ScanState.FAILED
    assert "disk" in report.error
    assert "full" in report.error
    assert 0 < stored < 400
    assert stored % 20 == 0
    assert scan_library(ScanOptions(workers=0)).counts.added == 400 - stored


@pytest.mark.django_db(transaction=True)
def test_a_row_that_the_database_refuses_costs_that_row(music: Path) -> None:
    fill(music, 10)
    with refused_inserts(connection, "library_track", "NEW.title = '7'"):
        report = scan_library(ScanOptions(workers=0))
    assert (report.counts.added, report.counts.failed) == (9, 1)
    assert "not this one" in report.first_failures[0].reason
    assert report.first_failures[0].stage == "store"


def test_a_fault_in_the_scan_is_recorded_before_it_is_raised(music: Path, db: None) -> None:
    make_audio(music / "a.mp3")

    def fail() -> bool:
        raise ZeroDivisionError("a bug")

    with pytest.raises(ZeroDivisionError):
        scan_library(ScanOptions(workers=0, is_cancelled=fail))
    row = Scan.objects.get()
    assert (row.state, row.error) == ("failed", "ZeroDivisionError: a bug")


def test_a_writer_beside_the_scan_waits_for_no_more_than_a_batch(
    installation: Installation,
) -> None:
    fill(installation.music, 1500)
    process = installation.start("scan_tracks", "--quiet")
    longest = 0.0
    while process.poll() is None:
        began = time.monotonic()
        with write_lock(installation.database):
            longest = max(longest, time.monotonic() - began)
        time.sleep(0.01)
    process.communicate()
    assert process.returncode == 0
    assert longest < FEW_SECONDS
