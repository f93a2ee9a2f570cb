"""Aggregates that two connections to PostgreSQL find side by side."""

from collections.abc import Iterator
from concurrent.futures import Future
from threading import Event

import pytest
from django.db import DataError, connection
from django.db.models import CharField, Count, F, Func, IntegerField, Max, Sum
from django.db.models.functions import Cast
from django.test import Client

from library import postgresql_halves
from library.models import Track
from library.postgresql_halves import in_halves
from library.postgresql_lists import Matching, searched, shuffled, shuffled_part
from tests.api.library import get
from tests.databases import IS_POSTGRESQL
from tests.web.library_rows import make_scan, make_track, make_tracks

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not IS_POSTGRESQL, reason="of PostgreSQL alone"),
]


@pytest.fixture(autouse=True)
def few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgresql_halves, "_FEW_IDS", 10)


@pytest.fixture
def other_work() -> Iterator[Future[bool]]:
    """Of the helper, until the test is over."""
    is_over = Event()
    task = postgresql_halves._helper.submit(is_over.wait, 60)
    yield task
    is_over.set()
    task.result()


def make_library() -> None:
    make_tracks(30, search_text="some")
    make_tracks(70, search_text="most")


def assert_finds_all() -> None:
    present = Track.objects.present()
    some = frozenset(present.filter(search_text="some").values_list("pk", flat=True))
    assert searched("some") == Matching(30, some, are_others=False)
    assert searched("most") == Matching(70, some, are_others=True)
    order = list(shuffled(present, 3).values_list("pk", flat=True))
    assert shuffled_part(present, 100, 3, 20, 60) == order[20:60]


def test_two_halves_are_the_whole() -> None:
    make_library()
    assert len(in_halves(Track.objects.present(), sum=Sum("pk"))) == 2
    assert_finds_all()


def test_each_connection_finds_one_half() -> None:
    make_library()
    pause = Max(Cast(Func(0.005, function="PG_SLEEP"), CharField()))  # for each track
    process = Max(Func(function="PG_BACKEND_PID", output_field=IntegerField()))
    halves = in_halves(Track.objects.present(), process=process, pause=pause, count=Count("pk"))
    assert len({half["process"] for half in halves}) == 2
    assert sorted(half["count"] for half in halves) == [50, 50]


def test_the_helper_is_not_waited_for_while_it_is_busy(other_work: Future[bool]) -> None:
    make_library()
    assert len(in_halves(Track.objects.present(), sum=Sum("pk"))) == 2
    assert_finds_all()
    assert not other_work.done()


def test_where_all_connections_are_taken_one_does_it_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_library()
    pool = connection.pool  # type: ignore[attr-defined]  # of the database that is tested
    taken = [pool.getconn() for _ in range(pool.max_size - 1)]
    try:
        assert_finds_all()
    finally:
        for one in taken:
            pool.putconn(one)


def test_a_library_without_tracks_and_a_small_one_are_not_divided() -> None:
    tracks = Track.objects.present()
    assert in_halves(tracks, sum=Sum("pk")) == [{"sum": None}]
    track = make_track()
    assert in_halves(tracks, sum=Sum("pk")) == [{"sum": track.pk}]


@pytest.mark.django_db(transaction=False)
def test_what_a_transaction_has_written_it_finds_itself() -> None:
    make_library()
    assert len(in_halves(Track.objects.present(), sum=Sum("pk"))) == 1
    assert_finds_all()


@pytest.mark.parametrize("place", ["first", "last"])
def test_an_error_in_either_half_is_raised(place: str) -> None:
    make_library()
    pk = getattr(Track.objects.order_by("pk"), place)().pk
    with pytest.raises(DataError, match="division by zero"):
        in_halves(Track.objects.annotate(quotient=1 / (F("pk") - pk)), sum=Sum("quotient"))
    assert_finds_all()


def test_lists_agree_whether_they_are_found_in_halves_or_not(
    api: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_library()
    queries = [f"q={q}&sort={sort}" for q in ("some", "most", "") for sort in ("title", "random")]

    def ids() -> list[list[int]]:
        make_scan(added=1)  # nothing kept is of use any more
        pages = [get(api, f"tracks?{query}&seed=2&offset=5") for query in queries]
        return [[row["id"] for row in page["results"]] for page in pages]

    divided = ids()
    assert [len(page) for page in divided] == [25, 25, 65, 65, 95, 95]
    monkeypatch.setattr(postgresql_halves, "_FEW_IDS", 1_000)
    assert divided == ids()
