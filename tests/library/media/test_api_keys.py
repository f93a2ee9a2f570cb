"""Programs with an API key at a real server: streams, covers, events, and what the log says."""

import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.databases import execute, place_in, query
from tests.library.media.conftest import Library, served_library

pytestmark = pytest.mark.server

MAKE_KEY = """
from django.contrib.auth.models import User
from accounts.api_keys import make_key
print(make_key(User.objects.get(username="lee"), "phone")[1])
"""
EVENTS = "/api/v1/events/track-updates"
SIZE = 64 << 20
WITHIN_S = 30


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, database: Path) -> Iterator[Library]:
    """A server that checks the logins behind streams every moment."""
    settings = {
        "DJANGO_SETTINGS_MODULE": "tests.library.media.watchful_settings",
        "TRUSTED_PROXIES": "127.0.0.1",
    }
    folder = tmp_path_factory.mktemp("keys")
    with served_library(folder, database, **settings) as served:
        yield served


@pytest.fixture
def key(library: Library) -> str:
    return library.server.python(MAKE_KEY).split()[-1]


@pytest.fixture
def program(library: Library, key: str) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {key}"}
    with httpx.Client(base_url=library.server.url, headers=headers, timeout=60) as client:
        yield client


def run(library: Library, sql: str) -> None:
    """As another server would: nothing in the server that runs is told."""
    execute(place_in(Path(library.server.variables["DATA_DIR"])), sql)


def size_until_broken_off(body: Iterator[bytes]) -> int:
    size_bytes = 0
    try:
        for part in body:
            size_bytes += len(part)
    except httpx.TransportError:
        return size_bytes
    raise AssertionError("The response came to its end.")


REVOKE = "DELETE FROM accounts_apikey"
DEACTIVATE = "UPDATE auth_user SET is_active = false"


@pytest.fixture(autouse=True)
def active_again(library: Library) -> Iterator[None]:
    yield
    run(library, "UPDATE auth_user SET is_active = true")


def test_a_program_streams_changes_and_revokes_its_key(
    library: Library, program: httpx.Client, key: str
) -> None:
    path = library.file("a.mp3", b"0123456789")
    assert program.get(path, headers={"Range": "bytes=2-4"}).content == b"234"
    assert program.head(path).status_code == 200
    assert program.get(path.replace("stream", "covers/160.webp")).status_code == 404
    assert program.get(path.replace("stream", "lyrics")).json() == {"lyrics": []}
    state = program.put("/api/v1/player/state", json={"volume_level": 0.25})
    assert state.json()["volume_level"] == 0.25
    assert program.get("/api/v1/sync").json()["is_whole"]
    assert not program.cookies
    (row,) = program.get("/api/v1/keys").json()["results"]
    assert program.delete(f"/api/v1/keys/{row['id']}").status_code == 204
    for each in (path, "/api/v1/player/state", EVENTS):
        refused = program.get(each)
        assert refused.status_code == 401
        assert refused.json()["error"]["code"] == "invalid_key"
        assert refused.headers["www-authenticate"].startswith("Bearer ")
    assert key not in library.server.output()
    assert "mus-" not in library.server.output()


@pytest.mark.parametrize("end", [REVOKE, DEACTIVATE])
def test_a_stream_ends_when_its_key_is_over(
    library: Library, program: httpx.Client, end: str
) -> None:
    path = library.file(f"{end[:6]}.mp3", bytes(SIZE))
    with program.stream("GET", path) as response:
        assert response.status_code == 200
        body = response.iter_raw()
        received = len(next(body))
        run(library, end)
        time.sleep(1)  # the client does not read meanwhile, so that the stream is not over
        received += size_until_broken_off(body)
    assert received < SIZE


@pytest.mark.parametrize("end", [REVOKE, DEACTIVATE])
def test_an_event_stream_ends_when_its_key_is_over(
    library: Library, program: httpx.Client, end: str
) -> None:
    began = time.monotonic()
    with program.stream("GET", EVENTS) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        lines = response.iter_raw()
        assert b"retry:" in next(lines)
        run(library, end)
        size_until_broken_off(lines)
    assert time.monotonic() - began < WITHIN_S


def test_the_use_of_a_key_is_noted(library: Library, program: httpx.Client) -> None:
    """With the client's address, not that of the proxy."""
    headers = {"X-Forwarded-For": "203.0.113.9"}
    assert program.get("/api/v1/player/state", headers=headers).status_code == 200
    place = place_in(Path(library.server.variables["DATA_DIR"]))
    deadline = time.monotonic() + WITHIN_S
    newest = "SELECT last_used_at, last_used_from FROM accounts_apikey ORDER BY id DESC LIMIT 1"
    while not (row := query(place, newest)[0])["last_used_at"]:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    assert row["last_used_from"] == "203.0.113.9"
