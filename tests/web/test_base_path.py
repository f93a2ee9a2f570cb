"""mus below a path of a host (BASE_PATH), asked directly as a proxy would ask it."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urljoin

import httpx
import pytest
from django.conf import settings

from api.openapi import complete
from asgi.base_path import own_path_of
from asgi.body_limits import KIB
from tests.library.runner.house import wait_until
from tests.web.raw import Connection
from tests.web.served import ServedMus, serve
from web.player_page import storage_name

pytestmark = pytest.mark.server

BASE = "/music/"
PASSWORD = "analytical engine"
TOKEN = "a-token-of-the-tests-alone"
FORM = {"username": "ada", "password1": PASSWORD, "password2": PASSWORD}
USER = f"""
from django.contrib.auth.models import User
User.objects.create_superuser("ada", password="{PASSWORD}")
"""
CSRF_FIELD = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, database: Path) -> Iterator[ServedMus]:
    folder = tmp_path_factory.mktemp("below")
    # Without the slash at its end, which means the same.
    variables = {"BASE_PATH": "/music", "METRICS_TOKEN": TOKEN}
    with serve(folder, database, "--no-scan", **variables) as server:
        server.python(USER)
        yield server


@pytest.fixture
def stranger(server: ServedMus) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url) as client:
        yield client


@pytest.fixture
def ada(stranger: httpx.Client) -> httpx.Client:
    assert log_in(stranger, f"{BASE}login/").headers["location"] == BASE
    return stranger


def log_in(client: httpx.Client, path: str) -> httpx.Response:
    token = CSRF_FIELD.search(client.get(path).text)
    assert token
    fields = {"username": "ada", "password": PASSWORD, "csrfmiddlewaretoken": token[1]}
    return client.post(path, data=fields)


def whole_url(client: httpx.Client, path: str) -> str:
    """With each slash of `path`: the client itself would take two at its beginning for a host."""
    return str(client.base_url).removesuffix("/") + path


def post(client: httpx.Client, path: str, **body: object) -> httpx.Response:
    token = {"X-CSRFToken": client.cookies["csrftoken|music"]}
    return client.post(path, json=body, headers=token)


@pytest.mark.parametrize("path", ["", "albums", "albums/7?sort=title", "admin/", "password/"])
def test_a_stranger_is_led_to_the_login_and_back_below_the_path(
    stranger: httpx.Client, path: str
) -> None:
    answer = stranger.get(BASE + path)
    assert answer.status_code == 302
    login = f"{BASE}admin/login/" if path == "admin/" else f"{BASE}login/"
    target = httpx.URL(answer.headers["location"])
    assert (target.path, target.params["next"]) == (login, BASE + path)


@pytest.mark.parametrize(("path", "target"), [("/music", BASE), ("/music/login", f"{BASE}login/")])
def test_a_slash_that_lacks_at_the_end_is_added(
    stranger: httpx.Client, path: str, target: str
) -> None:
    answer = stranger.get(f"{path}?q=1")
    assert (answer.status_code, answer.headers["location"]) == (301, f"{target}?q=1")


@pytest.mark.parametrize("path", ["/", "/albums", "//albums", "/music/albums"])
def test_a_proxy_may_have_removed_the_path(stranger: httpx.Client, path: str) -> None:
    """So that no proxy and no browser goes round in circles: each redirect has the path."""
    answer = stranger.get(whole_url(stranger, path))
    assert answer.status_code == 302
    assert answer.headers["location"].startswith("/music/login/?next=/music/")


def test_one_logs_in_behind_a_proxy_that_removes_the_path(server: ServedMus) -> None:
    """Its browser keeps the path, which the cookies need."""
    with httpx.Client(base_url=server.url, event_hooks={"request": [_remove_path]}) as browser:
        assert log_in(browser, f"{BASE}login/").headers["location"] == BASE
        assert browser.get(BASE).status_code == 200
        assert browser.get(f"{BASE}api/v1/tracks").status_code == 200


def _remove_path(request: httpx.Request) -> None:
    request.url = request.url.copy_with(path=request.url.path.removeprefix("/music"))


def test_the_cookies_are_those_of_the_path_alone(ada: httpx.Client) -> None:
    found = {cookie.name: cookie.path for cookie in ada.cookies.jar}
    assert found == {"sessionid|music": BASE, "csrftoken|music": BASE}


def test_a_cookie_of_another_mus_on_the_host_is_no_login_here(
    ada: httpx.Client, server: ServedMus
) -> None:
    """A browser sends the cookies of / to /music/ too, after those of /music/."""
    own = "; ".join(f"{name}={value}" for name, value in ada.cookies.items())
    foreign = {"Cookie": f"{own}; sessionid=another; csrftoken={'x' * 32}"}
    with httpx.Client(base_url=server.url, headers=foreign) as browser:
        assert browser.get(f"{BASE}api/v1/tracks").status_code == 200
        assert post(ada, f"{BASE}api/v1/scans/1/cancel").status_code == 404


def test_a_message_of_the_admin_is_no_cookie_of_the_whole_host(ada: httpx.Client) -> None:
    form = {"csrfmiddlewaretoken": ada.cookies["csrftoken|music"]}
    started = ada.post(f"{BASE}admin/library/scan/start/", data=form)
    assert {cookie.path for cookie in ada.cookies.jar} == {BASE}
    assert '<ul class="messagelist">' in ada.get(started.headers["location"]).text
    latest = f"{BASE}api/v1/scans/latest"
    wait_until(lambda: ada.get(latest).json()["finished_at"] is not None, seconds=30, pause_s=0.1)


@pytest.mark.parametrize("path", ["", "albums/7", "login/", "nothing-here", "password/"])
def test_every_link_of_a_page_is_below_the_path(ada: httpx.Client, path: str) -> None:
    page = ada.get(BASE + path, follow_redirects=True).text
    links = re.findall(r'(?:href|src|action|data-[a-z-]+)="(/[^"]*)"', page)
    assert links
    assert [link for link in links if not link.startswith(BASE)] == []


def test_every_link_of_the_admin_is_below_the_path(ada: httpx.Client) -> None:
    for path in ("admin/", "admin/library/track/", "admin/library/scan/", "admin/auth/user/add/"):
        page = ada.get(BASE + path)
        assert page.status_code == 200
        links = re.findall(r'(?:href|src|action)="(/[^"]*)"', page.text)
        assert [link for link in links if not link.startswith(BASE)] == []
        assert f'<a href="{BASE}">View site</a>' in page.text
        for file in re.findall(rf'(?:href|src)="({BASE}static/[^"]+)"', page.text):
            assert ada.get(file).status_code == 200, file


def test_static_files_are_kept_for_ever_and_the_app_begins_at_the_path(
    ada: httpx.Client,
) -> None:
    page = ada.get(BASE).text
    (style,) = re.findall(r'href="([^"]+/mus\.[0-9a-f]{12}\.css)"', page)
    assert "immutable" in ada.get(style).headers["cache-control"]
    (link,) = re.findall(r'rel="manifest" href="([^"]+)"', page)
    manifest = ada.get(link).json()
    assert {urljoin(link, manifest[each]) for each in ("start_url", "scope")} == {BASE}
    assert all(ada.get(urljoin(link, each["src"])).is_success for each in manifest["icons"])


def test_the_service_worker_lies_at_the_path_and_keeps_its_own_cache(ada: httpx.Client) -> None:
    script = ada.get(f"{BASE}service-worker.js").text
    shell = json.loads(script.partition("self.SHELL = ")[2].partition(";\n")[0])
    assert (shell["page"], shell["cache"]) == (BASE, "/music/:mus-shell")
    assert all(file.startswith(f"{BASE}static/") for file in shell["files"])
    imported = re.search(r"importScripts\((.*)\)", script)
    assert imported
    for name in ("kept-media", "service-worker"):
        assert f'"{BASE}static/web/{name}.' in imported[1]


def test_the_api_tells_where_it_is(ada: httpx.Client) -> None:
    document = ada.get(f"{BASE}api/v1/openapi.json").json()
    assert document["servers"] == [{"url": "/music"}]
    assert "/api/v1/tracks" in document["paths"]
    assert document["components"]["securitySchemes"]["LoggedIn"]["name"] == "sessionid|music"
    assert "/music/api/v1/openapi.json" in ada.get(f"{BASE}api/nothing").json()["error"]["message"]
    started = post(ada, f"{BASE}api/v1/scans")
    assert started.status_code == 202
    assert started.headers["location"].startswith(f"{BASE}api/v1/scans/")
    assert ada.get(started.headers["location"]).json()["id"] == started.json()["id"]


def test_streams_covers_and_events_are_routed_below_the_path(ada: httpx.Client) -> None:
    for path in ("tracks/1/stream", "tracks/1/covers/small.webp"):
        answer = ada.get(f"{BASE}api/v1/{path}")
        assert answer.json()["error"]["code"] == "track_not_found"
    with ada.stream("GET", f"{BASE}api/v1/events/track-updates") as events:
        assert events.headers["content-type"].startswith("text/event-stream")


@pytest.mark.parametrize("path", ["/music/healthz", "/healthz"])
def test_a_monitor_may_ask_with_the_path_or_without(stranger: httpx.Client, path: str) -> None:
    assert stranger.get(path).json()["status"] == "ok"


def test_metrics_and_the_log_name_routes_as_ever(ada: httpx.Client, server: ServedMus) -> None:
    for path in ("static/web/favicon.svg", "api/v1/tracks", "api/v1/tracks/1/stream", "healthz"):
        ada.get(BASE + path)
    ada.get("/albums")
    told = ada.get(f"{BASE}metrics", headers={"Authorization": f"Bearer {TOKEN}"}).text
    for route in ("/static/", "/api/v1/tracks", "/api/v1/tracks/<track_id>/stream", "/healthz"):
        assert f'route="{route}"' in told
    assert "path=/music/api/v1/tracks status=200" in server.output()
    assert "path=/music/albums status=" in server.output()
    assert "/static/" not in server.output()
    assert "path=/music/healthz" not in server.output()


@pytest.mark.parametrize(
    "path", ["/music/login/", "/%6Dusic/login/", "/login/", "//login/", "/music/%6Cogin/"]
)
def test_a_body_has_the_limit_of_its_path(stranger: httpx.Client, path: str) -> None:
    url = whole_url(stranger, path)
    assert stranger.post(url, content=b"x" * (64 * KIB + 1)).status_code == 413


def test_a_refusal_of_the_server_is_json_below_the_api(stranger: httpx.Client) -> None:
    answer = stranger.post(f"{BASE}api/v1/scans", content=b"x" * (1024 * KIB + 1))
    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_big")


@pytest.mark.parametrize("name", ["Daphne-Root-Path", "X-Forwarded-Prefix", "X-Script-Name"])
def test_no_header_of_a_request_chooses_the_path(stranger: httpx.Client, name: str) -> None:
    answer = stranger.get(f"{BASE}albums", headers={name: "//evil.example"})
    assert answer.headers["location"] == "/music/login/?next=/music/albums"


@pytest.mark.parametrize("path", ["/musical/", "/music/music/", "/music/..%2Falbums"])
def test_what_is_not_there_is_a_page_that_leads_back(stranger: httpx.Client, path: str) -> None:
    answer = stranger.get(path)
    assert answer.status_code == 404
    assert f'<a href="{BASE}">Go to the player</a>' in answer.text


def test_a_request_for_no_path_at_all_is_answered(server: ServedMus) -> None:
    connection = Connection(server)
    connection.send_head("OPTIONS", "*")
    assert connection.status() < 500
    connection.socket.close()


def test_the_link_of_the_first_run_is_below_the_path(tmp_path: Path, database: Path) -> None:
    with serve(tmp_path, database, "--no-scan", BASE_PATH="/my/music/") as server:
        link = server.setup_link()
        assert link.startswith(f"{server.url}/my/music/setup/?token=")
        with httpx.Client() as browser:
            token = CSRF_FIELD.search(browser.get(link).text)
            assert token
            done = browser.post(link, data={**FORM, "csrfmiddlewaretoken": token[1]})
            assert done.headers["location"] == "/my/music/"
            assert browser.get(f"{server.url}/my/music/").status_code == 200
            assert {cookie.name for cookie in browser.cookies.jar} == {
                *("sessionid|my|music", "csrftoken|my|music")
            }


def test_the_page_of_a_database_that_is_away_is_whole(tmp_path: Path, database: Path) -> None:
    with serve(tmp_path, database, "--no-scan", BASE_PATH=BASE) as server:
        rename = "connection.cursor().execute('ALTER TABLE auth_user RENAME TO away')"
        server.python(f"from django.db import connection; {rename}")
        answer = httpx.get(f"{server.url}{BASE}login/")
    assert answer.status_code >= 500
    links = re.findall(r'(?:href|src)="(/[^"]*)"', answer.text)
    assert [link for link in links if not link.startswith(BASE)] == []
    assert links or answer.status_code == 500


def test_the_password_of_a_proxy_is_no_login_of_mus(ada: httpx.Client) -> None:
    """Nor does it disturb one: the browser sends it to mus with each request."""
    proxys = {"Authorization": "Basic bGVlOnByb3h5"}
    assert ada.get(f"{BASE}api/v1/tracks", headers=proxys).status_code == 200
    ada.cookies.clear()
    assert ada.get(f"{BASE}api/v1/tracks", headers=proxys).status_code == 401


def test_without_a_path_every_name_is_the_one_that_it_was() -> None:
    """So that nobody loses a login or a queue by an upgrade."""
    assert (settings.SESSION_COOKIE_NAME, settings.SESSION_COOKIE_PATH) == ("sessionid", "/")
    assert (settings.CSRF_COOKIE_NAME, settings.CSRF_COOKIE_PATH) == ("csrftoken", "/")
    assert (settings.STATIC_URL, settings.FORCE_SCRIPT_NAME) == ("/static/", None)
    assert storage_name("mus-shell") == "mus-shell"
    assert "servers" not in complete({"paths": {}})


@pytest.mark.parametrize(
    ("path", "base_path", "own"),
    [
        ("/albums", "/", "/albums"),
        ("//albums", "/", "//albums"),
        ("/music/albums", "/music/", "/albums"),
        ("/music", "/music/", ""),
        ("/musical", "/music/", "/musical"),
        ("/albums", "/music/", "/albums"),
        ("//albums", "/music/", "/albums"),
        ("*", "/music/", "*"),
    ],
)
def test_the_own_path_of_a_request(path: str, base_path: str, own: str) -> None:
    assert own_path_of(path, base_path) == own
