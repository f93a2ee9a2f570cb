"""How the rows of two tracks become one."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from library.models.albums import Album
from library.models.catalogue import Track, TrackArtist
from library.models.joins import Join, JoinReason
from library.models.paths import path_of_file
from library.models.revision import NextRevision, Revision
from library.models.scan import ScanState
from library.models.tombstones import Tombstone
from library.scanning.joining import TakeOver, take_over
from library.scanning.report import ScanCounts
from listening.models import PlayerState
from tests.audio_files import make_audio
from tests.library.scanning.conftest import Scan as ScanCall
from tests.web.library_rows import make_album, make_scan, make_track

pytestmark = pytest.mark.django_db


def joined(*pairs: TakeOver, scan_id: int | None = None) -> ScanCounts:
    with transaction.atomic():
        return take_over(pairs, scan_id, timezone.now(), NextRevision())


def columns(track: Track) -> dict[str, object]:
    return dict(Track.objects.filter(pk=track.pk).values()[0])


def test_the_row_that_stays_has_everything_of_the_other_but_its_own_facts() -> None:
    stays = make_track(title="Old", added_by_scan=1, year=1990, genre="Rock")
    goes = make_track(title="New", added_by_scan=2, year=1991, genre="Jazz", album_by_hand="mark")
    old, new = columns(stays), columns(goes)
    assert joined(TakeOver(stays.pk, goes.pk, JoinReason.SAME_TAGS)).joined == 1
    now = columns(stays)
    changed = {"updated_at": now["updated_at"], "revision": Revision.objects.get().number}
    kept = {name: old[name] for name in ("id", "added_at", "added_by_scan")}
    assert now == {**new, **kept, **changed}
    assert list(stays.track_genres.values_list("genre__name", flat=True)) == ["Jazz"]


def test_albums_that_a_person_joined_stay_so() -> None:
    album = make_album("Album")
    stays = make_track(album_by_hand="older", album=album)
    goes = make_track(album_by_hand="newer", album=make_album("Else"))
    emptied = goes.album_id or 0
    joined(TakeOver(stays.pk, goes.pk, JoinReason.SAME_TAGS))
    stays.refresh_from_db()
    assert (stays.album_by_hand, stays.album) == ("older", album)
    assert not Album.objects.filter(pk=emptied).exists()
    assert Tombstone.objects.get(kind="album", row_id=emptied).replaced_by == album.pk


def test_an_album_with_other_tracks_stays() -> None:
    stays, goes = make_track(album=make_album("A")), make_track(album=make_album("B"))
    make_track(album=goes.album, missing=True)
    joined(TakeOver(stays.pk, goes.pk, JoinReason.SAME_TAGS))
    assert Album.objects.count() == 2


def test_a_second_time_changes_nothing() -> None:
    """As after a commit of which the answer was lost."""
    stays, goes, scan_id = make_track(), make_track(), make_scan(state=ScanState.COMPLETED).pk
    user = User.objects.create(username="ada")
    PlayerState.objects.create(user=user, current_track=goes)
    pair = TakeOver(stays.pk, goes.pk, JoinReason.SAME_TAGS)
    assert joined(pair, scan_id=scan_id) == ScanCounts(joined=1)
    before = columns(stays), list(Join.objects.values()), list(Tombstone.objects.values())
    assert joined(pair, scan_id=scan_id) == ScanCounts(joined=1)
    assert (columns(stays), list(Join.objects.values()), list(Tombstone.objects.values())) == before
    assert Revision.objects.get().number == before[0]["revision"]
    assert joined(pair, scan_id=make_scan(state=ScanState.COMPLETED).pk) == ScanCounts()
    assert joined() == ScanCounts()


def test_a_track_may_keep_its_own_file() -> None:
    stays = make_track(path="a.mp3", title="Stays")
    goes = make_track(path="b.mp3", audio_digest="d" * 32)
    joined(TakeOver(stays.pk, goes.pk, JoinReason.REPLACED_FILE, keeps_file=True))
    stays.refresh_from_db()
    assert (stays.path, stays.title) == ("a.mp3", "Stays")
    join = Join.objects.get()
    assert (join.lost_path, path_of_file(join.replaced_path)) == ("b.mp3", "b.mp3")
    assert join.is_of_lost_file
    assert join.audio_digest == "d" * 32


def test_what_a_cancelled_scan_leaves_the_next_one_does(music: Path, scan: ScanCall) -> None:
    tags: dict[str, Any] = {"artist": "A", "album": "Album"}
    make_audio(music / "other.mp3")
    for number, suffix in enumerate((".mp3", ".flac", ".ogg", ".opus")):
        make_audio(music / "in" / f"{number}{suffix}", title=f"Song {number}", **tags)
    scan()
    ids = {Path(path).name: pk for path, pk in Track.objects.values_list("path", "pk")}
    shutil.copytree(music / "in", music / "out")
    (music / "out" / "0.mp3").unlink()
    scan()
    shutil.rmtree(music / "in")
    report = scan(batch_size=1, is_cancelled=Join.objects.exists)
    assert (report.state, report.counts.joined) == (ScanState.CANCELLED, 1)
    assert Track.objects.missing().count() == 0
    report = scan()
    assert (report.counts.joined, report.counts.missing) == (2, 1)
    assert {Path(path).name: pk for path, pk in Track.objects.values_list("path", "pk")} == ids
    assert Track.objects.missing().get().pk == ids["0.mp3"]
    assert TrackArtist.objects.exclude(track__in=ids.values()).count() == 0
