"""What apps play at the moment, when the library changes and when many apps report."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from library.models.catalogue import Track
from library.scanning import purge_missing
from listening import now_playing
from listening.models import NowPlaying
from listening.now_playing import begin
from tests.web.library_rows import join_tracks, make_track

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    return User.objects.create(username="ada")


def test_a_purged_track_is_not_played_any_more(ada: User) -> None:
    gone, stays = make_track(missing=True), make_track()
    begin(ada.pk, "one", gone.pk)
    begin(ada.pk, "two", stays.pk)
    assert purge_missing().in_use_as == ("what 1 app plays",)
    assert [row.track for row in NowPlaying.objects.all()] == [stays]


def test_what_plays_is_no_use_that_spares_a_track_from_a_purge(ada: User) -> None:
    track = make_track(missing=True)
    begin(ada.pk, "one", track.pk)
    purge_missing(also_used=False)
    assert not Track.objects.exists()


def test_a_joined_track_is_played_on_as_the_one_that_stays(ada: User) -> None:
    stays, goes = make_track(), make_track()
    begin(ada.pk, "one", goes.pk)
    begin(ada.pk, "two", stays.pk)
    join_tracks({goes.pk: stays.pk})
    assert [row.track for row in NowPlaying.objects.all()] == [stays, stays]
    begin(ada.pk, "three", goes.pk)
    assert NowPlaying.objects.filter(track=stays).count() == 3


def test_a_user_has_a_row_for_each_app_and_no_more_than_twenty(ada: User) -> None:
    bob = User.objects.create(username="bob")
    track = make_track()
    begin(bob.pk, "app", track.pk)
    for number in range(now_playing.MOST_CLIENTS + 5):
        begin(ada.pk, f"app {number}", track.pk)
        begin(ada.pk, f"app {number}", track.pk)
    clients = NowPlaying.objects.filter(user=ada).order_by("pk").values_list("client", flat=True)
    assert [*clients] == [f"app {number}" for number in range(5, 25)]
    assert NowPlaying.objects.filter(user=bob).exists()


def test_what_is_swept_is_bounded(ada: User) -> None:
    for number in range(5):
        begin(ada.pk, f"app {number}", make_track(duration_s=60).pk)
    NowPlaying.objects.update(reported_at=timezone.now() - timedelta(hours=1))
    assert now_playing.sweep(timezone.now(), 2) == 2
    assert now_playing.sweep(timezone.now(), 10) == 3
    assert now_playing.sweep(timezone.now(), 10) == 0
