"""Who gets in, and what those see who do not."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django.asserts import assertContains, assertNotContains, assertRedirects


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/?q=blue"])
def test_a_page_asks_a_stranger_to_log_in_and_returns_to_itself(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 302
    assert response["Location"].startswith("/login/?next=/")


def test_logging_in_leads_to_where_one_wanted_to_go(client: Client, listener: User) -> None:
    credentials = {"username": "lee", "password": "a listener's word", "next": "/?q=blue"}
    assertRedirects(client.post("/login/", credentials), "/?q=blue")


def test_logging_in_never_leads_to_another_host(client: Client, listener: User) -> None:
    credentials = {"username": "lee", "password": "a listener's word", "next": "//evil.example/"}
    assertRedirects(client.post("/login/", credentials), "/")


def test_a_wrong_password_is_said_and_the_name_kept(client: Client, listener: User) -> None:
    response = client.post("/login/", {"username": "lee", "password": "wrong"})
    assertContains(response, "Please enter a correct username and password")
    assertContains(response, 'value="lee"')


def test_who_is_logged_in_does_not_see_the_login_page(page: Client) -> None:
    assertRedirects(page.get("/login/"), "/")


def test_logging_out_takes_a_post_and_ends_the_session(page: Client) -> None:
    assert page.get("/logout/").status_code == 405
    assertRedirects(page.post("/logout/"), "/login/")
    assert page.get("/").status_code == 302


@pytest.mark.django_db
def test_logging_out_of_a_session_that_has_run_out_asks_for_no_login(client: Client) -> None:
    response = client.post("/logout/")
    assertRedirects(response, "/login/")


@pytest.mark.django_db
def test_without_any_user_the_login_page_says_where_the_first_link_is(client: Client) -> None:
    response = client.get("/login/")
    assertContains(response, "in the terminal where the server was started")
    assertContains(response, "createsuperuser")
    assertNotContains(response, "<form")


def test_a_form_from_elsewhere_is_refused_on_a_page_that_explains(listener: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    response = strict.post("/login/", {"username": "lee", "password": "a listener's word"})
    assertContains(response, "This form has expired", status_code=403)


def test_pages_send_the_security_headers(page: Client) -> None:
    """The server adds Content-Security-Policy to all responses: see test_static_files.py."""
    headers = page.get("/").headers
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"


@pytest.mark.django_db
def test_only_logging_out_takes_the_cookie_away(client: Client) -> None:
    """An answer of before a new login may come after it."""
    client.force_login(User.objects.create_user("ada"))
    cookie = client.cookies["sessionid"].value
    client.session.delete()
    for path in ("/", "/api/v1/tracks", "/api/v1/player/state"):
        client.cookies["sessionid"] = cookie
        assert "sessionid" not in client.get(path).cookies, path
    client.force_login(User.objects.get())
    assert client.post("/logout/").cookies["sessionid"].value == ""
