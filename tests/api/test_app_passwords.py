"""`GET, POST app-passwords` and their operations, and what the API does with an app password."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.app_passwords import MOST_APP_PASSWORDS, make_app_password, password_of
from accounts.models import ApiKey, AppPassword
from tests.api.library import ROOT, error, get

APPS = f"{ROOT}app-passwords"
STATE = f"{ROOT}player/state"


def with_app(password: str) -> Client:
    """A client that has nothing but an app password."""
    return Client(enforce_csrf_checks=True, headers={"Authorization": f"Bearer {password}"})


def post(client: Client, path: str = APPS, **fields: Any) -> Any:
    return client.post(path, json.dumps(fields), content_type="application/json")


@pytest.fixture
def app(listener: User) -> Client:
    return with_app(password_of(make_app_password(listener, "phone")))


def refused(response: Any) -> None:
    error(response, 401, "invalid_key")
    assert response["WWW-Authenticate"].startswith("Bearer ")


def test_an_app_password_is_made_shown_revoked_and_restored(api: Client) -> None:
    response = post(api, name=" my phone ")
    assert response.status_code == 201
    made = response.json()
    path = f"{APPS}/{made['id']}"
    assert made["password"] == password_of(AppPassword.objects.get())
    assert made["name"] == "my phone"
    assert get(api, f"app-passwords/{made['id']}") == made
    del made["password"]
    assert get(api, "app-passwords") == {"count": 1, "results": [made]}
    assert api.delete(path).status_code == 204
    error(api.delete(path), 404, "not_found")
    error(api.get(path), 404, "not_found")
    assert get(api, "app-passwords")["results"][0]["revoked_at"]
    assert post(api, f"{path}/restore").json()["revoked_at"] is None
    error(post(api, f"{path}/restore"), 404, "not_found")


@pytest.mark.parametrize("fields", [{}, {"name": " "}, {"name": "x" * 101}, {"name": "a\0b"}])
def test_what_cannot_be_one_is_refused(api: Client, fields: dict[str, Any]) -> None:
    assert post(api, **fields).status_code == 422
    assert not AppPassword.objects.exists()


def test_a_user_has_fifty_at_most(api: Client, listener: User) -> None:
    for _ in range(MOST_APP_PASSWORDS):
        make_app_password(listener, "x")
    assert "50" in error(post(api, name="one more"), 409, "too_many_app_passwords")


def test_those_of_others_are_not_there(api: Client, staff: Client) -> None:
    number = post(api, name="mine").json()["id"]
    assert get(staff, "app-passwords")["count"] == 0
    for response in (
        staff.get(f"{APPS}/{number}"),
        staff.delete(f"{APPS}/{number}"),
        post(staff, f"{APPS}/{number}/restore"),
    ):
        error(response, 404, "not_found")


def test_an_app_does_what_its_user_may_and_makes_no_keys(app: Client, listener: User) -> None:
    assert app.get(STATE).status_code == 200
    assert get(app, "sync")["is_whole"]
    response = app.put(STATE, '{"volume_level": 0.5}', content_type="application/json")
    assert response.status_code == 200
    error(app.post(f"{ROOT}scans"), 403, "not_staff")
    (row,) = AppPassword.objects.all()
    for refused_one in (
        post(app, name="another"),
        post(app, f"{ROOT}keys", name="another"),
        app.get(f"{APPS}/{row.pk}"),
        post(app, f"{APPS}/{row.pk}/restore"),
    ):
        error(refused_one, 403, "session_only")
    assert not ApiKey.objects.exists()
    assert app.delete(f"{APPS}/{row.pk}").status_code == 204
    refused(app.get(STATE))


def test_an_api_key_makes_no_app_password(api: Client) -> None:
    key = post(api, f"{ROOT}keys", name="program").json()["key"]
    error(post(with_app(key), name="another"), 403, "session_only")


def test_an_administrators_app_has_the_role(db: None) -> None:
    user = User.objects.create_superuser("root")
    app = with_app(password_of(make_app_password(user, "phone")))
    assert app.get(f"{ROOT}failures").status_code == 200
    user.is_superuser = False
    user.save()
    error(app.get(f"{ROOT}failures"), 403, "not_staff")


ENDS: dict[str, Callable[[User], object]] = {
    "revoked": lambda _: AppPassword.objects.update(revoked_at=timezone.now()),
    "inactive": lambda user: User.objects.filter(pk=user.pk).update(is_active=False),
    "deleted": lambda _: AppPassword.objects.all()._raw_delete(using="default"),
}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS)
def test_changes_ask_the_database_each_time(
    app: Client, listener: User, end: Callable[[User], object]
) -> None:
    """Here no signal and no number tells of the end."""
    assert app.get(STATE).status_code == 200
    end(listener)
    assert app.get(STATE).status_code == 200
    refused(app.put(STATE, "{}", content_type="application/json"))


def test_a_wrong_one_is_refused(app: Client, listener: User) -> None:
    password = password_of(AppPassword.objects.get())
    other = "y" if password.endswith("x") else "x"
    for wrong in (password[:-1], password[:-1] + other, f"{password}-x", password.upper()):
        refused(with_app(wrong).get(STATE))


def test_a_kept_one_costs_no_query(app: Client) -> None:
    app.get(STATE)
    with CaptureQueriesContext(connection) as queries:
        app.get(STATE)
    assert "accounts_" not in str(queries.captured_queries)
