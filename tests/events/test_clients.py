"""What the stream does for each client, inside an event loop of the test's own."""

import asyncio
import json
import threading

import pytest
from django.db import connection

from events import listener as listeners
from events import stream
from events.listener import QUEUE_SIZE, EncodedEvent, Listener
from events.storage import latest_id
from tests.events.clients import (
    BIG,
    NEVER,
    SOON,
    Client,
    connected,
    in_thread,
    run,
    store_event,
    until,
)

pytestmark = pytest.mark.django_db(transaction=True)


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
    monkeypatch.setattr(listeners, "HAND_OVER_SECONDS", NEVER)
    count = QUEUE_SIZE + 5

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
    monkeypatch.setattr(listeners, "HAND_OVER_SECONDS", 0.5)
    count = QUEUE_SIZE + 5

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


def test_a_later_event_never_overtakes_one_that_waits_for_room() -> None:
    async def test() -> None:
        listener = Listener(drop=lambda: None, user_id=1, began_at=0)
        events = [EncodedEvent(number, b"") for number in range(QUEUE_SIZE + 2)]
        for event in events[:-1]:
            listener.hand_over(event)
        await until(listener.queue.full)
        await asyncio.sleep(0)
        listener.hand_over(events[-1])
        # Room for the one that waits, at the moment in which the later one begins.
        heard = [listener.queue.get_nowait()]
        while len(heard) < len(events):
            heard.append(await listener.queue.get())
        assert heard == events

    run(test)


def test_a_client_that_reads_again_in_time_hears_all_in_order(quick_look: None) -> None:
    count = QUEUE_SIZE * 3

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
