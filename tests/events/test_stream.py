"""The stream as browsers hear it, from a real server."""

import signal
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.audio_files import make_audio
from tests.events.browsers import PATH, Browser, listen, store, wait_until
from tests.events.conftest import Site, log_in
from tests.web.served import ServedMus, manage, serve

pytestmark = pytest.mark.server

RELOAD = "reload_tracks"
ENDS_WITHIN_SECONDS = 10
"""At most, on a busy machine: what it must not wait for takes longer."""

TRIM = """
from datetime import timedelta
from django.utils import timezone
from django_eventstream.models import Event
Event.objects.update(created=timezone.now() - timedelta(days=2))
"""


def scan(server: ServedMus, *options: str) -> None:
    """By the command, in another process."""
    done = manage(server.variables, "scan_tracks", "--quiet", *options)
    assert done.returncode == 0, done.stderr


@pytest.fixture
def browser(site: Site) -> Iterator[Browser]:
    with listen(site.server.url, site.session) as browser:
        yield browser


def test_who_is_not_logged_in_hears_nothing(site: Site) -> None:
    response = httpx.get(f"{site.server.url}{PATH}")
    assert response.status_code == 401
    assert response.json()["error"]["code"] == "not_logged_in"


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "HEAD", "OPTIONS"])
def test_a_stream_can_only_be_read(site: Site, method: str) -> None:
    cookies = {"sessionid": site.session}
    response = httpx.request(method, f"{site.server.url}{PATH}", cookies=cookies)
    assert response.status_code == 405
    assert response.headers["allow"] == "GET"
    if method != "HEAD":
        assert response.json()["error"]["code"] == "method_not_allowed"


@pytest.mark.parametrize(
    "last_event_id", ["x", "-1", "1.5", "0x10", "1 2", "9" * 19, "1, 2", "", "²"]
)
def test_an_id_that_can_be_none_of_ours_is_refused(site: Site, last_event_id: str) -> None:
    response = httpx.get(
        f"{site.server.url}{PATH}",
        cookies={"sessionid": site.session},
        headers={b"Last-Event-ID": last_event_id.encode("latin-1")},
    )
    assert response.status_code == 400
    assert response.json()["error"]["code"] == "bad_last_event_id"
    assert "18 digits" in response.json()["error"]["message"]


def test_nothing_on_the_way_may_keep_or_change_it(browser: Browser) -> None:
    headers = browser.response.headers
    assert headers["Content-Type"] == "text/event-stream; charset=utf-8"
    assert headers["Cache-Control"] == "no-cache, no-transform"
    assert headers["X-Accel-Buffering"] == "no"
    assert browser.retry_ms is not None
    assert 1000 <= browser.retry_ms <= 10_000


def test_a_scan_of_many_batches_by_the_command_is_heard_once(site: Site, browser: Browser) -> None:
    for number in range(12):
        make_audio(site.music / f"{number}.flac", title=str(number))
    scan(site.server, "--batch-size", "1")
    (event,) = browser.hears(1)
    assert event.data["message_to_show"].startswith("Music library scan completed. 12 items")
    assert (event.data["message_level"], event.data["action_key"]) == ("success", RELOAD)
    assert event.data["action_payload"]["counts"]["added"] == 12
    scan(site.server)
    unchanged = browser.hears(2)[1]  # so there was none in between
    assert (unchanged.id, unchanged.data["message_level"]) == (event.id + 1, "info")


def test_every_browser_hears_the_same(site: Site, browser: Browser) -> None:
    with listen(site.server.url, site.session) as other:
        store(site.server, 3)
        assert [each.id for each in browser.hears(3)] == [each.id for each in other.hears(3)]


def test_a_browser_that_has_heard_nothing_yet_knows_where_to_go_on(
    site: Site, browser: Browser
) -> None:
    heard = browser.last_event_id
    (missed,) = store(site.server)
    with listen(site.server.url, site.session, heard) as again:
        assert [event.id for event in again.hears(1)] == [missed]


def test_two_servers_on_one_database_both_tell_it(
    tmp_path: Path, site: Site, browser: Browser
) -> None:
    shared = site.server.variables.keys() & {"DATA_DIR", "MUSIC_DIR", "DATABASE_URL"}
    own = {name: site.server.variables[name] for name in shared}
    with (
        serve(tmp_path, None, "--no-scan", **own) as second,
        listen(second.url, site.session) as other,
    ):
        make_audio(site.music / "heard twice.flac", title="heard twice")
        scan(site.server)
        assert browser.hears(1)[0].data == other.hears(1)[0].data
        assert browser.events[0].data["action_key"] == RELOAD


def test_across_a_restart_what_was_missed_is_told(tmp_path: Path, database: Path) -> None:
    with serve(tmp_path, database, "--no-scan") as server:
        site = log_in(server)
        with listen(server.url, site.session) as browser:
            store(server)
            browser.hears(1)
            server.end()
            wait_until(browser.is_over.is_set)
    make_audio(site.music / "a.flac", title="a")
    scan(server)
    with (
        serve(tmp_path, None, "--no-scan") as server,
        listen(server.url, site.session, browser.last_event_id) as browser,
    ):
        (event,) = browser.hears(1)
        assert event.data["action_payload"]["counts"]["added"] == 1


def test_whose_last_event_is_not_kept_any_more_is_told_to_reload_once(site: Site) -> None:
    (old,) = store(site.server)
    store(site.server, 3)
    site.server.python(TRIM)
    (newest,) = store(site.server)
    with listen(site.server.url, site.session, str(old)) as browser:
        (event,) = browser.hears(1)
        assert (event.id, event.data["action_key"]) == (newest, RELOAD)
        (following,) = store(site.server)
        assert browser.hears(2)[1].id == following


@pytest.mark.parametrize("signal_number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_server_at_once_with_streams_open(
    tmp_path: Path, database: Path, signal_number: int
) -> None:
    with serve(tmp_path, database, "--no-scan") as server:
        site = log_in(server)
        with (
            listen(server.url, site.session) as one,
            listen(server.url, site.session) as other,
        ):
            code, seconds = server.end(signal_number)
            wait_until(one.is_over.is_set)
            wait_until(other.is_over.is_set)
    assert code == 0
    assert seconds < ENDS_WITHIN_SECONDS
    assert "Traceback" not in server.output()
    assert "destroyed" not in server.output()
