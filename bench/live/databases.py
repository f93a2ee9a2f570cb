"""The databases that a benchmark measures with."""

from collections.abc import Iterator

from rich.console import Console

from tests.services import NotInstalled, PostgresqlServer


def each_database(console: Console) -> Iterator[tuple[str, str]]:
    """The name and the URL of each, empty for SQLite; PostgreSQL only if it is installed."""
    yield "SQLite", ""
    try:
        with PostgresqlServer() as server:
            yield "PostgreSQL", server.create("mus")
    except NotInstalled as error:
        console.print(f"PostgreSQL is skipped: {error}", markup=False)
