"""mus below a path behind nginx and behind Caddy, each with its configuration in deploy/."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.events.browsers import store, wait_until
from tests.library.media.conftest import row, stored
from tests.operations.deploy.below_a_path import (
    BASE,
    BY_NGINX,
    SETTINGS,
    Ports,
    front_below_a_path,
    port_of,
)
from tests.operations.deploy.fronts import Front
from tests.services import free_port
from tests.web.served import ServedMus, serve

pytestmark = pytest.mark.server

PASSWORD = "analytical engine"
USER = f"""
from django.contrib.auth.models import User
User.objects.create_user("lee", password="{PASSWORD}")
"""
SOUND = bytes(range(256)) * 1000
API = f"{BASE}api/v1/"


@dataclass(frozen=True)
class Site:
    server: ServedMus
    front: Front

    @contextmanager
    def logged_in(self) -> Iterator[httpx.Client]:
        with self.front.browser() as browser:
            page = browser.get(f"{BASE}login/").text
            token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
            assert token
            fields = {"username": "lee", "password": PASSWORD, "csrfmiddlewaretoken": token[1]}
            answer = browser.post(f"{BASE}login/", data=fields)
            assert (answer.status_code, answer.headers["location"]) == (302, BASE)
            yield browser


@pytest.fixture(scope="module", params=["nginx", "caddy"])
def site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, database: Path
) -> Iterator[Site]:
    """No server is at the root of the host."""
    folder = tmp_path_factory.mktemp("below")
    by_nginx = BY_NGINX if request.param == "nginx" else {}
    with serve(folder, database, "--no-scan", BASE_PATH=BASE, **SETTINGS, **by_nginx) as server:
        server.python(USER)
        ports = Ports(port_of(server), free_port())
        music = Path(server.variables["MUSIC_DIR"])
        with front_below_a_path(request.param, folder / "front", ports, music) as front:
            yield Site(server, front)


def test_one_logs_in_and_the_cookies_are_secure(site: Site) -> None:
    with site.logged_in() as browser:
        assert browser.get(f"{API}tracks").status_code == 200
        found = {(cookie.name, cookie.path, cookie.secure) for cookie in browser.cookies.jar}
    assert found == {("csrftoken|music", BASE, True), ("sessionid|music", BASE, True)}


def test_the_path_without_its_slash_leads_to_it(site: Site) -> None:
    with site.front.browser() as browser:
        answer = browser.get("/music")
        assert answer.status_code in {301, 302}
        assert httpx.URL(answer.headers["location"]).path == BASE


@pytest.mark.parametrize("path", ["/musical", "/api/v1/tracks", "/static/web/mus.css", "/"])
def test_the_rest_of_the_host_is_not_for_mus(site: Site, path: str) -> None:
    with site.front.browser() as browser:
        assert browser.get(path).status_code == 502  # nobody is there
    assert f"path={path} " not in site.server.output()


def test_a_part_of_a_file_is_sent_and_by_nginx_itself_where_that_is_before_mus(
    site: Site,
) -> None:
    music = Path(site.server.variables["MUSIC_DIR"])
    (music / "a b.flac").write_bytes(SOUND)
    (stream,) = stored(site.server, row(music / "a b.flac", music))
    path = f"/music{stream}"
    with site.logged_in() as browser:
        part = browser.get(path, headers={"Range": "bytes=1000-1999"})
        assert (part.status_code, part.content) == (206, SOUND[1000:2000])

    def sent_by_mus() -> list[str]:
        return re.findall(rf"path={path} status=\d+ bytes=(\d+)", site.server.output())

    wait_until(lambda: len(sent_by_mus()) == 1)  # told a moment after the response is over
    assert sent_by_mus() == (["0"] if site.front.kind == "nginx" else ["1000"])


def test_each_event_arrives_while_the_stream_stays_open(site: Site) -> None:
    with (
        site.logged_in() as browser,
        browser.stream("GET", f"{API}events/track-updates") as response,
    ):
        lines = response.iter_lines()
        assert "content-encoding" not in response.headers
        for _ in range(2):
            (event_id,) = store(site.server)
            while next(lines) != f"id: {event_id}":
                pass
            assert next(lines).startswith("data: ")


def test_styles_are_kept_for_ever_and_sent_compressed(site: Site) -> None:
    with site.front.browser() as browser:
        page = browser.get(f"{BASE}login/").text
        (path,) = re.findall(rf'href="({BASE}static/web/mus\.[0-9a-f]{{12}}\.css)"', page)
        style = browser.get(path, headers={"Accept-Encoding": "gzip"})
    assert style.headers["content-type"].startswith("text/css")
    assert "immutable" in style.headers["cache-control"]
    assert style.headers["content-encoding"] == "gzip"


@pytest.mark.parametrize(("path", "size"), [(f"{BASE}login/", 100_000), (BASE, 2_000_000)])
def test_a_body_that_is_too_large_is_told_so(site: Site, path: str, size: int) -> None:
    """By mus, which has a lower limit for logins, or by the proxy before it."""
    with site.front.browser() as browser:
        assert browser.post(path, content=b"x" * size).status_code == 413


def test_metrics_are_not_for_the_world(site: Site) -> None:
    with site.front.browser() as browser:
        assert browser.get(f"{BASE}metrics").status_code == 404
        assert browser.get(f"{BASE}healthz").json()["status"] == "ok"


def test_the_log_has_the_address_that_the_proxy_saw(site: Site) -> None:
    with site.front.browser() as browser:
        page = browser.get(f"{BASE}login/", headers={"X-Forwarded-For": "203.0.113.7"}).text
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token
        fields = {"username": "lee", "password": "wrong", "csrfmiddlewaretoken": token[1]}
        browser.post(f"{BASE}login/", data=fields, headers={"X-Forwarded-For": "203.0.113.7"})
    assert "address=127.0.0.1 path=/music/login/" in site.server.output()
    assert "203.0.113.7" not in site.server.output()
