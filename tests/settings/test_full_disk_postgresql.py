"""A disk of PostgreSQL without room: a real one, in memory, that holds a database and nothing else.

What PostgreSQL writes ahead lies elsewhere; where that has no room, it ends and cannot begin.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest

from tests.audio_files import make_audio
from tests.databases import IS_POSTGRESQL
from tests.library.scanning.conftest import Installation
from tests.services import PostgresqlServer
from tests.settings.test_full_disk import FAILED, small_disk_at
from tests.web.served import serve

pytestmark = [
    pytest.mark.server,
    pytest.mark.skipif(IS_POSTGRESQL, reason="starts a PostgreSQL of its own: once is enough"),
]

FILES = 2_000
BATCH = 100


@pytest.fixture
def disk(postgresql_server: PostgresqlServer) -> Iterator[Path]:
    folder = postgresql_server.folder / "small"
    with small_disk_at(folder, "size=64m"):
        shutil.chown(folder, postgresql_server.user or os.geteuid())
        yield folder


@pytest.fixture
def installation(
    tmp_path: Path, disk: Path, postgresql_server: PostgresqlServer
) -> Iterator[Installation]:
    """Whose database is on the small disk."""
    made = Installation(tmp_path / "installation")
    made.environment["DATABASE_URL"] = postgresql_server.create("full")
    with psycopg.connect(postgresql_server.url("postgres"), autocommit=True) as connection:
        # It makes each new connection write a file anew, for which there is no room later.
        connection.execute("ALTER SYSTEM SET autovacuum = off")
        connection.execute("SELECT pg_reload_conf()")
        connection.execute(f"CREATE TABLESPACE small LOCATION '{disk}'".encode())
        connection.execute('ALTER DATABASE "full" SET TABLESPACE small')
        assert made.manage("migrate", "--verbosity", "0").returncode == 0
        yield made
        connection.execute('DROP DATABASE "full" WITH (FORCE)')
        connection.execute("DROP TABLESPACE small")
        connection.execute("ALTER SYSTEM RESET autovacuum")
        connection.execute("SELECT pg_reload_conf()")


def test_scans_fail_with_a_message_people_go_on_listening_and_nothing_is_lost(
    installation: Installation, disk: Path, tmp_path: Path
) -> None:
    for number in range(FILES):
        long = f"{os.urandom(100).hex()}{number}"
        make_audio(installation.music / f"{number}.flac", title=long, artist=long, album=long)
    usage = os.statvfs(disk)
    left = usage.f_bavail * usage.f_frsize
    (disk / "filling").write_bytes(b"\0" * (left - 3_000_000))
    report = installation.scan("--batch-size", str(BATCH))
    assert report["exit_code"] == FAILED
    assert "The disk that holds the database is full." in report["message"]
    committed = tracks(installation)
    assert 0 < committed < FILES
    assert committed % BATCH == 0
    url = installation.environment["DATABASE_URL"]
    with serve(tmp_path / "installation", None, "--no-scan", DATABASE_URL=url) as server:
        assert httpx.get(f"{server.url}/healthz").status_code == 200
        assert httpx.get(f"{server.url}/login/").status_code == 200
    (disk / "filling").unlink()
    again = installation.scan()
    assert again["exit_code"] == 0
    assert again["counts"]["added"] == FILES - committed


def tracks(installation: Installation) -> int:
    with psycopg.connect(installation.environment["DATABASE_URL"]) as connection:
        row = connection.execute("SELECT count(*) FROM library_track").fetchone()
        assert row
        return int(row[0])
