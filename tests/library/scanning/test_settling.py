"""Albums are worked out over folders, and keep their ids whatever becomes of their files."""

import os
import signal
import time
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from library.models.albums import Album
from library.models.catalogue import Track
from library.models.folders import Folder
from library.models.tombstones import Tombstone
from library.scanning import ScanOptions, scan_library, steps, to_settle
from library.scanning.settled_rows import MOVES_AT_ONCE
from tests.audio_files import make_audio, retag
from tests.library.scanning.conftest import Installation, settle
from tests.library.scanning.conftest import Scan as ScanCall

_times = count(1_600_000_000)


def change(path: Path, **tags: Any) -> None:
    """Retag the file, so that the next scan reads it again."""
    retag(path, **tags)
    moment = next(_times)
    os.utime(path, (moment, moment))


def make_album(folder: Path, title: str, tracks: int = 3, **tags: Any) -> list[Path]:
    tags = {"album": title, "album_artist": "B", **tags}
    return [
        make_audio(folder / f"{number}.mp3", title=f"{title} {number}", track_number=number, **tags)
        for number in range(1, tracks + 1)
    ]


def albums() -> dict[str, int]:
    """The ids of the listed albums, by title."""
    return dict(Album.objects.listed().values_list("title", "pk"))


def assert_everything_is_settled() -> None:
    assert not Folder.objects.filter(albums_to_settle=True).exists()
    for album in Album.objects.all():
        present = album.tracks.present()
        assert album.track_count == present.count(), album.title


def test_discs_in_folders_and_titles_are_one_album(music: Path, scan: ScanCall) -> None:
    make_album(music / "Box" / "CD1", "Box")
    make_album(music / "Box" / "CD2", "Box (Disc 2)")
    scan()
    album = Album.objects.get()
    assert (album.title, album.track_count) == ("Box", 6)
    assert set(Track.objects.values_list("disc_number", flat=True)) == {1, 2}
    assert set(Track.objects.values_list("album_key", flat=True)) == {"box"}
    assert_everything_is_settled()


def test_a_disc_that_says_to_be_the_only_one_has_the_number_of_its_folder(
    music: Path, scan: ScanCall
) -> None:
    make_album(music / "Box" / "CD2", "Box", 1, disc_number=1, disc_total=1)
    make_album(music / "Box" / "CD3", "Box", 1, disc_number=1, disc_total=3)
    scan()
    discs = dict(Track.objects.values_list("path", "disc_number"))
    assert discs == {"Box/CD2/1.mp3": 2, "Box/CD3/1.mp3": 1}


def test_a_mended_title_keeps_the_row(music: Path, scan: ScanCall) -> None:
    paths = make_album(music / "a", "Wrnog")
    scan()
    before = albums()["Wrnog"]
    for path in paths:
        change(path, album="Right")
    scan()
    assert albums() == {"Right": before}
    assert not Tombstone.objects.exists()
    assert_everything_is_settled()


def test_a_title_that_is_mended_file_by_file_keeps_the_row(music: Path, scan: ScanCall) -> None:
    paths = make_album(music / "a", "Wrnog")
    scan()
    before = albums()["Wrnog"]
    for path in paths:
        change(path, album="Right")
        scan()
    assert list(albums()) == ["Right"]
    stone = Tombstone.objects.filter(replaced_by=albums()["Right"]).first()
    assert before == albums()["Right"] or (stone and stone.row_id == before)
    assert_everything_is_settled()


def test_two_that_become_one_leave_a_tombstone_and_missing_tracks_follow(
    music: Path, scan: ScanCall
) -> None:
    small = make_album(music / "a", "Small", 2)
    make_album(music / "b", "Large", 4)
    gone = make_audio(music / "a" / "gone.mp3", title="gone", album="Small", album_artist="B")
    scan()
    before = albums()
    gone.unlink()
    scan()
    for number, path in enumerate(small, 11):
        change(path, album="Large", track_number=number)
    scan()
    assert albums() == {"Large": before["Large"]}
    stone = Tombstone.objects.get()
    assert (stone.kind, stone.row_id) == ("album", before["Small"])
    assert stone.replaced_by == before["Large"]
    assert Track.objects.missing().get().album_id == before["Large"]
    assert_everything_is_settled()


def test_an_album_whose_tracks_are_all_missing_stays_as_it_is(music: Path, scan: ScanCall) -> None:
    paths = make_album(music / "a", "Away")
    make_album(music / "b", "Here")
    scan()
    before = albums()["Away"]
    for path in paths:
        path.rename(path.with_suffix(".away"))
    scan()
    assert list(albums()) == ["Here"]
    assert (Album.objects.get(pk=before).title, Track.objects.missing().count()) == ("Away", 3)
    for path in paths:
        path.with_suffix(".away").rename(path)
    scan()
    assert albums()["Away"] == before
    assert_everything_is_settled()


@pytest.mark.parametrize("leaves", ["retagged", "deleted"])
def test_what_tells_albums_of_one_name_apart_is_told_anew_when_one_leaves(
    music: Path, scan: ScanCall, leaves: str
) -> None:
    make_album(music / "one", "Live", year=1999)
    make_album(music / "two", "Live", year=2001)
    scan()
    assert set(Album.objects.values_list("disambiguation", flat=True)) == {"1999", "2001"}
    for path in sorted((music / "two").iterdir()):
        if leaves == "retagged":
            change(path, album="Dead")
        else:
            path.unlink()
    scan()
    plain = Album.objects.listed().filter(apart_by="", disambiguation="")
    titles = set(plain.values_list("title", flat=True))
    assert titles == ({"Dead", "Live"} if leaves == "retagged" else {"Live"})
    assert_everything_is_settled()


def test_a_moved_folder_keeps_its_album(music: Path, scan: ScanCall) -> None:
    make_album(music / "a", "A")
    make_album(music / "Box" / "CD1", "Box")
    make_album(music / "Box" / "CD2", "Box")
    scan()
    before = albums()
    (music / "a").rename(music / "b")
    (music / "Box").rename(music / "Another name")
    scan()
    assert albums() == before
    assert_everything_is_settled()


def test_a_track_without_an_album_leaves_it(music: Path, scan: ScanCall) -> None:
    paths = make_album(music / "a", "A")
    scan()
    change(paths[0], album=None)
    scan()
    assert Track.objects.get(path="a/1.mp3").album is None
    assert Album.objects.get().track_count == 2
    assert_everything_is_settled()


def test_tracks_that_leave_nothing_but_tracks_in_other_folders_on_their_album(
    music: Path, scan: ScanCall
) -> None:
    only = make_album(music / "a", "Only", 1)
    lone = make_album(music / "b", "Both", 1)
    make_album(music / "c", "Both", 2)
    scan()
    for path in (*only, *lone):
        change(path, album=None)
    scan()
    assert dict(Album.objects.listed().values_list("title", "track_count")) == {"Both": 2}
    assert_everything_is_settled()


def test_what_is_found_last_may_lead_to_further_albums(music: Path, scan: ScanCall) -> None:
    """Tracks in one folder went from album to album, and a scan was killed before it settled them.
    Now a folder is settled that has an album in common with the other one."""
    for number, title in enumerate(["One", "One", "Two", "Two", "Three", "Three", "Three"]):
        path = music / "a" / f"{number}.mp3"
        named = partial(make_audio, path, title=str(number), track_number=number)
        named(album=title, album_artist="B")
    make_album(music / "b", "One", 1, disc_number=2)
    scan()
    before = albums()
    stored = Track.objects.filter(path__startswith="a/")
    stored.filter(title="2").update(album_title="One")
    stored.filter(title="3").update(album_title="Three")
    to_settle.flag(Folder.objects.filter(path="b").values_list("pk", flat=True))
    settle()
    assert albums() == {title: before[title] for title in ("One", "Three")}
    assert dict(Album.objects.values_list("title", "track_count")) == {"One": 4, "Three": 4}
    assert_everything_is_settled()


def test_another_folder_that_joins_an_album_does_not_change_its_id(
    music: Path, scan: ScanCall
) -> None:
    make_album(music / "one", "Hits", 2, compilation=True, album_artist=None, artist="C")
    scan()
    before = albums()
    other: dict[str, Any] = {"compilation": True, "album_artist": None, "artist": "D"}
    for number in (7, 8, 9):
        make_audio(music / f"{number}" / f"{number}.mp3", title=f"{number}", album="Hits",
                   track_number=number, **other)  # fmt: skip
    scan()
    assert albums() == before
    assert Album.objects.get().track_count == 5
    assert_everything_is_settled()


def test_albums_appear_while_a_first_scan_runs(music: Path, scan: ScanCall) -> None:
    for number in range(20):
        make_album(music / f"{number:02}", f"Album {number:02}", 5)
    seen: list[int] = []
    options = ScanOptions(workers=0, batch_size=10)
    scan_library(options, lambda _: seen.append(Album.objects.count()))
    while_reading = [number for number in seen if 0 < number < 20]
    assert len(set(while_reading)) > 5
    assert_everything_is_settled()


def test_a_rescan_of_settled_folders_asks_for_flags_once(music: Path, scan: ScanCall) -> None:
    make_album(music / "a", "A")
    scan()
    with CaptureQueriesContext(connection) as queries:
        scan(workers=0)
    about_flags = [each["sql"] for each in queries if "albums_to_settle" in each["sql"]]
    assert len(about_flags) == 1


def test_what_an_earlier_scan_left_is_settled_also_outside_the_scanned_folder(
    music: Path, scan: ScanCall
) -> None:
    make_album(music / "a", "A")
    make_album(music / "b", "B")
    scan()
    Folder.objects.filter(path="a").update(albums_to_settle=True)
    Track.objects.filter(path__startswith="a/").update(album=None)
    scan(folders=(music / "b",))
    assert Album.objects.get(title="A").tracks.count() == 3
    assert_everything_is_settled()


def test_a_cancelled_scan_leaves_no_stored_track_without_its_album(
    music: Path, scan: ScanCall
) -> None:
    for number in range(10):
        make_album(music / f"{number}", f"Album {number}", 5)

    def is_cancelled() -> bool:
        return Track.objects.count() >= 25

    scan(workers=0, batch_size=5, is_cancelled=is_cancelled)
    assert 25 <= Track.objects.count() < 50
    assert not Track.objects.filter(album=None).exists()
    assert_everything_is_settled()


def test_an_album_of_which_a_cancelled_scan_stored_half_a_change_keeps_its_id(
    music: Path, scan: ScanCall, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And shows what it showed before, until the next scan."""
    monkeypatch.setattr(steps, "FILES_AT_ONCE", 1)  # so that it can end between two files
    files = make_album(music / "a", "Before", 6)
    scan()
    before = albums()
    for file in files:
        change(file, album="After")

    def is_cancelled() -> bool:
        return Track.objects.filter(album_title="After").count() >= 3

    scan(workers=0, batch_size=1, is_cancelled=is_cancelled)
    assert 3 <= Track.objects.filter(album_title="After").count() < 6
    assert albums() == before
    scan(workers=0)
    assert albums() == {"After": before["Before"]}
    assert_everything_is_settled()


def test_a_large_folder_is_settled_in_short_transactions(music: Path, scan: ScanCall) -> None:
    make_album(music / "a", "A", 1)
    make_album(music / "b", "B", 1)
    scan()
    track = Track.objects.get(path__startswith="a/")
    copies = []
    for number in range(2 * MOVES_AT_ONCE + 500):
        values = {
            field.attname: getattr(track, field.attname)
            for field in Track._meta.concrete_fields
            if not field.primary_key
        }
        copies.append(Track(**{**values, "path": f"a/{number}.x", "track_number": number + 2,
                               "title": f"{number}", "album_id": None}))  # fmt: skip
    Track.objects.bulk_create(copies, batch_size=200)
    Folder.objects.filter(path="a").update(albums_to_settle=True)
    with CaptureQueriesContext(connection) as queries:
        scan(folders=(music / "b",), workers=0)
    written = [each["sql"] for each in queries if 'SET "album_id"' in each["sql"]]
    tracks = [sql.partition(" IN (")[2].count(",") + 1 for sql in written]
    assert sum(tracks) == len(copies)
    assert max(tracks) <= MOVES_AT_ONCE
    others = Track.objects.exclude(album=track.album_id)
    assert [other.path for other in others] == ["b/1.mp3"]


@pytest.mark.parametrize("after", [10, 60, 110])
def test_a_killed_scan_and_the_next_one_make_the_albums_of_a_scan_that_was_not_killed(
    installation: Installation, after: int
) -> None:
    for number in range(25):
        make_album(installation.music / f"{number}" / "CD1", f"Album {number}", 3)
        make_album(installation.music / f"{number}" / "CD2", f"Album {number} (CD 2)", 3)
    process = installation.start("scan_tracks", "--json", "--batch-size", "7")
    deadline = time.monotonic() + 60
    while installation.query("SELECT count(*) FROM library_track")[0][0] < after:
        assert time.monotonic() < deadline
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.communicate()
    # What is there is whole: a listed album has tracks.
    assert not installation.query(
        "SELECT id FROM library_album WHERE track_count > 0 AND id NOT IN "
        "(SELECT album_id FROM library_track WHERE album_id IS NOT NULL)"
    )
    installation.scan()
    assert installation.query(
        "SELECT title, track_count, (SELECT count(*) FROM library_track WHERE album_id = album.id) "
        "FROM library_album album ORDER BY title"
    ) == sorted((f"Album {number}", 6, 6) for number in range(25))
    assert installation.query("SELECT count(*) FROM library_folder WHERE albums_to_settle") == [
        (0,)
    ]


def test_albums_of_many_artists_are_compilations_without_a_mark(
    music: Path, scan: ScanCall
) -> None:
    folders: dict[str, list[dict[str, Any]]] = {
        "Soundtrack": [{"artist": name, "album_artist": None} for name in "CDE"],
        "Mix": [{"artist": name, "album_artist": name} for name in "CDE"],
        "Sampler": [{"artist": name, "album_artist": "VA"} for name in "CDE"],
        "Guests": [{"artist": f"C{guest}", "album_artist": None} for guest in ("", " feat. D")],
    }
    for folder, tracks in folders.items():
        for number, tags in enumerate(tracks, start=1):
            make_audio(music / folder / f"{number}.mp3", album=folder, track_number=number, **tags)
    scan()
    found = dict(Album.objects.values_list("title", "compilation"))
    assert found == {"Soundtrack": True, "Mix": True, "Sampler": True, "Guests": False}
