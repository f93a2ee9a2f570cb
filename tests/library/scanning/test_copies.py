"""Somebody copies a file first and deletes the original later: the track keeps its id."""

import os
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db.models import F
from django.utils import timezone
from pytest_django.fixtures import Settings

from library.models.albums import Album
from library.models.catalogue import Track, TrackArtist, TrackGenre
from library.models.folders import Folder
from library.models.joins import Join, JoinReason
from library.models.tombstones import Tombstone
from listening.models import PlayerState
from tests.audio_files import make_audio, retag
from tests.library.scanning.conftest import Opened
from tests.library.scanning.conftest import Scan as ScanCall

TAGS: dict[str, Any] = {
    "title": "Army of Me",
    "artist": "Björk",
    "album": "Post",
    "track_number": 1,
}


def track_ids() -> dict[str, int]:
    return dict(Track.objects.present().values_list("path", "pk"))


def copied(original: Path, copy: Path) -> Path:
    copy.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(original, copy)
    return copy


def age(path: str, by: timedelta = timedelta(days=2)) -> None:
    Track.objects.filter(path=path).update(added_at=F("added_at") - by)


@pytest.fixture
def original(music: Path, scan: ScanCall) -> Path:
    """A file that was scanned, beside another one."""
    make_audio(music / "other.mp3", title="Other")
    path = make_audio(music / "in" / "a.flac", genre="Electronic", **TAGS)
    scan()
    return path


def test_the_copy_takes_over_the_id_of_the_original(
    music: Path, scan: ScanCall, original: Path
) -> None:
    copy = copied(original, music / "Björk" / "Post" / "01.flac")
    before = Track.objects.get(path="in/a.flac")
    assert scan().counts.added == 1
    newer = track_ids()["Björk/Post/01.flac"]
    original.unlink()
    report = scan()
    assert (report.counts.joined, report.counts.missing, report.counts.moved) == (1, 0, 0)
    after = Track.objects.get(path="Björk/Post/01.flac")
    assert (after.pk, after.added_at, after.added_by_scan) == (
        *(before.pk, before.added_at, before.added_by_scan),
    )
    assert (after.inode, after.folder) == (
        copy.stat().st_ino,
        Folder.objects.get(path="Björk/Post"),
    )
    assert after.missing_since is None
    assert after.revision > before.revision
    assert not Track.objects.filter(pk=newer).exists()
    assert Tombstone.objects.get(row_id=newer).replaced_by == before.pk
    join = Join.objects.get()
    assert (join.track_id, join.replaced_id, join.scan_id) == (before.pk, newer, report.scan_id)
    assert join.reason == JoinReason.SAME_TAGS
    assert (join.lost_path, join.replaced_path) == ("in/a.flac", "Björk/Post/01.flac")
    assert (join.lost_title, join.lost_artist) == ("Army of Me", "Björk")
    assert (join.audio_digest, join.ended_at) == (before.audio_digest, None)
    second = scan()
    assert (second.counts.changed, Track.objects.count()) == (0, 2)


def test_credits_and_genres_are_those_of_the_copy(
    music: Path, scan: ScanCall, original: Path
) -> None:
    copy = copied(original, music / "b.flac")
    retag(copy, artist="Bjork & Friends", genre="Trip Hop")
    pk = track_ids()["in/a.flac"]
    scan()
    original.unlink()
    assert scan().counts.joined == 1
    assert Join.objects.get().reason == JoinReason.WITHIN_A_DAY
    assert Track.objects.get(pk=pk).artist == "Bjork & Friends"
    names = TrackArtist.objects.filter(track=pk, role="artist").values_list("artist__name")
    assert list(names) == [("Bjork & Friends",)]
    assert list(TrackGenre.objects.filter(track=pk).values_list("genre__name")) == [("Trip Hop",)]
    assert TrackArtist.objects.exclude(track__in=Track.objects.all()).count() == 0


def test_one_of_two_copies_with_the_same_new_tags_lives_on(
    music: Path, scan: ScanCall, original: Path
) -> None:
    for name in ("b.flac", "c.flac"):
        retag(copied(original, music / name), title="Army of Me (Remastered)")
    pk = track_ids()["in/a.flac"]
    scan()
    original.unlink()
    assert scan().counts.joined == 1
    assert track_ids()["b.flac"] == pk


def test_a_copy_with_other_tags_that_is_older_than_a_day_is_another_track(
    music: Path, scan: ScanCall, original: Path
) -> None:
    retag(copied(original, music / "b.flac"), title="Army of Me (Alternative)")
    scan()
    age("b.flac")
    original.unlink()
    report = scan()
    assert (report.counts.joined, report.counts.missing) == (0, 1)


def test_a_copy_with_the_same_tags_may_be_older_than_a_day(
    music: Path, scan: ScanCall, original: Path
) -> None:
    copied(original, music / "b.flac")
    scan()
    age("b.flac", timedelta(days=400))
    original.unlink()
    assert scan().counts.joined == 1


def test_copies_that_came_in_one_scan_are_two_tracks(music: Path, scan: ScanCall) -> None:
    one = make_audio(music / "one" / "a.flac", **TAGS)
    copied(one, music / "two" / "a.flac")
    scan()
    before = track_ids()
    one.unlink()
    report = scan()
    assert (report.counts.joined, report.counts.missing) == (0, 1)
    assert track_ids() == {"two/a.flac": before["two/a.flac"]}


def test_tracks_of_before_the_upgrade_are_the_oldest_and_came_together(
    music: Path, scan: ScanCall, original: Path
) -> None:
    copied(original, music / "b.flac")
    scan()
    Track.objects.update(added_by_scan=0)
    copied(original, music / "c.flac")
    scan()
    before = track_ids()
    original.unlink()
    assert scan().counts.joined == 1
    assert track_ids()["c.flac"] == before["in/a.flac"]
    assert track_ids()["b.flac"] == before["b.flac"]


def test_when_the_copy_goes_it_is_missing(music: Path, scan: ScanCall, original: Path) -> None:
    copy = copied(original, music / "b.flac")
    scan()
    copy.unlink()
    report = scan()
    assert (report.counts.joined, report.counts.missing) == (0, 1)
    assert "in/a.flac" in track_ids()


def test_of_several_copies_the_one_with_the_same_tags_and_name_is_taken(
    music: Path, scan: ScanCall, original: Path
) -> None:
    retag(copied(original, music / "1" / "a.flac"), title="Other title")
    copied(original, music / "2" / "b.flac")
    copied(original, music / "3" / "a.flac")
    scan()
    before = track_ids()
    original.unlink()
    assert scan().counts.joined == 1
    after = track_ids()
    assert after == {
        "other.mp3": before["other.mp3"],
        "1/a.flac": before["1/a.flac"],
        "2/b.flac": before["2/b.flac"],
        "3/a.flac": before["in/a.flac"],
    }


def test_one_copy_does_not_live_on_for_two(music: Path, scan: ScanCall) -> None:
    one = make_audio(music / "one.flac", **TAGS)
    two = copied(one, music / "two.flac")
    scan()
    before = track_ids()
    copied(one, music / "copy.flac")
    scan()
    one.unlink()
    two.unlink()
    report = scan()
    assert (report.counts.joined, report.counts.missing) == (1, 1)
    assert track_ids() == {"copy.flac": before["one.flac"]}


def test_silences_with_other_titles_are_not_joined(music: Path, scan: ScanCall) -> None:
    first = make_audio(music / "1.flac", title="Silence one", artist="A")
    make_audio(music / "2.flac", title="Silence two", artist="B")
    scan()
    make_audio(music / "3.flac", title="Silence three", artist="C")
    scan()
    first.unlink()
    report = scan()
    assert (report.counts.joined, report.counts.missing) == (0, 1)


def test_files_without_tags_that_have_one_sound_are_not_joined(music: Path, scan: ScanCall) -> None:
    first = make_audio(music / "1.flac")
    make_audio(music / "2.flac")
    scan()
    make_audio(music / "3.flac")
    scan()
    first.unlink()
    assert scan().counts.joined == 0


def test_a_copy_of_a_file_without_tags_lives_on_for_it(music: Path, scan: ScanCall) -> None:
    make_audio(music / "other.mp3")
    original = make_audio(music / "Recording 7.flac")
    scan()
    before = track_ids()["Recording 7.flac"]
    copied(original, music / "mine" / "kitchen.flac")
    scan()
    age("mine/kitchen.flac")
    original.unlink()
    assert scan().counts.joined == 1
    assert track_ids()["mine/kitchen.flac"] == before


def test_a_copy_that_was_written_to_meanwhile_is_not_taken(
    music: Path, scan: ScanCall, original: Path
) -> None:
    """The scan left it for later, since it may still be written to: its sound is not known."""
    copy = copied(original, music / "b.flac")
    scan()
    Track.objects.filter(path="b.flac").update(size_bytes=1)
    original.unlink()
    assert scan(folders=(original.parent,)).counts.joined == 0
    assert copy.exists()


def test_a_folder_that_cannot_be_listed_prevents_a_join(
    music: Path, scan: ScanCall, original: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder could be listed by the walk and cannot any more."""
    copied(original, music / "b.flac")
    scan()
    original.unlink()
    listdir = os.listdir

    def refuse(path: str) -> list[str]:
        if str(path) == str(original.parent):
            raise PermissionError(path)
        return listdir(path)

    monkeypatch.setattr(os, "listdir", refuse)
    report = scan()
    assert (report.counts.joined, report.counts.missing) == (0, 1)


def test_a_folder_that_was_deleted_does_not_prevent_a_join(
    music: Path, scan: ScanCall, original: Path
) -> None:
    copied(original, music / "b.flac")
    scan()
    shutil.rmtree(original.parent)
    assert scan().counts.joined == 1


@pytest.mark.parametrize("is_mount_point", [False, True])
def test_a_music_folder_that_is_away_prevents_a_join(
    tmp_path: Path, settings: Settings, scan: ScanCall, *, is_mount_point: bool
) -> None:
    """Also if it is no music folder any more: its tracks are missing, but their files may be
    there."""
    settings.MUSIC_DIRS = (tmp_path / "one", tmp_path / "two")
    make_audio(tmp_path / "two" / "other.mp3")
    original = make_audio(tmp_path / "one" / "a.flac", **TAGS)
    scan()
    copied(original, tmp_path / "two" / "a.flac")
    scan()
    (tmp_path / "one").rename(tmp_path / "elsewhere")
    assert scan().counts.joined == 0
    if is_mount_point:
        (tmp_path / "one").mkdir()
        assert scan().counts.joined == 0
    settings.MUSIC_DIRS = (tmp_path / "two",)
    report = scan()
    assert (report.counts.joined, report.counts.missing) == (0, 1)


def test_a_music_folder_of_which_somebody_says_that_it_is_empty_does_not_prevent_it(
    tmp_path: Path, settings: Settings, scan: ScanCall
) -> None:
    """The whole library was copied to another disk, and then deleted."""
    settings.MUSIC_DIRS = (tmp_path / "one", tmp_path / "two")
    make_audio(tmp_path / "two" / "other.mp3")
    original = make_audio(tmp_path / "one" / "Post" / "a.flac", **TAGS)
    scan()
    pk = track_ids()["Post/a.flac"]
    copied(original, tmp_path / "two" / "Post" / "a.flac")
    scan()
    shutil.rmtree(original.parent)
    assert scan().counts.joined == 0
    assert scan(allow_empty=True).counts.joined == 1
    assert Track.objects.get(root=str(tmp_path / "two"), path="Post/a.flac").pk == pk


def test_a_player_at_the_copy_stands_at_the_track_that_stays(
    music: Path, scan: ScanCall, original: Path
) -> None:
    copied(original, music / "b.flac")
    scan()
    ids = track_ids()
    user = User.objects.create(username="ada")
    state = PlayerState.objects.create(
        user=user, current_track_id=ids["b.flac"], progress_seconds=7
    )
    original.unlink()
    scan()
    state.refresh_from_db()
    assert (state.current_track_id, state.progress_seconds) == (ids["in/a.flac"], 7)
    assert Join.objects.get().followed == {"listening.playerstate.current_track": [state.pk]}


def test_an_album_that_was_copied_elsewhere_keeps_its_id(music: Path, scan: ScanCall) -> None:
    make_audio(music / "other.mp3", title="Other", album="Else", artist="Else")
    for number in range(1, 5):
        tags: dict[str, Any] = {
            "title": f"Song {number}",
            "artist": "A",
            "album": "Album",
            "track_number": number,
        }
        make_audio(music / "in" / f"{number}.flac", **tags)
    scan()
    album = Album.objects.get(title="Album")
    ids = {path.rpartition("/")[2]: pk for path, pk in track_ids().items()}
    shutil.copytree(music / "in", music / "A" / "Album")
    scan()
    shutil.rmtree(music / "in")
    report = scan()
    assert (report.counts.joined, report.counts.missing) == (4, 0)
    assert {path.rpartition("/")[2]: pk for path, pk in track_ids().items()} == ids
    kept = Album.objects.get(title="Album")
    assert (kept.pk, kept.track_count) == (album.pk, 4)
    buried = Tombstone.objects.filter(kind="album")
    assert {stone.replaced_by for stone in buried} <= {album.pk}
    assert not Folder.objects.filter(path="in", track_count__gt=0).exists()
    assert not Folder.objects.filter(albums_to_settle=True).exists()


def test_the_track_comes_to_the_album_of_the_copy(
    music: Path, scan: ScanCall, original: Path
) -> None:
    for number in (2, 3):
        make_audio(music / "best" / f"{number}.ogg", title=f"{number}", album="Best of", artist="B")
    retag(copied(original, music / "best" / "1.flac"), album="Best of", artist="B")
    scan()
    best = Album.objects.get(title="Best of")
    original.unlink()
    assert scan().counts.joined == 1
    assert Track.objects.get(path="best/1.flac").album == best
    assert not Folder.objects.filter(albums_to_settle=True).exists()


@pytest.mark.django_db(transaction=True)
def test_the_disk_is_looked_at_outside_of_transactions(
    music: Path, scan: ScanCall, original: Path, audio_opened: Opened
) -> None:
    copied(original, music / "b.flac")
    scan()
    original.unlink()
    audio_opened.listed.clear()
    assert scan(workers=0).counts.joined == 1
    assert str(original.parent) in audio_opened.listed
    assert audio_opened.listed_in_transaction == []
    assert audio_opened.in_transaction == []


def test_joins_are_counted_in_the_report_and_on_the_row(
    music: Path, scan: ScanCall, original: Path
) -> None:
    copied(original, music / "b.flac")
    scan()
    original.unlink()
    report = scan()
    assert report.counts.joined == 1
    assert timezone.now() - Join.objects.get().joined_at < timedelta(minutes=1)
    assert list(Join.objects.values_list("scan__joined", flat=True)) == [1]
