"""Django system checks of the database: it can be opened and written, and is recent enough."""

import os
from collections.abc import Iterator, Sequence
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import DEFAULT_DB_ALIAS, connections
from django.db import Error as DatabaseError

MIN_POSTGRESQL = 15_00_00
"""PostgreSQL's own numbering: 15.0 is 150000."""


def check_database(databases: Sequence[str] | None = None, **_: object) -> list[CheckMessage]:
    """The problems of each database in `databases`.

    Tagged `database`, so Django runs this check only for `check --database`.
    """
    return [problem for alias in databases or () for problem in _check_connection(alias)]


def check_database_server() -> list[CheckMessage]:
    """Why PostgreSQL cannot be used, before a command starts to use it; empty for SQLite.

    PostgreSQL's connection pool would wait and then report only a timeout. SQLite needs no such
    check: it reports the cause at once.
    """
    if connections[DEFAULT_DB_ALIAS].vendor != "postgresql":
        return []
    return check_database([DEFAULT_DB_ALIAS])


def _check_connection(alias: str) -> Iterator[CheckMessage]:
    connection = connections[alias]
    name = _name_database(connection.settings_dict)
    try:
        version = _reach(connection)
    except DatabaseError as error:
        yield Error(
            f"DATABASE_URL: the database {name} cannot be used: {str(error).strip()}.",
            hint="Check that it exists, that mus may open it and, if it is a server, that the "
            "server runs. DATABASE_URL says which database is used.",
            id="library.E007",
        )
        return
    if version and version < MIN_POSTGRESQL:
        yield Error(
            f"DATABASE_URL: the database {name} is one of PostgreSQL {version // 10_000}.",
            hint=f"mus needs PostgreSQL {MIN_POSTGRESQL // 10_000} or later: upgrade the server "
            "(pg_upgrade), or name another one.",
            id="library.E009",
        )
    if connection.vendor == "sqlite" and not os.access(connection.settings_dict["NAME"], os.W_OK):
        yield Error(
            f"The database {name} cannot be written to by the user who runs mus.",
            hint="Another user may have created it. Give it to the user who runs mus (chown).",
            id="library.E008",
        )


def _reach(connection: Any) -> int:
    """Connect to the database; the version of a PostgreSQL server, 0 for SQLite.

    Raises DatabaseError. Bypasses the connection pool, which would wait and report only a timeout.
    """
    if connection.vendor == "postgresql":
        parameters = connection.get_connection_params()
        with connection.wrap_database_errors, connection.Database.connect(**parameters) as own:
            return int(own.info.server_version)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return 0


def _name_database(connection_settings: dict[str, Any]) -> str:
    """The database's name and host, without user and password."""
    server = connection_settings["HOST"]
    return f"{connection_settings['NAME']}{f' on {server}' if server else ''}"
