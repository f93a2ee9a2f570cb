"""A music folder with three songs, and the administrator whose the playlists become."""

from pathlib import Path

import pytest
from django.contrib.auth.models import User

from tests.listening.playlist_files.followed import song


@pytest.fixture
def admin(db: None) -> User:
    User.objects.create_user("lee", password="x")
    return User.objects.create_superuser("stella", password="x")


@pytest.fixture
def three(music: Path) -> Path:
    for name in "abc":
        song(music / "A" / f"{name}.mp3")
    return music
