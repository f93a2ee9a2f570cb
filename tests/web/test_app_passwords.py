"""The pages of apps, as a browser without JavaScript sees them, their list in the admin, and the
command."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from accounts.app_passwords import (
    LISTED_FOR,
    MOST_APP_PASSWORDS,
    MOST_REVOKED,
    UNDO_WITHIN,
    make_app_password,
    password_of,
    revoke_app_passwords,
)
from accounts.models import AppPassword

APPS = "/apps/"
ADMIN = "/admin/accounts/apppassword/"
EMPTY = "You have no app yet."


def make(page: Client, name: str = "phone", newest_id: str = "") -> Any:
    return page.post(APPS, {"name": name, "newest_id": newest_id}, follow=True)


@pytest.fixture
def row(listener: User) -> AppPassword:
    return make_app_password(listener, "phone")


def test_an_app_password_is_made_and_shown_again_and_again(page: Client) -> None:
    assertContains(page.get(APPS), EMPTY)
    response = make(page, "  my <b>phone</b> ")
    row = AppPassword.objects.get()
    assertRedirects(response, f"{APPS}{row.pk}/")
    for shown in (response, page.get(f"{APPS}{row.pk}/")):
        assertContains(shown, password_of(row))
        assertContains(shown, '<code id="app-user">lee</code>', html=True)
        assertContains(shown, '<code id="app-address">http://testserver</code>', html=True)
        assertContains(shown, 'class="segno"', count=2)
        assertContains(shown, "my &lt;b&gt;phone&lt;/b&gt;")
        assert "no-store" in shown["Cache-Control"]
    listed = page.get(APPS)
    assertNotContains(listed, password_of(row))
    assertContains(listed, "Never used")


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("http://localhost:8000", "on this computer alone"),
        ("http://127.0.0.1", "on this computer alone"),
        ("http://[::1]:8000", "on this computer alone"),
        ("http://192.168.1.7:8000", "Without https"),
        ("https://music.example.org", ""),
    ],
)
def test_the_address_is_the_one_that_the_user_sees(
    page: Client, row: AppPassword, address: str, said: str, settings: Any
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    scheme, _, host = address.partition("://")
    shown = page.get(f"{APPS}{row.pk}/", secure=scheme == "https", headers={"host": host})
    assertContains(shown, f">{address}</code>")
    assertContains(shown, said)
    assert ("warning" in shown.content.decode()) is bool(said)


def test_a_form_sent_twice_makes_one(page: Client) -> None:
    for _ in range(2):
        assertContains(make(page, newest_id="0"), "Address")
    row = AppPassword.objects.get()
    make(page, newest_id=str(row.pk))  # one of the same name on purpose
    assert AppPassword.objects.count() == 2


@pytest.mark.parametrize("newest", ["", "x", "-1", "9" * 40, "\u0661"])
def test_a_form_that_was_tampered_with_makes_one_all_the_same(page: Client, newest: str) -> None:
    assertContains(make(page, newest_id=newest), "app-password")


@pytest.mark.parametrize("name", ["", "   ", "x" * 101, "a\0b"])
def test_a_name_that_cannot_be_is_refused(page: Client, name: str) -> None:
    assertContains(make(page, name), "errorlist")
    assert not AppPassword.objects.exists()


def test_more_than_fifty_are_refused(page: Client, listener: User, row: AppPassword) -> None:
    revoke_app_passwords(AppPassword.objects.all())  # counts no more
    for _ in range(MOST_APP_PASSWORDS):
        make_app_password(listener, "x")
    assertContains(make(page), "revoke one first")
    assertContains(page.post(f"{APPS}{row.pk}/restore/", follow=True), "revoke one first")


def test_a_revocation_can_be_undone_for_an_hour(page: Client, row: AppPassword) -> None:
    listed = page.post(f"{APPS}{row.pk}/revoke/", follow=True)
    assertContains(listed, "has been revoked")
    assertContains(listed, f"{APPS}{row.pk}/restore/")
    assert page.get(f"{APPS}{row.pk}/").status_code == 404
    assertNotContains(page.post(f"{APPS}{row.pk}/revoke/", follow=True), "has been revoked")
    assertContains(page.post(f"{APPS}{row.pk}/restore/", follow=True), "is in force again")
    assertContains(page.get(f"{APPS}{row.pk}/"), password_of(row))
    revoke_app_passwords(AppPassword.objects.all())
    AppPassword.objects.update(revoked_at=timezone.now() - UNDO_WITHIN)
    assertNotContains(page.get(APPS), "/restore/")
    assertContains(page.post(f"{APPS}{row.pk}/restore/", follow=True), "can no longer be undone")


def test_revoked_ones_go_after_a_month_and_never_pile_up(
    page: Client, listener: User, row: AppPassword
) -> None:
    revoke_app_passwords(AppPassword.objects.all())
    AppPassword.objects.update(revoked_at=timezone.now() - LISTED_FOR - timedelta(seconds=1))
    assertContains(page.get(APPS), EMPTY)
    for _ in range(MOST_REVOKED + 2):
        revoke_app_passwords(AppPassword.objects.filter(pk=make_app_password(listener, "x").pk))
    assert AppPassword.objects.count() == MOST_REVOKED
    assert not AppPassword.objects.filter(pk=row.pk).exists()


def test_all_are_revoked_together(page: Client, listener: User, row: AppPassword) -> None:
    other = make_app_password(User.objects.create_user("bea"), "hers")
    assertNotContains(page.get(APPS), "revoke-all")
    make_app_password(listener, "tablet")
    assertContains(page.get(APPS), f"{APPS}revoke-all/")
    assertContains(page.get(f"{APPS}revoke-all/"), "all your 2 apps")
    assertContains(page.post(f"{APPS}revoke-all/", follow=True), "have been revoked")
    assert AppPassword.objects.get(revoked_at=None) == other
    assertRedirects(page.get(f"{APPS}revoke-all/"), APPS)


def test_those_of_others_are_not_there(page: Client) -> None:
    other = make_app_password(User.objects.create_user("bea"), "hers")
    assertContains(page.get(APPS), EMPTY)
    for number in (other.pk, 10**18, 10**30):
        assert page.get(f"{APPS}{number}/").status_code == 404
        page.post(f"{APPS}{number}/revoke/")
        page.post(f"{APPS}{number}/restore/")
    assert AppPassword.objects.get().revoked_at is None


def test_forms_from_elsewhere_are_refused(listener: User, row: AppPassword) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(listener)
    for path in ("", f"{row.pk}/revoke/", f"{row.pk}/restore/", "revoke-all/"):
        assert strict.post(f"{APPS}{path}", {"name": "x"}).status_code == 403
    assert AppPassword.objects.get().revoked_at is None


def test_links_that_others_make_revoke_nothing(page: Client, row: AppPassword) -> None:
    for act in ("revoke", "restore"):
        assert page.get(f"{APPS}{row.pk}/{act}/").status_code == 405
    assert AppPassword.objects.get().revoked_at is None


def test_the_password_pages_say_that_apps_go_on_playing(page: Client, row: AppPassword) -> None:
    assertContains(page.get("/password/"), "will go on playing")
    changed = page.get("/password/changed/")
    assertContains(changed, "Your app goes on playing")
    assertContains(changed, f"{APPS}revoke-all/")


def test_the_list_says_who_used_it_last(page: Client, row: AppPassword) -> None:
    AppPassword.objects.update(
        last_used_at=timezone.now(), last_used_by="<i>Symfonium", last_used_from="192.0.2.7"
    )
    text = re.sub(r"\s+", " ", page.get(APPS).content.decode())
    assert "by <bdi>&lt;i&gt;Symfonium</bdi> from 192.0.2.7" in text


def test_administrators_see_all_and_revoke_them(admin_client: Client, listener: User) -> None:
    row = make_app_password(listener, "phone\u202e")
    listed = admin_client.get(ADMIN, {"q": "lee"})
    assertContains(listed, r"phone\u202e")
    for secret in (password_of(row), row.nonce):
        assertNotContains(listed, secret)
        assertNotContains(admin_client.get(f"{ADMIN}{row.pk}/change/", follow=True), secret)
    assert admin_client.get(f"{ADMIN}add/").status_code == 403
    assert admin_client.get(f"{ADMIN}{row.pk}/delete/").status_code == 403
    chosen = {"action": "revoke", "_selected_action": [row.pk]}
    assertContains(admin_client.post(ADMIN, chosen, follow=True), "1 app password was revoked")
    assert AppPassword.objects.get().revoked_at


def test_users_with_app_passwords_can_be_deleted(
    admin_client: Client, listener: User, row: AppPassword
) -> None:
    address = f"/admin/auth/user/{listener.pk}/delete/"
    assertContains(admin_client.get(address), "1 app password")
    admin_client.post(address, {"post": "yes"})
    assert not AppPassword.objects.exists()


def test_the_command_prints_it_once(listener: User, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("app_password", "lee", " my phone ")
    row = AppPassword.objects.get()
    assert row.name == "my phone"
    assert capsys.readouterr().out == f"{password_of(row)}\n"


@pytest.mark.parametrize(
    ("user", "name", "said"),
    [
        ("nobody", "phone", "There is no user 'nobody'"),
        ("gone", "phone", "inactive"),
        ("lee", " ", "1 to 100"),
        ("lee", "x" * 101, "1 to 100"),
        ("lee", "a\0b", "1 to 100"),
        ("l\0e", "phone", "There is no user"),
    ],
)
def test_the_command_says_what_is_wrong(listener: User, user: str, name: str, said: str) -> None:
    User.objects.create_user("gone", is_active=False)
    with pytest.raises(CommandError, match=said) as raised:
        call_command("app_password", user, name)
    assert raised.value.returncode == 6
    assert not AppPassword.objects.exists()
