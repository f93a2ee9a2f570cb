"""One relay for all streams of a process, inside an event loop of the test's own."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable

import pytest
from channels.layers import get_channel_layer
from django.db import connection, transaction
from django_eventstream.models import Event, EventCounter
from pytest_django.fixtures import Settings

from events import announce, announce_from_thread, bell, drain, relay
from tests.events.clients import (
    SOON,
    Client,
    connected,
    in_thread,
    run,
    store_event,
    until,
)
from tests.events.layers import Counting, Failing, Forgetful, Hanging, layer_settings

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def queries(settings: Settings, caplog: pytest.LogCaptureFixture) -> Callable[[], Counter[str]]:
    """How many queries each thread has made so far, by the thread's name."""
    settings.DEBUG = True  # makes Django log them
    caplog.set_level(logging.DEBUG, "django.db.backends")

    def count() -> Counter[str]:
        made = [record for record in caplog.records if record.name == "django.db.backends"]
        sql = [record for record in made if "PRAGMA" not in record.getMessage()]
        return Counter((record.threadName or "").partition("_")[0] for record in sql)

    return count


def test_an_event_of_another_process_is_found_by_the_look(quick_look: None) -> None:
    async def test() -> None:
        client = Client()
        async with connected(client):
            event_id = await in_thread(store_event)
            await until(lambda: client.ids)
            assert client.ids == [event_id]

    run(test)


def test_the_bell_wakes_the_relay(no_look: None) -> None:
    async def test() -> None:
        client = Client()
        async with connected(client):
            event_id = await in_thread(store_event)
            announce(event_id)
            await until(lambda: client.ids == [event_id])

    run(test)


def test_a_thread_of_the_server_can_ring_the_bell(no_look: None) -> None:
    async def test() -> None:
        client = Client()

        def store_and_ring() -> None:
            announce_from_thread(store_event())

        async with connected(client):
            await in_thread(store_and_ring)
            await until(lambda: len(client.ids) == 1)

    run(test)


def test_while_nobody_listens_there_is_no_query_and_then_one_a_look(
    monkeypatch: pytest.MonkeyPatch, queries: Callable[[], Counter[str]]
) -> None:
    monkeypatch.setattr(relay, "POLL_SECONDS", 0.2)

    async def test() -> None:
        store_count = queries()["events"]
        await asyncio.sleep(0.5)
        assert queries()["events"] == store_count == 0
        clients = [Client() for _ in range(20)]
        async with connected(*clients):
            begun_with = queries()["events"]
            assert begun_with == 1
            await until(lambda: queries()["events"] == begun_with + 3)
        after_leaving = queries()["events"]
        await asyncio.sleep(0.5)
        assert queries()["events"] == after_leaving <= begun_with + 4

    run(test)


def test_one_member_of_the_group_serves_all_streams_and_leaves_with_them(
    settings: Settings,
) -> None:
    settings.CHANNEL_LAYERS = layer_settings(Counting)

    async def test() -> None:
        async with connected(*[Client() for _ in range(20)]):
            layer = get_channel_layer()
            await until(lambda: layer.groups)
            assert len(layer.members) == 1
        assert layer.groups == {}

    run(test)


def test_the_group_is_joined_again_before_layers_forget(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, no_look: None
) -> None:
    settings.CHANNEL_LAYERS = layer_settings(Counting)
    monkeypatch.setattr(bell, "REJOIN_SECONDS", SOON)

    async def test() -> None:
        client = Client()
        async with connected(client):
            layer = get_channel_layer()
            await until(lambda: len(layer.members) > 3)
            assert len(layer.groups[bell.GROUP]) <= 1
            announce(await in_thread(store_event))
            await until(lambda: client.ids)

    run(test)


def test_the_group_is_joined_again_even_where_the_time_limit_gets_lost(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, no_look: None
) -> None:
    settings.CHANNEL_LAYERS = layer_settings(Forgetful)
    monkeypatch.setattr(bell, "REJOIN_SECONDS", 0.2)

    async def test() -> None:
        client = Client()
        async with connected(client):
            layer = get_channel_layer()
            await until(lambda: layer.groups)
            first = set(layer.groups[bell.GROUP])
            await asyncio.sleep(0.5)
            announce(await in_thread(store_event))
            await until(lambda: client.ids)
            await until(lambda: first.isdisjoint(layer.groups.get(bell.GROUP, first)))

    run(test)


def test_the_relay_ends_even_where_a_cancellation_gets_lost(settings: Settings) -> None:
    settings.CHANNEL_LAYERS = layer_settings(Forgetful)

    async def test() -> None:
        async with connected(Client()):  # which waits at the end until no task is left
            layer = get_channel_layer()
            await until(lambda: layer.groups)
        assert layer.groups == {}

    run(test)


@pytest.mark.parametrize("layer", [Hanging, Failing])
def test_a_layer_that_does_not_work_does_not_keep_events_back(
    settings: Settings, quick_look: None, layer: type, caplog: pytest.LogCaptureFixture
) -> None:
    settings.CHANNEL_LAYERS = layer_settings(layer)

    async def test() -> None:
        client = Client()
        async with connected(client):
            announce(await in_thread(store_event))
            await until(lambda: len(client.ids) == 1)
            await drain(30)

    run(test)
    assert caplog.text.count("cannot be reached") == 1


def test_a_database_that_is_away_is_said_once_and_survived(
    quick_look: None, caplog: pytest.LogCaptureFixture
) -> None:
    rename = "ALTER TABLE django_eventstream_eventcounter"

    def sql(statement: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement)

    async def test() -> None:
        client = Client()
        async with connected(client):
            await in_thread(lambda: sql(f"{rename} RENAME TO away"))
            try:
                await until(lambda: "Events cannot be read" in caplog.text)
                await asyncio.sleep(10 * SOON)
            finally:
                await in_thread(
                    lambda: sql("ALTER TABLE away RENAME TO " + rename.rsplit(maxsplit=1)[-1])
                )
            await in_thread(store_event)
            await until(lambda: len(client.ids) == 1)

    run(test)
    assert caplog.text.count("Events cannot be read from the database, which") == 1


def test_numbers_that_begin_anew_with_a_restored_backup_are_a_reason_to_reload(
    quick_look: None,
) -> None:
    @transaction.atomic
    def restore() -> None:
        Event.objects.all().delete()
        EventCounter.objects.all().delete()
        store_event()

    async def test() -> None:
        for _ in range(3):
            await in_thread(store_event)
        client = Client()
        async with connected(client):
            await in_thread(restore)
            await until(lambda: client.ids)
            assert client.ids == [1]
            assert "while you were away" in client.body
            await in_thread(store_event)
            await until(lambda: client.ids == [1, 2])

    run(test)
