"""The original of a joined track comes back: the id that went lives again with it."""

import pytest
from django.db import transaction
from django.utils import timezone

from library.files.walk import FoundFile
from library.models.catalogue import Track
from library.models.joins import Join, JoinReason
from library.models.revision import NextRevision
from library.models.scan import Scan, ScanState
from library.models.tombstones import Tombstone
from library.scanning.joining import TakeOver, take_over
from library.scanning.returned import bring_back, ids_of
from library.tags import ReadFile, TrackTags
from tests.web.library_rows import make_track

pytestmark = pytest.mark.django_db

DIGEST = "d" * 32
File = tuple[FoundFile, ReadFile, TrackTags]


def joined(number: int = 1) -> Join:
    """A join of a track that lay at `old/{number}.flac` with its copy `new/{number}.flac`."""
    scan_id = make_scan().pk
    stays = make_track(
        path=f"old/{number}.flac", audio_digest=DIGEST, mtime_ns=number, size_bytes=1000
    )
    goes = make_track(
        path=f"new/{number}.flac",
        mtime_ns=500,
        audio_digest=DIGEST,
        added_by_scan=scan_id,
        album_by_hand="mark",
    )
    pair = TakeOver(stays.pk, goes.pk, JoinReason.SAME_TAGS)
    with transaction.atomic():
        counts = take_over([pair], scan_id, timezone.now(), NextRevision())
    assert counts.joined == 1
    return Join.objects.get(track_id=stays.pk)


def make_scan() -> Scan:
    return Scan.objects.create(state=ScanState.COMPLETED, finished_at=timezone.now())


def file(path: str, *, digest: str = DIGEST, mtime_ns: int = 77, root: str = "/music") -> File:
    found = FoundFile(root, path, mtime_ns, 1000, 1, 1, "", "")
    read = ReadFile(mtime_ns=mtime_ns, size_bytes=1000)
    return found, read, TrackTags(title="Title", audio_digest=digest)


def test_a_file_at_the_lost_path_is_the_other_track_again() -> None:
    join = joined()
    assert ids_of([file("old/1.flac")]) == [join.replaced_id]


def test_so_is_one_with_its_name_size_and_time_elsewhere() -> None:
    join = joined()
    assert ids_of([file("else/1.flac", mtime_ns=1, root="/other")]) == [join.replaced_id]
    assert ids_of([file("else/1.flac", mtime_ns=2)]) == [None]
    assert ids_of([file("else/2.flac", mtime_ns=1)]) == [None]


def test_a_copy_of_the_file_that_lives_on_is_not_the_lost_one() -> None:
    """Copies that keep name, size and time tell nothing."""
    join = joined()
    Track.objects.filter(pk=join.track_id).update(path="new/1.flac", mtime_ns=1, size_bytes=1000)
    assert ids_of([file("else/1.flac", mtime_ns=1)]) == [None]
    assert ids_of([file("old/1.flac", mtime_ns=1)]) == [join.replaced_id]


def test_another_sound_is_a_new_track() -> None:
    joined()
    assert ids_of([file("old/1.flac", digest="e" * 32), file("old/1.flac", digest="")]) == [
        *(None, None),
    ]


def test_no_id_is_given_twice_and_the_lost_path_comes_first() -> None:
    one, two = joined(1), joined(2)
    files = [file("x/1.flac", mtime_ns=1), file("old/1.flac", mtime_ns=1), file("old/2.flac")]
    assert ids_of(files) == [None, one.replaced_id, two.replaced_id]
    assert ids_of(files[::-1]) == [two.replaced_id, one.replaced_id, None]


def test_a_join_that_ended_gives_no_id() -> None:
    join = joined()
    Join.objects.update(ended_at=timezone.now())
    assert ids_of([file("old/1.flac")]) == [None]
    Join.objects.update(ended_at=None)
    make_track(pk=join.replaced_id)
    assert ids_of([file("old/1.flac")]) == [None]


def test_what_the_file_does_not_say_is_given_back() -> None:
    join = joined()
    track = make_track(pk=join.replaced_id)
    bring_back([track.pk, join.track_id])
    track.refresh_from_db()
    assert (track.added_at, track.added_by_scan, track.album_by_hand) == (
        *(join.replaced_added_at, join.replaced_added_by_scan, "mark"),
    )
    join.refresh_from_db()
    assert (join.ended_by, join.ended_at is None) == ("file", False)
    assert not Tombstone.objects.filter(row_id=track.pk).exists()
    Track.objects.filter(pk=track.pk).update(added_by_scan=5)
    bring_back([track.pk])  # again, after a commit whose answer was lost
    track.refresh_from_db()
    assert track.added_by_scan == 5
