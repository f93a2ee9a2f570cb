"""Servers of the version before know nothing of people's things, and delete what these point at."""

from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection
from django.db.models import QuerySet

from library.models.albums import Album
from library.models.catalogue import Artist, Track
from library.models.folders import Folder
from library.models.tombstones import Tombstone
from listening.followers.older_servers import create_triggers, drop_triggers, heal
from listening.lost import lost_items
from listening.models import Favourite, LostItem, LostKind, NowPlaying, Play, Rating
from tests.listening.own_things import OF_TRACKS, make_things
from tests.web.library_rows import make_track

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    return User.objects.create(username="ada")


def delete_as_before(model: Any, *ids: int) -> None:
    """Without a look at tables that the version before does not have."""
    QuerySet(model).filter(pk__in=ids)._raw_delete("default")
    connection.check_constraints()


def test_everything_of_a_purged_track_belongs_to_a_lost_item(ada: User) -> None:
    gone, stays = make_track(title="Gone"), make_track(title="Stays")
    make_things(ada, [gone.pk, stays.pk])
    delete_as_before(Track, gone.pk)
    lost = LostItem.objects.get()
    assert (lost.kind, lost.former_id, lost.title) == ("track", gone.pk, "Gone")
    for model in OF_TRACKS:
        rows: QuerySet[Any, Any] = QuerySet(model).order_by("track").values_list("track", "lost")
        assert {*rows} == {(None, lost.pk), (stays.pk, None)}, model


def test_what_an_app_plays_is_forgotten_with_its_track(ada: User) -> None:
    gone, stays = make_track(), make_track()
    for number, track in enumerate((gone, stays)):
        NowPlaying.objects.create(user=ada, client=str(number), track=track)
    delete_as_before(Track, gone.pk)
    assert NowPlaying.objects.get().track == stays
    assert not LostItem.objects.exists()


def test_the_lost_items_are_like_those_of_this_version(ada: User) -> None:
    track = make_track(title="One", artist="A", album_title="B", musicbrainz_recording_id="m")
    album = Album.objects.create(title="B", album_artist="A", key="b")
    artist = Artist.objects.create(name="Ä")
    folder = Folder.objects.create(root=str(settings.MUSIC_DIRS[0]), path="a/b", name="b")
    rows: dict[LostKind, Any] = {
        LostKind.TRACK: track,
        LostKind.ALBUM: album,
        LostKind.ARTIST: artist,
        LostKind.FOLDER: folder,
    }
    names = ("title", "artist", "album", "duration_s", "musicbrainz_id", "audio_digest", "path")
    columns = (*names, "match_key", "path_key")
    for kind, row in rows.items():
        lost_items(kind, [row.pk])
        expected = LostItem.objects.values_list(*columns).get()
        LostItem.objects.all().delete()
        Favourite.objects.create(user=ada, **{f"{kind}_id": row.pk})
        delete_as_before(type(row), row.pk)
        assert heal() == 1
        assert LostItem.objects.values_list(*columns).get() == expected, kind
        assert heal() == 0
        Favourite.objects.all().delete()
        LostItem.objects.all().delete()


def test_what_was_joined_belongs_to_the_row_that_stayed(ada: User) -> None:
    gone, stays = make_track(title="Gone"), make_track(title="Stays")
    make_things(ada, [gone.pk, stays.pk])
    delete_as_before(Track, gone.pk)
    Tombstone.objects.bury(Track, [gone.pk], 7, {gone.pk: stays.pk})
    heal()
    assert not LostItem.objects.exists()
    assert {*Rating.objects.values_list("track", flat=True)} == {stays.pk}
    assert [*Play.objects.values_list("track", flat=True)] == [stays.pk] * 2


def test_rows_of_which_nobody_has_anything_leave_nothing() -> None:
    delete_as_before(Track, make_track().pk)
    assert not LostItem.objects.exists()


def test_the_triggers_are_made_anew_after_each_migration(ada: User) -> None:
    drop_triggers(using="default")
    create_triggers(using="default")
    create_triggers(using="default")
    track = make_track()
    make_things(ada, [track.pk])
    delete_as_before(Track, track.pk)
    assert LostItem.objects.count() == 1
