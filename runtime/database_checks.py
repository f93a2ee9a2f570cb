"""System checks of the database: whether it can be opened and is recent enough; each has a hint."""

import os
from collections.abc import Iterator, Sequence
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import DEFAULT_DB_ALIAS, connections
from django.db import Error as DatabaseError

MIN_POSTGRESQL = 15_00_00
"""As the server itself numbers its versions."""


def check_database(databases: Sequence[str] | None = None, **_: object) -> list[CheckMessage]:
    """Whether each of `databases` can be opened; tagged `database`, so run only when asked for."""
    return [problem for alias in databases or () for problem in _check_connection(alias)]


def check_database_server() -> list[CheckMessage]:
    """Why a command that needs the database could not begin. Only a server's pool of connections
    waits, and then says no more than that it waited; SQLite says at once what is wrong."""
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
            hint="Look whether it is there, whether mus may open it, and, if it is a server, "
            "whether it runs; DATABASE_URL says which one is used.",
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
            hint="Give the file to that user (chown); it may have been made by another one.",
            id="library.E008",
        )


def _reach(connection: Any) -> int:
    """The version of a PostgreSQL server; 0 for SQLite. Raises DatabaseError.

    Beside the pool, which would wait, and say only that it had waited.
    """
    if connection.vendor == "postgresql":
        parameters = connection.get_connection_params()
        with connection.wrap_database_errors, connection.Database.connect(**parameters) as own:
            return int(own.info.server_version)
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return 0


def _name_database(connection_settings: dict[str, Any]) -> str:
    """Never with its user or password."""
    server = connection_settings["HOST"]
    return f"{connection_settings['NAME']}{f' on {server}' if server else ''}"
