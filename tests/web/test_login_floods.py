"""Many logins at once: none more is looked at than the limit allows, and others are served."""

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from django.conf import settings as django_settings
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client, RequestFactory
from pytest_django.asserts import assertContains
from pytest_django.fixtures import Settings

from accounts import login_limit, password_turns
from accounts.login_attempts import count, forget
from accounts.password_turns import AT_ONCE, PLACES_OF_ONE, PasswordsBusy, Turns
from accounts.setup_link import make_setup_path
from asgi.fair_queue import Owner
from tests.web.served import ServedMus, serve

LIMIT = django_settings.AXES_FAILURE_LIMIT
RIGHT = "a listener's word"
TOKEN = "t" * 32
MAKE_LEE = f"""
from django.contrib.auth.models import User
User.objects.create_user("lee", password={RIGHT!r})
"""


def log_in(url: str, password: str, name: str = "lee") -> httpx.Response:
    fields = {"username": name, "password": password, "csrfmiddlewaretoken": TOKEN}
    return httpx.post(f"{url}/login/", data=fields, cookies={"csrftoken": TOKEN}, timeout=60)


@pytest.fixture
def servers(tmp_path: Path, server: ServedMus) -> Iterator[list[ServedMus]]:
    """Two, on one database."""
    shared = server.variables.keys() & {"DATA_DIR", "MUSIC_DIR", "DATABASE_URL"}
    variables = {name: server.variables[name] for name in shared}
    folder = tmp_path / "second"
    folder.mkdir()
    with serve(folder, None, "--no-scan", **variables) as second:
        yield [server, second]


@pytest.mark.server
def test_of_sixty_guesses_at_once_at_two_servers_five_are_looked_at(
    servers: list[ServedMus],
) -> None:
    servers[0].python(MAKE_LEE)
    with ThreadPoolExecutor(60) as threads:
        urls = [servers[number % 2].url for number in range(60)]
        answers = list(threads.map(log_in, urls, [f"wrong {number}" for number in range(60)]))
    statuses = Counter(answer.status_code for answer in answers)
    assert set(statuses) <= {200, 429, 503}
    assert statuses[200] == LIMIT - 1  # the last wrong one is told to wait
    looked_at = sum(each.output().count("A password was wrong") for each in servers)
    assert looked_at == LIMIT
    assert all(answer.headers["retry-after"] for answer in answers if answer.status_code != 200)
    for each in servers:
        assert log_in(each.url, RIGHT).status_code == 429


@pytest.mark.server
def test_as_many_right_passwords_at_once_are_all_good(server: ServedMus) -> None:
    server.python(MAKE_LEE)
    number = AT_ONCE + PLACES_OF_ONE // 2  # each takes its time on a machine that has other work
    with ThreadPoolExecutor(number) as threads:
        answers = threads.map(log_in, [server.url] * number, [RIGHT] * number)
        assert [answer.status_code for answer in answers] == [302] * number


@pytest.mark.django_db(transaction=True)
def test_attempts_at_once_have_numbers_of_their_own_up_to_the_limit() -> None:
    together = threading.Barrier(20)

    def attempt(_: int) -> int | None:
        together.wait(30)
        try:
            return count("lee", "203.0.113.7")
        finally:
            connection.close()

    with ThreadPoolExecutor(20) as threads:
        for _ in range(3):
            numbers = list(threads.map(attempt, range(20)))
            given = sorted(number for number in numbers if number is not None)
            assert given == list(range(1, LIMIT + 1))
            forget("lee", "203.0.113.7")


class TestTurns:
    def test_so_many_have_one_at_once_and_the_others_in_the_order_in_which_they_came(self) -> None:
        turns = Turns(at_once=2, places=10, places_of_one=10, within_s=30)
        had: list[int] = []
        go_on = [threading.Event() for _ in range(6)]

        def work(number: int) -> None:
            with turns.turn():
                had.append(number)
                go_on[number].wait(30)

        threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
        for number, thread in enumerate(threads):
            thread.start()
            until(lambda n=number: len(had) + len(turns._queue) == n + 1)
        assert had == [0, 1]
        for number, event in enumerate(go_on):
            event.set()
            threads[number].join(30)
            until(lambda n=number: len(had) == min(n + 3, 6))
        assert had == list(range(6))
        with turns.turn(), turns.turn():  # a thread that has one need not wait for another
            assert turns._free == 1

    def test_the_address_with_most_waiting_gives_way_to_a_newcomer(self) -> None:
        turns = Turns(at_once=0, places=4, places_of_one=3, within_s=30)
        over: list[str] = []

        def wait(address: str, name: str) -> None:
            try:
                with turns.turn(address):
                    over.append(f"{name} has it")
            except PasswordsBusy:
                over.append(f"{name} gives way")

        def begin(address: str, name: str) -> threading.Thread:
            before = len(turns._queue) + len(over)
            thread = threading.Thread(target=wait, args=(address, name))
            thread.start()
            until(lambda: len(turns._queue) + len(over) == before + 1)
            return thread

        threads = [begin("a", "a1"), begin("a", "a2"), begin("a", "a3")]
        threads.append(begin("a", "a4"))  # no address may take all places
        threads += [begin("b", "b1"), begin("c", "c1")]
        until(lambda: len(over) == 2)
        assert over == ["a4 gives way", "a3 gives way"]
        turns.check("d")
        threads.append(begin("d", "d1"))
        until(lambda: len(over) == 3)
        with pytest.raises(PasswordsBusy):
            turns.check("e")
        turns._give_back()  # each gives it to the next
        for thread in threads:
            thread.join(30)
        assert over[3:] == ["a1 has it", "b1 has it", "c1 has it", "d1 has it"]

    def test_a_wait_that_is_too_long_is_given_up_and_leaves_no_place_taken(self) -> None:
        turns = Turns(at_once=0, places=1, places_of_one=1, within_s=0.01)
        for _ in range(3):
            with pytest.raises(PasswordsBusy), turns.turn():
                pass
        turns._give_back()
        with turns.turn():
            pass


def until(condition: object) -> None:
    assert callable(condition)
    pause = threading.Event()
    for _ in range(3000):
        if condition():
            return
        pause.wait(0.01)
    raise AssertionError("it did not happen in time")


@pytest.mark.django_db(transaction=True)
def test_who_waits_for_a_turn_holds_no_connection(
    listener: User, monkeypatch: pytest.MonkeyPatch, rf: RequestFactory
) -> None:
    held: list[object] = []

    class Watched(Turns):
        def _take(self, owner: Owner) -> None:
            held.append(connection.connection)
            super()._take(owner)

    monkeypatch.setattr(login_limit, "turns", Watched(1, 1, 1, 1))
    login_limit.check_password(rf.post("/login/"), "lee", lambda: listener)
    assert held == [None]


@pytest.fixture
def busy(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    """No password can be looked at."""
    settings.PASSWORD_HASHERS = ["accounts.password_turns.TurnTakingHasher"]
    nobody = Turns(at_once=0, places=0, places_of_one=0, within_s=0)
    monkeypatch.setattr(login_limit, "turns", nobody)
    monkeypatch.setattr(password_turns, "turns", nobody)


def test_where_no_more_passwords_can_be_checked_that_is_said_and_not_counted(
    listener: User, busy: None
) -> None:
    fields = {"username": "lee", "password": RIGHT}
    for _ in range(LIMIT + 1):
        page = Client().post("/login/", fields)
        assertContains(page, "Too many passwords", status_code=503)
        assert page["Retry-After"] == "5"
    answer = Client().post("/login/", fields, headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "busy")


def test_a_busy_answer_is_no_error_in_the_log(
    page: Client, busy: None, caplog: pytest.LogCaptureFixture
) -> None:
    fields = {"username": "lee", "password": RIGHT}
    assert Client().post("/login/", fields).status_code == 503
    assert [each for each in caplog.records if each.levelname in {"WARNING", "ERROR"}] == []


def test_changing_a_password_takes_its_turn_as_well(page: Client, busy: None) -> None:
    fields = {"old_password": RIGHT, "new_password1": "another word", "new_password2": "x"}
    assert page.post("/password/", fields).status_code == 503


@pytest.mark.django_db
def test_the_setup_page_takes_its_turn_as_well(busy: None) -> None:
    password = "analytical engine"
    fields = {"username": "ada", "password1": password, "password2": password}
    assert Client().post(make_setup_path(), fields).status_code == 503
    assert not User.objects.exists()


@pytest.mark.django_db
def test_the_admin_takes_its_turn_for_new_users_as_well(admin_client: Client, busy: None) -> None:
    password = "analytical engine"
    fields = {"username": "bea", "password1": password, "password2": password, "role": "listener"}
    assert admin_client.post("/admin/auth/user/add/", fields).status_code == 503
    assert not User.objects.filter(username="bea").exists()
