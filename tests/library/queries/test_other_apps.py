"""Filters and orders that another app makes of its own table, here of where players stand."""

import pytest
from django.contrib.auth.models import User
from pytest_django import DjangoAssertNumQueries

from library.models.catalogue import Track
from library.queries.filters import IdFilter
from library.queries.lists import RowList
from library.queries.orders import TRACK_ORDERS, RowOrder, ValueOrder
from library.queries.tracks import TrackFilter
from listening.models import PlayerState
from tests.web.library_rows import make_track, make_tracks

pytestmark = pytest.mark.django_db
TITLE = TRACK_ORDERS["title"]


def playing(track: Track, progress_seconds: float) -> User:
    """A listener whose player is so far in `track`."""
    user = User.objects.create(username=f"{track.pk} {progress_seconds}")
    PlayerState.objects.create(user=user, current_track=track, progress_seconds=progress_seconds)
    return user


def current_tracks(*users: User, change: int = 1) -> IdFilter:
    names = ", ".join(f"{each.pk}" for each in users)
    states = PlayerState.objects.filter(user__in=users)
    return IdFilter(f"current tracks of {names} at {change}", states.values("current_track"))


def by_progress(*, is_descending: bool = False, change: int = 1) -> ValueOrder:
    states = PlayerState.objects.all()
    state = f"progress at {change}"
    return ValueOrder(state, states, "current_track", "progress_seconds", is_descending)


def listed(*others: IdFilter, order: RowOrder = TITLE, search: str = "") -> RowList:
    return RowList(filter=TrackFilter(search=search, others=others), order=order, state="")


def test_a_filter_by_ids_of_another_table() -> None:
    make_tracks(30, search_text="other")
    blue, green = (make_track(title=title, search_text=title) for title in ("blue", "green"))
    users = playing(green, 1), playing(blue, 2), playing(make_track(missing=True), 3)
    found = listed(current_tracks(*users))
    assert found.ids() == found.page(0, 10).ids == [blue.pk, green.pk]
    assert found.page(1, 1) == type(found.page(0, 1))(2, [green.pk])
    assert listed(current_tracks(*users), search="gree").ids() == [green.pk]
    assert listed(current_tracks(*users), current_tracks(users[1])).ids() == [blue.pk]
    assert listed(current_tracks(users[2])).page(0, 10).count == 0
    assert listed(current_tracks()).ids() == []


def test_what_is_kept_tells_users_and_changes_apart(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    blue, green = make_track(title="blue"), make_track(title="green")
    one, other = playing(blue, 1), playing(green, 1)
    assert listed(current_tracks(one)).page(0, 10).ids == [blue.pk]
    assert listed(current_tracks(other)).page(0, 10).ids == [green.pk]
    with django_assert_num_queries(0):
        assert listed(current_tracks(one)).page(0, 10).ids == [blue.pk]
    PlayerState.objects.filter(user=one).update(current_track=green)
    assert listed(current_tracks(one, change=2)).page(0, 10).ids == [green.pk]


@pytest.mark.parametrize("search", ["", "often"])
def test_an_order_by_a_value_of_another_table(search: str) -> None:
    """Tracks without the value come first, in the order of their ids, or last if it descends."""
    make_tracks(12, search_text="often")
    tracks = list(Track.objects.order_by("pk"))
    for track, progress_seconds in ((tracks[7], 5.0), (tracks[3], 9.0), (tracks[9], 5.0)):
        playing(track, progress_seconds)
    having = [tracks[7].pk, tracks[9].pk, tracks[3].pk]
    expected = [track.pk for track in tracks if track.pk not in having] + having
    for found, ids in (
        (listed(order=by_progress(), search=search), expected),
        (listed(order=by_progress(is_descending=True), search=search), expected[::-1]),
    ):
        assert found.ids() == ids
        pages = [found.page(offset, 5) for offset in (0, 5, 10)]
        assert [pk for page in pages for pk in page.ids] == ids
        assert {page.count for page in pages} == {12}


def test_a_filter_and_an_order_together() -> None:
    tracks = [make_track(search_text="often") for _ in range(3)]
    users = [playing(track, 10 - number) for number, track in enumerate(tracks)]
    found = listed(current_tracks(*users[:2]), order=by_progress(), search="often")
    assert found.ids() == found.page(0, 5).ids == [tracks[1].pk, tracks[0].pk]


def test_a_list_names_the_state_of_what_it_asks_of_other_apps() -> None:
    """For its ETag: the state of the library does not change with a player."""
    user = User.objects.create(username="lee")
    assert listed().own_state == ""
    found = listed(current_tracks(user, change=4), order=by_progress(change=7))
    assert found.own_state == f"current tracks of {user.pk} at 4 progress at 7"
