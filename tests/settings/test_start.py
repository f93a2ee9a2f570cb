"""How `manage.py` starts, and refuses to, in a process of its own."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.databases import execute, place_in, service_variables
from tests.services import PostgresqlServer, free_port

PROJECT_DIR = Path(__file__).resolve().parents[2]


def manage(tmp_path: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, PROJECT_DIR / "manage.py", *arguments],
        env=environment(tmp_path, **variables),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def environment(tmp_path: Path, **variables: str) -> dict[str, str]:
    music = tmp_path / "music"
    music.mkdir(exist_ok=True)
    return {
        "PATH": os.environ["PATH"],
        "DATA_DIR": str(tmp_path / "data"),
        "MUSIC_DIR": str(music),
        **service_variables(place_in(tmp_path / "data")),
        **variables,
    }


def test_manage_py_check_passes_with_good_settings(tmp_path: Path) -> None:
    done = manage(tmp_path, "check", "--database", "default")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("command", ["check", "migrate", "serve", "scan_tracks"])
def test_bad_settings_end_each_command_with_their_message_and_code_78(
    tmp_path: Path, command: str
) -> None:
    done = manage(tmp_path, command, PORT="0", DATABASE_URL="postgresql://mus:ses#ame@db/mus")
    assert done.returncode == 78
    assert "PORT: found '0'; allowed: a whole number from 1 to 65535." in done.stderr
    assert "DATABASE_URL: allowed: " in done.stderr
    assert "ses" not in done.stderr
    assert "Traceback" not in done.stderr


def test_processes_that_start_at_the_same_moment_make_one_secret_key(tmp_path: Path) -> None:
    def show_key(_: int) -> str:
        code = "from django.conf import settings; print(settings.SECRET_KEY)"
        return manage(tmp_path, "shell", "--no-imports", "-c", code).stdout

    with ThreadPoolExecutor(4) as pool:
        keys = set(pool.map(show_key, range(4)))
    assert len(keys) == 1
    assert len(keys.pop().strip()) >= 50


@pytest.mark.parametrize("command", [("check", "--database", "default"), ("migrate",)])
def test_a_database_that_cannot_be_opened_is_named_without_a_traceback(
    tmp_path: Path, command: tuple[str, ...]
) -> None:
    (tmp_path / "song.mp3").write_bytes(b"no database " * 1000)
    done = manage(tmp_path, *command, DATABASE_URL=f"sqlite:///{tmp_path}/song.mp3")
    assert done.returncode == 69
    assert "(library.E007)" in done.stderr
    assert f"{tmp_path}/song.mp3" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["serve", "migrate", "check --database default"])
def test_a_postgresql_that_does_not_answer_is_named_without_its_password(
    tmp_path: Path, command: str
) -> None:
    url = f"postgresql://mus:sesame@127.0.0.1:{free_port()}/library"
    done = manage(tmp_path, *command.split(), DATABASE_URL=url)
    assert done.returncode == 1
    assert "DATABASE_URL: the database library on 127.0.0.1 cannot be used" in done.stderr
    assert "Connection refused" in done.stderr
    assert "sesame" not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["serve", "migrate"])
def test_a_database_that_postgresql_does_not_have_is_named(
    tmp_path: Path, postgresql_server: PostgresqlServer, command: str
) -> None:
    done = manage(tmp_path, command, DATABASE_URL=postgresql_server.url("nowhere"))
    assert done.returncode == 1
    assert "DATABASE_URL: the database nowhere on 127.0.0.1 cannot be used" in done.stderr
    assert 'database "nowhere" does not exist' in done.stderr
    assert "Traceback" not in done.stderr


def migrated_by_a_newer_version(tmp_path: Path, app: str) -> None:
    manage(tmp_path, "migrate", "--verbosity", "0").check_returncode()
    newer = "INSERT INTO django_migrations (app, name, applied) VALUES (?, ?, '2030-01-01')"
    execute(place_in(tmp_path / "data"), newer, app, "0099_later")


@pytest.mark.parametrize("app", ["library", "listening", "sessions"])
@pytest.mark.parametrize("command", ["serve", "scan_tracks"])
def test_a_database_that_is_newer_than_the_code_is_refused(
    tmp_path: Path, command: str, app: str
) -> None:
    migrated_by_a_newer_version(tmp_path, app)
    done = manage(tmp_path, command)
    assert done.returncode == {"serve": 65, "scan_tracks": 6}[command]
    assert f"newer version of mus: this one does not know {app}.0099_later" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_scan_that_a_running_server_starts_goes_on_when_the_database_is_newer(
    tmp_path: Path,
) -> None:
    """Another server, which was upgraded, has migrated the database that they share."""
    migrated_by_a_newer_version(tmp_path, "library")
    take_lease = (
        "from library.scanning import ScanOptions; from library.scanning.lease import acquire; "
        "print(acquire(ScanOptions()).scan_id)"
    )
    scan_id = manage(tmp_path, "shell", "--no-imports", "-c", take_lease).stdout.strip()
    done = manage(tmp_path, "scan_tracks", f"--adopt={scan_id}", "--json", "--workers=0")
    assert done.returncode == 0, done.stderr
    assert '"state": "completed"' in done.stdout


@pytest.mark.server
def test_a_warning_is_printed_once_at_a_start(tmp_path: Path) -> None:
    """By `make run`, which migrates and serves, with warnings of the folders and of the data."""
    data = tmp_path / "data"
    data.mkdir()
    (data / "something").touch()
    data.chmod(0o777)
    variables = {"MUSIC_DIR": str(tmp_path / "unmounted"), "PORT": str(free_port())}
    migrated = manage(tmp_path, "migrate", "--verbosity", "0", **variables)
    assert (migrated.returncode, migrated.stderr) == (0, "")
    served = started(tmp_path, **variables)
    for warning in ("library.W001", "library.W004"):
        assert served.count(warning) == 1
    assert manage(tmp_path, "migrate", **variables).stderr.count("library.W001") == 1


@pytest.mark.parametrize("command", ["migrate --verbosity 0", "serve"])
def test_what_somebody_has_to_mend_has_an_exit_code_of_its_own(
    tmp_path: Path, command: str
) -> None:
    """systemd then does not start mus again and again. Of a migration that says nothing else the
    error is told, too."""
    (tmp_path / "song.mp3").touch()
    done = manage(tmp_path, *command.split(), MUSIC_DIR=str(tmp_path / "song.mp3"))
    assert done.returncode == 78
    assert "library.E001" in done.stderr


def started(tmp_path: Path, **variables: str) -> str:
    """What a server writes until it serves."""
    process = subprocess.Popen(
        [sys.executable, PROJECT_DIR / "manage.py", "serve", "--no-scan"],
        env=environment(tmp_path, **variables),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout
    lines = []
    for line in process.stdout:
        lines.append(line)
        if line.startswith("mus is at"):
            break
    process.terminate()
    rest, _ = process.communicate(timeout=60)
    return "".join(lines) + rest
