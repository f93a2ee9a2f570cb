"""Rows that are looked up by their values, however many these are."""

import sqlite3
from collections.abc import Iterator

import pytest
from django.db import connection

from library.models.folders import Folder
from library.scanning.lookup import VALUES_AT_ONCE, rows_among

pytestmark = pytest.mark.django_db
VARIABLES_BY_DEFAULT = 32_766


@pytest.fixture
def few_variables() -> Iterator[None]:
    """SQLite as it is built by default; some distributions raise the limit."""
    connection.ensure_connection()
    if connection.vendor != "sqlite":
        yield
        return
    database: sqlite3.Connection = connection.connection
    kind = sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER
    limit = database.setlimit(kind, VARIABLES_BY_DEFAULT)
    yield
    database.setlimit(kind, limit)


@pytest.mark.usefixtures("few_variables")
def test_more_values_than_a_statement_takes() -> None:
    folders = [Folder(root="/music", path=f"{number}", name=f"{number}") for number in range(3)]
    for folder in folders:
        folder.save()
    others = range(10**9, 10**9 + 2 * VALUES_AT_ONCE)
    found = rows_among(Folder, ("path",), "id", [folders[0].pk, *others, folders[2].pk])
    assert sorted(found) == [("0",), ("2",)]
    assert rows_among(Folder, ("path",), "id", []) == []
