"""Pages of a playlist's entries."""

from typing import Any

import pytest
from django.test import Client

from tests.api.library import get
from tests.web.library_rows import make_track

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("page", "places"),
    [
        ("offset=0&limit=2", [0, 1]),
        ("offset=3&limit=2", [3, 4]),
        ("offset=4&limit=9", [4]),
        ("offset=5&limit=9", []),
        ("offset=100&limit=100", []),
    ],
)
def test_a_page_may_begin_beyond_the_last_entry(api: Client, page: str, places: list[int]) -> None:
    ids = [make_track().pk for _ in range(5)]
    options: dict[str, Any] = {"content_type": "application/json"}
    made = api.post("/api/v1/playlists", {"name": "Five"}, **options).json()
    path = f"playlists/{made['id']}/entries"
    api.post(f"/api/v1/{path}", {"track_ids": ids}, **options)
    entry_ids = get(api, f"playlists/{made['id']}/entry-ids")["ids"]
    body = get(api, f"{path}?{page}")
    assert [each["entry_id"] for each in body["results"]] == [entry_ids[at] for at in places]
    assert body["count"] == 5
    assert [each["track"]["id"] for each in body["results"]] == [ids[place] for place in places]
