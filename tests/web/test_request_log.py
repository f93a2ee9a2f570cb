"""What the log says of requests."""

import re
import socket
import time
from urllib.parse import urlsplit

import httpx
import pytest
from django.templatetags.static import static

from tests.web.served import ServedMus

pytestmark = pytest.mark.server


def wait_for_line(server: ServedMus, pattern: str) -> str:
    deadline = time.monotonic() + 10
    while not (found := re.search(f".*{pattern}.*", server.output())):
        assert time.monotonic() < deadline, server.output()
        time.sleep(0.05)
    return found[0]


def test_each_request_is_logged_with_its_duration_and_without_its_query(server: ServedMus) -> None:
    body = httpx.get(f"{server.url}/login/?next=%2Fsecret").content
    line = wait_for_line(server, "path=/login/")
    assert re.search(
        rf" INFO .*method=GET path=/login/ status=200 bytes={len(body)} duration_ms=\d+\.\d$", line
    )
    assert "secret" not in server.output()


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
