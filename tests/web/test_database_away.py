"""While PostgreSQL is away: what the pages, the API, streams and the health check say, and that all
of it is well when it is back."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import httpx
import pytest

from tests.conftest import installed
from tests.events.browsers import LOG_IN, listen, wait_until
from tests.services import PostgresqlServer
from tests.web.served import ServedMus, environment, manage, serve

pytestmark = pytest.mark.server

CSRF = "c" * 32
METRICS_TOKEN = "a-token-of-some-length"
PAGES = ("/", "/tracks", "/login/", "/password/", "/setup/", "/admin/", "/admin/library/track/")
OPERATIONS = ("tracks", "albums", "tracks/1", "player/state", "scans/latest")
STREAMS = ("tracks/1/stream", "tracks/1/covers/small.webp", "events/track-updates")
UNAVAILABLE = {
    "error": {
        "code": "database_unavailable",
        "message": "The database cannot be used at the moment. Try again soon.",
    }
}


@dataclass(frozen=True)
class House:
    """A server whose database is away, and a browser in which somebody was logged in."""

    server: ServedMus
    session: str
    postgresql: PostgresqlServer

    def ask(self, *requests: tuple[str, str]) -> dict[str, httpx.Response]:
        """Answers by path, of requests that wait at the same time."""
        cookies = {"sessionid": self.session, "csrftoken": CSRF}
        headers = {"X-CSRFToken": CSRF}

        def ask_one(request: tuple[str, str]) -> httpx.Response:
            method, path = request
            data = {"username": "lee", "password": "no"} if path == "/login/" else None
            url = f"{self.server.url}{path}"
            return httpx.request(
                method, url, cookies=cookies, headers=headers, data=data, timeout=30
            )

        with ThreadPoolExecutor(len(requests)) as threads:
            answers = threads.map(ask_one, requests)
            return {path: answer for (_, path), answer in zip(requests, answers, strict=True)}

    def get(self, *paths: str) -> dict[str, httpx.Response]:
        return self.ask(*(("GET", path) for path in paths))


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("away")
    with installed(PostgresqlServer) as postgresql:
        variables = {"DATABASE_URL": postgresql.create("mus"), "METRICS_TOKEN": METRICS_TOKEN}
        made = manage({**environment(folder, 1), **variables}, "migrate", "--verbosity", "0")
        made.check_returncode()
        with serve(folder, None, "--no-scan", **variables) as server:
            session = server.python(LOG_IN.format(name="lee")).strip()
            postgresql.stop()
            yield House(server, session, postgresql)


def test_each_page_says_that_it_will_be_back_and_when_to_ask_again(house: House) -> None:
    for path, answer in house.get(*PAGES).items():
        assert answer.status_code == 503, path
        assert answer.headers["retry-after"] == "5"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["content-security-policy"]
        assert "Back in a moment" in answer.text
        assert '<link rel="stylesheet"' in answer.text


def test_what_the_page_is_made_of_needs_no_database(house: House) -> None:
    page = house.get("/")["/"].text
    files = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    assert len(files) >= 2
    assert {each.status_code for each in house.get(*files).values()} == {200}


def test_who_logs_in_is_told_that_it_is_not_their_password(house: House) -> None:
    (answer,) = house.ask(("POST", "/login/")).values()
    assert answer.status_code == 503
    assert "Back in a moment" in answer.text


def test_the_api_and_streams_say_so_in_their_own_form(house: House) -> None:
    paths = [f"/api/v1/{each}" for each in (*OPERATIONS, *STREAMS)]
    for path, answer in house.get(*paths).items():
        assert answer.status_code == 503, path
        assert answer.headers["retry-after"] == "5"
        assert answer.headers["content-type"].startswith("application/json")
        assert answer.json() == UNAVAILABLE


def test_metrics_count_each_answer_that_the_database_failed(house: House) -> None:
    before = failed_answers(house)
    house.get("/tracks", "/api/v1/tracks", "/api/v1/tracks/1/stream", "/rest/ping?u=a&p=b&c=d&v=1")
    assert failed_answers(house) == before + 4


def failed_answers(house: House) -> float:
    headers = {"Authorization": f"Bearer {METRICS_TOKEN}"}
    told = httpx.get(f"{house.server.url}/metrics", headers=headers, timeout=30).text
    (found,) = re.findall(r"^mus_database_errors_total (\S+)$", told, re.MULTILINE)
    return float(found)


def test_the_health_check_is_503_also_for_who_is_logged_in(house: House) -> None:
    answer = house.get("/healthz")["/healthz"]
    assert answer.status_code == 503
    assert answer.json()["status"] == "failing"
    assert answer.json()["database"] == "unreachable"


def test_the_log_has_a_line_for_each_and_no_traceback(house: House) -> None:
    house.get("/admin/", "/api/v1/tracks", "/api/v1/tracks/1/stream", "/healthz")
    log = house.server.output()
    for path in ("/admin/", "/api/v1/tracks", "/api/v1/tracks/1/stream"):
        assert f"GET {path}: the database cannot be used: " in log
    assert log.count("The health check finds no database") == 1
    assert "ERROR" not in log
    assert "Traceback" not in log


def test_all_is_well_when_it_is_back(house: House) -> None:
    house.postgresql.start()
    try:
        wait_until(lambda: house.get("/")["/"].status_code == 200)
        answers = house.get("/password/", "/api/v1/tracks", "/healthz")
        assert {each.status_code for each in answers.values()} == {200}
        with listen(house.server.url, house.session) as browser:
            assert browser.last_event_id == "0"
    finally:
        house.postgresql.stop()
