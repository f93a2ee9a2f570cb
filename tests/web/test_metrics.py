"""What Prometheus is told, and that nobody else is."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import httpx
import pytest
from django.test import Client

from tests.api.visitors import Visitor, log_in
from tests.audio_files import make_audio
from tests.events.browsers import wait_until
from tests.web.served import PROJECT_DIR, ServedMus, free_port, manage, serve

pytestmark = pytest.mark.server

TOKEN = "a-token-of-some-length"
CSRF = "c" * 32
FAILED_LOGINS = "mus_failed_logins_total"
RENAME = (
    "from django.db import connection; connection.cursor().execute('ALTER TABLE {} RENAME TO {}')"
)


PURGED = """
from tests.web.library_rows import make_scan
make_scan(kind="purge", trigger="admin", purged=3)
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, database: Path) -> Iterator[ServedMus]:
    folder = tmp_path_factory.mktemp("metrics")
    with serve(folder, database, "--no-scan", METRICS_TOKEN=TOKEN) as served:
        yield served


@pytest.fixture(scope="module")
def visitor(server: ServedMus) -> Iterator[Visitor]:
    with log_in(server, is_administrator=True) as somebody:
        yield somebody


def ask(server: ServedMus, token: str = TOKEN) -> httpx.Response:
    return httpx.get(f"{server.url}/metrics", headers={"Authorization": f"Bearer {token}"})


def value(server: ServedMus, name: str, **labels: str) -> float:
    """Of the sample with these labels; 0 where there is none."""
    wanted = ",".join(f'{key}="{label}"' for key, label in sorted(labels.items()))
    sample = f"{name}{{{wanted}}}" if labels else name
    found = re.search(rf"^{re.escape(sample)} (\S+)$", ask(server).text, re.MULTILINE)
    return float(found[1]) if found else 0.0


def count(server: ServedMus, method: str, route: str, status: int) -> float:
    labels = {"method": method, "route": route, "status": str(status)}
    return value(server, "mus_http_request_duration_seconds_count", **labels)


@pytest.mark.django_db
def test_without_a_token_there_are_none(client: Client) -> None:
    assert client.get("/metrics").status_code == 404


@pytest.mark.parametrize("given", [b"Bearer", b"Bearer wrong", b"Basic bXVz", b"Bearer \xc3\xa9"])
def test_with_the_wrong_token_nothing_is_told(server: ServedMus, given: bytes) -> None:
    refused = httpx.get(f"{server.url}/metrics", headers={b"Authorization": given})
    assert refused.status_code == 401
    assert refused.headers["www-authenticate"].startswith("Bearer")
    assert "mus_" not in refused.text


def test_requests_are_counted_by_their_route_and_never_by_their_path(
    server: ServedMus, visitor: Visitor
) -> None:
    routes = {
        "/api/v1/tracks/4711": ("/api/v1/tracks/<track_id>", 404),
        "/api/v1/tracks/4711/stream": ("/api/v1/tracks/<track_id>/stream", 404),
        "/login/": ("/login/", 302),
        "/": ("/", 200),
        "/static/web/mus.css": ("/static/", 200),
        "/static/4711": ("/static/", 404),
        "/4711.php": ("none", 404),
    }
    before = {
        (route, status): count(server, "GET", route, status) for route, status in routes.values()
    }
    for path, (_, status) in routes.items():
        assert visitor.get(path).status_code == status, path
    for route, status in routes.values():
        assert count(server, "GET", route, status) == before[route, status] + 1, route
    # Labels alone: the digits of a moment or of a duration may be any.
    assert not re.search(r'="[^"]*4711', ask(server).text)


def test_methods_that_somebody_makes_up_are_one(server: ServedMus) -> None:
    for number in range(3):
        httpx.request(f"MADEUP{number}", f"{server.url}/healthz")
    assert "MADEUP" not in ask(server).text
    assert 'method="other"' in ask(server).text


def test_listeners_and_the_delay_of_what_they_hear_are_told(
    server: ServedMus, visitor: Visitor
) -> None:
    heard = value(server, "mus_relay_delay_seconds_count")
    address = "/api/v1/events/track-updates"
    with visitor.client.stream("GET", address) as stream:
        lines = stream.iter_lines()
        assert next(lines).startswith("retry:")
        assert value(server, "mus_listeners") == 1
        manage(server.variables, "scan_tracks", "--allow-empty", "--quiet")
        while not next(lines).startswith("data:"):
            pass
        assert value(server, "mus_relay_delay_seconds_count") == heard + 1
    assert value(server, "mus_relay_delay_seconds_sum") > 0


def test_the_library_and_its_scans_are_told_whichever_process_ran_them(server: ServedMus) -> None:
    labels = {"trigger": "command", "state": "completed"}
    before = value(server, "mus_scan_duration_seconds_count", **labels)
    make_audio(Path(server.variables["MUSIC_DIR"]) / "one.flac", title="One")
    (Path(server.variables["MUSIC_DIR"]) / "broken.mp3").write_bytes(b"no sound")
    manage(server.variables, "scan_tracks", "--quiet")
    for _ in range(2):  # asking again counts nothing again
        assert value(server, "mus_scan_duration_seconds_count", **labels) == before + 1
    assert value(server, "mus_scan_files_total", outcome="added") == 1
    assert value(server, "mus_tracks", file="present") == 1
    assert value(server, "mus_tracks", file="missing") == 0
    assert value(server, "mus_scan_failures") == 1
    assert value(server, "mus_scan_running") == 0
    assert value(server, "mus_last_scan_timestamp_seconds") > 1_700_000_000
    seen = ask(server).text
    server.python(PURGED)
    purges = {"trigger": "admin", "state": "completed"}
    assert value(server, "mus_scan_duration_seconds_count", **purges) == 0
    stamp = re.search(r"^mus_last_scan_timestamp_seconds .*$", seen, re.MULTILINE)
    assert stamp
    assert stamp[0] in ask(server).text
    assert value(server, "mus_database_up") == 1


def test_without_a_database_the_rest_is_told(server: ServedMus) -> None:
    server.python(RENAME.format("library_scan", "away"))
    try:
        assert value(server, "mus_database_up") == 0
        assert "process_resident_memory_bytes" in ask(server).text
    finally:
        server.python(RENAME.format("away", "library_scan"))
    assert value(server, "mus_database_up") == 1


def test_no_series_tells_when_another_began(server: ServedMus) -> None:
    ask(server)
    assert "_created" not in ask(server).text


def test_the_room_that_is_left_for_data_is_told(server: ServedMus) -> None:
    usage = shutil.disk_usage(server.variables["DATA_DIR"])
    assert 0 < value(server, "mus_data_free_bytes") <= usage.total


def test_failed_logins_are_counted_by_what_was_wrong(server: ServedMus, visitor: Visitor) -> None:
    before = [value(server, FAILED_LOGINS, by=by) for by in ("password", "app_password")]
    assert "Please enter a correct username" in wrong_login(server).text
    wrong = {"u": "nobody", "p": "no", "c": "test", "v": "1.16.1", "f": "json"}
    assert visitor.get(f"/rest/ping?{urlencode(wrong)}").json()["subsonic-response"]["error"]
    after = [value(server, FAILED_LOGINS, by=by) for by in ("password", "app_password")]
    assert after == [before[0] + 1, before[1] + 1]


def wrong_login(server: ServedMus) -> httpx.Response:
    return httpx.post(
        f"{server.url}/login/",
        data={"username": "nobody", "password": "no", "csrfmiddlewaretoken": CSRF},
        cookies={"csrftoken": CSRF},
        timeout=60,
    )


def test_the_state_of_the_channel_layer_is_told(
    server: ServedMus, tmp_path: Path, database: Path
) -> None:
    assert value(server, "mus_channel_layer_up") == 1
    away = {"METRICS_TOKEN": TOKEN, "REDIS_URL": f"redis://127.0.0.1:{free_port()}/0"}
    with serve(tmp_path, database, "--no-scan", **away) as other:
        wait_until(lambda: "The channel layer (REDIS_URL) cannot be reached" in other.output())
        assert "\nmus_channel_layer_up 0.0\n" in ask(other).text


def test_each_metric_of_mus_stands_in_the_table(server: ServedMus) -> None:
    table = (PROJECT_DIR / "docs" / "deployment.md").read_text()
    named = set(re.findall(r"^# TYPE (mus_\w+)", ask(server).text, re.MULTILINE))
    assert {name for name in named if f"`{name}`" not in table} == set()
