"""Who guesses passwords has to wait, and nobody else does."""

from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.conf import settings as django_settings
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertRedirects

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
