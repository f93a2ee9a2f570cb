"""The pages of API keys, as a browser without JavaScript sees them, and their list in the admin."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from accounts.api_keys import MOST_KEYS, make_key
from accounts.models import ApiKey

KEYS = "/keys/"
ADMIN = "/admin/accounts/apikey/"
STATE = "/api/v1/player/state"
TOKEN = re.compile(r"mus-[A-Za-z0-9_-]{43}")
EMPTY = "You have no keys yet."


def newest_id(response: Any) -> str:
    (found,) = re.findall(r'name="newest_id" value="(\d+)"', response.content.decode())
    return str(found)


def make(page: Client, name: str = "phone", **fields: str) -> Any:
    return page.post(KEYS, {"name": name, "newest_id": newest_id(page.get(KEYS)), **fields})


def test_a_new_key_is_shown_once_and_works(page: Client) -> None:
    assertContains(page.get(KEYS), EMPTY)
    response = make(page, "  my <b>phone</b> ")
    (token,) = TOKEN.findall(response.content.decode())
    assert "no-store" in response["Cache-Control"]
    again = page.get(KEYS)
    assertNotContains(again, token)
    assertContains(again, token[:10])
    assertContains(again, "my &lt;b&gt;phone&lt;/b&gt;")
    assertContains(again, "Never used")
    assert Client(headers={"Authorization": f"Bearer {token}"}).get(STATE).status_code == 200


def test_reloading_the_page_that_shows_a_key_makes_no_other(page: Client) -> None:
    fields = {"name": "phone", "newest_id": newest_id(page.get(KEYS))}
    assertContains(page.post(KEYS, fields), "is not shown again")
    again = page.post(KEYS, fields, follow=True)
    assertContains(again, "was made already")
    assert ApiKey.objects.count() == 1
    assertContains(make(page, "phone"), "is not shown again")  # one of the same name on purpose
    assert ApiKey.objects.count() == 2


@pytest.mark.parametrize("newest", ["", "x", "-1", "9" * 40, "\u0661"])
def test_a_form_that_was_tampered_with_makes_a_key_all_the_same(page: Client, newest: str) -> None:
    assertContains(page.post(KEYS, {"name": "phone", "newest_id": newest}), "is not shown again")


def test_a_key_may_end_on_a_day(page: Client) -> None:
    today = timezone.now().date()
    make(page, last_day=today.isoformat())
    key = ApiKey.objects.get()
    assert key.expires_at is not None
    assert key.expires_at.date() == today + timedelta(days=1)
    assertContains(page.get(KEYS), "Works until")
    ApiKey.objects.update(expires_at=timezone.now())
    assertContains(page.get(KEYS), "Expired")


@pytest.mark.parametrize("day", ["2001-01-01", "9999-12-31", "tomorrow", "0001-01-01", "x\0"])
def test_a_day_that_cannot_be_is_refused(page: Client, day: str) -> None:
    response = make(page, last_day=day)
    assertContains(response, "errorlist")
    assertContains(response, 'value="phone"')
    assert not ApiKey.objects.exists()


@pytest.mark.parametrize("name", ["", "   ", "x" * 101, "a\0b"])
def test_a_name_that_cannot_be_is_refused(page: Client, name: str) -> None:
    assertContains(make(page, name), "errorlist")
    assert not ApiKey.objects.exists()


def test_more_than_fifty_keys_are_refused(page: Client, listener: User) -> None:
    for _ in range(MOST_KEYS):
        make_key(listener, "x")
    assertContains(make(page), "revoke one first")


def test_a_key_is_revoked_after_a_confirmation(page: Client, listener: User) -> None:
    key, token = make_key(listener, "phone")
    address = f"{KEYS}{key.pk}/revoke/"
    assertContains(page.get(KEYS), address)
    assertContains(page.get(address), "This cannot be undone")
    assert ApiKey.objects.exists()
    assertContains(page.post(address, follow=True), "has been revoked")
    assertContains(page.post(address, follow=True), EMPTY)  # sent twice
    assert Client(headers={"Authorization": f"Bearer {token}"}).get(STATE).status_code == 401
    assert page.get(address).status_code == 404


def test_all_keys_are_revoked_together(page: Client, listener: User) -> None:
    other, _ = make_key(User.objects.create_user("bea"), "hers")
    for name in ("one", "two"):
        make_key(listener, name)
    assertContains(page.get(KEYS), f"{KEYS}revoke-all/")
    assertContains(page.get(f"{KEYS}revoke-all/"), "all your 2 keys")
    assertContains(page.post(f"{KEYS}revoke-all/", follow=True), EMPTY)
    assert ApiKey.objects.get() == other
    assertRedirects(page.get(f"{KEYS}revoke-all/"), KEYS)


def test_keys_of_others_are_not_there(page: Client) -> None:
    key, _ = make_key(User.objects.create_user("bea"), "hers")
    assertContains(page.get(KEYS), EMPTY)
    for number in (key.pk, 10**30):
        assert page.get(f"{KEYS}{number}/revoke/").status_code == 404
        assertRedirects(page.post(f"{KEYS}{number}/revoke/"), KEYS)
    assert ApiKey.objects.get() == key


def test_forms_from_elsewhere_are_refused(listener: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(listener)
    key, _ = make_key(listener, "phone")
    for path in (KEYS, f"{KEYS}{key.pk}/revoke/", f"{KEYS}revoke-all/"):
        assert strict.post(path, {"name": "x"}).status_code == 403
    assert ApiKey.objects.get() == key


def test_the_password_pages_say_that_keys_go_on_working(page: Client, listener: User) -> None:
    assertNotContains(page.get("/password/"), "go on working")
    assertNotContains(page.get("/password/changed/"), "working")
    for name in ("one", "two"):
        make_key(listener, name)
    assertContains(page.get("/password/"), "will go on working")
    new = "quite another sentence"
    fields = {"old_password": "a listener's word", "new_password1": new, "new_password2": new}
    changed = page.post("/password/", fields, follow=True)
    assertContains(changed, "Your 2 API keys go on working")
    assertContains(changed, f"{KEYS}revoke-all/")


def test_administrators_see_all_keys_and_revoke_them(admin_client: Client, listener: User) -> None:
    key, token = make_key(listener, "phone\u202e")
    for path in (ADMIN, f"{ADMIN}{key.pk}/change/"):
        response = admin_client.get(path)
        assertContains(response, r"phone\u202e")
        assertContains(response, "lee")
        assertContains(response, token[:10])
        assertNotContains(response, token)
        assertNotContains(response, key.digest)
    assertContains(admin_client.get(ADMIN, {"q": "lee"}), token[:10])
    assert admin_client.get(f"{ADMIN}add/").status_code == 403
    assert admin_client.post(f"{ADMIN}{key.pk}/change/", {"user": 1}).status_code == 403
    client = Client(headers={"Authorization": f"Bearer {token}"})
    assert client.get(STATE).status_code == 200
    selected = {"action": "delete_selected", "_selected_action": [key.pk], "post": "yes"}
    admin_client.post(ADMIN, selected)
    assert client.get(STATE).status_code == 401
    key, _ = make_key(listener, "tablet")
    admin_client.post(f"{ADMIN}{key.pk}/delete/", {"post": "yes"})
    assert not ApiKey.objects.exists()


def test_users_with_keys_can_be_deleted(admin_client: Client, listener: User) -> None:
    make_key(listener, "phone")
    admin_client.post(f"/admin/auth/user/{listener.pk}/delete/", {"post": "yes"})
    assert not User.objects.filter(pk=listener.pk).exists()
    assert not ApiKey.objects.exists()
