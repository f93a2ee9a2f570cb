"""No proxy writes the passwords of Subsonic apps to a log, not even of requests that fail."""

from pathlib import Path

import httpx
import pytest

from tests.library.media.conftest import row, stored
from tests.operations.deploy.below_a_path import (
    BASE,
    Ports,
    caddy_text,
    command_of,
    front_below_a_path,
)
from tests.operations.deploy.below_a_path import NAME as OTHER_NAME
from tests.operations.deploy.fronts import NAME, Front, caddy_command, front_of, running
from tests.operations.deploy.tools import substituted
from tests.services import free_port
from tests.web.served import serve

pytestmark = pytest.mark.server

SECRET = "sesame-open"
ASKED = {"u": "lee", "p": SECRET, "v": "1.16.1", "c": "tests"}
APP_PASSWORD = """
from django.contrib.auth.models import User
from accounts.app_passwords import make_app_password, password_of
print(password_of(make_app_password(User.objects.create_user("lee"), "app")))
"""


def logged(folder: Path) -> str:
    return "".join(
        (folder / name).read_text() for name in ("error.log", "output") if (folder / name).exists()
    )


def ask_in_vain(front: Front, base: str) -> None:
    with front.browser() as browser:
        browser.timeout = httpx.Timeout(60)
        for path in ("rest/ping", "rest/stream.view", "rest/download"):
            assert browser.get(base + path, params=ASKED).status_code in {502, 503}
        assert browser.get(f"{base}albums").status_code in {502, 503}


@pytest.mark.parametrize("kind", ["nginx", "caddy"])
def test_no_password_is_logged_while_mus_is_away(kind: str, tmp_path: Path) -> None:
    folder = tmp_path / "front"
    with front_of(kind, folder, [free_port()], tmp_path) as front:
        ask_in_vain(front, "/")
    if kind == "nginx":  # Caddy writes no such error, since its file handles errors
        assert "/albums" in logged(folder)
    assert SECRET not in logged(folder)


@pytest.mark.parametrize("kind", ["nginx", "caddy"])
def test_no_password_is_logged_while_a_mus_below_a_path_is_away(kind: str, tmp_path: Path) -> None:
    folder = tmp_path / "front"
    ports = Ports(free_port(), free_port())
    with front_below_a_path(kind, folder, ports, tmp_path) as front:
        ask_in_vain(front, BASE)
    assert SECRET not in logged(folder)


@pytest.mark.parametrize("name", ["Caddyfile", "Caddyfile.below-a-path"])
def test_no_password_is_in_the_access_log_of_caddy_if_one_turns_it_on(
    name: str, tmp_path: Path
) -> None:
    ports = Ports(free_port(), free_port())
    if name == "Caddyfile":
        front = Front("caddy", free_port(), free_port())
        caddy_command(tmp_path, front, [ports.below])
        text = (tmp_path / "Caddyfile").read_text()
    else:
        front = Front("caddy", free_port(), free_port(), OTHER_NAME)
        text = caddy_text(tmp_path, front, ports)
    text = substituted(text, {"\ttls ": "\tlog\n\ttls "})
    with running(front, command_of("caddy", tmp_path, text), tmp_path), front.browser() as browser:
        browser.get("/metrics", params=ASKED, headers={"Referer": f"https://a.example/?p={SECRET}"})
    assert '"uri":"/metrics"' in logged(tmp_path)
    assert SECRET not in logged(tmp_path)


@pytest.mark.parametrize("kind", ["nginx", "caddy"])
def test_no_password_is_logged_for_a_stream_that_breaks_off(
    kind: str, tmp_path: Path, database: Path
) -> None:
    settings = {"HTTPS": "true", "TRUSTED_PROXIES": "127.0.0.1", "ALLOWED_HOSTS": NAME}
    folder = tmp_path / "front"
    with serve(tmp_path, database, "--no-scan", **settings) as server:
        music = Path(server.variables["MUSIC_DIR"])
        (music / "a.flac").write_bytes(b"sound" * 10_000_000)
        (path,) = stored(server, row(music / "a.flac", music))
        password = server.python(APP_PASSWORD).split()[-1]
        asked = {**ASKED, "p": password, "id": f"tr-{path.split('/')[-2]}"}
        with (
            front_of(kind, folder, [int(server.variables["PORT"])], tmp_path) as front,
            front.browser() as browser,
            browser.stream("GET", "/rest/stream", params=asked) as response,
        ):
            assert response.status_code == 200
            parts = response.iter_raw()
            next(parts)
            server.process.kill()
            with pytest.raises(httpx.HTTPError):
                for _ in parts:
                    pass
    assert password not in logged(folder)


def test_no_password_is_logged_for_a_file_that_nginx_does_not_find(
    tmp_path: Path, database: Path
) -> None:
    settings = {
        "HTTPS": "true",
        "TRUSTED_PROXIES": "127.0.0.1",
        "ALLOWED_HOSTS": NAME,
        "X_ACCEL_REDIRECT_PREFIX": "/_music/",
    }
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    with serve(tmp_path, database, "--no-scan", **settings) as server:
        music = Path(server.variables["MUSIC_DIR"])
        (music / "a.flac").write_bytes(b"sound")
        (path,) = stored(server, row(music / "a.flac", music))
        password = server.python(APP_PASSWORD).split()[-1]
        asked = {**ASKED, "p": password, "id": f"tr-{path.split('/')[-2]}"}
        folder = tmp_path / "front"
        with (
            front_of("nginx", folder, [int(server.variables["PORT"])], elsewhere) as front,
            front.browser() as browser,
        ):
            assert browser.get("/rest/stream", params=asked).status_code == 404
    assert password not in logged(folder)
