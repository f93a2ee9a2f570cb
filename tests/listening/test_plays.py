"""Plays are stored once, whatever clients tell how often, and counted in the same transaction."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from events.marks import mark_numbers
from library.models.catalogue import Track
from listening import plays as plays_module
from listening.models import LostItem, Play, PlayCount
from listening.plays import NewPlay, StoredPlay, on_plays, store_plays
from tests.web.library_rows import join_tracks, make_track, make_tracks

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def user() -> User:
    return User.objects.create(username="lee")


@pytest.fixture
def handlers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Handlers that a test registers are gone after it."""
    monkeypatch.setattr(plays_module, "_handlers", {})


def played(track: Track | int, started_at: datetime = NOON, **others: float) -> NewPlay:
    track_id = track if isinstance(track, int) else track.pk
    return NewPlay(track_id=track_id, started_at=started_at, client="test", **others)


def counts() -> dict[int | None, tuple[int, datetime | None]]:
    rows = PlayCount.objects.values_list("track_id", "count", "last_played_at")
    return {track_id: (count, last) for track_id, count, last in rows}


def test_a_play_is_stored_once_and_counted_once(user: User) -> None:
    track = make_track()
    first = store_plays(user.pk, [played(track, NOON + timedelta(milliseconds=250), heard_s=90)])
    assert [play.started_at for play in first.stored] == [NOON]
    again = store_plays(user.pk, [played(track, NOON + timedelta(milliseconds=900))] * 2)
    assert (again.stored, again.known, again.refused) == ([], 2, [])
    store_plays(user.pk, [played(track, NOON - SECOND)])
    assert Play.objects.get(started_at=NOON).heard_s == 90
    assert counts() == {track.pk: (2, NOON)}


def test_what_is_known_changes_no_mark(user: User) -> None:
    track = make_track()
    store_plays(user.pk, [played(track)])
    assert mark_numbers(user.pk) == {"plays": 1}
    store_plays(user.pk, [played(track), played(12345)])
    assert mark_numbers(user.pk) == {"plays": 1}
    store_plays(user.pk, [played(track), played(track, NOON + SECOND)])
    assert mark_numbers(user.pk) == {"plays": 2}
    assert PlayCount.objects.get().number == 2


def test_users_have_plays_of_their_own(user: User) -> None:
    track, other = make_track(), User.objects.create(username="kim")
    for each in (user, other):
        assert len(store_plays(each.pk, [played(track)]).stored) == 1
    assert PlayCount.objects.count() == 2


def test_a_track_counts_after_half_of_it_or_four_minutes(user: User) -> None:
    short, long = make_track(duration_s=20), make_track(duration_s=3600)
    found = store_plays(
        user.pk,
        [
            played(short, heard_s=5),
            played(short, heard_s=10),
            played(long, heard_s=120),
            played(long, heard_s=240),
        ],
    )
    assert [play.heard_s for play in found.stored] == [10, 240]
    assert [each.index for each in found.refused] == [0, 2]
    assert "heard for 5 s" in found.refused[0].reason


def test_a_clock_that_is_ahead_makes_no_plays_of_the_future(user: User) -> None:
    track, other = make_track(), make_track()
    ahead = timezone.now().replace(microsecond=0) + timedelta(hours=3)
    told = [played(track, ahead + number * SECOND * 200) for number in range(3)]
    found = store_plays(user.pk, [*told, played(other, ahead)])
    assert len(found.stored) == 4
    now = timezone.now()
    stored = list(Play.objects.filter(track=track).values_list("started_at", flat=True))
    assert all(now - timedelta(minutes=1) < each <= now for each in stored)
    assert len(set(stored)) == 3
    later = store_plays(user.pk, told)
    assert (later.stored, later.known) == ([], 3)
    assert counts()[track.pk][0] == 3


def test_a_clock_without_a_battery_is_refused(user: User) -> None:
    found = store_plays(user.pk, [played(make_track(), datetime(1970, 1, 1, tzinfo=UTC))])
    assert "1970" in found.refused[0].reason


def test_plays_of_a_joined_track_belong_to_the_one_that_stayed(user: User) -> None:
    gone, living = make_track(), make_track()
    join_tracks({gone.pk: living.pk})
    Track.objects.filter(pk=gone.pk).delete()
    found = store_plays(user.pk, [played(gone.pk), played(living), played(living, NOON + SECOND)])
    assert (len(found.stored), found.known) == (2, 1)
    assert counts() == {living.pk: (2, NOON + SECOND)}


def test_plays_of_a_purged_track_are_kept_for_its_return(user: User) -> None:
    lost = LostItem.objects.create(former_id=4711, title="Gone", match_key="x", duration_s=10)
    for _ in range(2):
        found = store_plays(user.pk, [played(4711), played(4712)])
    assert (found.known, found.refused[0].reason) == (1, "There is no track 4712.")
    assert Play.objects.get().lost == lost
    assert PlayCount.objects.get().count == 1


def test_a_thousand_plays_take_as_many_queries_as_one(
    user: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_tracks(500)
    ids = list(Track.objects.values_list("pk", flat=True))
    # Twice tracks and known; number, mark, plays, counts, scrobble accounts.
    with django_assert_num_queries(9):
        store_plays(user.pk, [played(ids[0])])
    plays = [played(ids[number % 500], NOON + number * SECOND) for number in range(1, 1001)]
    with django_assert_num_queries(9):
        assert len(store_plays(user.pk, plays).stored) == 1000
    assert sum(count for count, _ in counts().values()) == 1001


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("handlers")
def test_others_act_in_the_same_transaction(user: User) -> None:
    told: list[StoredPlay] = []
    on_plays("test", lambda user_id, plays: told.extend(plays) if user_id == user.pk else None)
    track = make_track()
    store_plays(user.pk, [played(track), played(track)])
    store_plays(user.pk, [played(track)])
    assert [play.track_id for play in told] == [track.pk]

    def fail(_: int, __: object) -> None:
        raise IntegrityError

    on_plays("test", fail)
    with pytest.raises(IntegrityError):
        store_plays(user.pk, [played(track, NOON + SECOND)])
    assert counts() == {track.pk: (1, NOON)}
