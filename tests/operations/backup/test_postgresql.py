"""A backup of an installation on PostgreSQL, by PostgreSQL's own programs."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.audio_files import make_audio
from tests.events.browsers import wait_until
from tests.library.scanning.conftest import Installation
from tests.operations.backup.archives import members_of, with_facts, write
from tests.operations.backup.conftest import FAILED, REFUSED, USER
from tests.operations.backup.rows import without_restores
from tests.services import PostgresqlServer

pytestmark = pytest.mark.server

Ended = Callable[[subprocess.Popen[str]], subprocess.Popen[str]]

TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"


def house(
    folder: Path, server: PostgresqlServer, database: str, template: str = "template0"
) -> Installation:
    made = Installation(folder / database)
    made.environment["DATABASE_URL"] = server.create(database, template)
    return made


def all_rows(installation: Installation) -> dict[str, list[tuple[Any, ...]]]:
    with psycopg.connect(installation.environment["DATABASE_URL"]) as connection:
        names = [row[0] for row in connection.execute(TABLES).fetchall()]
        select = psycopg.sql.SQL("SELECT * FROM {}")
        return without_restores(
            {
                name: sorted(
                    connection.execute(select.format(psycopg.sql.Identifier(name))).fetchall(),
                    key=repr,
                )
                for name in names
            }
        )


@pytest.fixture(scope="module")
def migrated(
    tmp_path_factory: pytest.TempPathFactory, postgresql_server: PostgresqlServer
) -> Installation:
    """Empty, and to be copied."""
    made = house(tmp_path_factory.mktemp("backup"), postgresql_server, "migrated")
    assert made.manage("migrate", "--verbosity", "0").returncode == 0
    return made


@pytest.fixture(scope="module")
def filled_once(
    tmp_path_factory: pytest.TempPathFactory,
    postgresql_server: PostgresqlServer,
    migrated: Installation,
) -> Installation:
    made = house(
        tmp_path_factory.mktemp("backup"), postgresql_server, "filled_once", template="migrated"
    )
    shutil.copytree(migrated.data, made.data)
    for number in range(3):
        make_audio(made.music / f"{number}.flac", title=f"Track {number}")
    assert made.scan()["exit_code"] == 0
    assert made.manage("shell", "--no-imports", "-c", USER).returncode == 0
    return made


@pytest.fixture
def filled(
    tmp_path: Path, postgresql_server: PostgresqlServer, filled_once: Installation
) -> Installation:
    """Three tracks and one user."""
    made = house(tmp_path, postgresql_server, "filled", template="filled_once")
    shutil.copytree(filled_once.data, made.data)
    return made


def test_restored_elsewhere_every_row_is_the_same_and_only_by_force_replaces_others(
    filled: Installation, tmp_path: Path, postgresql_server: PostgresqlServer
) -> None:
    path = tmp_path / "backup.tar.gz"
    done = filled.manage("backup_library", str(path))
    assert done.returncode == 0, done.stderr
    other = house(tmp_path, postgresql_server, "other")
    for options, code in (([], 0), ([], REFUSED), (["--force"], 0)):
        done = other.manage("restore_library", *options, str(path))
        assert done.returncode == code, done.stderr
        rows = all_rows(other)
        assert rows == all_rows(filled)
    assert len(rows["library_track"]) == 3
    assert (
        "is not empty: it has 1 users, 3 tracks"
        in other.manage("restore_library", str(path)).stderr
    )
    make_audio(other.music / "another.flac", title="Another")
    assert other.scan("--allow-empty")["exit_code"] == 0  # numbers go on where they were
    nowhere = Installation(tmp_path / "on sqlite")
    nowhere.environment.pop("DATABASE_URL", None)
    done = nowhere.manage("restore_library", str(path))
    assert done.returncode == REFUSED
    assert "of a postgresql database" in done.stderr


def test_a_backup_during_a_scan_has_whole_batches_and_the_next_scan_finishes_the_work(
    tmp_path: Path, postgresql_server: PostgresqlServer, migrated: Installation, ended: Ended
) -> None:
    scanned = house(tmp_path, postgresql_server, "scanned", template="migrated")
    for number in range(400):
        make_audio(scanned.music / f"{number}.flac", title=f"{number}")
    scan = ended(scanned.start("scan_tracks", "--batch-size", "20", "--quiet"))
    wait_until(lambda: all_rows(scanned)["library_track"])
    scan.send_signal(signal.SIGSTOP)
    path = tmp_path / "backup.tar.gz"
    done = scanned.manage("backup_library", str(path))
    assert done.returncode == 0, done.stderr
    scan.send_signal(signal.SIGCONT)
    scan.communicate()
    other = house(tmp_path, postgresql_server, "other")
    assert other.manage("restore_library", str(path)).returncode == 0
    saved, now = all_rows(other), all_rows(scanned)
    assert 0 < len(saved["library_track"]) < len(now["library_track"]) == 400
    assert len(saved["library_track"]) % 20 == 0
    for name in ("library_track", "library_artist", "library_trackartist"):
        assert set(map(repr, saved[name])) <= set(map(repr, now[name]))
    shutil.copytree(scanned.music, other.music, dirs_exist_ok=True)
    assert other.scan()["exit_code"] == 0
    assert len(all_rows(other)["library_track"]) == 400


def test_a_backup_of_an_older_version_replaces_tables_of_a_newer_one(
    filled: Installation, tmp_path: Path, postgresql_server: PostgresqlServer
) -> None:
    path = tmp_path / "backup.tar.gz"
    assert filled.manage("backup_library", str(path)).returncode == 0
    before = all_rows(filled)
    with psycopg.connect(filled.environment["DATABASE_URL"]) as connection:
        connection.execute(
            "CREATE TABLE library_later (track_id bigint REFERENCES library_track (id))"
        )
        connection.execute("INSERT INTO library_later SELECT id FROM library_track")
        connection.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('library', '0999', now())"
        )
        connection.execute("CREATE TABLE recipes (name text)")
    done = filled.manage("restore_library", str(path))
    assert done.returncode == REFUSED
    done = filled.manage("restore_library", "--force", str(path))
    assert done.returncode == 0, done.stderr
    rows = all_rows(filled)
    assert rows.pop("recipes") == []
    assert rows == before
    assert filled.manage("check", "--database", "default").returncode == 0


def test_tables_of_something_else_stay_also_where_their_names_begin_like_those_of_mus(
    filled: Installation, tmp_path: Path
) -> None:
    path = tmp_path / "backup.tar.gz"
    assert filled.manage("backup_library", str(path)).returncode == 0
    before = all_rows(filled)
    others = {"library_loans", "events_calendar", "auth_tokens", "axes_drawn", "django_notes"}
    with psycopg.connect(filled.environment["DATABASE_URL"]) as connection:
        for name in others:
            connection.execute(f"CREATE TABLE {name} AS SELECT 'theirs' AS owner")
    done = filled.manage("restore_library", "--force", str(path))
    assert done.returncode == 0, done.stderr
    rows = all_rows(filled)
    assert [rows.pop(name) for name in others] == [[("theirs",)]] * len(others)
    assert rows == before


def test_what_is_no_database_of_mus_is_not_restored(
    filled: Installation, tmp_path: Path, postgresql_server: PostgresqlServer
) -> None:
    for number, statement in enumerate(
        ("DROP TABLE library_scanfailure", "DELETE FROM django_migrations WHERE app = 'library'")
    ):
        whole = tmp_path / f"whole {number}.tar.gz"
        assert filled.manage("backup_library", str(whole)).returncode == 0
        other = house(tmp_path, postgresql_server, f"other{number}")
        assert other.manage("restore_library", str(whole)).returncode == 0
        with psycopg.connect(other.environment["DATABASE_URL"]) as connection:
            connection.execute(statement)
        worse = tmp_path / f"worse {number}.tar.gz"
        assert other.manage("backup_library", str(worse)).returncode == 0
        told = with_facts(worse, migrations=json.loads(members_of(whole)[0][1])["migrations"])
        before = all_rows(filled)
        done = filled.manage("restore_library", "--force", str(told))
        assert done.returncode == FAILED
        assert "no table library_scanfailure" in done.stderr or "migrations" in done.stderr
        assert all_rows(filled) == before


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP])
def test_a_restore_that_is_ended_in_the_midst_leaves_what_was_there(
    filled: Installation, tmp_path: Path, ended: Ended, number: signal.Signals
) -> None:
    path = tmp_path / "backup.tar.gz"
    assert filled.manage("backup_library", str(path)).returncode == 0
    before = all_rows(filled)
    with psycopg.connect(filled.environment["DATABASE_URL"]) as reader:
        reader.execute("SELECT 1 FROM library_track")  # for whom the restore waits
        restore = ended(filled.start("restore_library", "--force", str(path)))
        with psycopg.connect(filled.environment["DATABASE_URL"], autocommit=True) as other:
            waits = "SELECT 1 FROM pg_stat_activity WHERE query LIKE 'DROP%' AND state = 'active'"
            wait_until(lambda: other.execute(waits).fetchall())
        restore.send_signal(number)
        restore.communicate()
    assert restore.returncode == (-9 if number == signal.SIGKILL else 128 + number)
    rows = all_rows(filled)
    for name in ("library_track", "auth_user", "django_migrations"):
        assert rows[name] == before[name]
    with psycopg.connect(filled.environment["DATABASE_URL"]) as connection:
        left = connection.execute("SELECT kind FROM library_scan WHERE state = 'running'")
        assert left.fetchall() == ([("restore",)] if number == signal.SIGKILL else [])
    done = filled.manage("restore_library", "--force", str(path))
    assert done.returncode == 0, done.stderr
    assert all_rows(filled) == before
    assert [name for name in os.listdir(filled.data) if name.startswith(".")] == []


def test_a_damaged_dump_is_found_before_anything_is_replaced(
    filled: Installation, tmp_path: Path
) -> None:
    path = tmp_path / "backup.tar.gz"
    assert filled.manage("backup_library", str(path)).returncode == 0
    before = all_rows(filled)
    manifest, (member, content), *others = members_of(path)
    changed = bytearray(content)
    changed[len(changed) * 3 // 4 :] = b"\xff" * (len(changed) - len(changed) * 3 // 4)
    copy = write(tmp_path / "damaged.tar.gz", [manifest, (member, bytes(changed)), *others])
    copy = with_facts(copy, sha256=hashlib.sha256(changed).hexdigest())
    done = filled.manage("restore_library", "--force", str(copy))
    assert done.returncode == FAILED
    assert "pg_restore failed" in done.stderr
    assert all_rows(filled) == before


def test_without_pg_dump_it_says_what_to_install_and_leaves_no_file(
    filled: Installation, tmp_path: Path
) -> None:
    filled.environment["PATH"] = str(tmp_path)
    path = tmp_path / "backup.tar.gz"
    done = filled.manage("backup_library", str(path))
    assert done.returncode == FAILED
    assert "postgresql-client" in done.stderr
    assert [name for name in os.listdir(tmp_path) if "backup" in name or "mus" in name] == []
