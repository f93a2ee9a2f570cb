"""What the log says of requests."""

import re
import socket
import time
from urllib.parse import quote, urlsplit

import httpx
import pytest
from django.templatetags.static import static

from tests.library.runner.house import PASSWORD
from tests.web.served import ServedMus

pytestmark = pytest.mark.server

MAKE_USER = f"""
from django.contrib.auth.models import User
from accounts.app_passwords import make_app_password, password_of
user = User.objects.create_user("Ada Lövelace", password="{PASSWORD}")
print(password_of(make_app_password(user, "phone")))
"""


def wait_for_line(server: ServedMus, pattern: str) -> str:
    deadline = time.monotonic() + 10
    while not (found := re.search(f".*{pattern}.*", server.output(), re.MULTILINE)):
        assert time.monotonic() < deadline, server.output()
        time.sleep(0.05)
    return found[0]


def test_each_request_is_logged_with_its_duration_and_without_its_query(server: ServedMus) -> None:
    body = httpx.get(f"{server.url}/login/?next=%2Fsecret").content
    line = wait_for_line(server, "path=/login/")
    assert re.search(
        rf" INFO .*method=GET path=/login/ status=200 bytes={len(body)} duration_ms=\d+\.\d "
        r"client=127\.0\.0\.1 user=-$",
        line,
    )
    assert "secret" not in server.output()


def test_a_line_names_the_user_of_a_page_of_the_api_of_a_stream_and_of_an_app(
    server: ServedMus,
) -> None:
    name = quote("Ada Lövelace")
    said = server.python(MAKE_USER)
    password = said.split()[-1]
    with httpx.Client(base_url=server.url) as client:
        client.get("/login/")
        form = {"username": "Ada Lövelace", "password": PASSWORD}
        token = {"X-CSRFToken": client.cookies["csrftoken"]}
        client.post("/login/", data=form, headers=token)
        for path in ("/", "/api/v1/albums", "/api/v1/tracks/4711/stream"):
            client.get(path)
            wait_for_line(server, f"path={path} .* client=127.0.0.1 user={name}$")
    httpx.get(f"{server.url}/rest/ping", params={"u": "Ada Lövelace", "p": password})
    wait_for_line(server, f"path=/rest/ping .* user={name}$")
    assert password not in server.output()


def test_a_strangers_change_is_no_warning_and_its_line_has_the_address(server: ServedMus) -> None:
    httpx.post(f"{server.url}/password/", data={"old_password": "x"})
    wait_for_line(
        server, "INFO .*method=POST path=/password/ status=403 .*client=127.0.0.1 user=-$"
    )
    assert " WARNING " not in server.output()


def test_a_path_cannot_forge_a_line_of_the_log(server: ServedMus) -> None:
    address = urlsplit(server.url)
    with socket.create_connection((str(address.hostname), address.port)) as browser:
        browser.sendall(b"GET /%0AINFO%20forged HTTP/1.0\r\nHost: localhost\r\n\r\n")
        browser.recv(100)
    assert "path=/%0AINFO%20forged status=404" in wait_for_line(server, "forged")


def test_what_nobody_would_look_for_is_left_out(server: ServedMus) -> None:
    httpx.get(f"{server.url}{static('web/mus.css')}")
    httpx.get(f"{server.url}/login/")
    wait_for_line(server, "path=/login/")
    assert "/static/" not in server.output()
