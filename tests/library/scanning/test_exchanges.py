"""Files at known paths that have another sound than before: the tracks follow their sounds."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from library.models.catalogue import Track
from library.models.folders import Folder
from library.models.joins import Join
from library.models.tombstones import Tombstone
from tests.audio_files import make_audio, retag
from tests.databases import refused_inserts
from tests.library.scanning.conftest import Scan as ScanCall
from tests.library.scanning.test_moves import track_ids
from tests.other_sounds import give_sound


def make_song(path: Path, number: int, **tags: Any) -> Path:
    """A song with its own sound, and its own title unless `tags` say otherwise."""
    song = make_audio(path, **{"title": f"Song {number}", "artist": "Ann", "album": "Day", **tags})
    return give_sound(song, number)


def move(*steps: tuple[Path, Path]) -> None:
    for source, target in steps:
        target.parent.mkdir(exist_ok=True)
        os.replace(source, target)


def assert_rows_are_sound() -> None:
    """Each present track has its file's path, and folders count what they hold."""
    for track in Track.objects.present():
        assert Path(f"{track.root}/{track.path}").is_file()
    for folder in Folder.objects.all():
        assert folder.track_count == Track.objects.present().filter(folder=folder).count()
    assert not Folder.objects.filter(albums_to_settle=True).exists()
    assert not Track.objects.present().filter(album=None).exclude(album_title="").exists()


def test_two_files_that_exchange_their_names_exchange_their_tracks(
    music: Path, scan: ScanCall
) -> None:
    one, two = (make_song(music / f"{number}.mp3", number) for number in (1, 2))
    scan()
    before = track_ids()
    added = dict(Track.objects.values_list("pk", "added_at"))
    move((one, music / ".aside"), (two, one), (music / ".aside", two))
    report = scan()
    assert (report.counts.moved, report.counts.changed) == (2, 2)
    assert track_ids() == {"1.mp3": before["2.mp3"], "2.mp3": before["1.mp3"]}
    assert dict(Track.objects.values_list("pk", "added_at")) == added
    assert Track.objects.get(path="1.mp3").title == "Song 2"
    assert_rows_are_sound()


def test_so_do_files_in_two_folders_that_were_retagged_as_well(music: Path, scan: ScanCall) -> None:
    one, two = make_song(music / "a" / "1.flac", 1), make_song(music / "b" / "2.flac", 2)
    scan()
    before = track_ids()
    for path in (one, two):
        retag(path, title="Same", artist="Same", album="Same")
        os.utime(path, (1_600_000_000, 1_600_000_000))
    move((one, music / ".aside"), (two, one), (music / ".aside", two))
    assert scan().counts.moved == 2
    assert track_ids() == {"a/1.flac": before["b/2.flac"], "b/2.flac": before["a/1.flac"]}
    assert_rows_are_sound()


def test_three_files_that_rotate_keep_their_tracks(music: Path, scan: ScanCall) -> None:
    one, two, three = (make_song(music / f"{number}.mp3", number) for number in (1, 2, 3))
    scan()
    before = track_ids()
    move((three, music / ".aside"), (two, three), (one, two), (music / ".aside", one))
    assert scan().counts.moved == 3
    assert track_ids() == {
        "1.mp3": before["3.mp3"],
        "2.mp3": before["1.mp3"],
        "3.mp3": before["2.mp3"],
    }
    assert_rows_are_sound()


@pytest.mark.parametrize("batch_size", [1, 500])
def test_ten_files_that_are_renumbered_keep_their_tracks(
    music: Path, scan: ScanCall, batch_size: int
) -> None:
    paths = [music / f"{number:02}.mp3" for number in range(1, 12)]
    for number, path in enumerate(paths[:10]):
        make_song(path, number)
    scan()
    before = track_ids()
    move(*((paths[at], paths[at + 1]) for at in reversed(range(10))))
    report = scan(batch_size=batch_size)
    assert (report.counts.moved, report.counts.changed) == (10, 10)
    assert track_ids() == {paths[at + 1].name: before[paths[at].name] for at in range(10)}
    assert_rows_are_sound()


def test_a_file_moved_over_another_one_keeps_its_track_and_the_other_is_missing(
    music: Path, scan: ScanCall
) -> None:
    one, two = (make_song(music / f"{number}.mp3", number) for number in (1, 2))
    shutil.copy2(two, music.parent / "two.mp3")
    scan()
    before = track_ids()
    move((one, two))
    report = scan()
    assert (report.counts.moved, report.counts.missing, report.counts.changed) == (1, 1, 2)
    assert track_ids() == {"2.mp3": before["1.mp3"]}
    lost = Track.objects.get(pk=before["2.mp3"])
    assert lost.missing_since is not None
    assert lost.title == "Song 2"
    assert_rows_are_sound()
    assert scan().counts.changed == 0
    # Its file comes back.
    move((music.parent / "two.mp3", music / "back.mp3"))
    assert scan().counts.moved == 1
    assert track_ids() == {"2.mp3": before["1.mp3"], "back.mp3": before["2.mp3"]}


def test_a_file_that_comes_back_over_the_one_that_replaced_it_is_its_track(
    music: Path, scan: ScanCall
) -> None:
    one, two = (make_song(music / f"{number}.mp3", number) for number in (1, 2))
    shutil.copy2(two, music.parent / "two.mp3")
    scan()
    before = track_ids()
    move((one, two))
    scan()
    move((music.parent / "two.mp3", two))
    report = scan()
    assert (report.counts.moved, report.counts.missing) == (1, 1)
    assert track_ids() == {"2.mp3": before["2.mp3"]}
    assert Track.objects.get(pk=before["1.mp3"]).missing_since is not None
    assert_rows_are_sound()


def test_a_new_rip_that_is_moved_over_the_old_one_joins_its_track(
    music: Path, scan: ScanCall
) -> None:
    old = make_song(music / "sorted" / "1.mp3", 1)
    make_song(music / "b.mp3", 3)
    scan()
    first = track_ids()["sorted/1.mp3"]
    rip = make_song(music / "inbox" / "rip.mp3", 2, title="Song 1")
    scan()
    second = track_ids()["inbox/rip.mp3"]
    move((rip, old))
    report = scan()
    assert (report.counts.joined, report.counts.missing) == (1, 0)
    assert track_ids()["sorted/1.mp3"] == first
    assert not Track.objects.filter(pk=second).exists()
    assert Tombstone.objects.get(kind="track", row_id=second).replaced_by == first
    join = Join.objects.get()
    assert (join.reason, join.track_id, join.replaced_id) == ("replaced file", first, second)
    assert (join.lost_path, join.lost_title) == ("sorted/1.mp3", "Song 1")
    assert_rows_are_sound()
    assert scan().counts.changed == 0


def test_the_older_track_lives_on_where_it_is_moved_over_the_newer_one(
    music: Path, scan: ScanCall
) -> None:
    old = make_song(music / "a" / "1.mp3", 1)
    make_song(music / "b.mp3", 3)
    scan()
    first = track_ids()["a/1.mp3"]
    newer = make_song(music / "z" / "1.mp3", 2, title="Song 1")
    scan()
    second = track_ids()["z/1.mp3"]
    move((old, newer))
    assert scan().counts.joined == 1
    assert track_ids()["z/1.mp3"] == first
    assert Tombstone.objects.get(kind="track", row_id=second).replaced_by == first
    assert_rows_are_sound()


def test_a_path_keeps_its_track_if_its_old_sound_is_nowhere(music: Path, scan: ScanCall) -> None:
    """Another rip in the place of the old one, or a copy of a file that is still there."""
    one, two = (make_song(music / f"{number}.mp3", number) for number in (1, 2))
    scan()
    before = track_ids()
    make_song(one, 3, title="Another rip")
    assert scan().counts.updated == 1
    shutil.copy(two, one)
    os.utime(one, (1_600_000_000, 1_600_000_000))
    report = scan()
    assert (report.counts.updated, report.counts.changed) == (1, 1)
    assert track_ids() == before


def test_a_track_follows_its_file_if_another_one_takes_its_path(
    music: Path, scan: ScanCall
) -> None:
    one, _ = (make_song(music / f"{number}.mp3", number) for number in (1, 2))
    scan()
    before = track_ids()
    move((one, music / "moved.mp3"))
    make_song(one, 3, title="New")
    report = scan()
    assert (report.counts.moved, report.counts.added, report.counts.changed) == (1, 1, 2)
    after = track_ids()
    assert (after["moved.mp3"], after["2.mp3"]) == (before["1.mp3"], before["2.mp3"])
    assert after["1.mp3"] not in before.values()
    assert Track.objects.get(path="1.mp3").title == "New"
    assert_rows_are_sound()


def test_a_chain_of_moves_over_known_paths_with_a_new_file_at_its_end(
    music: Path, scan: ScanCall
) -> None:
    one, two = (make_song(music / f"{number}.mp3", number) for number in (1, 2))
    scan()
    before = track_ids()
    move((two, music / "3.mp3"), (one, two))
    make_song(one, 4, title="New")
    report = scan()
    assert (report.counts.moved, report.counts.added, report.counts.changed) == (2, 1, 3)
    after = track_ids()
    assert (after["2.mp3"], after["3.mp3"]) == (before["1.mp3"], before["2.mp3"])
    assert after["1.mp3"] not in before.values()


def test_a_file_that_replaced_a_missing_one_gives_way_when_its_sound_is_found_elsewhere(
    music: Path, scan: ScanCall
) -> None:
    one = make_song(music / "1.mp3", 1)
    make_song(music / "2.mp3", 2)
    scan()
    before = track_ids()["1.mp3"]
    move((one, music.parent / "away.mp3"))
    scan()
    make_song(one, 3, title="New")
    move((music.parent / "away.mp3", music / "back.mp3"))
    report = scan()
    assert (report.counts.moved, report.counts.added) == (1, 1)
    assert track_ids()["back.mp3"] == before


def test_exchanged_silences_keep_their_tracks_by_their_tags(music: Path, scan: ScanCall) -> None:
    """Four tracks of silence, two of each of two lengths."""
    for number in range(4):
        path = make_audio(music / f"{number}.mp3", title=f"Silence {number}", artist="Ann")
        give_sound(path, number % 2)
    scan()
    ids = dict(Track.objects.values_list("title", "pk"))
    move(
        (music / "0.mp3", music / ".aside"),
        (music / "1.mp3", music / "0.mp3"),
        (music / "2.mp3", music / "1.mp3"),
        (music / "3.mp3", music / "2.mp3"),
        (music / ".aside", music / "3.mp3"),
    )
    assert scan().counts.moved == 4
    assert dict(Track.objects.values_list("title", "pk")) == ids
    assert_rows_are_sound()


@pytest.mark.parametrize("code", ["check_violation", "program_limit_exceeded"])
def test_a_file_that_the_database_refuses_costs_no_other_track_of_its_group(
    music: Path, scan: ScanCall, code: str
) -> None:
    one, two, three = (make_song(music / f"{number}.mp3", number) for number in (1, 2, 3))
    scan()
    before = track_ids()
    retag(one, title="Refused")
    os.utime(one, (1_600_000_000, 1_600_000_000))
    move((three, music / ".aside"), (two, three), (one, two), (music / ".aside", one))
    with refused_inserts(connection, "library_track", "NEW.title = 'Refused'", code):
        report = scan(workers=0)
    assert (report.counts.failed, report.counts.postponed) == (1, 2)
    assert report.first_failures[0].path.endswith("2.mp3")
    assert track_ids() == before


def test_a_track_whose_file_was_overwritten_lives_on_in_a_copy_that_came_before(
    music: Path, scan: ScanCall
) -> None:
    one, two = (make_song(music / f"{number}.mp3", number) for number in (1, 2))
    scan()
    before = track_ids()
    shutil.copy2(two, music / "copy.mp3")
    scan()
    move((one, two))
    report = scan()
    assert (report.counts.moved, report.counts.joined, report.counts.missing) == (1, 1, 0)
    assert track_ids() == {"2.mp3": before["1.mp3"], "copy.mp3": before["2.mp3"]}
    assert Join.objects.get().lost_path == "2.mp3"
    assert_rows_are_sound()
    assert scan().counts.changed == 0
