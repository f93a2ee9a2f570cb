"""App passwords in memory: how often the database is asked, and who else's changes are seen."""

import threading
from collections.abc import Callable
from functools import partial

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.app_password_changes import current_number
from accounts.app_password_logins import (
    LOOK_EVERY_S,
    READ_EVERY_S,
    AppLogin,
    AppPasswordLogins,
    find_over,
)
from accounts.app_passwords import (
    MOST_APP_PASSWORDS,
    AppPasswordsRefused,
    make_app_password,
    password_of,
    revoke_app_passwords,
)
from accounts.kept_app_passwords import Check, KeptAppPasswords
from accounts.models import AppPassword
from tests.asgi.test_kept_logins import Clock


@pytest.fixture
def listener(transactional_db: None) -> User:
    return User.objects.create_user("lee")


@pytest.fixture
def row(listener: User) -> AppPassword:
    return make_app_password(listener, "phone")


@pytest.fixture
def clock() -> Clock:
    return Clock()


def by_key(row: AppPassword) -> Check:
    return partial(KeptAppPasswords.by_key, key=password_of(row))


def statements(call: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as queries:
        call()
    return len(queries)


def test_the_database_is_asked_once_a_second(row: AppPassword, clock: Clock) -> None:
    server = AppPasswordLogins(clock)
    find = partial(server.find, by_key(row))
    assert statements(find) == 2  # the number, the rows
    counts = []
    for _ in range(5):
        clock.now_s += LOOK_EVERY_S / 2
        counts.append(statements(find))
    assert counts == [0, 1, 0, 1, 0]


def test_another_server_sees_a_change_a_second_later(row: AppPassword, clock: Clock) -> None:
    server = AppPasswordLogins(clock)  # no change in this process tells it
    assert server.find(by_key(row))
    revoke_app_passwords(AppPassword.objects.all())
    clock.now_s += LOOK_EVERY_S - 0.001
    assert server.find(by_key(row))
    clock.now_s += 0.001
    assert server.find(by_key(row)) is None


def test_one_that_was_just_made_is_found_at_once(row: AppPassword, clock: Clock) -> None:
    server = AppPasswordLogins(clock)
    assert server.find(by_key(row))
    another = make_app_password(row.user, "tablet")
    assert server.find(by_key(another))


def test_what_advanced_no_number_is_seen_within_a_minute(row: AppPassword, clock: Clock) -> None:
    server = AppPasswordLogins(clock)
    assert server.find(by_key(row))
    User.objects.update(is_active=False)  # as a server of an earlier version does
    clock.now_s += READ_EVERY_S
    assert server.find(by_key(row)) is None


@pytest.mark.parametrize(
    ("change", "counts"),
    [
        (lambda user: user.save(update_fields=["last_login"]), False),
        (lambda user: user.save(update_fields=["password"]), False),
        (lambda user: user.save(update_fields=["is_staff"]), True),
        (lambda user: user.save(), True),
        (lambda user: user.delete(), True),
        (lambda _: User.objects.create_user("bea"), False),
        (lambda user: make_app_password(user, "tablet"), True),
        (lambda user: revoke_app_passwords(user.app_passwords.all()), True),
        (lambda user: revoke_app_passwords(user.app_passwords.none()), False),
    ],
)
def test_what_advances_the_number(
    row: AppPassword, change: Callable[[User], object], counts: object
) -> None:
    number = current_number()
    assert number > 0
    change(row.user)
    assert (current_number() != number) is counts


def test_a_change_that_is_rolled_back_advances_nothing(row: AppPassword, clock: Clock) -> None:
    number = current_number()
    with transaction.atomic():
        revoke_app_passwords(AppPassword.objects.all())
        transaction.set_rollback(True)
    assert current_number() == number
    assert AppPasswordLogins(clock).find(by_key(row))


def test_long_answers_are_watched_by_one_query(row: AppPassword) -> None:
    over = {AppLogin(row.pk + number) for number in range(1, 1000)}
    with CaptureQueriesContext(connection) as queries:
        assert find_over({AppLogin(row.pk), *over}) == over
    assert len(queries) == 1
    revoke_app_passwords(AppPassword.objects.all())
    assert find_over({AppLogin(row.pk)}) == {AppLogin(row.pk)}


def test_app_passwords_made_at_once_keep_to_the_limit(listener: User) -> None:
    def make_many() -> None:
        try:
            while True:
                make_app_password(listener, "x")
        except AppPasswordsRefused:
            connection.close()

    threads = [threading.Thread(target=make_many) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert AppPassword.objects.count() == MOST_APP_PASSWORDS


def test_a_new_secret_key_ends_all(
    row: AppPassword, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = by_key(row)
    assert AppPasswordLogins(clock).find(check)
    monkeypatch.setattr("django.conf.settings.SECRET_KEY", "x" * 50)
    assert AppPasswordLogins(clock).find(check) is None


def test_no_secret_shows_in_the_database_or_in_representations(
    row: AppPassword, clock: Clock
) -> None:
    secret = password_of(row).rpartition("-")[2]
    found = AppPasswordLogins(clock).find(by_key(row))
    assert found
    assert found.secret.decode() == password_of(row)
    for text in (*map(str, AppPassword.objects.values().get().values()), repr(row), repr(found)):
        assert secret not in text
    assert row.nonce not in f"{row!r} {found!r}"
    assert row.user.password not in f"{found!r}"
