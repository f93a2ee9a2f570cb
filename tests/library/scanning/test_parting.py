"""A person parts two tracks that a scan joined."""

import os
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from library.models.catalogue import Track, TrackArtist, TrackGenre
from library.models.folders import Folder
from library.models.joins import Ended, Join
from library.models.paths import path_of_file
from library.models.scan import Scan, ScanKind, ScanState, ScanTrigger
from library.models.tombstones import KEPT, Tombstone
from library.queries.tombstones import living_id
from library.scanning import ScanAlreadyRuns, purge_missing
from library.scanning.old_rows import delete_old_rows
from library.scanning.parting import CannotPart, part
from listening.models import PlayerState
from tests.audio_files import make_audio, retag
from tests.library.scanning.conftest import Scan as ScanCall

TAGS: dict[str, Any] = {
    "title": "Army of Me",
    "artist": "Björk",
    "album": "Post",
    "genre": "Electronic",
}


def track_ids() -> dict[str, int]:
    return dict(Track.objects.present().values_list("path", "pk"))


@pytest.fixture
def join(music: Path, scan: ScanCall) -> Join:
    """A track that lay at `in/a.flac` and took over its copy `out/b.flac`, at which a player stood.
    The title of the copy is another one."""
    make_audio(music / "other.mp3", title="Other")
    original = make_audio(music / "in" / "a.flac", **TAGS)
    scan()
    (music / "out").mkdir()
    shutil.copy2(original, music / "out" / "b.flac")
    retag(music / "out" / "b.flac", title="Army of Me (Remastered)")
    scan()
    user = User.objects.create(username="ada")
    current = Track.objects.get(path="out/b.flac")
    PlayerState.objects.create(user=user, current_track=current, progress_seconds=7)
    original.unlink()
    assert scan().counts.joined == 1
    return Join.objects.get()


def restore_original(music: Path) -> None:
    (music / "in").mkdir(exist_ok=True)
    shutil.copy2(music / "out" / "b.flac", music / "in" / "a.flac")


def test_both_are_tracks_of_their_own_again(scan: ScanCall, join: Join) -> None:
    parted = part(join.pk, ScanTrigger.ADMIN)
    assert parted.sentence == f"Tracks {join.replaced_id} and {join.track_id} are two again."
    assert parted.event_id is not None
    at_file = Track.objects.get(pk=join.replaced_id)
    assert (at_file.path, at_file.missing_since) == ("out/b.flac", None)
    assert at_file.title == "Army of Me (Remastered)"
    assert (at_file.added_at, at_file.added_by_scan) == (
        *(join.replaced_added_at, join.replaced_added_by_scan),
    )
    assert at_file.folder == Folder.objects.get(path="out")
    lost = Track.objects.get(pk=join.track_id)
    assert (lost.path, lost.missing_since is None) == ("in/a.flac", False)
    assert lost.folder == Folder.objects.get(path="in")
    assert lost.added_by_scan < at_file.added_by_scan
    for of_track in (TrackArtist.objects, TrackGenre.objects):
        assert of_track.filter(track=lost.pk).count() == of_track.filter(track=at_file.pk).count()
        assert of_track.filter(track=lost.pk).exists()
    assert not Tombstone.objects.filter(kind="track").exists()
    join.refresh_from_db()
    assert (join.ended_by, join.ended_at is None) == (Ended.BY_HAND, False)
    assert Folder.objects.get(path="out").track_count == 1
    assert at_file.album is not None
    assert at_file.album.track_count == 1
    assert not Folder.objects.filter(albums_to_settle=True).exists()
    edit = Scan.objects.get(kind=ScanKind.EDIT)
    assert (edit.state, edit.message) == (ScanState.COMPLETED, parted.sentence)
    assert scan().counts.changed == 0


def test_what_pointed_at_the_newer_one_does_so_again(join: Join) -> None:
    assert PlayerState.objects.get().current_track_id == join.track_id
    part(join.pk, ScanTrigger.ADMIN)
    state = PlayerState.objects.get()
    assert (state.current_track_id, state.progress_seconds) == (join.replaced_id, 7)


def test_what_points_elsewhere_by_now_stays_there(join: Join) -> None:
    other = Track.objects.get(title="Other")
    PlayerState.objects.update(current_track=other)
    part(join.pk, ScanTrigger.ADMIN)
    assert PlayerState.objects.get().current_track == other


def test_scans_never_join_the_pair_again(music: Path, scan: ScanCall, join: Join) -> None:
    part(join.pk, ScanTrigger.ADMIN)
    restore_original(music)
    report = scan()
    assert (report.counts.restored, report.counts.added) == (1, 0)
    assert Track.objects.get(pk=join.track_id).path == "in/a.flac"
    (music / "in" / "a.flac").unlink()
    report = scan()
    assert (report.counts.joined, report.counts.missing) == (0, 1)
    assert track_ids()["out/b.flac"] == join.replaced_id


def test_the_lost_file_is_read_again_when_it_comes_back(
    music: Path, scan: ScanCall, join: Join
) -> None:
    """Its row has the tags of the copy."""
    part(join.pk, ScanTrigger.ADMIN)
    path = make_audio(music / "in" / "a.flac", **TAGS)
    os.utime(path, ns=(join.lost_mtime_ns, join.lost_mtime_ns))
    assert path.stat().st_size == join.lost_size_bytes
    assert scan().counts.restored == 1
    assert Track.objects.get(pk=join.track_id).title == "Army of Me"


def test_a_copy_that_moved_since_keeps_its_new_place(
    music: Path, scan: ScanCall, join: Join
) -> None:
    (music / "out" / "b.flac").rename(music / "c.flac")
    assert scan().counts.moved == 1
    part(join.pk, ScanTrigger.ADMIN)
    assert track_ids()["c.flac"] == join.replaced_id


def test_it_is_refused_while_a_scan_runs(join: Join) -> None:
    Scan.objects.create(message="Busy.", trigger=ScanTrigger.API, host_name="elsewhere")
    with pytest.raises(ScanAlreadyRuns, match="The tracks were not parted; try again later"):
        part(join.pk, ScanTrigger.ADMIN)
    assert Join.objects.live().exists()


def refused(join: Join, because: str) -> None:
    scans = Scan.objects.count()
    with pytest.raises(CannotPart, match=because):
        part(join.pk, ScanTrigger.ADMIN)
    assert Scan.objects.count() == scans


def test_it_is_refused_where_there_is_no_such_join(join: Join) -> None:
    join.pk += 1
    refused(join, f"There is no join {join.pk}")


def test_it_is_refused_a_second_time(join: Join) -> None:
    part(join.pk, ScanTrigger.ADMIN)
    refused(join, "somebody has parted them")


def test_where_the_path_is_taken_the_lost_one_is_beside_it(
    music: Path, scan: ScanCall, join: Join
) -> None:
    make_audio(music / "in" / "a.flac", title="Another", artist="Somebody")
    Track.objects.filter(title="Other").update(path="in/a.flac")
    part(join.pk, ScanTrigger.ADMIN)
    lost = Track.objects.get(pk=join.track_id)
    assert path_of_file(lost.path) == "in/a.flac" != lost.path
    assert lost.folder == Folder.objects.get(path="in")
    assert Track.objects.get(pk=join.replaced_id).path == "out/b.flac"


@pytest.mark.parametrize("is_older_moved", [False, True])
def test_a_file_that_was_moved_over_another_is_parted(
    music: Path, scan: ScanCall, *, is_older_moved: bool
) -> None:
    """One is lost for good: its sound is nowhere."""
    suffixes = (".mp3", ".flac")[:: -1 if is_older_moved else 1]
    for folder, sample in zip(("one", "two"), suffixes, strict=True):
        make_audio(music / folder / f"a{sample}", **TAGS)
        (music / folder / f"a{sample}").rename(music / folder / "a.mp3")
        scan()
    ids = track_ids()
    source, target = ("one", "two") if is_older_moved else ("two", "one")
    (music / source / "a.mp3").rename(music / target / "a.mp3")
    assert scan().counts.joined == 1
    join = Join.objects.get()
    assert (join.track_id, join.replaced_id) == (ids["one/a.mp3"], ids["two/a.mp3"])
    part(join.pk, ScanTrigger.ADMIN)
    assert track_ids() == {f"{target}/a.mp3": ids[f"{source}/a.mp3"]}
    lost = Track.objects.missing().get()
    assert (lost.pk, path_of_file(lost.path)) == (ids[f"{target}/a.mp3"], f"{target}/a.mp3")
    assert scan().counts.changed == 0


def test_it_is_refused_after_a_purge(music: Path, scan: ScanCall, join: Join) -> None:
    (music / "out" / "b.flac").unlink()
    scan()
    assert purge_missing().tracks == 1
    refused(join, "the track was purged")
    assert living_id(Track, join.replaced_id) is None
    Join.objects.update(ended_at=None, ended_by="")  # as of a join of before that was kept
    refused(join, "was purged")


def test_it_is_refused_where_the_track_was_joined_again_since(
    music: Path, scan: ScanCall, join: Join
) -> None:
    copy = music / "out" / "b.flac"
    shutil.copy2(copy, music / "third.flac")
    scan()
    copy.unlink()
    assert scan().counts.joined == 1
    again = Join.objects.exclude(pk=join.pk).get()
    assert again.track_id == join.track_id
    refused(join, f"joined again since, with track {again.replaced_id}. Part these two first")
    part(again.pk, ScanTrigger.ADMIN)
    part(join.pk, ScanTrigger.ADMIN)
    places = dict(Track.objects.values_list("pk", "path"))
    assert places[again.replaced_id] == "third.flac"
    assert places[join.replaced_id] == "out/b.flac"
    assert places[join.track_id] == "in/a.flac"
    assert [*track_ids()] == ["other.mp3", "third.flac"]


def test_it_is_refused_where_the_file_came_back(join: Join) -> None:
    Join.objects.update(ended_at=timezone.now(), ended_by=Ended.BY_FILE)
    refused(join, "the lost file came back")


def test_joins_are_kept_as_long_as_tombstones_but_those_parted_by_hand_longer(
    join: Join,
) -> None:
    Join.objects.update(joined_at=timezone.now() - KEPT + timedelta(hours=1))
    delete_old_rows()
    assert Join.objects.count() == 1
    Join.objects.update(
        joined_at=timezone.now() - KEPT - timedelta(hours=1), ended_by=Ended.BY_HAND
    )
    delete_old_rows()
    assert Join.objects.count() == 1
    Join.objects.update(ended_by="")
    delete_old_rows()
    assert not Join.objects.filter(pk=join.pk).exists()
