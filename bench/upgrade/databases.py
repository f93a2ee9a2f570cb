"""A library's database, SQLite or PostgreSQL, read and written without Django: the schema may be
that of either version."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import dict_row
from psycopg.types.json import set_json_loads

BUSY_S = 30
Row = dict[str, Any]


class Database:
    """`place`: the file of SQLite, or the URL of PostgreSQL. A `?` stands for each parameter."""

    def __init__(self, place: Path | str) -> None:
        self._place = place

    @property
    def url(self) -> str:
        place = self._place
        return place if isinstance(place, str) else f"sqlite:///{place}"

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        if isinstance(self._place, str):
            with psycopg.connect(self._place, row_factory=dict_row) as connection:
                set_json_loads(_as_text, connection)  # as SQLite has it
                return connection.execute(_as_psycopg(sql), parameters).fetchall()
        with closing(sqlite3.connect(self._place, timeout=BUSY_S)) as database:
            database.row_factory = sqlite3.Row
            return [dict(row) for row in database.execute(sql, parameters)]

    def execute(self, sql: str, parameters: Sequence[object] = ()) -> None:
        if isinstance(self._place, str):
            with psycopg.connect(self._place) as connection:
                connection.execute(_as_psycopg(sql), parameters)
            return
        with closing(sqlite3.connect(self._place, timeout=BUSY_S)) as database, database:
            database.execute(sql, parameters)


def _as_text(json: str | bytes) -> str:
    return json if isinstance(json, str) else json.decode()


def _as_psycopg(sql: str) -> bytes:
    return sql.replace("%", "%%").replace("?", "%s").encode()
