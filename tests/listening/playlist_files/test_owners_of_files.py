"""Whose the playlists are that follow files, and what becomes of those that were deleted."""

from pathlib import Path

import pytest
from django.contrib.auth.models import User

from events.marks import mark_numbers
from library.models.catalogue import Track
from listening.models import Playlist, PlaylistFolder
from listening.playlist_files.following import detach
from listening.playlists.editing import delete, restore
from listening.playlists.entries import add
from listening.playlists.refusals import Refused
from tests.listening.playlist_files.followed import (
    scan,
    song,
    sweep_in_a_month,
    titles,
    write,
)

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("admin")]


def test_a_playlist_that_follows_its_file_is_not_changed_by_hand(three: Path, admin: User) -> None:
    file = write(three / "l.m3u", "A/a.mp3")
    scan()
    playlist = Playlist.objects.get()
    track_id = Track.objects.get(title="b").pk
    with pytest.raises(Refused, match="follows a file"):
        add(admin.pk, playlist.pk, [track_id])
    detach(admin.pk, playlist.pk)
    add(admin.pk, playlist.pk, [track_id])
    write(file, "A/c.mp3", age_s=10)
    scan()
    file.rename(three / "other.m3u")
    scan()
    assert titles(Playlist.objects.get()) == ["a", "b"]
    (three / "other.m3u").unlink()
    scan()
    assert Playlist.objects.get().source_state == ""


def test_a_deleted_playlist_does_not_come_back_by_itself(three: Path, admin: User) -> None:
    file = write(three / "l.m3u", "A/a.mp3")
    scan()
    playlist = Playlist.objects.get()
    delete(admin.pk, playlist.pk)
    write(file, "A/b.mp3", age_s=10)
    scan()
    assert Playlist.objects.get().deleted_at is not None
    restore(admin.pk, playlist.pk)
    scan()
    assert titles(Playlist.objects.get()) == ["b"]
    delete(admin.pk, playlist.pk)
    sweep_in_a_month()
    scan()
    assert Playlist.objects.get().deleted_at is not None
    file.unlink()
    scan()
    assert Playlist.objects.get().source_key == ""


def test_a_playlist_that_was_made_ones_own_and_deleted_does_not_come_back(
    three: Path, admin: User
) -> None:
    file = write(three / "l.m3u", "A/a.mp3")
    scan()
    playlist = Playlist.objects.get()
    detach(admin.pk, playlist.pk)
    delete(admin.pk, playlist.pk)
    sweep_in_a_month()
    scan()
    assert Playlist.objects.get().deleted_at is not None
    file.unlink()
    scan()
    sweep_in_a_month()
    assert not Playlist.objects.exists()


def test_without_an_administrator_the_files_wait(three: Path, admin: User) -> None:
    write(three / "l.m3u", "A/a.mp3")
    admin.delete()
    assert scan().counts.playlists == 0
    User.objects.create_superuser("later", password="x")
    assert scan().counts.playlists == 1


def follow_one(music: Path) -> Playlist:
    song(music / "one.mp3")
    write(music / "list.m3u", "one.mp3")
    scan(music)
    return Playlist.objects.get()


def test_a_scan_hands_over_what_belongs_to_an_inactive_administrator(
    music: Path, admin: User
) -> None:
    made = follow_one(music)
    other = User.objects.create_superuser("olga", password="x")
    numbers = mark_numbers(other.pk).get("playlists", 0)
    User.objects.filter(pk=admin.pk).update(is_active=False)
    scan(music)
    playlist = Playlist.objects.get()
    assert (playlist.pk, playlist.user, titles(playlist)) == (made.pk, other, ["one"])
    assert playlist.version > made.version
    assert mark_numbers(other.pk)["playlists"] > numbers


@pytest.mark.parametrize("others", [(), ("olga",)])
def test_a_deleted_administrator_leaves_what_follows_files(
    music: Path, admin: User, others: tuple[str, ...]
) -> None:
    made = follow_one(music)
    folder = PlaylistFolder.objects.create(user=admin, name="Mine")
    Playlist.objects.update(folder=folder)
    own = Playlist.objects.create(user=admin, name="Own", folder=folder)
    heirs = [User.objects.create_superuser(name, password="x") for name in others]
    going = User.objects.create_superuser("second", password="x")
    User.objects.filter(pk__in=[admin.pk, going.pk]).delete()
    left = [(each.pk, each.user, each.folder) for each in Playlist.objects.all()]
    assert left == [(made.pk, heir, None) for heir in heirs]
    assert not Playlist.objects.filter(pk=own.pk).exists()
    if heirs:
        playlist = Playlist.objects.get()
        assert titles(playlist) == ["one"]
        assert playlist.version > made.version
