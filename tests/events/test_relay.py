"""One relay for all streams of a process, inside an event loop of the test's own."""

import asyncio
import json
import logging
import threading
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from channels.layers import get_channel_layer
from django.db import connection
from django_eventstream.models import Event, EventCounter
from pytest_django.fixtures import Settings

from events import announce, announce_from_thread, bell, drain, relay, stream
from events.asgi import Message
from events.storage import latest_id, store
from events.summary import MessageLevel, Summary
from tests.events.layers import Counting, Failing, Hanging, layer_settings

pytestmark = pytest.mark.django_db(transaction=True)

NEVER = 3600.0
SOON = 0.02
BIG = {"filling": "x" * 64 * 1024}


def store_event(text: str = "hello", payload: dict[str, Any] | None = None) -> int:
    return store(
        Summary(message_to_show=text, message_level=MessageLevel.INFO, action_payload=payload)
    )


class Client:
    """One connection, as an ASGI server shows it to an application."""

    def __init__(self, *, reads: bool = True, last_event_id: str | None = None) -> None:
        self.reads = asyncio.Event()
        if reads:
            self.reads.set()
        self.headers = [(b"last-event-id", last_event_id.encode())] if last_event_id else []
        self.messages: list[Message] = []
        self.gone = asyncio.Event()
        self._requested = False

    async def receive(self) -> Message:
        if not self._requested:
            self._requested = True
            return {"type": "http.request", "body": b"", "more_body": False}
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        self.messages.append(message)
        if message.get("body"):
            await self.reads.wait()

    async def run(self) -> None:
        scope = {"type": "http", "method": "GET", "headers": self.headers}
        await stream.track_updates(scope, self.receive, self.send)

    @property
    def body(self) -> str:
        return b"".join(message.get("body", b"") for message in self.messages).decode()

    @property
    def ids(self) -> list[int]:
        """Of the events heard, without the id that comes alone at the beginning."""
        blocks = [block.split("\n") for block in self.body.split("\n\n")]
        return [int(block[1][4:]) for block in blocks if block[0] == "event: message"]

    @property
    def is_told_the_end(self) -> bool:
        last = self.messages[-1]
        return last["type"] == "http.response.body" and not last.get("more_body", False)


async def until(condition: Callable[[], object], seconds: float = 30) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110  # conditions of any kind
            await asyncio.sleep(0.005)


async def in_thread(action: Callable[[], Any]) -> Any:
    """A thread of its own, since the event loop's must not touch the database."""

    def act() -> Any:
        try:
            return action()
        finally:
            connection.close()

    return await asyncio.to_thread(act)


@asynccontextmanager
async def connected(*clients: Client) -> AsyncIterator[list[asyncio.Task[None]]]:
    """All of them listening; afterwards they have left, and nothing is left behind."""
    others = asyncio.all_tasks()
    tasks = [asyncio.create_task(client.run()) for client in clients]
    await until(lambda: all("id: " in client.body for client in clients))
    yield tasks
    for client in clients:
        client.gone.set()
    async with asyncio.timeout(30):
        await asyncio.gather(*tasks)
    assert asyncio.all_tasks() == others


def run(test: Callable[[], Awaitable[None]]) -> None:
    async def bounded() -> None:
        async with asyncio.timeout(60):
            await test()

    asyncio.run(bounded())


@pytest.fixture
def quick_look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "LOOK_SECONDS", SOON)


@pytest.fixture
def no_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is heard but by the bell."""
    monkeypatch.setattr(relay, "LOOK_SECONDS", NEVER)


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
    monkeypatch.setattr(relay, "LOOK_SECONDS", 0.2)

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
    assert caplog.text.count("cannot be heard") == (1 if layer is Failing else 0)


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


def test_what_was_missed_is_replayed_and_then_live_without_gap_or_twin(quick_look: None) -> None:
    async def test() -> None:
        first = await in_thread(store_event)
        done = threading.Event()

        def store_all_the_time() -> None:
            while not done.is_set():
                store_event()

        storing = asyncio.create_task(in_thread(store_all_the_time))
        clients: list[Client] = []
        try:
            for _ in range(20):
                newest = await in_thread(latest_id)
                clients.append(Client(last_event_id=str(max(first, newest - 10))))
                async with connected(clients[-1]):
                    await until(lambda: len(clients[-1].ids) > 15)
        finally:
            done.set()
            await storing
        for client in clients:
            begin = int(client.headers[0][1]) + 1
            assert client.ids == list(range(begin, begin + len(client.ids)))

    run(test)


def test_fifty_clients_that_do_not_read_delay_nobody(
    quick_look: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "HAND_OVER_SECONDS", NEVER)
    count = relay.QUEUE_SIZE + 5

    async def test() -> None:
        healthy = [Client() for _ in range(50)]
        stalled = [Client() for _ in range(50)]
        async with connected(*healthy, *stalled) as tasks:
            for client in stalled:
                client.reads.clear()
            ids = [await in_thread(lambda: store_event(payload=BIG)) for _ in range(count)]
            await until(lambda: all(client.ids == ids for client in healthy))
            assert not any(task.done() for task in tasks)

    run(test)


def test_a_client_that_does_not_read_for_too_long_is_dropped_and_no_other(
    quick_look: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "HAND_OVER_SECONDS", 0.5)
    count = relay.QUEUE_SIZE + 5

    async def test() -> None:
        healthy, stalled = Client(), Client()
        async with connected(healthy, stalled) as (still_there, dropped):
            stalled.reads.clear()
            ids = [await in_thread(store_event) for _ in range(count)]
            await until(dropped.done)
            # No end of the response: the server is to close the connection, whatever is unsent.
            assert not stalled.is_told_the_end
            await until(lambda: healthy.ids == ids)
            assert not still_there.done()

    run(test)


def test_a_client_that_reads_again_in_time_hears_all_in_order(quick_look: None) -> None:
    count = relay.QUEUE_SIZE * 3

    async def test() -> None:
        client = Client()
        async with connected(client) as (task,):
            client.reads.clear()
            ids = [await in_thread(store_event) for _ in range(count)]
            assert len(client.ids) <= 1
            client.reads.set()
            await until(lambda: len(client.ids) == count)
            assert client.ids == ids
            assert not task.done()

    run(test)


def test_a_stream_ends_with_its_lifetime_even_where_the_client_does_not_read(
    quick_look: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "LIFETIME_SECONDS", (1, 1))

    async def test() -> None:
        reading, stalled = Client(), Client()
        async with connected(reading, stalled) as tasks:
            stalled.reads.clear()
            await in_thread(store_event)
            await until(lambda: all(task.done() for task in tasks))
            assert reading.is_told_the_end

    run(test)


def test_silence_is_filled_with_comments(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "KEEP_ALIVE_SECONDS", SOON)

    async def test() -> None:
        client = Client()
        async with connected(client):
            await until(lambda: client.body.endswith(":\n\n" * 4))

    run(test)


def test_who_cannot_be_told_where_it_begins_is_asked_to_come_back(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(stream, "START_WITHIN_SECONDS", SOON)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE django_eventstream_eventcounter RENAME TO away")

    async def test() -> None:
        client = Client()
        await client.run()
        assert client.messages[0]["status"] == 200
        assert client.body.startswith("retry: ")
        assert "id:" not in client.body
        assert client.is_told_the_end

    try:
        run(test)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE away RENAME TO django_eventstream_eventcounter")


def test_an_event_is_the_payload_on_one_line(quick_look: None) -> None:
    async def test() -> None:
        client = Client()
        async with connected(client):
            event_id = await in_thread(lambda: store_event("two\nlines, é"))
            await until(lambda: client.ids)
        block = client.body.split("\n\n")[1].split("\n")
        assert block[:2] == ["event: message", f"id: {event_id}"]
        assert json.loads(block[2].removeprefix("data: ")) == {
            "message_to_show": "two\nlines, é",
            "message_level": "info",
            "action_key": None,
            "action_payload": None,
        }

    run(test)
