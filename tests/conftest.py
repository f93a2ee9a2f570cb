"""What every test may need: the pages' scripts and styles, music folders of its own, and a look
into the database."""

import fcntl
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from pytest_django.fixtures import Settings

from accounts.app_password_logins import app_password_logins
from asgi.kept_logins import kept_keys, kept_logins
from events import bell
from musproject.environment import PROJECT_DIR, read_environment
from musproject.services import channel_layer
from tests.databases import IS_POSTGRESQL, copy_database, drop_all_databases, execute, place_in
from tests.kept_lists import forget_lists
from tests.once import made_once
from tests.order import place_in_order
from tests.services import NotInstalled, PostgresqlServer, RedisServer
from tests.services.workers import worker_number
from tests.web.served import migrated_database

LONGEST_ID = 100
"""Characters of a parameter in the name of a test."""

pytest_plugins = ["tests.tiers"]

Kind = TypeVar("Kind", PostgresqlServer, RedisServer)

# A shell that runs the tests in the background has them ignore Ctrl-C, and so would every server
# and scan that they start.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
# Run by `nohup` we go on when the terminal closes, but what tests start must end by that signal.
if signal.getsignal(signal.SIGHUP) == signal.SIG_IGN:
    signal.signal(signal.SIGHUP, lambda *_: None)
# Who is ended otherwise ends what the tests began, too: fixtures do that after Ctrl-C alone.
signal.signal(signal.SIGTERM, signal.default_int_handler)


def use_own_redis_database() -> None:
    """Give each worker of pytest-xdist a database of its own in the shared Redis, so that no worker
    hears the messages of another. Worker 0 keeps the one that REDIS_URL names."""
    url = os.environ.get("REDIS_URL", "")
    if url and worker_number():
        os.environ["REDIS_URL"] = urlunsplit(urlsplit(url)._replace(path=f"/{worker_number()}"))
        django_settings.CHANNEL_LAYERS = {"default": channel_layer(read_environment())}


use_own_redis_database()
# A good hash takes a third of a second, on purpose. Servers that tests start have good ones.
django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(scope="session", autouse=True)
def static_files(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Collected anew where a source is younger than what was collected; by one worker alone."""
    collected = django_settings.STATIC_ROOT / "staticfiles.json"
    folders = [PROJECT_DIR / app / "static" for app in ("library", "web")]
    newest = max(file.stat().st_mtime for folder in folders for file in folder.rglob("*"))
    with (tmp_path_factory.getbasetemp().parent / "static-files.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not collected.exists() or collected.stat().st_mtime < newest:
            call_command("collectstatic", interactive=False, clear=True, verbosity=0)


@pytest.fixture
def music(tmp_path: Path, settings: Settings) -> Path:
    """An empty music folder, the only one there is."""
    folder = tmp_path / "music"
    folder.mkdir()
    settings.MUSIC_DIRS = (folder,)
    return folder


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The place of an empty database of this version, to be copied: making one takes seconds."""
    return place_in(made_once(tmp_path_factory, "migrated", migrated_database) / "data")


@pytest.fixture(scope="session")
def migrated_data(database: Path) -> Path:
    """A data folder with an empty, migrated database, to be copied by tests."""
    return database.parent


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_modify_db_settings_parallel_suffix: None,
) -> None:
    """SQLite in a file, as installations have it: in memory there is no WAL and no locking.
    On PostgreSQL each worker of pytest-xdist has a database with a suffix of its own."""
    if IS_POSTGRESQL:
        return
    place = tmp_path_factory.mktemp("db") / "test.sqlite3"
    copy_database(request.getfixturevalue("database"), place)
    django_settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = str(place)


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """SQLite's file is a copy of a migrated one already."""
    return not IS_POSTGRESQL


@pytest.fixture(autouse=True)
def reachable_layer(monkeypatch: pytest.MonkeyPatch) -> None:
    """As far as the log has said."""
    monkeypatch.setattr(bell._faults, "_are_known", False)


@pytest.fixture(autouse=True)
def other_library() -> None:
    """Each test has its own, whose state may be told by the same words, and other users."""
    forget_lists()
    kept_logins.forget()
    kept_keys.forget()
    app_password_logins.forget()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Iterator[None]:
    """Django empties the tables after a test with transactions of its own, in an order that differs
    from process to process. Where the tracks come last, a trigger of SQLite keeps what people made
    of them as a lost item, which the next tests would find."""
    yield
    marker = item.get_closest_marker("django_db")
    has_own = marker is not None and marker.kwargs.get("transaction", False)
    if not IS_POSTGRESQL and (has_own or "transactional_db" in getattr(item, "fixturenames", ())):
        place = Path(str(django_settings.DATABASES["default"]["NAME"]))
        execute(place, "DELETE FROM listening_lostitem")


@pytest.fixture
def redis_server() -> Iterator[RedisServer]:
    """One of the test's own, to be stopped and started again."""
    with installed(RedisServer) as server:
        yield server


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgresqlServer]:
    """One whose databases are for tests of PostgreSQL alone."""
    with installed(PostgresqlServer) as server:
        yield server


@contextmanager
def installed(kind: type[Kind]) -> Iterator[Kind]:
    """A server of one's own; where it is not installed, the test is skipped, or fails under CI."""
    try:
        with kind() as server:
            yield server
    except NotInstalled as error:
        if os.environ.get("CI") == "true":
            pytest.fail(str(error))
        pytest.skip(str(error))


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Long texts are told by their lengths: pytest would keep several escaped copies of each, and
    pytest-xdist send them from process to process."""
    if isinstance(val, str | bytes) and len(val) > LONGEST_ID:
        return f"{argname} of {len(val)}"
    return None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that all processes of pytest-xdist end together; files of
    Chromium stay beside each other, since they share a browser and servers."""
    items.sort(key=lambda item: place_in_order(item.location[0]))


def pytest_sessionfinish() -> None:
    drop_all_databases()
