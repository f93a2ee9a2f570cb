"""People who use the pages, and a server of their own for tests that need a real one."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.web.served import ServedMus, serve


@pytest.fixture
def listener(db: None) -> User:
    return User.objects.create_user("lee", password="a listener's word")


@pytest.fixture
def page(client: Client, listener: User) -> Client:
    """A browser in which somebody without any rights is logged in."""
    client.force_login(listener)
    return client


@pytest.fixture
def server(tmp_path: Path, database: Path) -> Iterator[ServedMus]:
    """A real server with an empty music folder, an empty database, and no scan at its start."""
    with serve(tmp_path, database, "--no-scan") as served:
        yield served
