"""A DATABASE_URL that leads nowhere: each command says at once why, and never the password."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from tests.services import PostgresqlServer, free_port
from tests.settings.test_start import manage

ADDRESSES = {
    "password": ("postgresql://guarded:sesame@{server}/postgres", "authentication failed"),
    "user": ("postgresql://nobody:sesame@{server}/postgres", 'role "nobody" does not exist'),
    "name": ("postgresql://mus:sesame@{server}/nowhere", 'database "nowhere" does not exist'),
    "port": ("postgresql://mus:sesame@127.0.0.1:{port}/library", "Connection refused"),
    "host": ("postgresql://mus:sesame@no.such.host.invalid/library", "no.such.host.invalid"),
    "socket": ("postgresql://mus:sesame@%2Fno%2Fsocket/library", "No such file or directory"),
    "TLS": ("postgresql://mus:sesame@{server}/postgres?sslmode=require", "SSL"),
    "sslmode": ("postgresql://mus:sesame@{server}/postgres?sslmode=sure", "sslmode"),
    "option": ("postgresql://mus:sesame@{server}/postgres?speed=high", "speed"),
}
COMMANDS = {
    "scan_tracks": 6,
    "scan_tracks --json": 6,
    "backup_library .": 6,
    "restore_library backup.tar.gz": 6,
    "move_library --from sqlite:////tmp/mus.sqlite3": 6,
    "changepassword ada": 69,
    "createsuperuser": 69,
    "clearsessions": 69,
    "axes_reset_username ada": 69,
    "showmigrations": 69,
}


@pytest.fixture(scope="module")
def guarded(postgresql_server: PostgresqlServer) -> PostgresqlServer:
    """With a user who is asked for a password."""
    rules = postgresql_server.folder / "cluster" / "pg_hba.conf"
    rules.write_text(f"host all guarded 127.0.0.1/32 scram-sha-256\n{rules.read_text()}")
    with psycopg.connect(postgresql_server.url("postgres"), autocommit=True) as connection:
        connection.execute("CREATE ROLE guarded LOGIN PASSWORD 'another'")
        connection.execute("SELECT pg_reload_conf()")
    return postgresql_server


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_scan_says_what_is_wrong_with_the_address(
    tmp_path: Path, guarded: PostgresqlServer, address: str
) -> None:
    url, reason = ADDRESSES[address]
    url = url.format(server=f"127.0.0.1:{guarded.port}", port=free_port())
    done = manage(tmp_path, "scan_tracks", DATABASE_URL=url)
    assert done.returncode == 6
    assert "(library.E007)" in done.stderr
    assert reason in done.stderr
    assert_at_once(done.stderr + done.stdout)


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_says_it(tmp_path: Path, command: str) -> None:
    url = f"postgresql://mus:sesame@127.0.0.1:{free_port()}/library"
    done = manage(tmp_path, *command.split(), DATABASE_URL=url)
    assert done.returncode == COMMANDS[command]
    assert "Connection refused" in done.stderr
    assert_at_once(done.stderr + done.stdout)


@pytest.mark.parametrize("command", ["--help", "version", "changepassword --help", "diffsettings"])
def test_what_needs_no_database_does_without(tmp_path: Path, command: str) -> None:
    url = f"postgresql://mus:sesame@127.0.0.1:{free_port()}/library"
    done = manage(tmp_path, *command.split(), DATABASE_URL=url)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("command", ["serve", "migrate", "scan_tracks", "clearsessions"])
def test_a_postgresql_that_is_too_old_is_refused_by_its_version(
    tmp_path: Path, command: str
) -> None:
    with server_of_version("14.11") as port:
        url = f"postgresql://mus:sesame@127.0.0.1:{port}/library"
        done = manage(tmp_path, command, DATABASE_URL=url)
    assert done.returncode in {1, 6, 69}
    assert "the database library on 127.0.0.1 is one of PostgreSQL 14." in done.stderr
    assert "mus needs PostgreSQL 15 or later" in done.stderr
    assert_at_once(done.stderr)


def assert_at_once(output: str) -> None:
    assert "couldn't get a connection" not in output  # the pool's words, after it has waited
    assert "sesame" not in output
    assert "Traceback" not in output


@contextmanager
def server_of_version(version: str) -> Iterator[int]:
    """As much of such a server as a client meets before its first question: this machine has no
    old one. Its port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_greet_all, args=(listener, version), daemon=True).start()
        yield listener.getsockname()[1]


def _greet_all(listener: socket.socket, version: str) -> None:
    while True:
        try:
            client, _ = listener.accept()
        except OSError:  # it is closed
            return
        with client:
            _greet(client, version)


def _greet(client: socket.socket, version: str) -> None:
    asks_for_encryption = 80877102
    while len(head := client.recv(8, socket.MSG_WAITALL)) == 8:
        length, code = struct.unpack("!II", head)
        client.recv(length - 8, socket.MSG_WAITALL)
        if code > asks_for_encryption - 10:
            client.sendall(b"N")
            continue
        status = b"server_version\0" + version.encode() + b"\0"
        encoding = b"client_encoding\0UTF8\0"
        for kind, content in (
            *((b"R", struct.pack("!I", 0)), (b"S", status), (b"S", encoding)),
            *((b"K", struct.pack("!II", 1, 2)), (b"Z", b"I")),
        ):
            client.sendall(kind + struct.pack("!I", 4 + len(content)) + content)
        client.recv(1024)  # that it leaves
        return
