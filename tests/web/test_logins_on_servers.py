"""Logins at two real servers on one database: each is listed and ended, with its event streams."""

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.databases import execute, place_in
from tests.web.served import ServedMus, serve

pytestmark = pytest.mark.server

PASSWORD = "analytical engine"
USER = f"""
from django.contrib.auth.models import User
User.objects.create_user("lee", password="{PASSWORD}")
"""
STATE, EVENTS = "/api/v1/player/state", "/api/v1/events/track-updates"
END = re.compile(r'action="(/account/logins/\d+/end/)"')
WITHIN_S = 60
WATCHFUL = {"DJANGO_SETTINGS_MODULE": "tests.library.media.watchful_settings"}
"""Looks for ended logins several times a second."""


@pytest.fixture
def servers(tmp_path: Path, database: Path) -> Iterator[list[ServedMus]]:
    with serve(tmp_path, database, "--no-scan", **WATCHFUL) as one:
        one.python(USER)
        with serve(tmp_path, None, "--no-scan", **WATCHFUL) as other:
            yield [one, other]


def logged_in(server: ServedMus, agent: str) -> httpx.Client:
    client = httpx.Client(base_url=server.url, headers={"User-Agent": agent}, timeout=WITHIN_S)
    client.get("/login/")
    post(client, "/login/", username="lee", password=PASSWORD)
    assert client.get(STATE).status_code == 200
    return client


def post(client: httpx.Client, path: str, **fields: str) -> httpx.Response:
    form = {"csrfmiddlewaretoken": client.cookies["csrftoken"], **fields}
    return client.post(path, data=form, headers={"Referer": str(client.base_url)})


def test_an_ended_login_is_refused_and_its_streams_end(servers: list[ServedMus]) -> None:
    desktop = logged_in(servers[0], "Firefox/133 Windows")
    # The table is filled again by requests, as after an upgrade.
    execute(place_in(Path(servers[0].variables["DATA_DIR"])), "DELETE FROM accounts_login")
    here, there = (logged_in(each, "Firefox/133 Android") for each in servers)
    with here.stream("GET", EVENTS) as near, there.stream("GET", EVENTS) as far:
        assert (near.status_code, far.status_code) == (200, 200)
        page = desktop.get("/account/").text
        ends = END.findall(page)
        assert page.count("Firefox on Android") == 2 * len(ends) == 4
        for path in ends:
            assert post(desktop, path).status_code == 302
        for stream in (near, far):  # ends, or this times out
            with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
                stream.read()
    # The stream of the other server ended by a look at the database; its kept login by that time
    # may be some seconds old.
    assert here.get(STATE).status_code == 401
    assert desktop.get(STATE).status_code == 200
    assert END.findall(desktop.get("/account/").text) == []
