"""Files that another version of the readers has read are read again, a few at a time."""

import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_eventstream.models import Event
from pytest_django.fixtures import Settings

from library.models.catalogue import Track
from library.models.revision import Revision
from library.models.scan import Scan, ScanFailure, ScanKind, ScanState, ScanTrigger
from library.scanning import ScanAlreadyRuns, ScanOptions
from library.scanning.lease import acquire
from library.scanning.read_with import current_version, outdated_versions, rereading
from library.scanning.report import ScanCounts
from library.scanning.reread import (
    RereadReport,
    begin_portion,
    is_portion_due,
    reread_portion,
)
from library.tags import version
from tests.audio_files import make_audio
from tests.library.scanning.conftest import Opened
from tests.library.scanning.conftest import Scan as ScanCall

NOT_AUDIO = b"this is no audio file at all" * 40
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def reread(seconds: float = 60, **options: Any) -> RereadReport:
    return reread_portion(ScanOptions(**{"workers": 0, **options}), seconds)


def outdate(**columns: Any) -> None:
    """As if the version before had read all tracks, and had stored these `columns`."""
    Track.objects.update(read_with="", updated_at=LONG_AGO, added_at=LONG_AGO, **columns)


def versions() -> set[str]:
    return set(Track.objects.values_list("read_with", flat=True))


def rows() -> list[dict[str, Any]]:
    return [dict(row) for row in Track.objects.order_by("pk").values()]


def revision() -> int:
    return Revision.objects.values_list("number", flat=True).get()


def test_the_version_is_short_and_follows_the_readers_and_the_settings(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = current_version()
    assert len(before) <= 16
    assert before == current_version()
    settings.ARTIST_SEPARATORS = [" / ", " vs "]
    of_other_settings = current_version()
    monkeypatch.setattr(version, "READERS", version.READERS + 1)
    version.version_of.cache_clear()
    after = current_version()
    version.version_of.cache_clear()
    assert len({before, of_other_settings, after}) == 3


def test_each_file_that_is_read_gets_the_version(music: Path, scan: ScanCall) -> None:
    make_audio(music / "a.mp3")
    (music / "b.mp3").write_bytes(NOT_AUDIO)
    os.utime(music / "b.mp3", (1, 1))
    scan()
    assert versions() == {current_version()}
    assert ScanFailure.objects.get().read_with == current_version()


@pytest.mark.parametrize("workers", [0, 1])
def test_a_portion_stores_what_is_missing_and_counts_no_updates(
    music: Path, scan: ScanCall, workers: int
) -> None:
    for number in range(3):
        make_audio(music / f"{number}.flac", title=f"{number}", artist="Ada")
    scan()
    before, number = rows(), revision()
    outdate(audio_digest="", bit_depth=0, title="old")
    events = Event.objects.count()
    report = reread(workers=workers)
    after = rows()
    volatile = {"updated_at", "added_at", "revision"}
    assert [{k: v for k, v in row.items() if k not in volatile} for row in after] == [
        {k: v for k, v in row.items() if k not in volatile} for row in before
    ]
    assert {row["added_at"] for row in after} == {LONG_AGO}
    assert min(row["updated_at"] for row in after) > LONG_AGO  # the title is shown
    assert (report.read, report.left, report.is_round_over) == (3, 0, True)
    assert revision() == number + 1
    row = Scan.objects.get(pk=report.scan_id)
    assert (row.kind, row.state, row.read) == (ScanKind.REREAD, ScanState.COMPLETED, 3)
    assert [getattr(row, name) for name in ("added", "updated", "missing", "moved")] == [0] * 4
    assert Event.objects.count() == events + 1
    event = Event.objects.order_by("pk").last()
    assert event is not None
    assert '"message_to_show": ""' in event.data
    assert "reload_tracks" in event.data


def test_a_portion_that_changes_nothing_shown_is_seen_nowhere(music: Path, scan: ScanCall) -> None:
    make_audio(music / "a.flac")
    scan()
    read = Track.objects.get().audio_digest
    outdate(audio_digest="of the version before")
    before, number, events = rows(), revision(), Event.objects.count()
    report = reread()
    assert rows() == [{**before[0], "read_with": current_version(), "audio_digest": read}]
    assert (revision(), report.event_id, Event.objects.count()) == (number, None, events)


def test_a_rescan_without_outdated_files_opens_none_and_leaves_outdated_ones_to_portions(
    music: Path, scan: ScanCall, opened: list[str]
) -> None:
    make_audio(music / "a.mp3")
    scan()
    outdate()
    opened.clear()
    assert scan(workers=0).counts == ScanCounts(seen=1)
    assert opened == []
    assert outdated_versions() == [""]
    reread()
    assert set(opened) == {str(music / "a.mp3")}
    opened.clear()
    with CaptureQueriesContext(connection) as queries:
        assert not is_portion_due(datetime.now(UTC))
    # Two for the versions that files were read with, one for the flags of folders.
    assert len(queries) == 3
    assert opened == []


def test_an_outdated_failure_is_tried_again_by_the_next_scan_and_then_no_more(
    music: Path, scan: ScanCall, opened: list[str]
) -> None:
    (music / "b.mp3").write_bytes(NOT_AUDIO)
    os.utime(music / "b.mp3", (1, 1))
    scan()
    opened.clear()
    assert scan(workers=0).counts.failed == 1
    assert opened == []
    ScanFailure.objects.update(read_with="")
    assert scan(workers=0).counts.failed == 1
    assert opened
    opened.clear()
    assert scan(workers=0).counts.failed == 1
    assert opened == []


def test_a_changed_setting_has_files_read_again(
    music: Path, scan: ScanCall, settings: Settings
) -> None:
    make_audio(music / "a.mp3", artist="Ada vs Grace")
    settings.ARTIST_SEPARATORS = [" / "]
    scan()
    assert Track.objects.get().artists == ["Ada vs Grace"]
    settings.ARTIST_SEPARATORS = [" vs "]
    assert reread().read == 1
    assert Track.objects.get().artists == ["Ada", "Grace"]


def test_a_full_scan_reads_all_at_once(music: Path, scan: ScanCall) -> None:
    make_audio(music / "a.mp3")
    scan()
    outdate()
    scan(full=True)
    assert rereading() is None


def test_portions_read_the_newest_first_and_go_on_where_the_last_one_ended(
    music: Path, scan: ScanCall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("library.scanning.outdated.FILES_AT_ONCE", 2)
    for number in range(5):
        make_audio(music / f"{number}.mp3")
    scan()
    outdate()
    ids = list(Track.objects.order_by("-pk").values_list("pk", flat=True))
    done = []
    for _ in range(3):
        report = reread(seconds=0)
        done.append(
            list(Track.objects.exclude(read_with="").order_by("-pk").values_list("pk", flat=True))
        )
        assert report.read == min(2, 5 - 2 * (len(done) - 1))
    assert done == [ids[:2], ids[:4], ids]
    assert Scan.objects.filter(kind=ScanKind.REREAD).count() == 1


def test_changed_and_gone_files_are_left_to_the_next_scan(music: Path, scan: ScanCall) -> None:
    for name in ("changed", "gone", "same"):
        make_audio(music / f"{name}.mp3", title=name)
    scan()
    outdate()
    make_audio(music / "changed.mp3", title="new title")
    (music / "gone.mp3").unlink()
    report = reread()
    assert (report.read, report.left) == (1, 2)
    assert Track.objects.missing().count() == 0
    assert Track.objects.get(path="changed.mp3").title == "changed"
    counts = scan().counts
    assert (counts.updated, counts.missing) == (1, 1)
    assert rereading() is None


def test_an_unreadable_file_becomes_a_failure_and_its_track_stays(
    music: Path, scan: ScanCall, opened: list[str]
) -> None:
    path = make_audio(music / "a.mp3", title="kept")
    scan()
    outdate()
    facts = path.stat()
    path.write_bytes(NOT_AUDIO.ljust(facts.st_size, b"x")[: facts.st_size])
    os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    reread()
    assert (Track.objects.get().title, versions()) == ("kept", {current_version()})
    assert ScanFailure.objects.get().path == "a.mp3"
    opened.clear()
    assert scan(workers=0).counts == ScanCounts(seen=1, failed=1)
    assert opened == []
    assert Track.objects.present().count() == 1


def test_a_file_that_a_scan_could_not_read_either_is_not_tried_for_ever(
    music: Path, scan: ScanCall
) -> None:
    path = make_audio(music / "a.mp3")
    scan()
    outdate()
    path.write_bytes(NOT_AUDIO)
    os.utime(path, (1, 1))
    scan()
    reread()
    assert rereading() is None


def test_a_disk_that_is_away_is_gone_round(
    music: Path, tmp_path: Path, scan: ScanCall, settings: Settings
) -> None:
    other = tmp_path / "nas"
    make_audio(music / "a.mp3")
    make_audio(other / "b.mp3")
    settings.MUSIC_DIRS = [music, other]
    scan()
    outdate()
    shutil.move(other, tmp_path / "unplugged")
    other.mkdir()
    report = reread()
    assert (report.read, report.left, report.is_round_over) == (1, 1, True)
    assert Track.objects.missing().count() == ScanFailure.objects.count() == 0
    progress = rereading()
    assert progress is not None
    assert (progress.done, progress.total, progress.is_waiting) == (1, 2, True)
    other.rmdir()
    shutil.move(tmp_path / "unplugged", other)
    assert not is_portion_due(datetime.now(UTC))
    assert is_portion_due(datetime.now(UTC) + timedelta(minutes=11))
    assert reread().read == 1
    assert rereading() is None


def test_a_scan_takes_the_lease_from_a_portion_whose_last_batch_is_rolled_back(
    music: Path, scan: ScanCall
) -> None:
    make_audio(music / "a.mp3")
    scan()
    outdate(title="old")
    began: list[int] = []

    def scan_begins() -> bool:
        if not began:
            began.append(acquire(ScanOptions(trigger=ScanTrigger.API)).scan_id)
        return False

    report = reread(is_cancelled=scan_begins)
    assert "other work went first" in report.message
    assert Track.objects.get().title == "old"
    row = Scan.objects.get(pk=report.scan_id)
    assert (row.state, row.finished_at is None) == (ScanState.COMPLETED, False)
    assert Scan.objects.get(state=ScanState.RUNNING).pk == began[0]


def test_a_portion_waits_for_a_scan_and_for_another_portion(db: None) -> None:
    lease = acquire(ScanOptions())
    with pytest.raises(ScanAlreadyRuns):
        reread()
    lease.give_back()
    begin_portion(ScanTrigger.SCHEDULE)
    with pytest.raises(ScanAlreadyRuns):
        reread()


def test_a_portion_can_be_cancelled_and_the_next_one_comes_later(
    music: Path, scan: ScanCall
) -> None:
    make_audio(music / "a.mp3")
    scan()
    outdate()
    lease = begin_portion(ScanTrigger.SCHEDULE)
    Scan.objects.filter(pk=lease.scan_id).update(cancel_requested=True)
    report = reread(adopt_scan_id=lease.scan_id)
    assert (report.state, report.read) == (ScanState.CANCELLED, 0)
    now = datetime.now(UTC)
    assert not is_portion_due(now + timedelta(minutes=59))
    assert is_portion_due(now + timedelta(minutes=61))


@pytest.mark.parametrize(("waited", "is_due"), [(18.9, False), (19.1, True)])
def test_a_portion_is_followed_by_a_pause_of_nineteen_times_its_duration(
    db: None, music: Path, scan: ScanCall, waited: float, *, is_due: bool
) -> None:
    make_audio(music / "a.mp3")
    scan()
    outdate()
    now = datetime.now(UTC)
    Scan.objects.create(
        kind=ScanKind.REREAD,
        state=ScanState.COMPLETED,
        trigger=ScanTrigger.SCHEDULE,
        started_at=now - timedelta(seconds=10),
        finished_at=now,
        read_with=current_version(),
        reread_below=7,
    )
    assert is_portion_due(now + timedelta(seconds=10 * waited)) is is_due


def test_what_a_newer_release_has_read_is_left_alone(music: Path, scan: ScanCall) -> None:
    make_audio(music / "a.mp3")
    scan()
    Track.objects.update(read_with=f"{version.READERS + 1}-abcdef")
    assert outdated_versions() == []


def test_rows_that_an_older_server_adds_are_read_again(music: Path, scan: ScanCall) -> None:
    """It knows nothing of the column, which the database then fills."""
    make_audio(music / "a.mp3")
    scan()
    columns = [
        field.column
        for field in Track._meta.concrete_fields
        if field.column not in {"id", "path", "read_with", "audio_digest"}
    ]
    names = ", ".join(f'"{name}"' for name in columns)
    make_audio(music / "b.mp3", title="of the new server")
    facts = (music / "b.mp3").stat()
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO library_track (path, {names}) "  # noqa: S608
            f"SELECT 'b.mp3', {names} FROM library_track"
        )
    Track.objects.filter(path="b.mp3").update(
        mtime_ns=facts.st_mtime_ns, size_bytes=facts.st_size, title="of the older server"
    )
    assert outdated_versions() == [""]
    assert reread().read == 1
    assert Track.objects.get(path="b.mp3").title == "of the new server"


def test_no_file_is_read_inside_a_transaction(
    transactional_db: None, music: Path, scan: ScanCall, audio_opened: Opened
) -> None:
    for number in range(20):
        make_audio(music / f"{number}.mp3")
    scan()
    outdate()
    audio_opened.paths.clear()
    audio_opened.in_transaction.clear()
    reread(batch_size=4)
    assert len(set(audio_opened.paths)) == 20
    assert audio_opened.in_transaction == []
