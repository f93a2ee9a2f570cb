"""PostgreSQL: by its own pg_dump and pg_restore, each within one transaction."""

import os
import subprocess
from pathlib import Path

from django.db import connection

from library.backup.errors import BackupError

VARIABLES = {"HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD"}
SSL_OPTIONS = ("sslmode", "sslrootcert", "sslcert", "sslkey")


def dump(path: Path) -> None:
    """The database as it is at this moment; nobody waits."""
    _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={path}")


def check(path: Path) -> None:
    """Raises BackupError where pg_restore cannot read the list of what is in it."""
    _run("pg_restore", "--list", str(path))


def restore(path: Path) -> None:
    """In one transaction: whoever reads waits, and sees the old rows or the new ones."""
    connection.close()
    _run(
        *("pg_restore", "--single-transaction", "--clean", "--if-exists", "--exit-on-error"),
        *("--no-owner", "--no-privileges", f"--dbname={connection.settings_dict['NAME']}"),
        str(path),
    )


def _run(program: str, *arguments: str) -> None:
    # The password goes by the environment: others can read the arguments of a process.
    environment = {**os.environ, **_connection_variables()}
    try:
        done = subprocess.run(
            [program, *arguments], env=environment, capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        raise BackupError(
            f"{program} is not installed. It comes with PostgreSQL's client programs, in Debian "
            "the package postgresql-client; its version has to be the server's or newer."
        ) from None
    if done.returncode:
        raise BackupError(f"{program} failed: {done.stderr.strip()}")


def _connection_variables() -> dict[str, str]:
    given = connection.settings_dict
    found = {VARIABLES[name]: given[name] for name in VARIABLES}
    found["PGDATABASE"] = given["NAME"]
    options = given.get("OPTIONS", {})
    found |= {f"PG{name.upper()}": options.get(name) for name in SSL_OPTIONS}
    return {name: str(value) for name, value in found.items() if value}
