"""A server that is reached by https, through a proxy that does TLS."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.settings.test_start import manage
from tests.web.served import ServedMus, serve

HOST = "music.example.org"
PRODUCTION = {"HTTPS": "true", "TRUSTED_PROXIES": "127.0.0.1", "ALLOWED_HOSTS": HOST}
AS_THE_PROXY = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Proto": "https", "Host": HOST}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, database: Path) -> Iterator[ServedMus]:
    with serve(tmp_path_factory.mktemp("https"), database, "--no-scan", **PRODUCTION) as served:
        yield served


def test_the_deployment_check_finds_nothing_with_the_documented_settings(tmp_path: Path) -> None:
    done = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert (done.returncode, done.stderr) == (0, "")
    assert "no issues" in done.stdout


def test_the_deployment_check_still_warns_where_https_is_not_set(tmp_path: Path) -> None:
    done = manage(tmp_path, "check", "--deploy", "--fail-level", "WARNING", ALLOWED_HOSTS=HOST)
    assert done.returncode == 1
    for code in ("security.W004", "security.W008", "security.W012", "security.W016"):
        assert code in done.stderr


@pytest.mark.server
def test_cookies_are_for_https_alone_and_browsers_are_told_to_stay_with_it(
    server: ServedMus,
) -> None:
    server.python("from django.contrib.auth.models import User; User.objects.create(username='a')")
    page = httpx.get(f"{server.url}/login/", headers=AS_THE_PROXY)
    assert page.status_code == 200
    assert page.headers["strict-transport-security"] == "max-age=15552000"
    cookie = page.headers["set-cookie"]
    assert cookie.startswith("csrftoken=")
    assert "Secure" in cookie


@pytest.mark.server
def test_who_comes_without_https_is_led_there_and_never_sees_the_login(server: ServedMus) -> None:
    page = httpx.get(f"{server.url}/login/", headers={"Host": HOST})
    assert page.status_code == 301
    assert page.headers["location"] == f"https://{HOST}/login/"
    assert "set-cookie" not in page.headers


@pytest.mark.server
def test_the_health_check_needs_no_https(server: ServedMus) -> None:
    assert httpx.get(f"{server.url}/healthz", headers={"Host": HOST}).status_code == 200


@pytest.mark.server
def test_a_form_sent_by_https_is_taken_without_further_settings(server: ServedMus) -> None:
    token = "t" * 32
    headers = {**AS_THE_PROXY, "Origin": f"https://{HOST}", "Cookie": f"csrftoken={token}"}
    fields = {"username": "a", "password": "wrong", "csrfmiddlewaretoken": token}
    page = httpx.post(f"{server.url}/login/", headers=headers, data=fields)
    assert page.status_code == 200
    assert "address=203.0.113.7" in server.output()
    foreign = {**headers, "Origin": "https://evil.example"}
    assert httpx.post(f"{server.url}/login/", headers=foreign, data=fields).status_code == 403


@pytest.mark.server
def test_the_first_link_is_printed_as_people_can_open_it(server: ServedMus) -> None:
    assert server.setup_link().startswith(f"https://{HOST}/setup/?token=")
