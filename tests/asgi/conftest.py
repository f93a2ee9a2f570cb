"""Somebody who is logged in, by a session in the database."""

import pytest
from django.contrib.auth.models import User
from django.test import Client


@pytest.fixture
def listener(transactional_db: None) -> User:
    return User.objects.create_user("lee")


@pytest.fixture
def session_key(listener: User) -> str:
    return new_session(listener)


def new_session(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value
