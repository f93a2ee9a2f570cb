"""A server that is about to end says so at /readyz, and still answers for DRAIN_SECONDS."""

import signal
from pathlib import Path

import httpx
import pytest

from tests.web.served import ServedMus, serve

pytestmark = pytest.mark.server

LONG_S = "60"  # far longer than the test: only a second signal ends the server
ELSEWHERE = {"Host": "10.0.0.7:8000"}  # a proxy may ask by the address of the server


def ready(server: ServedMus) -> httpx.Response:
    return httpx.get(f"{server.url}/readyz", headers=ELSEWHERE)


@pytest.mark.parametrize("base_path", ["/", "/music/"])
def test_a_server_that_drains_is_not_ready_and_answers_until_a_second_signal(
    tmp_path: Path, database: Path, base_path: str
) -> None:
    with serve(
        tmp_path,
        database,
        "--no-scan",
        DRAIN_SECONDS=LONG_S,
        BASE_PATH=base_path,
        HTTPS="true",
        TRUSTED_PROXIES="127.0.0.2",
    ) as server:
        assert (ready(server).status_code, ready(server).json()) == (200, {"status": "ready"})
        server.process.send_signal(signal.SIGTERM)
        while ready(server).status_code == 200:
            pass
        assert ready(server).json()["error"]["code"] == "ending"
        answer = httpx.get(f"{server.url}{base_path}healthz")
        assert answer.status_code == 200
        assert answer.headers["connection"] == "close"
        code, _ = server.end(signal.SIGTERM)
        assert code == 0


def test_it_ends_by_itself_when_the_time_is_over(tmp_path: Path, database: Path) -> None:
    with serve(tmp_path, database, "--no-scan", DRAIN_SECONDS="1") as server:
        code, seconds = server.end(signal.SIGTERM)
    assert code == 0
    assert seconds >= 1
