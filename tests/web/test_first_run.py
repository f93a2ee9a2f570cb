"""The first-run page: creates the administrator, once, for who has the link."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from unittest import mock

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.signing import TimestampSigner
from django.db import connection
from django.test import Client
from pytest_django.asserts import assertContains, assertRedirects

from accounts.setup_link import MAX_AGE, make_setup_path

ADMINISTRATOR = {
    "username": "ada",
    "password1": "analytical engine",
    "password2": "analytical engine",
}


@pytest.mark.django_db
def test_the_link_opens_a_form_that_creates_the_administrator_and_logs_in(client: Client) -> None:
    link = make_setup_path()
    assertContains(client.get(link), "Create the administrator")
    assertRedirects(client.post(link, ADMINISTRATOR), "/")
    user = User.objects.get()
    assert (user.username, user.is_superuser, user.is_staff) == ("ada", True, True)
    assert user.check_password("analytical engine")
    assert client.get("/admin/").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("", "opened by a link that the server prints"),
        ("?token=", "opened by a link that the server prints"),
        ("?token=made-up", "not one that this server printed"),
        (
            f"?token={TimestampSigner(salt='elsewhere').sign('administrator')}",
            "not one that this server printed",
        ),
    ],
    ids=["none", "empty", "made up", "signed for something else"],  # not by the time in a token
)
def test_without_the_right_token_the_page_says_how_to_get_one(
    client: Client, query: str, reason: str
) -> None:
    for response in (client.get(f"/setup/{query}"), client.post(f"/setup/{query}", ADMINISTRATOR)):
        assertContains(response, reason, status_code=403)
        assertContains(response, "Restart the server", status_code=403)
    assert not User.objects.exists()


@pytest.mark.django_db
def test_a_link_is_good_for_a_day(client: Client) -> None:
    now = time.time()
    link = make_setup_path()
    with mock.patch(
        "time.time", return_value=now + (MAX_AGE - timedelta(minutes=1)).total_seconds()
    ):
        assert client.get(link).status_code == 200
    with mock.patch(
        "time.time", return_value=now + (MAX_AGE + timedelta(minutes=1)).total_seconds()
    ):
        response = client.post(link, ADMINISTRATOR)
    assertContains(response, "more than a day old", status_code=403)
    assert not User.objects.exists()


@pytest.mark.parametrize("token", ["", "made-up", "good"])
def test_with_a_user_the_page_leads_to_the_login_whatever_the_token(
    client: Client, listener: User, token: str
) -> None:
    link = make_setup_path() if token == "good" else f"/setup/?token={token}"
    assertRedirects(client.get(link), "/login/")
    assertRedirects(client.post(link, ADMINISTRATOR), "/login/")
    assert list(User.objects.all()) == [listener]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"password2": "something else"}, "The two password fields didn"),
        ({"password1": "12345678", "password2": "12345678"}, "This password is too common."),
        ({"password1": "short", "password2": "short"}, "This password is too short."),
        ({"username": ""}, "This field is required."),
        ({"username": "a b"}, "Enter a valid username."),
    ],
)
def test_a_form_that_is_not_right_creates_nobody_and_says_why(
    client: Client, change: dict[str, str], complaint: str
) -> None:
    response = client.post(make_setup_path(), {**ADMINISTRATOR, **change})
    assertContains(response, complaint)
    assert not User.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_people_at_the_same_moment_make_one_administrator(client: Client) -> None:
    link = make_setup_path()

    def create(name: str) -> int:
        try:
            return Client().post(link, {**ADMINISTRATOR, "username": name}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(create, ["ada", "bea", "cyd", "dot"])) == [302] * 4
    assert User.objects.count() == 1


@pytest.mark.django_db
def test_the_token_stays_on_this_server(client: Client) -> None:
    response = client.get(make_setup_path())
    assert response["Referrer-Policy"] == "same-origin"
    assert "no-store" in response["Cache-Control"]


@pytest.mark.django_db
def test_createsuperuser_works_as_ever(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "analytical engine")
    call_command("createsuperuser", interactive=False, username="ada", email="", verbosity=0)
    assertRedirects(client.get(make_setup_path()), "/login/")
    credentials = {"username": "ada", "password": "analytical engine"}
    assertRedirects(client.post("/login/", credentials), "/")
