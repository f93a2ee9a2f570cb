"""Queries whose SQL is written once: later values, converted columns, parts, threads."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import close_old_connections, connection
from django.db.models import F, QuerySet
from django.test.utils import CaptureQueriesContext

from library.models.catalogue import Track
from library.queries.prepared import IsAmong, PreparedQuery, given, ids_value
from tests.web.library_rows import make_track

pytestmark = pytest.mark.django_db(transaction=True)
COLUMNS = ("pk", "artists", "added_at", "has_cover", "year")


def of_year() -> QuerySet[Any, Any]:
    return Track.objects.filter(year=given()).order_by("pk").values_list(*COLUMNS)


def among() -> QuerySet[Any, Any]:
    return Track.objects.filter(IsAmong(F("pk"), given())).order_by("pk").values_list("pk")


def as_django_finds(year: int) -> list[tuple[Any, ...]]:
    return list(Track.objects.filter(year=year).order_by("pk").values_list(*COLUMNS))


def test_rows_are_those_of_the_queryset_for_each_value() -> None:
    added_at = datetime(2020, 2, 29, 12, 30, 15, 123456, UTC)
    make_track(year=1999, artists=["Björk", 'A "B"'], added_at=added_at)
    make_track(year=2001, has_cover=True, cover_id="c0ffee")
    query = PreparedQuery(of_year)
    for year in (1999, 2001, 1850, 1999):
        assert [tuple(row) for row in query.rows(year)] == as_django_finds(year)


def test_the_sql_is_written_once_and_each_run_is_one_query() -> None:
    written: list[int] = []

    def make() -> QuerySet[Any, Any]:
        written.append(1)
        return of_year()

    query = PreparedQuery(make)
    with CaptureQueriesContext(connection) as queries:
        for year in (1, 2, 3):
            query.rows(year)
    assert len(written) == 1
    assert len(queries) == 3


def test_parts_of_many_ids_and_of_none() -> None:
    ids = sorted(make_track().pk for _ in range(5))
    query = PreparedQuery(among)
    assert [pk for (pk,) in query.part(1, 2, ids_value(ids[:4]))] == ids[1:3]
    assert [pk for (pk,) in query.part(3, 9, ids_value(ids[:4]))] == ids[3:4]
    assert query.rows(ids_value([])) == []
    assert query.rows(ids_value([2**63 - 1])) == []


def test_each_thread_has_its_own_connection() -> None:
    make_track(year=1999)
    query = PreparedQuery(of_year)
    expected = [list(row) for row in as_django_finds(1999)]
    assert [list(row) for row in query.rows(1999)] == expected

    def find(year: int) -> list[Any]:
        try:
            return [list(row) for row in query.rows(year)]
        finally:
            connection.close()
            close_old_connections()

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(find, [1999] * 20)) == [expected] * 20
