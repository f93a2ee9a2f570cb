"""Who guesses passwords has to wait, and nobody else; test_login_floods.py has many at once."""

from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.conf import settings as django_settings
from django.contrib.auth import BACKEND_SESSION_KEY
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertRedirects
from pytest_django.fixtures import Settings

LIMIT = django_settings.AXES_FAILURE_LIMIT
PASSWORD = "a listener's word"
HERE, ELSEWHERE = "203.0.113.7", "198.51.100.9"


def try_to_log_in(
    password: str, *, name: str = "lee", address: str = HERE, path: str = "/login/", **more: Any
) -> Any:
    fields = {"username": name, "password": password}
    return Client().post(path, fields, REMOTE_ADDR=address, **more)


def fail(times: int, **where: Any) -> list[int]:
    return [try_to_log_in(f"wrong {number}", **where).status_code for number in range(times)]


def test_after_the_last_wrong_password_even_the_right_one_has_to_wait(listener: User) -> None:
    assert fail(LIMIT) == [200] * (LIMIT - 1) + [429]
    response = try_to_log_in(PASSWORD)
    assertContains(response, "Try again in 10 minutes.", status_code=429)
    assert response["Retry-After"] == "600"
    assert "no-store" in response["Cache-Control"]
    assert "sessionid" not in response.cookies


def test_a_script_that_asks_for_json_is_told_in_json(listener: User) -> None:
    fail(LIMIT)
    response = try_to_log_in(PASSWORD, headers={"Accept": "application/json"})
    assert response.status_code == 429
    error = response.json()["error"]
    assert error["code"] == "too_many_logins"
    assert error["message"] == "Too many failed logins. Try again in 10 minutes."
    assert response["Retry-After"] == "600"


def test_the_admin_has_the_same_limit_and_the_failures_count_together(admin_user: User) -> None:
    where = {"name": "admin", "path": "/admin/login/"}
    assert fail(LIMIT - 1, **where) == [200] * (LIMIT - 1)
    assert fail(1, name="admin") == [429]
    assert try_to_log_in("password", **where).status_code == 429


def test_a_login_forgets_the_failures_before_it(listener: User) -> None:
    for _ in range(3):
        assert fail(LIMIT - 1) == [200] * (LIMIT - 1)
        assertRedirects(try_to_log_in(PASSWORD), "/", fetch_redirect_response=False)
    assert not AccessAttempt.objects.exists()


def test_a_session_names_the_backend_that_earlier_versions_know(listener: User) -> None:
    browser = Client()
    browser.post("/login/", {"username": "lee", "password": PASSWORD})
    assert browser.session[BACKEND_SESSION_KEY] == "django.contrib.auth.backends.ModelBackend"
    assert browser.get("/").status_code == 200


def test_the_same_user_elsewhere_and_others_here_need_not_wait(listener: User) -> None:
    User.objects.create_user("bea", password=PASSWORD)
    fail(LIMIT)
    assert try_to_log_in(PASSWORD, address=ELSEWHERE).status_code == 302
    assert try_to_log_in(PASSWORD, name="bea").status_code == 302
    assert try_to_log_in(PASSWORD).status_code == 429


def test_another_browser_at_the_same_address_has_to_wait_too(listener: User) -> None:
    for number in range(LIMIT):
        try_to_log_in("wrong", headers={"User-Agent": f"browser {number}"})
    assert try_to_log_in(PASSWORD, headers={"User-Agent": "yet another"}).status_code == 429


def test_trying_meanwhile_does_not_lengthen_the_wait(listener: User) -> None:
    fail(LIMIT)
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=9))
    assertContains(try_to_log_in("wrong"), "Try again in a minute.", status_code=429)
    wait = try_to_log_in(PASSWORD)["Retry-After"]
    assert int(wait) <= 60


def test_after_the_wait_the_right_password_is_good_again(listener: User) -> None:
    fail(LIMIT)
    past = timezone.now() - timedelta(minutes=10, seconds=1)
    AccessAttempt.objects.update(attempt_time=past)
    assert try_to_log_in(PASSWORD).status_code == 302


def test_a_name_that_there_is_not_is_treated_as_one_that_there_is(listener: User) -> None:
    assert fail(LIMIT + 1, name="nobody") == fail(LIMIT + 1)


def test_an_administrator_can_end_the_wait_from_the_command_line(listener: User) -> None:
    fail(LIMIT)
    call_command("axes_reset_username", "lee")
    assert try_to_log_in(PASSWORD).status_code == 302


def test_all_addresses_of_a_customer_count_together(listener: User) -> None:
    for number in range(LIMIT):
        try_to_log_in("wrong", address=f"2001:db8:1:2::{number:x}")
    assert try_to_log_in(PASSWORD, address="2001:db8:1:2:ffff::1").status_code == 429
    assert try_to_log_in(PASSWORD, address="2001:db8:1:3::1").status_code == 302
    fail(LIMIT, address=f"::ffff:{HERE}")
    assert try_to_log_in(PASSWORD).status_code == 429
    call_command("axes_reset_ip", "2001:db8:1:2::9")
    assert try_to_log_in(PASSWORD, address="2001:db8:1:2::1").status_code == 302


def test_names_count_together_where_they_are_the_same_for_a_login(db: None) -> None:
    User.objects.create_user("\u017fiona", password=PASSWORD)  # the name is normalised: "siona"
    fail(3, name="\u017fiona")
    fail(LIMIT - 3, name="siona")
    assert try_to_log_in(PASSWORD, name="siona").status_code == 429
    assert try_to_log_in("wrong", name="Siona").status_code == 200  # another user, if there is one
    call_command("axes_reset_username", "\u017fiona")
    assert try_to_log_in(PASSWORD, name="\u017fiona").status_code == 302


@pytest.mark.django_db
def test_a_name_that_nobody_can_have_is_counted_as_well() -> None:
    assert fail(LIMIT, name="x" * 50_000) == [200] * (LIMIT - 1) + [429]
    assert fail(1, name="a\0b") == [200]
    assert [len(attempt.username) for attempt in AccessAttempt.objects.all()] == [150]


class Counted(MD5PasswordHasher):
    hashes = 0

    def encode(self, password: Any, salt: str) -> str:
        Counted.hashes += 1
        return super().encode(password, salt)


def test_a_wrong_password_costs_the_same_whoever_is_named_and_a_refusal_nothing(
    listener: User, settings: Settings
) -> None:
    settings.PASSWORD_HASHERS = [f"{__name__}.Counted"]
    User.objects.create_user("ina", password=PASSWORD, is_active=False)
    User.objects.create_user("una")  # without a password
    for name in ("lee", "ina", "una", "nobody"):
        Counted.hashes = 0
        fail(LIMIT, name=name)
        assert Counted.hashes == LIMIT, name
        try_to_log_in(PASSWORD, name=name)
        assert Counted.hashes == LIMIT, name


def test_old_attempts_are_forgotten_and_one_row_is_kept_for_a_name_at_an_address(
    listener: User,
) -> None:
    for number in range(250):
        AccessAttempt.objects.create(
            username=f"stranger {number}", ip_address=HERE, failures_since_start=1
        )
    past = timezone.now() - timedelta(minutes=10, seconds=1)
    AccessAttempt.objects.update(attempt_time=past)
    for number in range(3):
        try_to_log_in("wrong", name=f"new {number}", headers={"User-Agent": f"{number}"})
        try_to_log_in("wrong", name=f"new {number}", headers={"User-Agent": f"other {number}"})
    assert AccessAttempt.objects.count() == 3


class TestOldPassword:
    """Whoever finds an open browser does not guess the password there either."""

    def guess(self, browser: Client, old: str) -> Any:
        fields = {"old_password": old, "new_password1": "another word", "new_password2": "x"}
        return browser.post("/password/", fields, REMOTE_ADDR=HERE)

    def test_it_has_the_same_limit_and_the_failures_count_together(self, page: Client) -> None:
        assert fail(2) == [200, 200]
        assert self.guess(page, "wrong").status_code == 200
        assert self.guess(page, "wrong").status_code == 200
        assertContains(self.guess(page, "wrong"), "Try again in 10 minutes.", status_code=429)
        assert self.guess(page, PASSWORD).status_code == 429
        assert try_to_log_in(PASSWORD).status_code == 429

    def test_the_right_one_forgets_the_failures(self, page: Client) -> None:
        fail(LIMIT - 1)
        assertContains(self.guess(page, PASSWORD), "match")
        assert not AccessAttempt.objects.exists()

    def test_the_admin_has_no_page_of_its_own_for_it(self, admin_client: Client) -> None:
        assertRedirects(admin_client.get("/admin/password_change/"), "/password/")
        assertRedirects(admin_client.post("/admin/password_change/"), "/password/")


def test_what_was_typed_is_neither_kept_nor_logged(
    listener: User, caplog: pytest.LogCaptureFixture
) -> None:
    try_to_log_in("open sesame")
    fail(LIMIT, name="my password by mistake")
    for attempt in AccessAttempt.objects.all():
        assert "sesame" not in f"{vars(attempt)}"
    assert "sesame" not in caplog.text
    assert "mistake" not in caplog.text
    assert f"address={HERE} path=/login/" in caplog.text
