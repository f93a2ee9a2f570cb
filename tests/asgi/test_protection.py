"""What streams, covers and events share with pages: hosts, https, and headers."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from django.templatetags.static import static

from tests.asgi.asking import COVER, EVENTS, STREAM
from tests.settings.test_https import AS_THE_PROXY, HOST, PRODUCTION
from tests.web.served import ServedMus, serve

pytestmark = pytest.mark.server

PAGE = "/login/"
BESIDE_DJANGO = (EVENTS, COVER, STREAM)
SECURITY_HEADERS = (
    "content-security-policy",
    "cross-origin-opener-policy",
    "referrer-policy",
    "strict-transport-security",
    "x-content-type-options",
    "x-frame-options",
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, database: Path) -> Iterator[ServedMus]:
    with serve(tmp_path_factory.mktemp("http"), database, "--no-scan") as served:
        yield served


@pytest.fixture(scope="module")
def https(tmp_path_factory: pytest.TempPathFactory, database: Path) -> Iterator[ServedMus]:
    with serve(tmp_path_factory.mktemp("https"), database, "--no-scan", **PRODUCTION) as served:
        yield served


def security_headers(response: httpx.Response) -> dict[str, list[str]]:
    return {name: response.headers.get_list(name) for name in SECURITY_HEADERS}


@pytest.mark.parametrize("path", [*BESIDE_DJANGO, static("web/mus.css"), "/nothing", "/api/x"])
def test_every_answer_has_the_headers_of_a_page(
    server: ServedMus, https: ServedMus, path: str
) -> None:
    for served, headers in ((server, {}), (https, AS_THE_PROXY)):
        page = security_headers(httpx.get(f"{served.url}{PAGE}", headers=headers))
        assert all(len(values) == 1 for name, values in page.items() if "transport" not in name)
        assert bool(page["strict-transport-security"]) == (served is https)
        assert security_headers(httpx.get(f"{served.url}{path}", headers=headers)) == page


@pytest.mark.parametrize("path", [PAGE, *BESIDE_DJANGO])
def test_a_host_that_is_not_allowed_is_refused(server: ServedMus, path: str) -> None:
    response = httpx.get(f"{server.url}{path}", headers={"Host": "evil.example"})
    assert response.status_code == 400
    if path != PAGE:
        error = response.json()["error"]
        assert (
            error
            == httpx.get(f"{server.url}/api/v1/tracks", headers={"Host": "evil.example"}).json()[
                "error"
            ]
        )
        assert "ALLOWED_HOSTS" in error["message"]


@pytest.mark.parametrize("path", [PAGE, *BESIDE_DJANGO])
def test_who_comes_without_https_is_led_there(https: ServedMus, path: str) -> None:
    response = httpx.get(f"{https.url}{path}?v=1", headers={"Host": HOST})
    assert response.status_code == 301
    assert response.headers["location"] == f"https://{HOST}{path}?v=1"
    assert httpx.get(f"{https.url}{path}", headers=AS_THE_PROXY).status_code in {200, 401}


@pytest.mark.parametrize("value", ["/evil.example", "/login", "/caf\xe9", "%ff"])
def test_a_client_does_not_choose_where_mus_is_mounted(server: ServedMus, value: str) -> None:
    headers = {b"Daphne-Root-Path": value.encode("latin-1")}
    response = httpx.get(f"{server.url}/", headers=headers)
    assert response.status_code == 302
    assert response.headers["location"] == "/login/?next=/"
    assert httpx.get(f"{server.url}{EVENTS}", headers=headers).status_code == 401
    assert "Traceback" not in server.output()
