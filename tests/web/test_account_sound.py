"""The sound that a user chose: kept with the account, told to the page, refused if unknown."""

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from pytest_django.asserts import assertContains, assertRedirects

from listening.models import SoundChoice
from listening.sound import AS_IT_IS, Sound, keep_sound, sound_of

ACCOUNT, SOUND = "/account/", "/account/sound/"

pytestmark = pytest.mark.django_db


@pytest.fixture
def lee() -> User:
    return User.objects.create_user("lee")


@pytest.fixture
def browser(lee: User) -> Client:
    client = Client()
    client.force_login(lee)
    return client


def test_a_choice_goes_with_the_account_and_back(lee: User, browser: Client) -> None:
    answer = browser.post(SOUND, {"loudness": "album", "crossfade_s": "4"})
    assertRedirects(answer, ACCOUNT)
    assert sound_of(lee.pk) == Sound("album", 4)
    other = Client()
    other.force_login(lee)
    assertContains(other.get("/"), 'data-loudness="album" data-crossfade-s="4"')
    browser.post(SOUND, {"loudness": "off", "crossfade_s": "0"})
    assert sound_of(lee.pk) == AS_IT_IS
    assert not SoundChoice.objects.exists()


def test_another_user_hears_music_as_it_is(lee: User) -> None:
    keep_sound(lee.pk, Sound("track", 12))
    other = Client()
    other.force_login(User.objects.create_user("kim"))
    assertContains(other.get("/"), 'data-loudness="off" data-crossfade-s="0"')


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"loudness": "track"},
        {"loudness": "loudest", "crossfade_s": "2"},
        {"loudness": "track", "crossfade_s": "3"},
        {"loudness": "track", "crossfade_s": "-2"},
        {"loudness": "track", "crossfade_s": "two"},
        {"loudness": "track", "crossfade_s": "9" * 5000},
    ],
)
def test_what_mus_does_not_have_is_refused(
    lee: User, browser: Client, sent: dict[str, str]
) -> None:
    keep_sound(lee.pk, Sound("album", 2))
    assertContains(browser.post(SOUND, sent, follow=True), "mus does not have this sound.")
    assert sound_of(lee.pk) == Sound("album", 2)


def test_who_is_logged_out_meanwhile_is_told(browser: Client) -> None:
    browser.logout()
    answer = browser.post(SOUND, {"loudness": "track", "crossfade_s": "2"})
    assertRedirects(answer, f"/login/?next={ACCOUNT}")


def test_a_server_of_the_version_before_deletes_users(lee: User) -> None:
    """It does not know the table."""
    keep_sound(lee.pk, Sound("track", 2))
    QuerySet(User).filter(pk=lee.pk)._raw_delete("default")
    connection.check_constraints()


def test_a_deleted_user_takes_the_choice_along(lee: User) -> None:
    keep_sound(lee.pk, Sound("track", 2))
    lee.delete()
    assert not SoundChoice.objects.exists()
