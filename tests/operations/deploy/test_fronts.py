"""mus behind nginx and behind Caddy, each with the configuration in deploy/."""

import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import create_connection

import httpx
import pytest

from tests.events.browsers import store, wait_until
from tests.library.media.conftest import row, stored
from tests.operations.deploy.fronts import NAME, Front, front_of
from tests.web.served import ServedMus, serve

pytestmark = pytest.mark.server

PASSWORD = "analytical engine"
SETTINGS = {"HTTPS": "true", "TRUSTED_PROXIES": "127.0.0.1", "ALLOWED_HOSTS": NAME}
BY_NGINX = {"X_ACCEL_REDIRECT_PREFIX": "/_music/"}
USER = f"""
from django.contrib.auth.models import User
User.objects.create_user("lee", password="{PASSWORD}")
"""
APP_PASSWORD = """
from django.contrib.auth.models import User
from accounts.app_passwords import make_app_password, password_of
print(password_of(make_app_password(User.objects.get(username="lee"), "app")))
"""
SOUND = bytes(range(256)) * 1000


@dataclass(frozen=True)
class Site:
    """A server, and a proxy before it."""

    server: ServedMus
    front: Front

    @contextmanager
    def logged_in(self) -> Iterator[httpx.Client]:
        with self.front.browser() as browser:
            assert log_in(browser, PASSWORD).status_code == 302
            yield browser

    def track(self, name: str) -> str:
        """The path under which a file with SOUND in it is streamed."""
        music = Path(self.server.variables["MUSIC_DIR"])
        (music / name).write_bytes(SOUND)
        (path,) = stored(self.server, row(music / name, music))
        return path


def log_in(browser: httpx.Client, password: str, **headers: str) -> httpx.Response:
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', browser.get("/login/").text)
    assert token
    fields = {"username": "lee", "password": password, "csrfmiddlewaretoken": token[1]}
    return browser.post("/login/", data=fields, headers=headers)


@pytest.fixture(scope="module", params=["nginx", "caddy"])
def site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, database: Path
) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    settings = {**SETTINGS, **(BY_NGINX if request.param == "nginx" else {})}
    with serve(folder, database, "--no-scan", **settings) as server:
        server.python(USER)
        ports = [int(server.variables["PORT"])]
        music = Path(server.variables["MUSIC_DIR"])
        with front_of(request.param, folder / "front", ports, music) as front:
            yield Site(server, front)


def test_one_logs_in_and_asks_the_api(site: Site) -> None:
    with site.logged_in() as browser:
        assert browser.get("/").status_code == 200
        tracks = browser.get("/api/v1/tracks")
        assert tracks.status_code == 200
        assert tracks.headers["strict-transport-security"] == "max-age=15552000"
        secure = {cookie.name: cookie.secure for cookie in browser.cookies.jar}
        assert secure == {"csrftoken": True, "sessionid": True}


def test_the_address_of_who_cannot_log_in_is_the_one_that_the_proxy_saw(site: Site) -> None:
    with site.front.browser() as browser:
        log_in(browser, "wrong", **{"X-Forwarded-For": "203.0.113.7"})
    output = site.server.output()
    assert "address=127.0.0.1 path=/login/" in output
    assert "203.0.113.7" not in output


def test_a_part_of_a_file_is_sent_and_by_nginx_itself_where_that_is_before_mus(
    site: Site,
) -> None:
    path = site.track("Caf\u00e9 & more 100%.flac")
    with site.logged_in() as browser:
        part = browser.get(path, headers={"Range": "bytes=1000-1999"})
        assert part.status_code == 206
        assert part.headers["content-range"] == f"bytes 1000-1999/{len(SOUND)}"
        assert part.content == SOUND[1000:2000]
        assert part.headers["content-type"] == "audio/flac"
        assert "x-accel-redirect" not in part.headers
        assert browser.get(path).content == SOUND

    def sent_by_mus() -> list[str]:
        return re.findall(rf"path={path} status=\d+ bytes=(\d+)", site.server.output())

    wait_until(lambda: len(sent_by_mus()) == 2)  # told a moment after the response is over
    by_nginx, by_itself = ["0", "0"], ["1000", f"{len(SOUND)}"]
    assert sent_by_mus() == (by_nginx if site.front.kind == "nginx" else by_itself)


def test_a_subsonic_app_that_is_a_web_page_plays_a_file(site: Site) -> None:
    """airsonic#662: such an app needs the headers of CORS, which nginx does not keep by itself."""
    track_id = re.findall(r"[0-9]+", site.track("subsonic.flac"))[-1]
    password = site.server.python(APP_PASSWORD).split()[-1]
    asked = {"u": "lee", "p": password, "v": "1.16.1", "c": "tests", "id": f"tr-{track_id}"}
    with site.front.browser() as browser:
        part = browser.get("/rest/stream", params=asked, headers={"Range": "bytes=1000-1999"})
    assert (part.status_code, part.content) == (206, SOUND[1000:2000])
    assert part.headers["access-control-allow-origin"] == "*"
    assert "content-range" in part.headers["access-control-expose-headers"]
    assert "x-content-duration" in part.headers
    assert "x-accel-redirect" not in part.headers


def test_files_are_for_who_is_logged_in_alone(site: Site) -> None:
    path = site.track("private.mp3")
    with site.front.browser() as stranger:
        assert stranger.get(path).status_code == 401
        assert stranger.get("/_music/0/private.mp3").status_code == 404
        assert stranger.get("/_music/0/../../data/secret_key").status_code in {400, 404}


def test_each_event_arrives_while_the_stream_stays_open(site: Site) -> None:
    with site.logged_in() as browser:
        stream = browser.stream("GET", "/api/v1/events/track-updates")
        with stream as response:
            lines = response.iter_lines()
            assert response.headers["content-type"].startswith("text/event-stream")
            assert "content-encoding" not in response.headers
            assert next(lines).startswith("retry:")
            for _ in range(2):
                (event_id,) = store(site.server)
                while next(lines) != f"id: {event_id}":
                    pass
                assert next(lines).startswith("data: ")


def test_http_2_is_spoken(site: Site) -> None:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_alpn_protocols(["h2", "http/1.1"])
    with (
        create_connection(("127.0.0.1", site.front.https_port)) as plain,
        context.wrap_socket(plain, server_hostname=NAME) as secure,
    ):
        assert secure.selected_alpn_protocol() == "h2"


def test_styles_are_kept_for_ever_and_sent_compressed(site: Site) -> None:
    with site.front.browser() as browser:
        page = browser.get("/login/").text
        (path,) = re.findall(r'href="(/static/web/mus\.[0-9a-f]{12}\.css)"', page)
        style = browser.get(path, headers={"Accept-Encoding": "gzip"})
    assert style.status_code == 200
    assert style.headers["content-type"].startswith("text/css")
    assert "immutable" in style.headers["cache-control"]
    assert style.headers["content-encoding"] == "gzip"


@pytest.mark.parametrize(("path", "size"), [("/login/", 100_000), ("/", 2_000_000)])
def test_a_body_that_is_too_large_is_told_so(site: Site, path: str, size: int) -> None:
    """By mus, which has a lower limit for logins, or by the proxy before it."""
    with site.front.browser() as browser:
        assert browser.post(path, content=b"x" * size).status_code == 413
        pieces = (b"x" * 10_000 for _ in range(size // 10_000 + 1))
        answer = browser.post(path, content=pieces)
        # Caddy may take a server that refuses a body for one that fails, and then has none left.
        assert answer.status_code == 413 or (
            site.front.kind == "caddy" and answer.status_code == 503
        )


def test_metrics_are_not_for_the_world(site: Site) -> None:
    with site.front.browser() as browser:
        assert browser.get("/metrics").status_code == 404


# Caddy does that by itself, on port 80 alone, which is not for a test to take.
@pytest.mark.parametrize("site", ["nginx"], indirect=True)
def test_who_comes_without_https_is_led_there(site: Site) -> None:
    answer = httpx.get(
        f"http://127.0.0.1:{site.front.http_port}/albums?q=1", headers={"Host": NAME}
    )
    assert answer.status_code == 301
    assert answer.headers["location"] == f"https://{NAME}/albums?q=1"
