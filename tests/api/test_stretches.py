"""Lists that two connections to the database look for side by side, stretch by stretch."""

from collections.abc import Iterator
from concurrent.futures import Future
from threading import Event
from time import monotonic

import pytest
from django.db import DataError, connection
from django.db.models import CharField, Count, F, Func, IntegerField, Max, Sum
from django.db.models.functions import Cast
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from library.models.catalogue import Track
from library.queries import stretches
from library.queries.orders import TRACK_ORDERS
from library.queries.stretches import in_stretches, stretches_of
from tests.api.library import get
from tests.databases import IS_POSTGRESQL
from tests.kept_lists import forget_lists
from tests.web.library_rows import make_album, make_scan, make_track, make_tracks

pytestmark = pytest.mark.django_db(transaction=True)
of_postgresql = pytest.mark.skipif(not IS_POSTGRESQL, reason="of PostgreSQL alone")
COLUMNS = sorted({order[0] for order in TRACK_ORDERS.values() if not order[0].startswith("-")})


@pytest.fixture(autouse=True)
def few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stretches, "_FEW_IDS", 10)


@pytest.fixture
def other_work() -> Iterator[Future[bool]]:
    """Of the helper, until the test is over."""
    is_over = Event()
    task = stretches._helper.submit(is_over.wait, 60)
    yield task
    is_over.set()
    task.result()


def make_library() -> None:
    """A hundred tracks in four years, and twenty without one."""
    for year in (1959, 1964, 1970, 1999):
        make_tracks(25, year=year, title_key=f"{year}", search_text=f"{year} often")
    make_tracks(20, title_key="none", search_text="seldom")


def counts(column: str) -> list[int]:
    found = in_stretches(Track.objects.present(), stretches_of(column), count=Count("pk"))
    return [each["count"] for each in found]


def test_stretches_are_of_about_one_length_and_in_order() -> None:
    make_library()
    assert counts("added_at") == [30, 30, 30, 30]
    assert counts("year") == [20, 25, 25, 25, 25]


@pytest.mark.parametrize("column", COLUMNS)
def test_each_track_is_in_one_stretch_of_any_order(column: str) -> None:
    make_library()
    tracks = Track.objects.present()
    found = [
        list(tracks.filter(each).order_by(F(column).asc(nulls_first=True)).values_list(column))
        for each in stretches_of(column)
    ]
    in_order = tracks.order_by(F(column).asc(nulls_first=True)).values_list(column)
    assert [row for stretch in found for row in stretch] == list(in_order)


def test_stretches_are_kept_for_a_minute_whatever_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    make_library()
    assert counts("added_at") == [30, 30, 30, 30]
    make_tracks(40)
    assert counts("added_at") == [30, 30, 30, 70]
    now = monotonic()
    monkeypatch.setattr(stretches, "monotonic", lambda: now + 60)
    assert counts("added_at") == [40, 40, 40, 40]


@of_postgresql
def test_each_connection_looks_at_some() -> None:
    make_library()
    pause = Max(Cast(Func(0.005, function="PG_SLEEP"), CharField()))  # for each track
    process = Max(Func(function="PG_BACKEND_PID", output_field=IntegerField()))
    found = in_stretches(
        Track.objects.present(), stretches_of("year"), process=process, pause=pause
    )
    assert len({each["process"] for each in found} - {None}) == 2


def assert_finds_all(api: Client) -> None:
    for query, number in (("q=often&sort=year", 100), ("q=seldom", 20), ("sort=random", 120)):
        page = get(api, f"tracks?{query}&limit=500")
        assert page["count"] == len(page["results"]) == number


def test_the_helper_is_not_waited_for_while_it_is_busy(
    api: Client, other_work: Future[bool]
) -> None:
    make_library()
    assert len(counts("year")) == 5
    assert_finds_all(api)
    assert not other_work.done()


@of_postgresql
def test_where_all_connections_are_taken_one_does_it_alone(api: Client) -> None:
    make_library()
    pool = connection.pool  # type: ignore[attr-defined]  # of the database that is tested
    taken = [pool.getconn() for _ in range(pool.max_size - 1)]
    try:
        assert_finds_all(api)
    finally:
        for one in taken:
            pool.putconn(one)


def test_a_library_without_tracks_and_a_small_one_are_one_stretch() -> None:
    assert counts("title_key") == [0]
    make_track()
    forget_lists()
    assert counts("title_key") == [1]


@pytest.mark.django_db(transaction=False)
def test_what_a_transaction_has_written_it_finds_itself(api: Client) -> None:
    make_library()
    assert counts("added_at") == [30, 30, 30, 30]
    assert_finds_all(api)


@of_postgresql
@pytest.mark.parametrize("place", ["first", "last"])
def test_an_error_in_any_stretch_is_raised(api: Client, place: str) -> None:
    make_library()
    pk = getattr(Track.objects.order_by("pk"), place)().pk
    tracks = Track.objects.annotate(quotient=1 / (F("pk") - pk))
    with pytest.raises(DataError, match="division by zero"):
        in_stretches(tracks, stretches_of("year"), sum=Sum("quotient"))
    assert_finds_all(api)


def test_few_tracks_that_an_index_finds_are_not_looked_for_in_stretches(
    api: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    make_library()
    album = make_album("Kind of Blue")
    make_tracks(5, album=album)
    with django_assert_num_queries(6):  # session, user, revision; which, in order, rows
        assert get(api, f"tracks?album={album.pk}&sort=album")["count"] == 5


def test_lists_agree_whether_they_are_found_in_stretches_or_not(
    api: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_library()
    sorts = [*TRACK_ORDERS, "random"]
    queries = [f"q={q}&sort={sort}" for q in ("seldom", "often", "1970", "") for sort in sorts]

    def ids() -> list[list[int]]:
        make_scan(added=1)
        forget_lists()
        offsets = (0, 15, 45, 60, 95, 110)
        return [
            [row["id"] for row in get(api, f"tracks?{query}&offset={offset}&limit=20")["results"]]
            for query in queries
            for offset in offsets
        ] + [get(api, f"tracks/ids?{query}")["ids"] for query in queries]

    divided = ids()
    monkeypatch.setattr(stretches, "_FEW_IDS", 1_000)
    assert divided == ids()
    assert len({tuple(each) for each in divided}) > 50
