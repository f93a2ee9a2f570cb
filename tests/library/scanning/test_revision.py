"""The library's revision: raised by what changes lists, in the transaction of the change."""

import os
from pathlib import Path

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from library.models.albums import Album
from library.models.catalogue import Artist, Track
from library.models.revision import NextRevision, Revision
from library.models.scan import Scan, ScanState
from library.queries.revision import library_revision
from library.scanning import ScanOptions, scan_library
from library.scanning.older_servers import raise_for_older_servers
from tests.audio_files import make_audio
from tests.databases import IS_POSTGRESQL
from tests.library.scanning.conftest import Scan as ScanCall
from tests.web.library_rows import make_scan

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _with_a_row() -> None:
    Revision.objects.raised()


def number() -> int:
    return library_revision()[0]


def test_each_batch_raises_it_and_its_rows_carry_it(music: Path, scan: ScanCall) -> None:
    for title in "abcd":
        make_audio(music / f"{title}.flac", title=title, artist=title, album=title)
    before = number()
    report = scan(batch_size=1)
    expected = [before + 1, before + 2, before + 3, before + 4]
    assert sorted(Artist.objects.values_list("revision", flat=True)) == expected
    # The albums of a folder are worked out together, when all its tracks are stored.
    for model in (Track, Album):
        assert {*model.objects.values_list("revision", flat=True)} == {before + 5}
    assert Scan.objects.get(pk=report.scan_id).revision == number() == before + 5


def test_a_scan_that_finds_nothing_new_raises_nothing(music: Path, scan: ScanCall) -> None:
    make_audio(music / "a.flac", title="a", album="Album")
    scan()
    before = library_revision()
    report = scan()
    assert library_revision() == before
    assert Scan.objects.get(pk=report.scan_id).revision == 0


@pytest.mark.parametrize("is_full", [True, False])
def test_files_that_are_read_again_and_show_the_same_raise_nothing(
    music: Path, scan: ScanCall, *, is_full: bool
) -> None:
    path = make_audio(
        music / "a.flac", title="Ünï", artist="A feat. B", artists=["A", "B"], album="Album",
        album_artist="A", composer="C", year="1999",
    )  # fmt: skip
    scan()
    before, row = library_revision(), Track.objects.values().get()
    if not is_full:
        os.utime(path, (1_700_000_000, 1_700_000_000))
    assert scan(full=is_full).counts.updated == 1
    assert library_revision() == before
    after = Track.objects.values().get()
    assert after["revision"] == row["revision"]
    assert (after["mtime_ns"] != row["mtime_ns"]) is (not is_full)


def test_a_tag_that_changes_raises_it_for_that_track_and_its_album(
    music: Path, scan: ScanCall
) -> None:
    for title in "ab":
        make_audio(music / f"{title}.flac", title=title, album=title)
    scan()
    before = number()
    make_audio(music / "a.flac", title="another", album="a")
    os.utime(music / "a.flac", (1_700_000_000, 1_700_000_000))
    os.utime(music / "b.flac", (1_700_000_000, 1_700_000_000))
    assert scan().counts.updated == 2
    assert number() == before + 2  # for the track, then for its album
    assert dict(Track.objects.values_list("title", "revision")) == {
        "another": before + 1,
        "b": before,
    }
    assert dict(Album.objects.values_list("title", "revision")) == {"a": before + 2, "b": before}


def test_another_credit_raises_it_although_the_row_is_the_same(music: Path, scan: ScanCall) -> None:
    path = make_audio(music / "a.flac", title="a", artist="A", album_artist="B; C")
    scan()
    before = number()
    Track.objects.get().track_artists.filter(role="albumartist").delete()
    os.utime(path, (1_700_000_000, 1_700_000_000))
    scan()
    assert number() == before + 1


def test_gone_back_moved_and_another_cover_each_raise_it(music: Path, scan: ScanCall) -> None:
    a, b = (make_audio(music / name / f"{name}.flac", title=name, album=name) for name in "ab")
    scan()
    aside = music.parent / "aside.flac"

    def raises() -> None:
        before = number()
        scan()
        # A moved track is stored first, then the albums of both folders are worked out.
        assert number() == before + (2 if report == "moved" else 1), report
        track = Track.objects.get(title="a")
        assert track.revision == before + 1
        assert track.album is not None
        assert track.album.revision == number()

    report = "gone"
    a.rename(aside)
    raises()
    report = "back"
    aside.rename(a)
    raises()
    report = "moved"
    a.rename(a.with_name("moved.flac"))
    raises()
    report = "cover"
    (a.parent / "cover.jpg").write_bytes(b"a picture")
    raises()
    assert Track.objects.get(title="b").revision < number()
    assert b.exists()


def test_a_batch_that_fails_takes_its_revision_back(music: Path, scan: ScanCall) -> None:
    before = number()

    def fail() -> None:
        with transaction.atomic():
            assert NextRevision().number == before + 1
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert number() == before


def test_failures_and_inodes_raise_nothing(music: Path, scan: ScanCall) -> None:
    make_audio(music / "a.flac")
    scan()
    before = number()
    (music / "broken.flac").write_bytes(b"no audio")
    assert scan().counts.failed == 1
    assert number() == before


def test_it_is_raised_once_for_a_batch(music: Path) -> None:
    for name in range(30):
        make_audio(music / f"{name}.flac", title=str(name), artist=str(name))
    with CaptureQueriesContext(connection) as captured:
        scan_library(ScanOptions(workers=0))
    raised = [
        each["sql"] for each in captured if '"number"' in each["sql"] or "number =" in each["sql"]
    ]
    assert sum(sql.startswith("UPDATE") for sql in raised) == 1
    # Read once for the summary, and on SQLite once after it was raised.
    assert len(raised) == (2 if IS_POSTGRESQL else 3)


def test_scans_of_servers_of_the_version_before_raise_it_too() -> None:
    """They know nothing of it; lists of a newer server beside them would be stale."""
    before = number()
    scan = make_scan(state=ScanState.RUNNING, revision=None)
    raise_for_older_servers()
    assert number() == before  # it has not changed anything yet
    Scan.objects.update(added=25)
    raise_for_older_servers()
    raise_for_older_servers()
    while_it_runs = number()
    assert while_it_runs > before
    Scan.objects.update(added=50, state=ScanState.COMPLETED, finished_at=timezone.now())
    raise_for_older_servers()
    assert number() > max(while_it_runs, scan.pk)
    scan.refresh_from_db()
    assert scan.revision == number()
    with CaptureQueriesContext(connection) as captured:
        raise_for_older_servers()
    assert len(captured) == 1
    assert scan.revision == number()


def test_the_row_of_an_older_server_leaves_it_out() -> None:
    """As its INSERT does: the column is null then, and 0 where this version wrote the row."""
    assert make_scan().revision == 0
    with connection.cursor() as cursor:
        table = connection.introspection.get_table_description(cursor, "library_scan")
    (column,) = (each for each in table if each.name == "revision")
    assert column.null_ok
    assert column.default is None
