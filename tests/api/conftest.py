"""People who use the API."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from pytest_django.fixtures import Settings


@pytest.fixture(autouse=True)
def quick_passwords(settings: Settings) -> None:
    """A good hash takes a third of a second, on purpose."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def listener(db: None) -> User:
    return User.objects.create_user("lee", password="a listener's word")


@pytest.fixture
def api(client: Client, listener: User) -> Client:
    """A client in which somebody without any rights is logged in."""
    client.force_login(listener)
    return client


@pytest.fixture
def staff(db: None) -> Client:
    """A client in which an administrator is logged in."""
    client = Client()
    client.force_login(User.objects.create_superuser("stella", password="x"))
    return client
