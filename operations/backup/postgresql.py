"""PostgreSQL: backups by pg_dump; restored by running the SQL that pg_restore prints."""

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

from django.db import Error as DatabaseError
from django.db import connection

from operations.backup.errors import BackupError
from operations.backup.target import MIGRATIONS_TABLE, own_tables

VARIABLES = {"HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD"}
SSL_OPTIONS = ("sslmode", "sslrootcert", "sslcert", "sslkey")
BUSY_SECONDS = 20
COPY_BYTES = 256 * 1024
MAX_COMPLAINT_BYTES = 4096
SCRIPT_OPTIONS = ("--no-owner", "--no-privileges", "--file=-")
_TABLE = re.compile(rb"^\d+; \d+ \d+ TABLE (?!DATA )\S+ (\S+) ", re.MULTILINE)
_COPY = re.compile(rb"COPY \S+ \((.*)\) FROM stdin;\n")
_END_OF_COPY = b"\\.\n"
# Lines to leave out: commands of psql, and a setting that servers before version 17 do not know.
_NO_STATEMENT = re.compile(rb"\\|SET transaction_timeout\b")


def dump(path: Path) -> None:
    """Write the present state of the database to `path`. Other connections do not wait."""
    _run("pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={path}")


def check(path: Path) -> None:
    """Raises BackupError if pg_restore cannot read the whole file."""
    _run("pg_restore", "--file=/dev/null", str(path))


def tables(path: Path) -> set[str]:
    return {name.decode() for name in _TABLE.findall(_run("pg_restore", "--list", str(path)))}


def migrations(path: Path) -> list[list[str]]:
    """App and name of each migration that the database in the backup has had."""
    options = ("--data-only", f"--table={MIGRATIONS_TABLE}", "--file=-")
    lines = BytesIO(_run("pg_restore", *options, str(path)))
    for line in lines:
        if heading := _COPY.fullmatch(line):
            columns = heading[1].decode().split(", ")
            rows = (each.decode().rstrip("\n").split("\t") for each in _data(lines))
            named = (dict(zip(columns, row, strict=False)) for row in rows)
            return [[row.get("app", ""), row.get("name", "")] for row in named]
    return []


_TRIGGER_FUNCTIONS = """
SELECT DISTINCT tgfoid::regprocedure::text FROM pg_trigger
JOIN pg_class ON pg_class.oid = tgrelid
WHERE NOT tgisinternal AND pg_table_is_visible(tgrelid) AND relname = ANY(%s)
"""
"""The functions of the triggers of some tables, quoted where they need it."""


def restore(path: Path, afterwards: str = "") -> None:
    """Replace mus's tables in one transaction. Others that read meanwhile wait, and then see either
    all of the old rows or all of the new ones. `afterwards`: an SQL statement that changes the
    restored rows in the same transaction.

    pg_restore itself would drop only those tables that the backup has, and fail where a table of a
    newer version refers to one of them.
    """
    parameters = connection.get_connection_params()
    in_backup = tables(path)
    try:
        # A separate connection, closed afterwards: the script changes settings of its session.
        with (
            connection.wrap_database_errors,
            connection.Database.connect(**parameters) as own,  # type: ignore[attr-defined]
            own.cursor() as cursor,
        ):
            cursor.execute(f"SET LOCAL lock_timeout = '{BUSY_SECONDS}s'")
            _drop_tables(cursor, in_backup)
            with _output_of("pg_restore", *SCRIPT_OPTIONS, str(path)) as lines:
                _execute(cursor, lines)
            if afterwards:
                cursor.execute("RESET search_path")  # the script has set an empty one
                cursor.execute(afterwards)
    except DatabaseError as error:
        reason = str(error).strip()
        raise BackupError(f"The database does not take the backup: {reason}.") from None
    finally:
        connection.close()


def _drop_tables(cursor: Any, in_backup: set[str]) -> None:
    """Drop mus's own tables, in one statement since they refer to each other, and the functions of
    their triggers, which stay when the tables go.

    Raises DatabaseError if a table or a view of another program refers to one of them.
    """
    names = {table.name for table in connection.introspection.get_table_list(cursor)}
    if MIGRATIONS_TABLE not in names:
        return
    own = names & (in_backup | own_tables(names))
    quoted = map(connection.ops.quote_name, sorted(own))
    cursor.execute(_TRIGGER_FUNCTIONS, [sorted(own)])
    functions = [function for (function,) in cursor.fetchall()]
    cursor.execute(f"DROP TABLE {', '.join(quoted)}")
    for function in functions:
        cursor.execute(f"DROP FUNCTION {function}")


def _execute(cursor: Any, lines: Iterator[bytes]) -> None:
    """Run the SQL script. All statements between two blocks of data are sent together; the server
    splits them."""
    statements: list[bytes] = []
    for line in lines:
        if _NO_STATEMENT.match(line):
            continue
        if not _COPY.fullmatch(line):
            statements.append(line)
            continue
        cursor.execute(b"".join(statements), prepare=False)
        statements.clear()
        with cursor.copy(line) as copy:
            for part in _parts(_data(lines)):
                copy.write(part)
    cursor.execute(b"".join(statements), prepare=False)


def _data(lines: Iterator[bytes]) -> Iterator[bytes]:
    """The lines of a block of data, up to its end mark."""
    for line in lines:
        if line == _END_OF_COPY:
            return
        yield line


def _parts(lines: Iterator[bytes]) -> Iterator[bytes]:
    """The lines joined into parts of about COPY_BYTES: sending each by itself would be slow."""
    part = bytearray()
    for line in lines:
        part += line
        if len(part) > COPY_BYTES:
            yield bytes(part)
            part.clear()
    yield bytes(part)


def _run(program: str, *arguments: str) -> bytes:
    with _output_of(program, *arguments) as output:
        return output.read()


@contextmanager
def _output_of(program: str, *arguments: str) -> Iterator[IO[bytes]]:
    """The output of the program, in a `with` block. If the block raises, the program is killed.

    Raises BackupError at the end of the block if the program failed.
    """
    # The password is passed in the environment: other users can read a process's arguments.
    environment = {**os.environ, **_connection_variables()}
    with TemporaryFile() as complaints:
        try:
            process = subprocess.Popen(
                [program, *arguments], env=environment, stdout=subprocess.PIPE, stderr=complaints
            )
        except FileNotFoundError:
            raise BackupError(
                f"{program} is not installed. It comes with PostgreSQL's client programs, in "
                "Debian the package postgresql-client; its version has to be the server's or newer."
            ) from None
        with process:
            try:
                yield process.stdout  # type: ignore[misc]  # it is a pipe
            except BaseException:
                process.kill()
                raise
        if process.returncode:
            complaints.seek(0)
            reason = complaints.read(MAX_COMPLAINT_BYTES).decode(errors="replace").strip()
            raise BackupError(f"{program} failed: {reason}")


def _connection_variables() -> dict[str, str]:
    given = connection.settings_dict
    found = {VARIABLES[name]: given[name] for name in VARIABLES}
    found["PGDATABASE"] = given["NAME"]
    options = given.get("OPTIONS", {})
    found |= {f"PG{name.upper()}": options.get(name) for name in SSL_OPTIONS}
    return {name: str(value) for name, value in found.items() if value}
