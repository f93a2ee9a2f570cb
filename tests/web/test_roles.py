"""Administrators and listeners: what each may do, and how one becomes the other."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import AnonymousUser, Permission, User
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from accounts.roles import Role, is_administrator, role_of
from library.models.catalogue import Track
from library.models.scan import Scan, ScanState
from tests.web.library_rows import make_scan, make_track

USERS = "/admin/auth/user/"
PASSWORD = "analytical engine"
OPEN_TO_ALL = {"login", "logout", "jsi18n"}


def admin_addresses(patterns: Sequence[Any], prefix: str = "admin:") -> Iterator[str]:
    """The address of each page of the admin, row 1 where it takes a row."""
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from admin_addresses(pattern.url_patterns, prefix)
        elif isinstance(pattern, URLPattern) and pattern.name not in OPEN_TO_ALL | {None}:
            converters = pattern.pattern.converters
            given = {"app_label": "library", "url": "nothing/here", "content_type_id": 1}
            arguments = {name: given.get(name, 1) for name in converters}
            if pattern.name == "app_list":
                arguments = {"app_label": "library"}
            yield reverse(f"{prefix}{pattern.name}", kwargs=arguments)


def new_user(role: str, **changes: str) -> dict[str, str]:
    fields = {"username": "bea", "password1": PASSWORD, "password2": PASSWORD, "role": role}
    return {**fields, **changes}


def test_a_listener_gets_into_no_page_of_the_admin_and_changes_nothing_there(page: Client) -> None:
    running, track = make_scan(state=ScanState.RUNNING), make_track(missing=True)
    addresses = list(admin_addresses(admin.site.get_urls()))
    assert {"/admin/library/track/purge/", "/admin/library/scan/start/", USERS} <= {*addresses}
    for address in addresses:
        for response in (page.get(address), page.post(address, {"post": "yes"})):
            assert response.status_code in {302, 403}, address
            if response.status_code == 302:
                assert response["Location"].startswith("/admin/login/"), address
    assert list(Scan.objects.values_list("pk", "cancel_requested")) == [(running.pk, False)]
    assert list(Track.objects.all()) == [track]
    assert User.objects.count() == 1


def test_a_listener_can_neither_begin_nor_cancel_a_scan_by_the_api(page: Client) -> None:
    running = make_scan(state=ScanState.RUNNING)
    for path in ("/api/v1/scans", f"/api/v1/scans/{running.pk}/cancel"):
        response = page.post(path)
        assert response.status_code == 403
        assert response.json()["error"]["code"] == "not_staff"
    running.refresh_from_db()
    assert not running.cancel_requested


def test_a_new_user_is_a_listener_unless_one_chooses_otherwise(admin_client: Client) -> None:
    assertContains(admin_client.get(f"{USERS}add/"), 'value="listener"')
    admin_client.post(f"{USERS}add/", new_user("listener"))
    user = User.objects.get(username="bea")
    assert (user.is_staff, user.is_superuser, user.is_active) == (False, False, True)
    assert user.check_password(PASSWORD)
    browser = Client()
    credentials = {"username": "bea", "password": PASSWORD}
    assertRedirects(browser.post("/login/", credentials), "/")
    assertNotContains(browser.get("/"), "/admin/")


def test_a_new_administrator_may_do_everything(admin_client: Client) -> None:
    admin_client.post(f"{USERS}add/", new_user("administrator"))
    browser = Client()
    browser.force_login(User.objects.get(username="bea"))
    for address in (USERS, "/admin/library/track/purge/"):
        assert browser.get(address).status_code == 200


def test_a_weak_password_is_refused_for_others_too(admin_client: Client) -> None:
    weak = new_user("listener", password1="12345678", password2="12345678")
    assertContains(admin_client.post(f"{USERS}add/", weak), "too common")
    assert not User.objects.filter(username="bea").exists()


def test_a_role_is_changed_both_ways(admin_client: Client, listener: User) -> None:
    own_page = f"{USERS}{listener.pk}/change/"
    for role in ("administrator", "listener"):
        fields = {"username": "lee", "role": role, "is_active": "on"}
        assertRedirects(admin_client.post(own_page, fields), USERS)
        listener.refresh_from_db()
        assert listener.is_staff == listener.is_superuser == (role == "administrator")


def test_who_had_only_some_rights_never_gets_more_by_being_saved(
    admin_client: Client, listener: User
) -> None:
    User.objects.filter(pk=listener.pk).update(is_staff=True)
    response = admin_client.get(f"{USERS}{listener.pk}/change/")
    assert response.context["adminform"].form.initial["role"] == "listener"


def test_an_administrator_can_neither_demote_nor_deactivate_nor_delete_himself(
    admin_client: Client, admin_user: User
) -> None:
    own_page = f"{USERS}{admin_user.pk}/change/"
    fields = {"username": "admin", "role": "listener"}
    response = admin_client.post(own_page, fields)
    assertContains(response, "You cannot take this role from yourself.")
    assertContains(response, "You cannot lock yourself out.")
    assert admin_client.post(f"{USERS}{admin_user.pk}/delete/", {"post": "yes"}).status_code == 403
    selection = {"action": "delete_selected", "_selected_action": [admin_user.pk], "post": "yes"}
    for asked in ({**selection, "post": ""}, selection):
        response = admin_client.post(USERS, asked, follow=True)
        assertContains(response, "You cannot delete your own account.")
    assertNotContains(admin_client.get(own_page), f"{USERS}{admin_user.pk}/delete/")
    admin_user.refresh_from_db()
    assert (admin_user.is_active, admin_user.is_staff, admin_user.is_superuser) == (True,) * 3


def test_an_administrator_deletes_selected_users(admin_client: Client, listener: User) -> None:
    selection = {"action": "delete_selected", "_selected_action": [listener.pk]}
    assertContains(admin_client.post(USERS, selection), "Are you sure")
    admin_client.post(USERS, {**selection, "post": "yes"})
    assert not User.objects.filter(pk=listener.pk).exists()


def test_users_are_filtered_by_role(admin_client: Client, listener: User) -> None:
    for role, shown, hidden in (("listener", "lee", "admin"), ("administrator", "admin", "lee")):
        found = admin_client.get(f"{USERS}?role={role}").context["cl"].queryset
        names = {user.username for user in found}
        assert shown in names
        assert hidden not in names


@pytest.mark.parametrize(
    "flags", [{"is_staff": True}, {"is_superuser": True}, {"is_staff": True, "is_superuser": True}]
)
def test_everybody_asked_says_the_same_about_who_is_an_administrator(
    page: Client, listener: User, flags: dict[str, bool]
) -> None:
    """One flag and all permissions are not enough."""
    User.objects.filter(pk=listener.pk).update(**flags)
    listener.user_permissions.set(Permission.objects.all())
    running = make_scan(state=ScanState.RUNNING, folders=["/music"])
    player = page.get("/").content.decode()
    wanted = {"username": "lee", "password": "a listener's word"}
    answers = {
        "role": role_of(User.objects.get()) == Role.ADMINISTRATOR,
        "function": is_administrator(User.objects.get()),
        "admin": page.get("/admin/").status_code == 200,
        "users": page.get(USERS).status_code == 200,
        "purge": page.get("/admin/library/track/purge/").status_code == 200,
        "scans": page.get("/admin/library/scan/start/").status_code == 405,
        "login of the admin": Client().post("/admin/login/", wanted).status_code == 302,
        "player": 'data-staff="true"' in player,
        "link": 'data-admin="/admin/"' in player,
        "failures": page.get("/api/v1/failures").status_code == 200,
        "paths": page.get("/api/v1/scans/latest").json()["folders"] == ["/music"],
        "cancel": page.post(f"/api/v1/scans/{running.pk}/cancel").status_code != 403,
    }
    assert set(answers.values()) == {len(flags) == 2}, answers


def test_an_administrator_who_is_inactive_is_none(admin_user: User) -> None:
    assert is_administrator(admin_user)
    admin_user.is_active = False
    assert not is_administrator(admin_user)
    assert not is_administrator(AnonymousUser())
    assert not is_administrator(None)


def test_who_is_not_active_is_logged_out(page: Client, listener: User) -> None:
    assert page.get("/").status_code == 200
    User.objects.filter(pk=listener.pk).update(is_active=False)
    assert page.get("/").status_code == 302
    assert page.get("/api/v1/tracks").status_code == 401


class TestOwnPassword:
    """Everybody changes their own."""

    NEW = "difference engine"

    def change(self, browser: Client, old: str) -> Any:
        fields = {"old_password": old, "new_password1": self.NEW, "new_password2": self.NEW}
        return browser.post("/password/", fields, follow=True)

    def test_the_new_one_is_good_and_other_sessions_end(self, page: Client, listener: User) -> None:
        elsewhere = Client()
        elsewhere.force_login(listener)
        assertContains(page.get("/password/"), "Change your password")
        assertContains(self.change(page, "a listener's word"),
                       "Your password has been changed")  # fmt: skip
        listener.refresh_from_db()
        assert listener.check_password(self.NEW)
        assert page.get("/").status_code == 200
        assert elsewhere.get("/").status_code == 302

    def test_it_takes_the_old_one(self, page: Client, listener: User) -> None:
        assertContains(self.change(page, "wrong"), "Your old password was entered incorrectly")
        listener.refresh_from_db()
        assert not listener.check_password(self.NEW)

    @pytest.mark.django_db
    def test_strangers_are_asked_to_log_in(self, client: Client) -> None:
        for path in ("/password/", "/password/changed/"):
            assertRedirects(client.get(path), f"/login/?next={path}")
