"""A PostgreSQL server whose databases are made in a moment and need not outlive a power cut."""

import signal
import subprocess

import psycopg
from psycopg import sql

from tests.services.server import DoesNotStart, Server, program, unprivileged_user

USER = "mus"
PLACES = "usr/lib/postgresql/*/bin"  # Debian keeps it off PATH
OPTIONS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "log_min_messages": "fatal",
}


class PostgresqlServer(Server):
    """Sorts as English does unless told otherwise, so that an order which should not depend on a
    language is found out where it does."""

    name = "postgresql"
    end_signal = signal.SIGINT  # "fast": connections are ended
    user = unprivileged_user()

    def prepare(self) -> None:
        initdb = program("initdb", "postgresql", PLACES)
        arguments = ["--no-sync", "--auth=trust", "--encoding=UTF8", f"--username={USER}"]
        collation = ["--locale-provider=icu", "--icu-locale=en-US", "--locale=C.UTF-8"]
        made = subprocess.run(
            [initdb, *arguments, *collation, f"--pgdata={self.folder / 'cluster'}"],
            user=self.user,
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode:
            raise DoesNotStart(f"initdb: {made.stderr}")

    def command(self) -> list[str]:
        options = [part for name, value in OPTIONS.items() for part in ("-c", f"{name}={value}")]
        place = ["-D", str(self.folder / "cluster"), "-p", str(self.port)]
        return [program("postgres", "postgresql", PLACES), *place, *options]

    def answers(self) -> bool:
        try:
            psycopg.connect(self.url("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def url(self, database: str) -> str:
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{database}"

    def create(self, database: str, template: str = "template0") -> str:
        """The URL of a new database, a copy of `template`, which nobody may be using."""
        create_database(self.url("postgres"), database, template)
        return self.url(database)


def create_database(server_url: str, database: str, template: str = "template0") -> None:
    """Take the place of a database of that name, if there is one."""
    drop_database(server_url, database)
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
                sql.Identifier(database), sql.Identifier(template)
            )
        )


def drop_database(server_url: str, database: str) -> None:
    """Whoever still uses it."""
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database))
        )
