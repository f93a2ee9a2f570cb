"""Backups and restores that fail, are killed, or meet what another left: nothing is lost by it."""

import os
import shutil
import signal
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.events.browsers import wait_until
from tests.library.scanning.conftest import Installation
from tests.operations.backup.archives import members_of, plain, with_database, with_facts, write
from tests.operations.backup.conftest import FAILED, REFUSED, NewInstallation, backup, database
from tests.operations.backup.rows import all_rows, integrity
from tests.settings.test_full_disk import mount, small_disk_at

Ended = Callable[[subprocess.Popen[str]], subprocess.Popen[str]]

LONG_KEY = "long enough " * 4


@contextmanager
def held(installation: Installation) -> Iterator[None]:
    """By somebody who writes to the database, for whom a restore waits."""
    with closing(sqlite3.connect(database(installation), isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        yield


def left(folder: Path) -> list[str]:
    """What a backup or a restore did not take away."""
    return [name for name in os.listdir(folder) if name.startswith(".")]


def test_a_partial_file_that_a_kill_left_is_taken_over(filled: Installation) -> None:
    partial = filled.data.parent / ".backup.tar.gz.partial"
    partial.write_bytes(b"half " * 1000)
    path = backup(filled)
    assert left(path.parent) == []
    assert len(members_of(path)) == 3
    assert path.stat().st_mode & 0o777 == 0o600


def test_what_killed_nightly_backups_left_is_taken_away_by_the_next(
    filled: Installation, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    (folder / ".mus-0123abcd").mkdir(parents=True)
    (folder / ".mus-0123abcd" / "database").write_bytes(b"half")
    (folder / ".mus-2026-01-31T03-00-00Z.tar.gz.partial").write_bytes(b"half")
    kept = {".mus-notes", ".mus-pictures", ".mus-mine.tar.gz.partial"}
    for name in kept:
        (folder / name).mkdir()
    (folder / ".mus-pictures" / "holiday.jpg").touch()
    assert filled.manage("backup_library", str(folder)).returncode == 0
    assert set(left(folder)) == kept


def test_of_two_backups_to_one_name_the_second_is_refused(
    filled: Installation, ended: Ended
) -> None:
    path = filled.data.parent / "backup.tar.gz"
    first = ended(filled.start("backup_library", str(path)))
    partial = path.with_name(".backup.tar.gz.partial")
    wait_until(lambda: partial.exists() or first.poll() is not None)
    first.send_signal(signal.SIGSTOP)
    if not partial.exists():
        pytest.skip("this machine was too quick")
    done = filled.manage("backup_library", str(path))
    first.send_signal(signal.SIGCONT)
    first.communicate()
    assert done.returncode == FAILED
    assert "is there already" in done.stderr or "Another backup is being written" in done.stderr
    assert len(members_of(path)) == 3


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_restore_that_is_ended_leaves_what_was_there(
    filled: Installation, empty: NewInstallation, ended: Ended, number: signal.Signals
) -> None:
    path, other = backup(filled), empty("other")
    assert other.manage("shell", "--no-imports", "-c", "").returncode == 0  # makes its key
    before, key = all_rows(database(other)), (other.data / "secret_key").read_text()
    with held(other):
        restore = ended(other.start("restore_library", str(path)))
        wait_until(lambda: list(other.data.glob(".mus-*/secret_key")))
        restore.send_signal(number)
        _, complaint = restore.communicate()
    assert restore.returncode == (-9 if number == signal.SIGKILL else 128 + number)
    assert complaint == ""
    assert all_rows(database(other)) == before
    assert (other.data / "secret_key").read_text() == key
    assert bool(left(other.data)) == (number == signal.SIGKILL)
    assert other.manage("restore_library", str(path)).returncode == 0
    assert all_rows(database(other)) == all_rows(database(filled))
    assert left(other.data) == []


def test_a_restore_under_nohup_goes_on_when_its_terminal_closes(
    filled: Installation, empty: NewInstallation, ended: Ended
) -> None:
    path, other = backup(filled), empty("other")
    with held(other):
        arguments = ("restore_library", "--force", str(path))
        restore = ended(other.start(*arguments, before=("nohup",)))
        wait_until(lambda: list(other.data.glob(".mus-*/secret_key")))
        restore.send_signal(signal.SIGHUP)
    restore.communicate()
    assert restore.returncode == 0
    assert all_rows(database(other)) == all_rows(database(filled))


def test_a_restore_that_fails_leaves_what_was_there_and_nothing_else(
    filled: Installation, empty: NewInstallation
) -> None:
    path, other = backup(filled), empty("other")
    names = os.listdir(other.data)
    before = all_rows(database(other))
    *others, _ = members_of(path)
    truncated = path.with_name("truncated.tar.gz")
    truncated.write_bytes(path.read_bytes()[:-100])
    for bad in (
        truncated,
        with_facts(path, migrations=[]),
        with_facts(path, sha256="0" * 64),
        write(path.with_name("twice.tar.gz"), [*members_of(path), plain("database", b"")]),
        write(path.with_name("none.tar.gz"), others[:1]),
    ):
        done = other.manage("restore_library", "--force", str(bad))
        assert done.returncode == FAILED, bad
        assert len(done.stderr.splitlines()) == 1
        assert all_rows(database(other)) == before
        assert left(other.data) == []
        assert {name for name in os.listdir(other.data) if "-" not in name} <= {
            *names,
            "secret_key",
        }


@pytest.mark.parametrize(
    ("statement", "code", "complaint"),
    [
        ("DROP TABLE library_scanfailure", FAILED, "it has no table library_scanfailure"),
        ("DROP TABLE django_migrations", FAILED, "no such table: django_migrations"),
        ("DELETE FROM django_migrations", FAILED, "not had the migrations"),
        ("UPDATE library_track SET album_id = 999", FAILED, "3 rows without owners"),
    ],
)
def test_what_is_no_database_of_mus_is_not_restored(
    filled: Installation, tmp_path: Path, statement: str, code: int, complaint: str
) -> None:
    new = Installation(tmp_path / "new")
    done = new.manage("restore_library", str(with_database(backup(filled), statement)))
    assert done.returncode == code
    assert complaint in done.stderr
    assert os.listdir(new.data) == ["secret_key"]


def test_a_database_that_is_newer_than_its_manifest_says_is_refused(
    filled: Installation, empty: NewInstallation
) -> None:
    later = "INSERT INTO django_migrations (app, name, applied) VALUES ('library', '0999', '')"
    path = with_database(backup(filled), later)
    other = empty("other")
    done = other.manage("restore_library", str(path))
    assert done.returncode == FAILED
    assert "not had the migrations" in done.stderr


def test_a_backup_with_a_short_secret_key_is_restored_only_without_that_key(
    filled: Installation, empty: NewInstallation
) -> None:
    *others, _ = members_of(backup(filled))
    path = write(filled.data.parent / "short.tar.gz", [*others, plain("secret_key", b"k" * 31)])
    other = empty("other")
    done = other.manage("restore_library", str(path))
    assert done.returncode == REFUSED
    assert "fewer than 32 characters" in done.stderr
    assert "Set SECRET_KEY" in done.stderr
    assert other.query("SELECT count(*) FROM library_track") == [(0,)]
    other.environment["SECRET_KEY"] = LONG_KEY
    done = other.manage("restore_library", str(path))
    assert done.returncode == 0, done.stderr
    assert "everybody has to log in again" in done.stdout


@pytest.mark.parametrize("size", ["1300k", "1600k", "2m", "2500k"])
def test_a_disk_that_is_full_at_whatever_step_leaves_what_was_there(
    filled: Installation, tmp_path: Path, migrated_data: Path, size: str
) -> None:
    assert filled.manage("shell", "--no-imports", "-c", FILL).returncode == 0
    path = backup(filled)
    with small_disk_at(tmp_path / "small" / "data", f"size={size}") as folder:
        small = Installation(tmp_path / "small")
        shutil.copy(migrated_data / "mus.sqlite3", folder)
        before = all_rows(database(small))
        done = small.manage("restore_library", "--force", str(path))
        assert done.returncode == FAILED
        assert len(done.stderr.splitlines()) == 1
        assert left(folder) == []
        rows = all_rows(database(small))
        scans = rows.pop("library_scan")
        assert all("running" not in scan for scan in scans)
        names = ("library_track", "auth_user", "django_migrations")
        assert [rows[name] for name in names] == [before[name] for name in names]
        assert integrity(database(small)) == "ok"
        mount("-o", "remount,size=64m", folder)
        assert small.manage("restore_library", "--force", str(path)).returncode == 0


FILL = """
import secrets
from django.contrib.sessions.models import Session
from django.utils import timezone
Session.objects.bulk_create(
    Session(session_key=secrets.token_hex(20), session_data=secrets.token_hex(500),
            expire_date=timezone.now())
    for _ in range(800)
)
"""
