"""What becomes of people's things when two tracks become one, and two again."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from events.marks import change_number, mark_numbers
from events.models import Mark
from library import followers
from library.models.albums import Album
from library.models.catalogue import Track
from library.models.revision import Revision
from listening.models import (
    Bookmark,
    Favourite,
    Play,
    PlayCount,
    Playlist,
    PlaylistEntry,
    Rating,
    RemovedItem,
    Sharing,
)
from listening.plays import NewPlay, store_plays
from tests.listening.own_things import NOON, everywhere, make_things, where
from tests.web.library_rows import join_tracks, make_album, make_track, make_tracks

pytestmark = pytest.mark.django_db
EARLIER, LATER = NOON - timedelta(days=1), NOON + timedelta(days=1)


@pytest.fixture
def ada() -> User:
    return User.objects.create(username="ada")


@pytest.fixture
def bob() -> User:
    return User.objects.create(username="bob")


@pytest.fixture
def pair() -> tuple[Track, Track]:
    """The track that stays, and the one that goes."""
    return make_track(title="stays"), make_track(title="goes")


def test_all_things_come_to_the_track_that_stays(
    ada: User, bob: User, pair: tuple[Track, Track]
) -> None:
    stays, goes = pair
    make_things(ada, [goes.pk])
    make_things(bob, [stays.pk])
    join_tracks({goes.pk: stays.pk})
    assert where(ada) == where(bob) == everywhere(stays.pk)


def test_of_two_the_earlier_favourite_and_the_later_rating_and_bookmark_stay(
    ada: User, pair: tuple[Track, Track]
) -> None:
    stays, goes = pair
    Favourite.objects.create(user=ada, track=stays, favourited_at=NOON)
    Favourite.objects.create(user=ada, track=goes, favourited_at=EARLIER)
    Rating.objects.create(user=ada, track=stays, stars=2, rated_at=NOON)
    Rating.objects.create(user=ada, track=goes, stars=5, rated_at=LATER)
    Bookmark.objects.create(user=ada, track=stays, position_s=1, changed_at=LATER)
    Bookmark.objects.create(user=ada, track=goes, position_s=2, changed_at=NOON)
    join_tracks({goes.pk: stays.pk})
    assert Favourite.objects.get().favourited_at == EARLIER
    assert Rating.objects.get().stars == 5
    assert Bookmark.objects.get().position_s == 1


def test_plays_are_united_and_counted_once(ada: User, pair: tuple[Track, Track]) -> None:
    """A client that told one play of both tracks: it is one."""
    stays, goes = pair
    for track, times in ((stays, (EARLIER, NOON)), (goes, (NOON, LATER))):
        for time in times:
            Play.objects.create(user=ada, track=track, started_at=time)
        PlayCount.objects.create(user=ada, track=track, count=7, last_played_at=times[-1])
    join_tracks({goes.pk: stays.pk})
    assert [*Play.objects.order_by("started_at").values_list("started_at", "track")] == [
        *((time, stays.pk) for time in (EARLIER, NOON, LATER))
    ]
    counted = PlayCount.objects.get()
    assert (counted.track_id, counted.count, counted.last_played_at) == (stays.pk, 13, LATER)


def test_both_places_in_a_playlist_stay(ada: User, pair: tuple[Track, Track]) -> None:
    stays, goes = pair
    playlist = Playlist.objects.create(user=ada, name="Mine")
    for place, track in enumerate((goes, stays, goes)):
        PlaylistEntry.objects.create(playlist=playlist, track=track, place=place)
    join_tracks({goes.pk: stays.pk})
    entries = PlaylistEntry.objects.values_list("place", "track")
    assert [*entries] == [(place, stays.pk) for place in range(3)]
    playlist.refresh_from_db()
    assert playlist.version == 2


def test_the_users_concerned_are_told_and_nobody_else(
    ada: User, bob: User, pair: tuple[Track, Track]
) -> None:
    stays, goes = pair
    make_things(ada, [goes.pk])
    join_tracks({goes.pk: stays.pk})
    assert mark_numbers(ada.pk).keys() == {
        *("favourites", "ratings", "plays", "bookmarks", "playlists")
    }
    assert Favourite.objects.get().number == mark_numbers(ada.pk)["favourites"]
    assert mark_numbers(bob.pk) == {}
    Mark.objects.all().delete()
    Playlist.objects.update(sharing=Sharing.READ)
    join_tracks({stays.pk: make_track().pk})
    assert mark_numbers(bob.pk).keys() == {"playlists"}


def test_many_go_by_a_fixed_number_of_queries(ada: User) -> None:
    def queries(number: int) -> int:
        make_tracks(2 * number)
        ids = list(Track.objects.order_by("-pk").values_list("pk", flat=True)[: 2 * number])
        make_things(ada, ids[:number])
        with CaptureQueriesContext(connection) as captured, transaction.atomic():
            join_tracks(dict(zip(ids[:number], ids[number:], strict=True)))
        return len(captured)

    Revision.objects.raised()
    assert queries(2) == queries(40)


def test_albums_are_joined_as_well(ada: User) -> None:
    one, other = make_album("one"), make_album("other")
    for album in (one, other):
        Favourite.objects.create(user=ada, album=album)
        Rating.objects.create(user=ada, album=album, stars=3)
    with transaction.atomic():
        followers.join(Album, {other.pk: one.pk})
    assert [each.get().album_id for each in (Favourite.objects, Rating.objects)] == [one.pk] * 2


def part(stays: Track, goes: Track, followed: Any) -> None:
    """The track that went is there again, as after `library.scanning.parting`."""
    goes.save(force_insert=True)
    with transaction.atomic():
        followers.part(Track, followed, stays.pk, goes.pk)


def join(stays: Track, goes: Track) -> Any:
    with transaction.atomic():
        followed = followers.join_remembering(Track, {goes.pk: stays.pk})[goes.pk]
    Track.objects.filter(pk=goes.pk).delete()
    return followed


class TestParting:
    def test_things_go_back(self, ada: User, pair: tuple[Track, Track]) -> None:
        make_things(ada, [pair[1].pk])
        part(*pair, join(*pair))
        gone_back = {**everywhere(pair[1].pk), "PlayCount": [pair[0].pk, pair[1].pk]}
        assert where(ada) == gone_back
        told = RemovedItem.objects.order_by("what").values_list("what", "item_id", "number")
        number = change_number(ada.pk)
        assert [each[:2] for each in told] == [
            (what, pair[0].pk) for what in ("bookmark", "favourite", "rating")
        ]
        assert all(0 < each[2] <= number for each in told)

    def test_what_was_made_one_is_made_two_again(
        self, ada: User, pair: tuple[Track, Track]
    ) -> None:
        stays, goes = pair
        make_things(ada, [goes.pk])
        make_things(ada, [stays.pk])
        PlayCount.objects.filter(track=goes).update(count=5)
        Play.objects.filter(track=goes).update(started_at=LATER)
        Rating.objects.filter(track=goes).update(stars=1)
        part(stays, goes, join(stays, goes))
        found = where(ada)
        assert {name: sorted(map(int, filter(None, found[name]))) for name in found} == everywhere(
            stays.pk, goes.pk
        )
        counts = dict(PlayCount.objects.values_list("track", "count"))
        assert counts == {stays.pk: 3, goes.pk: 5}
        assert Rating.objects.get(track=goes).stars == 1

    def test_the_count_of_the_track_that_stays_is_lower_and_told(
        self, ada: User, pair: tuple[Track, Track]
    ) -> None:
        stays, goes = pair
        make_things(ada, [goes.pk])
        followed = join(stays, goes)
        store_plays(ada.pk, [NewPlay(track_id=stays.pk, started_at=LATER)])
        number = change_number(ada.pk)
        part(stays, goes, followed)
        rows = PlayCount.objects.order_by("track").values_list("track", "count", "number")
        assert [each[:2] for each in rows] == [(stays.pk, 1), (goes.pk, 3)]
        assert all(each[2] > number for each in rows)
        assert where(ada)["Play"] == [goes.pk, stays.pk]

    def test_what_the_user_took_away_meanwhile_stays_away(
        self, ada: User, pair: tuple[Track, Track]
    ) -> None:
        stays, goes = pair
        for track in pair:
            Favourite.objects.create(user=ada, track=track)
        followed = join(stays, goes)
        Favourite.objects.all().delete()
        part(stays, goes, followed)
        assert not Favourite.objects.exists()
