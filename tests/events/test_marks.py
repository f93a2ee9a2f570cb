"""Marks: each is heard by the streams of its user, and by nobody else."""

import threading

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from pytest_django.fixtures import Settings

from events import announce_marks, bell
from events.listener import QUEUE_SIZE, Listener
from events.marks import raise_mark
from events.models import Mark
from events.recent import RECENT_SECONDS, HandedMarks, RecentMark, recent
from tests.events.clients import (
    Client,
    connected,
    in_thread,
    run,
    store_event,
    until,
)
from tests.events.layers import Counting, layer_settings

pytestmark = pytest.mark.django_db(transaction=True)

OLD = "2026-01-01 00:00:00+00:00"


@pytest.fixture
def users() -> list[int]:
    return [User.objects.create(username=name).pk for name in ("ada", "bob")]


def raised(user_id: int, *names: str) -> int:
    with transaction.atomic():
        return raise_mark(user_id, *names)


def test_a_mark_is_heard_by_all_streams_of_its_user_and_by_no_other(
    users: list[int], quick_look: None
) -> None:
    ada, bob = users

    async def test() -> None:
        clients = [Client(user_id=ada), Client(user_id=ada), Client(user_id=bob)]
        async with connected(*clients):
            await in_thread(lambda: raised(ada, "favourites", "player"))
            await until(lambda: len(clients[1].marks) == len(clients[0].marks) == 2)
            assert set(clients[0].marks) == {("favourites", 1), ("player", 1)}
            await in_thread(lambda: raised(bob, "queue"))
            await until(lambda: clients[2].marks)
            await in_thread(lambda: raised(ada, "player"))
            await until(lambda: len(clients[0].marks) == 3)
        assert clients[0].marks[-1] == ("player", 2)
        assert clients[2].marks == [("queue", 1)]

    run(test)


def test_a_mark_leaves_the_number_of_the_last_event_alone(
    users: list[int], quick_look: None
) -> None:
    async def test() -> None:
        client = Client(user_id=users[0])
        async with connected(client):
            await in_thread(lambda: raised(users[0], "queue"))
            await until(lambda: client.marks)
            event_id = await in_thread(store_event)
            await until(lambda: client.ids == [event_id])
        assert 'event: changed\ndata: {"name": "queue", "number": 1}\n\n' in client.body

    run(test)


def test_the_bell_wakes_the_relay_for_marks_and_rings_once_for_many(
    users: list[int], no_look: None, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.CHANNEL_LAYERS = layer_settings(Counting)
    rung: list[dict[str, object]] = []
    ring = bell._ring

    async def count(message: dict[str, object]) -> None:
        rung.append(message)
        await ring(message)

    monkeypatch.setattr(bell, "_ring", count)

    def raise_many() -> None:
        for _ in range(50):
            raised(users[0], "plays")
        for _ in range(50):
            announce_marks()

    async def test() -> None:
        client = Client(user_id=users[0])
        async with connected(client):
            await in_thread(raise_many)
            await until(lambda: ("plays", 50) in client.marks)

    run(test)
    assert 1 <= len(rung) < 10


def test_a_mark_that_is_committed_late_is_heard(users: list[int], quick_look: None) -> None:
    """Its time and number are older than those of a mark that was heard before."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    ada, bob = users
    is_raised, may_commit = threading.Event(), threading.Event()

    def raise_slowly() -> None:
        with transaction.atomic():
            raise_mark(ada, "queue")
            is_raised.set()
            may_commit.wait(30)

    async def test() -> None:
        slow, quick = Client(user_id=ada), Client(user_id=bob)
        async with connected(slow, quick):
            thread = threading.Thread(target=raise_slowly)
            thread.start()
            is_raised.wait(30)
            await in_thread(lambda: raised(bob, "queue"))
            await until(lambda: quick.marks)
            may_commit.set()
            await until(lambda: slow.marks == [("queue", 1)])
            thread.join()

    run(test)


def test_who_comes_while_the_relay_runs_hears_what_changed_a_moment_before(
    users: list[int], quick_look: None
) -> None:
    async def test() -> None:
        first, later, other = (Client(user_id=user) for user in (users[0], users[0], users[1]))
        async with connected(first):
            await in_thread(lambda: raised(users[0], "queue"))
            await until(lambda: first.marks)
            async with connected(other, later):
                await until(lambda: later.marks == [("queue", 1)])
                await in_thread(store_event)
                await until(lambda: other.ids)
                assert other.marks == []

    run(test)


def test_marks_that_wait_for_a_slow_browser_take_up_one_place() -> None:
    async def test() -> None:
        listener = Listener(drop=lambda: None, user_id=1, began_at=0)
        for number in range(1000):
            listener.hand_over_mark("queue", number)
            listener.hand_over_mark("plays", number)
        await until(lambda: listener.queue.qsize() == 1)
        assert listener.take_marks().count(b"\n\n") == 2
        listener.hand_over_mark("queue", 1000)
        await until(lambda: listener.queue.qsize() == 2)
        assert b"1000" in listener.take_marks()
        assert listener.queue.qsize() < QUEUE_SIZE

    run(test)


def test_marks_of_the_last_minute_are_found_by_one_query_beside_the_newest_event(
    users: list[int], django_assert_num_queries: object
) -> None:
    event_id = store_event()
    raised(users[0], "queue", "player")
    raised(users[1], "ratings")
    Mark.objects.filter(name="player").update(raised_at=OLD)
    with django_assert_num_queries(1):  # type: ignore[operator]
        found = recent()
    assert found.event_id == event_id
    assert sorted(found.marks) == [(users[0], "queue", 1), (users[1], "ratings", 1)]
    assert RECENT_SECONDS == 60


def test_the_look_reads_no_more_of_the_table_than_the_last_minute(users: list[int]) -> None:
    plan = Mark.objects.filter(raised_at__gt=OLD).values_list("user_id").explain()
    assert "mark_raised_at" in plan or connection.vendor == "postgresql"


def test_what_a_relay_remembers_is_no_more_than_its_last_look() -> None:
    handed = HandedMarks()
    many = [RecentMark(user, "queue", 1) for user in range(1000)]
    assert handed.take(many) == many
    assert handed.take(many) == []
    assert handed.take([RecentMark(5, "queue", 2)]) == [(5, "queue", 2)]
    assert handed.of(5) == {"queue": 2}
    assert handed.of(6) == {}
