"""What is deleted for good, and when."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from listening import sweeping
from listening.models import (
    Device,
    Favourite,
    LostItem,
    PlayerCommand,
    Playlist,
    PlaylistEntry,
    RemovedItem,
)
from listening.own_changes import forgotten_number
from listening.playlists.editing import delete, make, restore
from listening.playlists.entries import remove
from listening.playlists.refusals import NoSuchPlaylist
from tests.web.library_rows import make_track

pytestmark = pytest.mark.django_db


@pytest.fixture
def listener(db: None) -> User:
    return User.objects.create_user("lee")


def age(rows: Any, column: str, **ago: float) -> None:
    rows.update(**{column: timezone.now() - timedelta(**ago)})


def test_removed_entries_and_deleted_playlists_go_after_thirty_days(listener: User) -> None:
    tracks = [make_track().pk for _ in range(3)]
    kept, old, new = (make(listener.pk, {"name": name}, tracks) for name in ("kept", "old", "new"))
    entries = [*PlaylistEntry.objects.filter(playlist=kept).values_list("pk", flat=True)]
    remove(listener.pk, kept, entries[:2])
    age(PlaylistEntry.objects.filter(pk=entries[0]), "removed_at", days=31)
    age(PlaylistEntry.objects.filter(pk=entries[1]), "removed_at", days=29)
    for playlist in (old, new):
        delete(listener.pk, playlist)
    age(Playlist.objects.filter(pk=old), "deleted_at", days=31)
    age(Playlist.objects.filter(pk=new), "deleted_at", days=29)
    while sweeping.sweep():
        pass
    left = PlaylistEntry.objects.filter(playlist=kept).values_list("pk", flat=True)
    assert [*left.order_by("pk")] == entries[1:]
    restore(listener.pk, new)
    with pytest.raises(NoSuchPlaylist):
        restore(listener.pk, old)
    assert {*Playlist.objects.values_list("pk", flat=True)} == {kept, new}
    assert PlaylistEntry.objects.filter(playlist=new).count() == 3


def test_each_call_deletes_a_portion(listener: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweeping, "PORTION", 2)
    playlist = make(listener.pk, {"name": "Long"}, [make_track().pk] * 5)
    delete(listener.pk, playlist)
    age(Playlist.objects.all(), "deleted_at", days=31)
    counts = []
    while sweeping.sweep():
        counts.append(PlaylistEntry.objects.count())
    assert counts[:3] == [3, 1, 0]
    assert not Playlist.objects.exists()


def test_what_was_removed_long_ago_is_forgotten_and_that_is_noted(listener: User) -> None:
    for number, days in ((4, 200), (9, 190), (12, 10)):
        RemovedItem.objects.create(
            user=listener, what="favourite", kind="track", item_id=number, number=number
        )
        age(RemovedItem.objects.filter(number=number), "removed_at", days=days)
    sweeping.sweep()
    assert [*RemovedItem.objects.filter(what="favourite").values_list("number", flat=True)] == [12]
    assert forgotten_number(listener.pk) == 9
    age(RemovedItem.objects.filter(number=12), "removed_at", days=181)
    sweeping.sweep()
    assert forgotten_number(listener.pk) == 12
    sweeping.sweep()
    assert RemovedItem.objects.count() == 1


def test_lost_items_stay_while_anything_belongs_to_them(listener: User) -> None:
    lost = [LostItem.objects.create(title=str(number), match_key="x") for number in range(4)]
    age(LostItem.objects.exclude(pk=lost[3].pk), "lost_at", days=181)
    Favourite.objects.create(user=listener, lost=lost[0])
    playlist = make(listener.pk, {"name": "Lost"}, [-lost[1].pk])
    sweeping.sweep()
    assert {*LostItem.objects.values_list("title", flat=True)} == {"0", "1", "3"}
    assert PlaylistEntry.objects.filter(playlist=playlist).count() == 1


def test_commands_go_after_an_hour(listener: User) -> None:
    device = Device.objects.create(user=listener, key="a", name="a")
    for minutes in (61, 1):
        command = PlayerCommand.objects.create(user=listener, device=device, name="pause")
        age(PlayerCommand.objects.filter(pk=command.pk), "sent_at", minutes=minutes)
    assert not sweeping.sweep()
    assert PlayerCommand.objects.count() == 1
