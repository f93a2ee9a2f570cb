"""A purge asks for each portion of tracks which of them stand in queues."""

import json
from collections.abc import Sequence

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from library.models.catalogue import Track
from library.scanning import purge, purge_missing
from listening.followers import queued
from listening.followers.queued import QueuedTracks
from listening.models import LostItem, PlayQueue
from tests.web.library_rows import make_track

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    return User.objects.create(username="ada")


def queue(
    user: User, ids: Sequence[int], number: int = 1, *, is_current: bool = False
) -> PlayQueue:
    return PlayQueue.objects.create(
        user=user, entries=json.dumps([*ids]), number=number, is_current=is_current
    )


def test_a_purge_of_many_reads_each_queue_once(user: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purge, "BATCH_SIZE", 2)
    tracks = [make_track(missing=True).pk for _ in range(10)]
    for number in range(3):
        queue(user, tracks[number::3][:2], number)
    with CaptureQueriesContext(connection) as asked:
        purge_missing()
    reads = [each for each in asked if '"listening_playqueue"."entries"' in each["sql"]]
    assert len(reads) == 3
    assert not Track.objects.exists()
    assert {*LostItem.objects.values_list("former_id", flat=True)} == {*tracks[:6]}


def test_queues_that_come_and_change_meanwhile_are_seen(user: User) -> None:
    tracks = QueuedTracks()
    assert tracks.among([1, 2, 3]) == set()
    first = queue(user, [3, 1])
    assert tracks.among([1, 2, 3]) == {1, 3}
    first.entries, first.number, first.changed_at = "[2]", 2, timezone.now()
    first.save()
    queue(user, [7], 2)
    assert tracks.among([2, 7]) == {2, 7}


def test_what_is_kept_is_bounded_in_size_and_time(
    user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    tracks = QueuedTracks()
    first = queue(user, [1, 2, 3])
    assert tracks.among([1]) == {1}
    first.delete()
    monkeypatch.setattr(queued, "KEPT_S", -1.0)
    assert tracks.among([1]) == set()
    monkeypatch.undo()
    monkeypatch.setattr(queued, "MOST_KEPT", 2)
    queue(user, [1, 2, 3])
    for _ in range(2):
        assert tracks.among([1, 4]) == {1}
    assert not tracks._ids
