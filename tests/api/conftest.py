"""People who use the API."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from asgi import kept_logins


@pytest.fixture(autouse=True)
def no_kept_logins(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each request asks for its session and its user, so that counts of queries include these two
    always; tests/asgi/test_kept_logins.py has what is different where a login is kept."""
    monkeypatch.setattr(kept_logins, "KEPT_S", 0.0)


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
