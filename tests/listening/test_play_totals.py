"""Totals of albums, artists and folders are those of their tracks, whatever changed meanwhile."""

import random
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from bench.lists import made_up
from library.models.catalogue import Track
from library.queries.albums import AlbumFilter
from library.queries.artists import ArtistFilter
from library.queries.filters import RowFilter
from library.queries.lists import RowList
from library.queries.orders import RandomOrder
from library.queries.tracks import TrackFilter
from library.scanning import purge_missing
from library.scanning.track_rows import Change, TrackWrite
from listening.models import PlayCount
from listening.play_totals import (
    PlayTotal,
    kept_totals,
    play_totals,
    played_filter,
    played_order,
    plays_order,
)
from listening.plays import NewPlay, store_plays
from tests.web.library_rows import join_tracks

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ROOT = "/made-up"
KINDS = ("album", "artist", "folder")
FILTERS: dict[str, type[RowFilter]] = {
    "track": TrackFilter,
    "album": AlbumFilter,
    "artist": ArtistFilter,
}


@pytest.fixture
def user() -> User:
    return User.objects.create(username="lee")


@pytest.fixture
def tracks() -> list[Track]:
    """Of ten albums by four artists."""
    made_up._store([made_up._track(ROOT, number) for number in range(120)])
    made_up._settle()
    return list(Track.objects.order_by("pk"))


def hear(user: User, *track_ids: int, start: datetime = NOON) -> None:
    plays = [
        NewPlay(track_id=pk, started_at=start + timedelta(seconds=number))
        for number, pk in enumerate(track_ids)
    ]
    assert not store_plays(user.pk, plays).refused


def exchange_tags(numbers: Sequence[int]) -> None:
    """Each of these tracks is tagged as the next one, so it goes to another album and artist."""
    writes = []
    for number, other in zip(numbers, [*numbers[1:], numbers[0]], strict=True):
        path = made_up._path(number)
        if (pk := Track.objects.filter(path=path).values_list("pk", flat=True).first()) is None:
            continue
        own, tagged = (made_up._track(ROOT, each) for each in (number, other))
        read = own.read._replace(tags=tagged.tags)
        writes.append(TrackWrite(Change.UPDATED, pk, own.found, read, tagged.tags))
    made_up._store(writes)
    made_up._settle()


def counted_anew(user: User, kind: str) -> dict[int, PlayTotal]:
    kept_totals.cache_clear()
    return dict(play_totals(user.pk, kind))


def test_totals_are_those_of_the_tracks(user: User, tracks: list[Track]) -> None:
    one, other = tracks[0], tracks[40]
    hear(user, one.pk, one.pk, tracks[1].pk, other.pk)
    hear(User.objects.create(username="kim"), other.pk)
    assert play_totals(user.pk, "album") == {
        one.album_id: PlayTotal(3, NOON + timedelta(seconds=2)),
        other.album_id: PlayTotal(1, NOON + timedelta(seconds=3)),
    }
    artists = play_totals(user.pk, "artist")
    assert sorted(total.plays for total in artists.values()) == [1, 3]


@pytest.mark.parametrize("seed", range(3))
def test_kept_totals_are_those_counted_anew(user: User, tracks: list[Track], seed: int) -> None:
    rng = random.Random(seed)
    for step in range(12):
        match rng.randrange(4):
            case 0 | 1:
                ids = [*Track.objects.values_list("pk", flat=True)]
                start = NOON + timedelta(hours=step)
                hear(user, *rng.choices(ids, k=rng.randint(1, 9)), start=start)
            case 2:
                exchange_tags(rng.sample(range(120), 6))
            case 3:
                gone, living = rng.sample([*Track.objects.values_list("pk", flat=True)], 2)
                join_tracks({gone: living})
        kept = {kind: dict(play_totals(user.pk, kind)) for kind in KINDS}
        assert kept == {kind: counted_anew(user, kind) for kind in KINDS}


@pytest.mark.parametrize("search", ["", "river"])
@pytest.mark.parametrize(
    ("kind", "filter_of"),
    [("track", TrackFilter), ("album", AlbumFilter), ("artist", ArtistFilter)],
)
def test_lists_by_plays(
    user: User, tracks: list[Track], kind: str, filter_of: type[RowFilter], search: str
) -> None:
    """What was never heard comes first, in the order of ids; descending it comes last."""
    rng = random.Random(kind)
    hear(user, *(track.pk for track in rng.choices(tracks[:70], k=60)))
    hear(User.objects.create(username="kim"), *(track.pk for track in tracks[60:]))
    totals = {
        pk: PlayTotal(count, last)
        for pk, count, last in PlayCount.objects.filter(user=user).values_list(
            "track", "count", "last_played_at"
        )
    }
    totals = totals if kind == "track" else counted_anew(user, kind)
    wanted = FILTERS[kind](search=search)
    everything = [*wanted.matching().order_by("pk").values_list("pk", flat=True)]
    assert {*everything} & totals.keys()
    for place, order_of in enumerate((plays_order, played_order)):
        values = {pk: str(total[place]).zfill(30) for pk, total in totals.items()}
        expected = sorted(everything, key=lambda pk: (values.get(pk, ""), pk))
        for is_descending in (False, True):
            order = order_of(user.pk, kind, is_descending=is_descending)
            found = RowList(filter=wanted, order=order, state="")
            assert found.ids() == (expected[::-1] if is_descending else expected)
            assert found.page(3, 5).ids == found.ids()[3:8]
    for is_played in (True, False):
        others = (played_filter(user.pk, kind, is_played=is_played),)
        found = RowList(filter=replace(wanted, others=others), order=RandomOrder(1), state="")
        assert {*found.ids()} == {pk for pk in everything if (pk in totals) == is_played}


def test_only_what_changed_is_counted_anew(
    user: User, tracks: list[Track], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    hear(user, *(track.pk for track in tracks))
    play_totals(user.pk, "album")
    with django_assert_num_queries(2):  # the user's number and the library's revision
        play_totals(user.pk, "album")
    hear(user, tracks[0].pk, start=NOON + timedelta(days=1))
    with CaptureQueriesContext(connection) as queries:
        play_totals(user.pk, "album")
    (counted,) = (each["sql"] for each in queries if "SUM" in each["sql"])
    assert re.search(rf"[\[{{]{tracks[0].album_id}[\]}}]", counted)
    assert len(queries) == 7


def test_a_purge_takes_the_plays_of_its_tracks_from_the_totals(
    user: User, tracks: list[Track]
) -> None:
    hear(user, *(each.pk for each in tracks))
    for kind in KINDS:
        play_totals(user.pk, kind)
    gone = [each.pk for each in tracks[:2]]
    Track.objects.filter(pk__in=gone).update(missing_since=NOON)
    purge_missing()
    for kind in KINDS:
        assert play_totals(user.pk, kind) == counted_anew(user, kind)


def test_counts_of_nothing_do_not_count_as_played(user: User, tracks: list[Track]) -> None:
    for kind in KINDS:
        play_totals(user.pk, kind)
    rows = [PlayCount(user=user, track=each, count=0, number=1) for each in tracks[:3]]
    PlayCount.objects.bulk_create(rows)
    for kind in KINDS:
        kept_totals.cache_clear()
        assert play_totals(user.pk, kind) == counted_anew(user, kind) == {}
        if kind in FILTERS:
            played = played_filter(user.pk, kind, is_played=True)
            assert not RowList(
                filter=FILTERS[kind](others=(played,)), order=RandomOrder(1), state=""
            ).ids()
