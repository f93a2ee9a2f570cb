"""The language of the pages follows the account into every browser, and ends with the login."""

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.asserts import assertContains, assertRedirects

from accounts.languages import language_of

ACCOUNT, LANGUAGE = "/account/", "/account/language/"
PASSWORD = "correct horse"

pytestmark = pytest.mark.django_db


@pytest.fixture
def lee() -> User:
    return User.objects.create_user("lee", password=PASSWORD)


def browser(language: str = "en") -> Client:
    return Client(headers={"Accept-Language": language})


def log_in(client: Client, name: str = "lee") -> Client:
    client.post("/login/", {"username": name, "password": PASSWORD})
    return client


def assert_speaks(client: Client, code: str, path: str = ACCOUNT) -> None:
    assertContains(client.get(path), f'lang="{code}"')


def choose(client: Client, code: str) -> None:
    assertRedirects(client.post(LANGUAGE, {"language": code}), ACCOUNT)


def test_the_choice_counts_in_all_browsers_at_once(lee: User) -> None:
    here, there = log_in(browser()), log_in(browser())
    assert_speaks(there, "en")
    choose(here, "de")
    assert_speaks(here, "de")
    assert_speaks(there, "de")
    assert_speaks(there, "de", "/")
    assert_speaks(log_in(browser("fr")), "de")


def test_what_is_said_about_the_choice_is_in_its_language(lee: User) -> None:
    client = log_in(browser("de"))
    assertContains(client.post(LANGUAGE, {"language": "en"}, follow=True), "from now on")
    assertContains(client.post(LANGUAGE, {"language": ""}, follow=True), "von nun an")


def test_without_a_choice_each_browser_has_its_own(lee: User) -> None:
    german, english = log_in(browser("de")), log_in(browser())
    choose(german, "en")
    assert_speaks(german, "en")
    choose(english, "")
    assert_speaks(german, "de")
    assert_speaks(english, "en")
    assert language_of(lee.pk) == ""


def test_the_login_page_and_the_service_worker_follow_it(lee: User) -> None:
    client = log_in(browser())
    choose(client, "de")
    assert "texts/de" in client.get("/service-worker.js").content.decode()
    client.post("/logout/")
    assert_speaks(client, "de", "/login/")


def test_the_next_user_of_the_browser_has_a_language_of_their_own(lee: User) -> None:
    User.objects.create_user("kim", password=PASSWORD)
    client = log_in(browser())
    choose(client, "de")
    client.post("/logout/")
    assert_speaks(log_in(client, "kim"), "en")
    assert not client.cookies[settings.LANGUAGE_COOKIE_NAME].value


def test_another_language_is_refused_and_the_choice_stays(lee: User) -> None:
    client = log_in(browser())
    choose(client, "de")
    answer = client.post(LANGUAGE, {"language": "xx\0"}, follow=True)
    assertContains(answer, 'lang="de"')
    assert language_of(lee.pk) == "de"


def test_answers_of_the_api_do_not_ask_for_it(lee: User) -> None:
    client = log_in(browser("de"))
    choose(client, "de")
    with CaptureQueriesContext(connection) as queries:
        answer = client.get("/api/v1/tracks", {"limit": "none"})
    assert "valid integer" in answer.content.decode()
    assert not any("language" in each["sql"] for each in queries)
