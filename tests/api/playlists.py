"""Playlists by the API, as tests make and read them."""

import json
from collections.abc import Sequence
from typing import Any

from django.test import Client

from tests.api.library import ROOT, get
from tests.web.library_rows import make_track


def send(client: Client, method: str, path: str, body: Any = None, status: int = 200) -> Any:
    """The body of an answer that has to have this status."""
    text = None if body is None else json.dumps(body)
    response = getattr(client, method)(ROOT + path, text, content_type="application/json")
    assert response.status_code == status, response.content
    return json.loads(response.content) if response.content else None


def post(client: Client, path: str, body: Any = None, status: int = 200) -> Any:
    return send(client, "post", path, body, status)


def make(client: Client, name: str = "Mix", titles: Sequence[str] = (), **fields: Any) -> int:
    """The id of a new playlist with a new track for each of the titles."""
    playlist = int(post(client, "playlists", {"name": name, **fields}, 201)["id"])
    if titles:
        add(client, playlist, track_ids=[make_track(title=each).pk for each in titles])
    return playlist


def add(client: Client, playlist: int, **what: Any) -> Any:
    return post(client, f"playlists/{playlist}/entries", what)


def change(client: Client, playlist: int, how: str, entries: Sequence[int], **more: Any) -> Any:
    """`how`: remove, restore or move."""
    return post(client, f"playlists/{playlist}/entries/{how}", {"entry_ids": [*entries], **more})


def rows(client: Client, playlist: int) -> list[Any]:
    """All entries, also those of a playlist that has more than one page."""
    found: list[Any] = []
    while True:
        page = get(client, f"playlists/{playlist}/entries?limit=500&offset={len(found)}")
        found += page["results"]
        if len(found) >= page["count"]:
            return found


def titles(client: Client, playlist: int) -> str:
    """The titles of all entries, one after the other; those of lost ones in brackets."""
    return " ".join(
        row["track"]["title"] if row["track"] else f"[{row['lost']['title']}]"
        for row in rows(client, playlist)
    )


def entry_ids(client: Client, playlist: int) -> list[int]:
    return [row["entry_id"] for row in rows(client, playlist)]


def totals(api: Client, playlist: int) -> tuple[int, Any]:
    row = get(api, f"playlists/{playlist}")
    return row["entry_count"], row["duration_s"]
