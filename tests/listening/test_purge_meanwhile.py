"""A player that saves its current track while that track is purged. PostgreSQL alone allows both
at once; SQLite has one writer at a time."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection

from library import followers
from library.models.catalogue import Track
from library.scanning import purge_missing
from listening.models import PlayerState
from tests.databases import IS_POSTGRESQL
from tests.web.library_rows import make_track

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(not IS_POSTGRESQL, reason="SQLite has one writer at a time"),
]


def in_another_connection(save: Any) -> None:
    def run() -> None:
        try:
            save()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as threads:
        threads.submit(run).result(timeout=20)


def test_who_saves_between_the_followers_and_the_deletion_keeps_what_it_was(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    track = make_track(title="Lost", missing=True)
    user = User.objects.create(username="ada")
    purge = followers.purge
    saved: list[int] = []

    def save_in_the_midst(model: Any, ids: Any) -> Counter[followers.Follower]:
        counts = purge(model, ids)
        if model is Track and not saved:
            saved.append(track.pk)
            given = {"current_track_id": track.pk, "progress_seconds": 7.0}
            in_another_connection(lambda: PlayerState.objects.save_fields(user.pk, given))
        return counts

    monkeypatch.setattr(followers, "purge", save_in_the_midst)
    counts = purge_missing()
    assert saved == [track.pk]
    assert counts.in_use_as == ("the current track of 1 player",)
    state = PlayerState.objects.get()
    assert (state.current_track, state.lost_title, state.lost_progress_seconds) == (None, "Lost", 7)
