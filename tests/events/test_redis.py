"""Redis as the channel layer: what it adds, and what its loss costs."""

from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from pytest_django.fixtures import Settings

from events import announce_and_drain, bell
from musproject.environment import Environment
from musproject.services import channel_layer
from tests.audio_files import make_audio
from tests.events.browsers import RAISE, listen, wait_until
from tests.events.clients import Client, connected, in_thread, run, store_event, until
from tests.events.conftest import Site, log_in
from tests.services import RedisServer, free_port
from tests.web.served import ServedMus, manage, serve

AWAY = "The channel layer (REDIS_URL) cannot be reached, which will be tried again"
BACK = "The channel layer (REDIS_URL) cannot be reached: that is over."


@pytest.fixture
def redis_layer(settings: Settings, redis_server: RedisServer) -> RedisServer:
    settings.CHANNEL_LAYERS = {"default": channel_layer(Environment(redis_url=redis_server.url))}
    return redis_server


@pytest.fixture
def soon_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bell, "PAUSE_SECONDS", 0.05)


def told_by_another_process() -> int:
    event_id = store_event()
    announce_and_drain(event_id)  # over a loop and a connection of its own, as a command does
    return event_id


@pytest.mark.django_db(transaction=True)
def test_who_announces_in_another_process_is_heard_at_once(
    redis_layer: RedisServer, no_look: None
) -> None:
    async def test() -> None:
        client = Client()
        async with connected(client):
            event_id = await in_thread(told_by_another_process)
            await until(lambda: client.ids == [event_id])

    run(test)


@pytest.mark.django_db(transaction=True)
def test_while_redis_is_away_the_look_delivers_and_the_log_says_it_once(
    redis_layer: RedisServer,
    quick_look: None,
    soon_again: None,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def test() -> None:
        client = Client()
        async with connected(client):
            await in_thread(redis_layer.kill)
            stored = [await in_thread(told_by_another_process) for _ in range(3)]
            await until(lambda: client.ids == stored)
            await until(lambda: AWAY in caplog.text)
            assert not await bell.is_layer_reachable(1)

    run(test)
    assert caplog.text.count(AWAY) == 1


@pytest.mark.django_db(transaction=True)
def test_when_redis_is_back_the_bell_is_heard_again(
    redis_layer: RedisServer,
    no_look: None,
    soon_again: None,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO", "events")

    async def test() -> None:
        client = Client()
        async with connected(client):
            await until(lambda: client.ids == [])
            await in_thread(redis_layer.kill)
            await until(lambda: AWAY in caplog.text)
            await in_thread(redis_layer.start)
            await until(lambda: BACK in caplog.text)
            event_id = await in_thread(told_by_another_process)
            await until(lambda: client.ids == [event_id])

    run(test)
    assert caplog.text.count(BACK) == 1


@pytest.mark.server
def test_a_scan_is_heard_once_at_each_of_two_servers(
    tmp_path: Path, database: Path, redis_server: RedisServer
) -> None:
    layer = {"REDIS_URL": redis_server.url}
    with ExitStack() as stack:
        first = stack.enter_context(serve(tmp_path, database, "--no-scan", **layer))
        second = stack.enter_context(serve(tmp_path, None, "--no-scan", **layer))
        site = log_in(first)
        browsers = [
            stack.enter_context(listen(server.url, site.session)) for server in (first, second)
        ]
        for number in (1, 2):
            make_audio(site.music / f"{number}.flac", title=f"{number}")
            assert manage(first.variables, "scan_tracks").returncode == 0
            heard = [browser.hears(number) for browser in browsers]
            assert heard[0][-1].data == heard[1][-1].data


@pytest.mark.server
def test_the_health_check_tells_of_redis_and_the_log_once_a_loss(
    tmp_path: Path, database: Path, redis_server: RedisServer
) -> None:
    def health() -> dict[str, str]:
        response = httpx.get(f"{server.url}/healthz", timeout=30)
        assert response.status_code == 200
        body: dict[str, str] = response.json()
        return body

    with serve(tmp_path, database, "--no-scan", REDIS_URL=redis_server.url) as server:
        wait_until(lambda: health()["status"] == "ok")
        before = server.output().count(AWAY)  # on a busy machine it may seem away at the start
        redis_server.kill()
        for _ in range(3):
            assert (health()["status"], health()["channel_layer"]) == ("degraded", "unreachable")
        assert server.output().count(AWAY) == before + 1
        redis_server.start()
        wait_until(lambda: health()["status"] == "ok")
        # On a busy machine the new one may be lost for a moment again: another loss, another line.
        wait_until(lambda: server.output().count(BACK) == server.output().count(AWAY))
        assert "Traceback" not in server.output()


@pytest.mark.server
def test_a_server_begins_without_redis_and_says_so(tmp_path: Path, database: Path) -> None:
    url = f"redis://mus:sesame@127.0.0.1:{free_port()}/0"
    with serve(tmp_path, database, "--no-scan", REDIS_URL=url) as server:
        wait_until(lambda: AWAY in server.output())
        assert hears_of_a_scan(log_in(server), server)
        assert "sesame" not in server.output()


def hears_of_a_scan(site: Site, server: ServedMus) -> bool:
    make_audio(site.music / "a.flac", title="a")
    with listen(server.url, site.session) as browser:
        assert manage(server.variables, "scan_tracks").returncode == 0
        return bool(browser.hears(1))


@pytest.mark.server
def test_a_mark_is_heard_at_all_servers_and_by_its_user_alone(
    tmp_path: Path, database: Path, redis_server: RedisServer
) -> None:
    layer = {"REDIS_URL": redis_server.url}
    with ExitStack() as stack:
        first = stack.enter_context(serve(tmp_path, database, "--no-scan", **layer))
        second = stack.enter_context(serve(tmp_path, None, "--no-scan", **layer))
        sessions = [log_in(first, name).session for name in ("ada", "bob")]
        ada, bob = (
            [stack.enter_context(listen(each.url, session)) for each in (first, second)]
            for session in sessions
        )
        for name in ("ada", "ada", "bob"):
            first.python(RAISE.format(name=name))
        wait_until(lambda: all(browser.marks[-1:] == [("queue", 2)] for browser in ada))
        wait_until(lambda: all(browser.marks for browser in bob))
        assert [browser.marks for browser in bob] == [[("queue", 1)]] * 2
        assert {number for browser in ada for _, number in browser.marks} <= {1, 2}
