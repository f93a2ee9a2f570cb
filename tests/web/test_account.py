"""The page of an account: what it shows, its list of logins, and how each is ended."""

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects

from accounts.browsers import described
from accounts.login_uses import LoginUse, write_uses
from accounts.logins import LoginIsOver, end_other_logins, logins_of
from accounts.models import Login

ACCOUNT = "/account/"
STATE = "/api/v1/player/state"
WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1"
)
PASSWORD = "correct horse"

pytestmark = pytest.mark.django_db


@pytest.fixture
def lee() -> User:
    return User.objects.create_user("lee", password=PASSWORD)


def logged_in(name: str = "lee", agent: str = WINDOWS) -> Client:
    client = Client(headers={"User-Agent": agent})
    answer = client.post("/login/", {"username": name, "password": PASSWORD})
    assertRedirects(answer, "/", fetch_redirect_response=False)
    return client


def is_logged_in(client: Client) -> bool:
    return bool(client.get(STATE).status_code == 200)


def key_of(client: Client) -> str:
    return client.session.session_key or ""


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (WINDOWS, "Firefox on Windows"),
        (PHONE, "Safari on iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64) Chrome/131.0.0.0 Safari/537.36", "Chrome on Linux"),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Chrome/131.0 Safari/537.36 Edg/131.0",
            "Edge on macOS",
        ),
        (
            "Mozilla/5.0 (Linux; Android 14) SamsungBrowser/26 Chrome/122",
            "Samsung Internet on Android",
        ),
        ("curl/8.5.0", "curl/8.5.0"),
        ("", "An unknown browser"),
    ],
)
def test_browsers_are_named_in_words(agent: str, words: str) -> None:
    assert described(agent) == words


def test_each_login_is_listed_and_this_one_is_marked(lee: User) -> None:
    desktop, phone = logged_in(), logged_in(agent=PHONE)
    page = desktop.get(ACCOUNT)
    assertContains(page, "Firefox on Windows <span", 1)
    assertContains(page, "This browser", 1)
    assertContains(page, "Safari on iPhone", 2)  # and in the name of its button
    assertContains(page, "127.0.0.1")
    assert "no-store" in page["Cache-Control"]
    assertNotContains(page, key_of(phone))
    assertNotContains(page, key_of(desktop))


def test_a_login_is_ended_at_once(lee: User) -> None:
    desktop, phone = logged_in(), logged_in(agent=PHONE)
    assert is_logged_in(phone)  # and kept for some seconds
    row = Login.objects.get(session_key=key_of(phone))
    answer = desktop.post(f"/account/logins/{row.pk}/end/", follow=True)
    assertContains(answer, "That browser is logged out.")
    assertNotContains(answer, "Safari on iPhone")
    assert not is_logged_in(phone)
    assert is_logged_in(desktop)
    assert not Login.objects.filter(pk=row.pk).exists()


def test_nobody_ends_the_login_of_another(lee: User) -> None:
    User.objects.create_user("mia", password=PASSWORD)
    lees, mias = logged_in(), logged_in("mia")
    row = Login.objects.get(session_key=key_of(lees))
    mias.post(f"/account/logins/{row.pk}/end/")
    mias.post("/account/logins/end-others/")
    assert is_logged_in(lees)
    assert mias.post(f"/account/logins/{'9' * 30}/end/").status_code == 404
    for path in (f"{row.pk}/end/", "end-others/"):
        assert mias.get(f"/account/logins/{path}").status_code == 405
        strict = Client(enforce_csrf_checks=True)
        strict.cookies = mias.cookies
        assert strict.post(f"/account/logins/{path}").status_code == 403


def test_all_others_are_ended(lee: User) -> None:
    desktop, *others = (logged_in() for _ in range(3))
    answer = desktop.post("/account/logins/end-others/", follow=True)
    assertContains(answer, "2 other browsers are logged out.")
    assertNotContains(answer, "Log out all other browsers")
    assert [is_logged_in(each) for each in (desktop, *others)] == [True, False, False]


def test_of_two_that_end_all_others_at_once_one_stays_and_the_other_is_told(lee: User) -> None:
    desktop, phone = logged_in(), logged_in()
    session, path = phone.session.session_key, "/account/logins/end-others/"
    assertContains(desktop.post(path, follow=True), "1 other browser is logged out.")
    with pytest.raises(LoginIsOver):  # its request had begun before
        end_other_logins(lee, session)
    assert is_logged_in(desktop)
    answer = phone.post(path)
    assertRedirects(answer, f"/login/?next={ACCOUNT}", fetch_redirect_response=False)
    assertContains(phone.get(answer["Location"]), "is not logged in any more")
    assertContains(desktop.post(path, follow=True), "No other browser is logged in.")
    assert is_logged_in(desktop)


def test_sessions_that_nothing_has_noted_are_listed_and_ended(lee: User) -> None:
    """Those from before the upgrade, and of servers of the version before."""
    desktop, phone = logged_in(), logged_in()
    Login.objects.all().delete()
    assertContains(desktop.get(ACCOUNT), "Not seen lately")
    Login.objects.all().delete()
    assert end_other_logins(lee, key_of(desktop)) == 1
    assert not is_logged_in(phone)


def test_a_change_of_the_password_ends_the_others_and_keeps_this_one(lee: User) -> None:
    desktop, phone = logged_in(), logged_in(agent=PHONE)
    new = "battery staple 7"
    fields = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assertRedirects(desktop.post("/password/", fields), "/password/changed/")
    assert not Session.objects.filter(pk=key_of(phone)).exists()
    assertContains(desktop.get(ACCOUNT), "This browser")
    assert [row.session_key for row in logins_of(User.objects.get())] == [key_of(desktop)]


def test_a_password_changed_by_somebody_else_leaves_no_login(lee: User) -> None:
    logged_in()
    lee.set_password("another one 9")
    lee.save()
    assert logins_of(lee) == []


def test_a_logout_and_a_deleted_user_take_their_rows_along(lee: User) -> None:
    logged_in().post("/logout/")
    assert not Login.objects.exists()
    logged_in()
    lee.delete()
    assert not Login.objects.exists()


def test_a_server_of_the_version_before_deletes_users(lee: User) -> None:
    """It does not know the table of logins."""
    logged_in()
    QuerySet(User).filter(pk=lee.pk)._raw_delete("default")
    connection.check_constraints()


def test_what_is_noted_late_of_a_session_that_is_over_makes_no_row(lee: User) -> None:
    client = logged_in()
    use = LoginUse(lee.pk, PHONE, "10.0.0.7", timezone.now())
    write_uses({key_of(client): use, "over": use})
    row = Login.objects.get()
    assert (row.user_agent, row.address, row.last_seen_at) == (PHONE, "10.0.0.7", use.at)


def test_a_browser_says_what_it_likes(lee: User) -> None:
    client = logged_in(agent="<script>alert(1)</script> " + "x" * 5000)
    page = client.get(ACCOUNT)
    assertContains(page, "&lt;script&gt;alert(1)&lt;/script&gt;")
    assertNotContains(page, "<script>alert")


@pytest.mark.parametrize(
    ("chosen", "shown"),
    [("dark", ' data-scheme="dark"'), ("light", ' data-scheme="light"'), ("", ""), ("x", "")],
)
def test_the_colour_scheme_is_of_the_browser(lee: User, chosen: str, shown: str) -> None:
    client = logged_in()
    client.post("/account/appearance/", {"scheme": "dark"})
    assertRedirects(client.post("/account/appearance/", {"scheme": chosen}), ACCOUNT)
    for page in (ACCOUNT, "/"):
        assertContains(client.get(page), f'<html lang="en"{shown}>')
    client.post("/logout/")
    assertContains(client.get("/login/"), f'<html lang="en"{shown}>')


def test_the_account_says_what_there_is(lee: User) -> None:
    client = logged_in()
    page = client.get(ACCOUNT)
    assertContains(page, "No service is told what you hear.")
    assertContains(page, "For programs of your own.")
    client.post("/keys/", {"name": "one", "newest_id": "0"})
    client.post("/apps/", {"name": "phone", "newest_id": "0"})
    page = client.get(ACCOUNT)
    assertContains(page, "1 program has a key.")
    assertContains(page, "1 app has a password.")
    assertContains(page, "http://testserver")
    assert Client().get(ACCOUNT).status_code == 302
