"""A backup of an SQLite installation: what is in it, where it may go, and what keeps it away."""

import hashlib
import io
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import tarfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from tests.audio_files import make_audio
from tests.library.scanning.conftest import Installation
from tests.operations.backup.conftest import FAILED, REFUSED, NewInstallation, backup, database
from tests.operations.backup.rows import all_rows, integrity
from tests.web.served import serve

Ended = Callable[[subprocess.Popen[str]], subprocess.Popen[str]]


def changed(path: Path, name: str, content: bytes) -> Path:
    """A copy of the backup in which one member is another."""
    copy = path.with_name(f"changed {path.name}")
    with tarfile.open(path) as old, tarfile.open(copy, "w:gz") as new:
        for member in old.getmembers():
            file = old.extractfile(member)
            assert file
            data = content if member.name == name else file.read()
            member.size = len(data)
            new.addfile(member, io.BytesIO(data))
    return copy


def manifest_of(path: Path) -> dict[str, object]:
    with tarfile.open(path) as archive:
        file = archive.extractfile("manifest.json")
        assert file
        facts: dict[str, object] = json.load(file)
        return facts


def test_restored_elsewhere_every_row_and_the_secret_key_are_the_same(
    filled: Installation, empty: NewInstallation
) -> None:
    path = backup(filled)
    other = empty("other")
    done = other.manage("restore_library", str(path))
    assert done.returncode == 0, done.stderr
    assert "Restart the servers" in done.stdout
    assert "migrate" not in done.stdout
    rows = all_rows(database(other))
    assert rows == all_rows(database(filled))
    assert len(rows["library_track"]) == 3
    assert integrity(database(other)) == "ok"
    for name in ("secret_key", "mus.sqlite3"):
        assert (other.data / name).exists()
    assert (other.data / "secret_key").read_text() == (filled.data / "secret_key").read_text()
    assert (other.data / "secret_key").stat().st_mode & 0o777 == 0o600
    assert not [each for each in os.listdir(other.data) if each.startswith(".")]


def test_it_goes_where_there_is_no_database_yet(filled: Installation, tmp_path: Path) -> None:
    path = backup(filled)
    new = Installation(tmp_path / "new")
    assert new.manage("restore_library", str(path)).returncode == 0
    assert all_rows(database(new)) == all_rows(database(filled))


def test_a_folder_gets_a_file_named_by_the_time_that_only_its_owner_may_read(
    filled: Installation, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / "not mine").touch()
    done = filled.manage("backup_library", str(folder))
    assert done.returncode == 0, done.stderr
    (path,) = folder.glob("mus-*.tar.gz")
    assert str(path) in done.stdout
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(os.listdir(folder)) == 2


def test_covers_are_not_in_it(filled: Installation) -> None:
    (filled.data / "covers").mkdir(exist_ok=True)
    (filled.data / "covers" / "1.webp").write_bytes(b"picture")
    with tarfile.open(backup(filled)) as archive:
        assert archive.getnames() == ["manifest.json", "database", "secret_key"]


def test_a_secret_key_that_is_set_is_not_in_it_and_that_is_said(
    filled: Installation, empty: NewInstallation
) -> None:
    filled.environment["SECRET_KEY"] = "from somewhere safe, and long enough"
    path = filled.data.parent / "backup.tar.gz"
    done = filled.manage("backup_library", str(path))
    assert "The secret key is not in the backup" in done.stdout
    with tarfile.open(path) as archive:
        assert archive.getnames() == ["manifest.json", "database"]
    del filled.environment["SECRET_KEY"]
    path.unlink()
    other = empty("other")
    other.environment["SECRET_KEY"] = "another " * 8
    done = other.manage("restore_library", str(backup(filled)))
    assert "The secret key has changed" in done.stdout
    assert not (other.data / "secret_key").exists()


def test_a_file_that_is_there_is_never_overwritten(filled: Installation) -> None:
    path = backup(filled)
    before = path.read_bytes()
    done = filled.manage("backup_library", str(path))
    assert done.returncode == FAILED
    assert "is there already" in done.stderr
    assert path.read_bytes() == before


@pytest.mark.parametrize("name", ["backup.zip", "backup", "backup.tar"])
def test_a_name_of_another_kind_of_file_is_refused(filled: Installation, name: str) -> None:
    path = filled.data.parent / name
    done = filled.manage("backup_library", str(path))
    assert done.returncode == 2
    assert "ends in .tar.gz or .tgz" in done.stderr
    assert not path.exists()


@pytest.mark.parametrize("name", ["backups", "backups/", "backups.tgz/", "a/b.tar.gz//"])
def test_a_folder_that_is_not_there_never_becomes_a_file(filled: Installation, name: str) -> None:
    place = filled.data.parent
    before = sorted(place.rglob("*"))
    done = filled.manage("backup_library", f"{place}/{name}")
    assert done.returncode == 2
    assert f"There is no folder {place / name}. Make it first" in done.stderr
    assert sorted(place.rglob("*")) == before


def test_a_folder_that_is_there_may_be_named_with_a_slash(
    filled: Installation, tmp_path: Path
) -> None:
    (tmp_path / "backups.tar.gz").mkdir()
    done = filled.manage("backup_library", f"{tmp_path}/backups.tar.gz/")
    assert done.returncode == 0, done.stderr
    (made,) = (tmp_path / "backups.tar.gz").iterdir()
    assert str(made) in done.stdout


def test_where_nothing_can_be_written_that_is_said(filled: Installation, tmp_path: Path) -> None:
    done = filled.manage("backup_library", str(tmp_path / "absent" / "backup.tar.gz"))
    assert done.returncode == FAILED
    assert f"The folder {tmp_path}/absent cannot be written to" in done.stderr
    assert "Traceback" not in done.stderr


class TestWhileAScanRuns:
    """A scan that a signal stops, at whatever moment, runs for as long as a test likes."""

    @pytest.fixture
    def scan(self, installation: Installation, ended: Ended) -> subprocess.Popen[str]:
        for number in range(400):
            make_audio(installation.music / f"{number}.flac", title=f"{number}")
        process = ended(installation.start("scan_tracks", "--batch-size", "20", "--quiet"))
        deadline = time.monotonic() + 60
        while not installation.query("SELECT 1 FROM library_track LIMIT 1"):
            assert time.monotonic() < deadline
            time.sleep(0.005)
        process.send_signal(signal.SIGSTOP)
        assert process.poll() is None
        return process

    def test_a_backup_has_what_was_committed_and_is_whole(
        self, installation: Installation, empty: NewInstallation, scan: subprocess.Popen[str]
    ) -> None:
        path = backup(installation)
        assert installation.query("SELECT state FROM library_scan") == [("running",)]
        scan.send_signal(signal.SIGCONT)
        scan.communicate()
        other = empty("other")
        assert other.manage("restore_library", str(path)).returncode == 0
        assert integrity(database(other)) == "ok"
        saved, now = all_rows(database(other)), all_rows(database(installation))
        tracks = saved["library_track"]
        assert tracks
        assert len(tracks) % 20 == 0  # whole batches
        assert len(tracks) < len(now["library_track"])
        assert set(tracks) <= set(now["library_track"])
        for name in ("library_album", "library_artist", "library_trackartist"):
            assert set(saved[name]) <= set(now[name])
        assert other.query("SELECT state, added FROM library_scan WHERE kind = 'scan'") == [
            ("failed", len(tracks))
        ]
        shutil.copytree(installation.music, other.music, dirs_exist_ok=True)
        assert other.scan()["exit_code"] in {0, 3}


def test_nothing_is_restored_over_a_scan_that_runs(
    filled: Installation, empty: NewInstallation
) -> None:
    other = empty("other")
    # Of this test's own process, which lives for as long as it has to.
    scan = f"host_name='{socket.gethostname()}', process_id={os.getpid()}"
    other.manage(
        *("shell", "--no-imports", "-c"),
        f"from library.models.scan import Scan; Scan.objects.create(trigger='command', {scan})",
    )
    before = all_rows(database(other))
    done = other.manage("restore_library", "--force", str(backup(filled)))
    assert done.returncode == REFUSED
    assert "Another scan runs" in done.stderr
    assert "Restore when it is over" in done.stderr
    assert all_rows(database(other)) == before


def test_a_database_that_something_else_holds_is_said(
    filled: Installation, empty: NewInstallation
) -> None:
    path, other = backup(filled), empty("other")
    with closing(sqlite3.connect(database(other), isolation_level=None)) as holder:
        holder.execute("BEGIN IMMEDIATE")
        done = other.manage("restore_library", str(path))
    assert done.returncode == FAILED
    assert "database is locked" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_library_that_is_not_empty_is_replaced_only_by_force(
    filled: Installation, empty: NewInstallation
) -> None:
    path = backup(filled)
    other = empty("other")
    make_audio(other.music / "another.flac", title="Another")
    other.scan()
    before = all_rows(database(other))
    done = other.manage("restore_library", str(path))
    assert done.returncode == REFUSED
    assert "is not empty: it has 1 tracks" in done.stderr
    assert "--force" in done.stderr
    assert all_rows(database(other)) == before
    assert other.manage("restore_library", "--force", str(path)).returncode == 0
    assert all_rows(database(other)) == all_rows(database(filled))


def test_a_database_of_something_else_is_left_alone(filled: Installation, tmp_path: Path) -> None:
    path = backup(filled)
    foreign = Installation(tmp_path / "foreign")
    foreign.data.mkdir()
    with closing(sqlite3.connect(database(foreign))) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    done = foreign.manage("restore_library", str(path))
    assert done.returncode == REFUSED
    assert "in use by something else" in done.stderr
    assert foreign.query("SELECT count(*) FROM recipes") == [(0,)]


def test_a_database_newer_than_the_code_is_left_alone(
    filled: Installation, empty: NewInstallation
) -> None:
    path = backup(filled)
    newer = empty("newer")
    with closing(sqlite3.connect(database(newer))) as connection, connection:
        connection.execute(
            "INSERT INTO django_migrations (app, name, applied) "
            "VALUES ('library', '9999_from_the_future', '2030-01-01')"
        )
    done = newer.manage("restore_library", str(path))
    assert done.returncode == REFUSED
    assert "newer version of mus; it has library.9999_from_the_future" in done.stderr


def test_a_backup_newer_than_the_code_is_refused_even_by_force(
    filled: Installation, empty: NewInstallation
) -> None:
    path = backup(filled)
    facts = manifest_of(path)
    assert isinstance(facts["migrations"], list)
    facts["migrations"].append(["library", "9999_from_the_future"])
    other = empty("other")
    newer = changed(path, "manifest.json", json.dumps(facts).encode())
    done = other.manage("restore_library", "--force", str(newer))
    assert done.returncode == REFUSED
    assert "The backup is of a newer version" in done.stderr
    assert "library.9999_from_the_future" in done.stderr


def test_a_backup_of_another_kind_of_database_is_refused(
    filled: Installation, empty: NewInstallation
) -> None:
    path = backup(filled)
    facts = {**manifest_of(path), "vendor": "postgresql"}
    other = changed(path, "manifest.json", json.dumps(facts).encode())
    done = empty("other").manage("restore_library", "--force", str(other))
    assert done.returncode == REFUSED
    assert "of a postgresql database" in done.stderr


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("database", b"SQLite format 3\0 and then something else", "not what was written"),
        ("manifest.json", b"{", "is no backup of mus"),
        ("manifest.json", b'{"format": 1}', "is no backup of mus"),
        ("manifest.json", b'{"format": 2}', "has format 2"),
    ],
)
def test_a_damaged_backup_changes_nothing(
    filled: Installation, empty: NewInstallation, name: str, content: bytes, complaint: str
) -> None:
    other = empty("other")
    before = all_rows(database(other))
    done = other.manage("restore_library", str(changed(backup(filled), name, content)))
    assert done.returncode == FAILED
    assert complaint in done.stderr
    assert "Traceback" not in done.stderr
    assert all_rows(database(other)) == before


def test_a_database_damaged_before_it_was_saved_is_found_by_sqlites_own_check(
    filled: Installation, empty: NewInstallation
) -> None:
    path = backup(filled)
    with tarfile.open(path) as archive:
        file = archive.extractfile("database")
        assert file
        content = bytearray(file.read())
    content[4096 * 8 : 4096 * 12] = b"\xff" * 4096 * 4
    facts = manifest_of(path)
    facts["sha256"] = hashlib.sha256(content).hexdigest()
    worse = changed(path, "database", bytes(content))
    worse = changed(worse, "manifest.json", json.dumps(facts).encode())
    done = empty("other").manage("restore_library", str(worse))
    assert done.returncode == FAILED
    assert "The database in the backup" in done.stderr


@pytest.mark.parametrize("content", [b"", b"no archive", None])
def test_what_is_no_backup_is_named(
    empty: NewInstallation, tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "letter.txt"
    if content is not None:
        path.write_bytes(content)
    done = empty("other").manage("restore_library", str(path))
    assert done.returncode == FAILED
    assert str(path) in done.stderr
    assert "Traceback" not in done.stderr


def test_an_older_backup_is_restored_and_the_next_step_said(
    filled: Installation, tmp_path: Path
) -> None:
    older = Installation(tmp_path / "older")
    assert older.manage("migrate", "library", "0001", "--verbosity", "0").returncode == 0
    path = backup(older)
    done = filled.manage("restore_library", "--force", str(path))
    assert done.returncode == 0, done.stderr
    assert "run manage.py migrate" in done.stdout
    assert filled.manage("migrate", "--verbosity", "0").returncode == 0
    assert filled.manage("check").returncode == 0


@pytest.mark.server
def test_it_is_made_and_restored_while_a_server_runs(
    filled: Installation, tmp_path: Path, migrated_data: Path
) -> None:
    folder = tmp_path / "served"
    folder.mkdir()
    with serve(folder, migrated_data / "mus.sqlite3", "--no-scan") as server:
        running = Installation(tmp_path / "none")
        running.environment = server.variables
        saved = backup(running)
        assert httpx.get(f"{server.url}/setup/").status_code == 403  # there is no user
        done = running.manage("restore_library", str(backup(filled)))
        assert done.returncode == 0, done.stderr
        assert httpx.get(f"{server.url}/setup/").status_code == 302  # now there is
        again = running.manage("restore_library", "--force", str(saved))
        assert again.returncode == 0, again.stderr
        assert httpx.get(f"{server.url}/setup/").status_code == 403
        assert httpx.get(f"{server.url}/healthz").status_code == 200
    assert integrity(folder / "data" / "mus.sqlite3") == "ok"
