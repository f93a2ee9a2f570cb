"""A DATABASE_URL that leads nowhere: each command says at once why, and never the password."""

import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from subprocess import CompletedProcess

import psycopg
import pytest

from tests.services import PostgresqlServer, free_port
from tests.settings.test_start import manage

ADDRESSES = {
    "password": ("postgresql://guarded:sesame@{server}/postgres", "authentication failed"),
    "user": ("postgresql://nobody:sesame@{server}/postgres", 'role "nobody" does not exist'),
    "name": ("postgresql://mus:sesame@{server}/nowhere", 'database "nowhere" does not exist'),
    "port": ("postgresql://mus:sesame@127.0.0.1:{closed}/library", "Connection refused"),
    "another program": ("postgresql://mus:sesame@127.0.0.1:{other}/library", "127.0.0.1"),
    "host": ("postgresql://mus:sesame@no.such.host.invalid/library", "no.such.host.invalid"),
    "socket": ("postgresql://mus:sesame@%2Fno%2Fsocket/library", "No such file or directory"),
    "TLS": ("postgresql://mus:sesame@{server}/postgres?sslmode=require", "SSL"),
    "sslmode": ("postgresql://mus:sesame@{server}/postgres?sslmode=sure", "sslmode"),
    "option": ("postgresql://mus:sesame@{server}/postgres?speed=high", "speed"),
    "option of the server": (
        "postgresql://mus:sesame@{server}/postgres?options=-c%20speed%3Dhigh",
        'unrecognized configuration parameter "speed"',
    ),
}
COMMANDS = {
    "serve": 1,
    "migrate": 1,
    "check --database default": 1,
    "runserver --noreload": 69,
    "scan_tracks": 6,
    "backup_library .": 6,
    "restore_library backup.tar.gz": 6,
    "move_library --from sqlite:////tmp/mus.sqlite3": 6,
    "app_password ada phone": 6,
    "import_history plays.json --user ada": 6,
    "import_listening navidrome navidrome.db": 6,
    "createsuperuser": 69,
}
OTHERS = {
    "scan_tracks --json": 6,
    "changepassword ada": 69,
    "clearsessions": 69,
    "axes_reset_username ada": 69,
    "showmigrations": 69,
}
AT_ONCE = 2


@pytest.fixture(scope="module")
def guarded(postgresql_server: PostgresqlServer) -> PostgresqlServer:
    """With a user who is asked for a password."""
    rules = postgresql_server.folder / "cluster" / "pg_hba.conf"
    rules.write_text(f"host all guarded 127.0.0.1/32 scram-sha-256\n{rules.read_text()}")
    with psycopg.connect(postgresql_server.url("postgres"), autocommit=True) as connection:
        connection.execute("CREATE ROLE guarded LOGIN PASSWORD 'another'")
        connection.execute("SELECT pg_reload_conf()")
    return postgresql_server


@pytest.fixture
def urls(guarded: PostgresqlServer) -> Iterator[dict[str, str]]:
    """The wrong addresses."""
    with another_program() as other:
        places = {"server": f"127.0.0.1:{guarded.port}", "closed": free_port(), "other": other}
        yield {name: url.format(**places) for name, (url, _) in ADDRESSES.items()}


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_says_at_once_what_is_wrong_with_the_address(
    tmp_path: Path, urls: dict[str, str], command: str
) -> None:
    def ask(address: str) -> tuple[str, float, CompletedProcess[str]]:
        began = time.monotonic()
        done = manage(tmp_path, *command.split(), DATABASE_URL=urls[address])
        return address, time.monotonic() - began, done

    with ThreadPoolExecutor(AT_ONCE) as pool:
        for address, seconds, done in pool.map(ask, ADDRESSES):
            said = done.stdout + done.stderr
            print(f"{command}, {address}, {seconds:.1f} s: {said.strip()}")  # noqa: T201
            assert "(library.E007)" in said, address
            assert ADDRESSES[address][1] in said, address
            assert done.returncode == COMMANDS[command], address
            assert_at_once(said)


@pytest.mark.parametrize("command", OTHERS)
def test_so_do_others_of_a_server_that_refuses_connections(tmp_path: Path, command: str) -> None:
    url = f"postgresql://mus:sesame@127.0.0.1:{free_port()}/library"
    done = manage(tmp_path, *command.split(), DATABASE_URL=url)
    assert done.returncode == OTHERS[command]
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
    with _listener(partial(_greet, version=version)) as port:
        yield port


@contextmanager
def another_program() -> Iterator[int]:
    """The port of a program that is no PostgreSQL and speaks first, as one for mail does."""
    with _listener(lambda client: client.sendall(b"220 mail.example.org ESMTP\r\n")) as port:
        yield port


@contextmanager
def _listener(greet: Callable[[socket.socket], None]) -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_greet_all, args=(listener, greet), daemon=True).start()
        yield listener.getsockname()[1]


def _greet_all(listener: socket.socket, greet: Callable[[socket.socket], None]) -> None:
    while True:
        try:
            client, _ = listener.accept()
        except OSError:  # it is closed
            return
        with client:
            greet(client)


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
