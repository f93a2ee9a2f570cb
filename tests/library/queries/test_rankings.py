"""Orders by values of which it is known what changed: only that is moved."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from pytest_django import DjangoAssertNumQueries

from library.models.catalogue import Track
from library.queries.filters import RowFilter
from library.queries.lists import RowList
from library.queries.rankings import ranked, ranked_word
from library.queries.tracks import TrackFilter
from listening.changes import Area, change
from listening.models import PlayCount
from listening.play_totals import played_filter, plays_order
from listening.plays import NewPlay, store_plays
from listening.ratings import change_ratings, rating_order
from tests.kept_lists import forget_lists
from tests.web.library_rows import make_tracks

pytestmark = pytest.mark.django_db
STATE = "library 1"
BEGAN = datetime(2024, 1, 1, tzinfo=UTC)


@pytest.fixture
def user() -> User:
    forget_lists()
    return User.objects.create(username="user")


def track_ids(number: int) -> list[int]:
    make_tracks(number)
    return [*Track.objects.order_by("pk").values_list("pk", flat=True)]


def hear(user: User, track_id: int, minute: int) -> None:
    play = NewPlay(track_id=track_id, started_at=BEGAN + timedelta(minutes=minute))
    assert store_plays(user.pk, [play]).stored


def played(user: User) -> list[int]:
    wanted: RowFilter = TrackFilter(others=(played_filter(user.pk, "track", is_played=True),))
    order = plays_order(user.pk, "track", is_descending=True)
    return RowList(filter=wanted, order=order, state=STATE).ids()


def test_what_is_kept_is_what_would_be_read(user: User) -> None:
    ids, rng = track_ids(30), random.Random(3)
    for minute in range(150):
        pk = rng.choice(ids)
        match rng.randrange(3):
            case 0:
                hear(user, pk, minute)
            case 1:
                change_ratings(user.pk, {"track": {pk: rng.randint(1, 5)}}, {})
            case _:
                change_ratings(user.pk, {"track": {rng.choice(ids): 3}}, {"track": [pk]})
        for order in (plays_order, rating_order):
            now = order(user.pk, "track", is_descending=bool(rng.randrange(2)))
            assert [*ranked(STATE, now)] == now.ranked_ids()
        heard = PlayCount.objects.filter(user=user).order_by("-count", "-track")
        assert played(user) == [*heard.values_list("track", flat=True)]


def test_a_play_moves_one_track(
    user: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ids = track_ids(50)
    for minute, pk in enumerate(ids):
        hear(user, pk, minute)
    ranked(STATE, plays_order(user.pk, "track", is_descending=False))
    hear(user, ids[0], 100)
    order = plays_order(user.pk, "track", is_descending=False)
    with django_assert_num_queries(3):  # what changed, and what comes after it
        assert [*ranked(STATE, order)] == [*ids[1:], ids[0]]
    with django_assert_num_queries(0):
        ranked(STATE, order)


def test_another_play_of_a_track_leaves_the_filter_as_it_is(user: User) -> None:
    first, second = track_ids(2)
    states = []
    for minute, pk in enumerate((first, first, second, second)):
        hear(user, pk, minute)
        states.append(played_filter(user.pk, "track", is_played=True).state)
    assert states[0] == states[1] != states[2] == states[3]


def test_a_count_that_falls_to_nothing_leaves_the_filter(user: User) -> None:
    first, second = track_ids(2)
    hear(user, first, 1)
    hear(user, second, 2)
    assert played(user) == [second, first]
    counts = PlayCount.objects.filter(track=second)
    change(user.pk, lambda number: counts.update(count=0, number=number), Area.PLAYS)
    assert played(user) == [first]
    hear(user, second, 3)
    assert played(user) == [second, first]


def test_a_change_that_no_row_tells_of_has_all_read(user: User) -> None:
    first, second = track_ids(2)
    hear(user, first, 1)
    hear(user, second, 2)
    order = plays_order(user.pk, "track", is_descending=False)
    word = ranked_word(STATE, order)
    change(user.pk, lambda _: PlayCount.objects.filter(track=second).delete(), Area.PLAYS)
    order = plays_order(user.pk, "track", is_descending=False)
    assert [*ranked(STATE, order)] == [first]
    assert ranked_word(STATE, order) != word
