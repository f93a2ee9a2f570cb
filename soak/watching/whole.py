"""Everything that lists show, to compare it with the files and with what a full scan finds."""

import asyncio
from typing import Any

import httpx

from soak.watching.observer import shown_of
from soak.watching.shelves import Expected

PAGE = 500
AT_ONCE = 4
Rows = dict[int, dict[str, Any]]


async def whole_library(client: httpx.AsyncClient) -> dict[str, Rows]:
    """All rows of tracks (with their paths), albums and artists, by id."""
    lists = {kind: await _whole_list(client, kind) for kind in ("tracks", "albums", "artists")}
    turns = asyncio.Semaphore(AT_ONCE)

    async def details(track_id: int) -> dict[str, Any]:
        async with turns:
            answer = await client.get(f"/api/v1/tracks/{track_id}")
            track = {**answer.json(), **lists["tracks"][track_id]}
            del track["updated_at"]  # says when the file was read last, too
            return track

    tracks = await asyncio.gather(*map(details, lists["tracks"]))
    return {**lists, "tracks": {track["id"]: track for track in tracks}}


def differences(before: dict[str, Rows], after: dict[str, Rows]) -> list[str]:
    """A sentence for each row that is not the same in both."""
    found = []
    for kind, rows in before.items():
        for row_id in sorted(rows.keys() | after[kind].keys()):
            old, new = rows.get(row_id), after[kind].get(row_id)
            if old != new:
                found.append(f"{kind} {row_id}: {_difference(old, new)}")
    return found


def wrong_titles(tracks: Rows, expected: Expected) -> list[str]:
    """A sentence for each title whose files are not those that are there."""
    shown: dict[str, set[Any]] = {word: set() for word in expected}
    for track in tracks.values():
        if track["album"].startswith("bulk"):
            continue
        shown.setdefault(track["title"].removeprefix("Song "), set()).add(shown_of(track))
    return [
        f"{word} is {sorted(shown[word])}, not {sorted(expected.get(word, ()))}"
        for word in sorted(shown)
        if shown[word] != expected.get(word, frozenset())
    ]


def _difference(old: dict[str, Any] | None, new: dict[str, Any] | None) -> str:
    if old is None or new is None:
        row = old or new or {}
        name = row.get("path") or row.get("title") or row.get("name")
        return f"{name} is {'new' if old is None else 'gone'}"
    changed = [each for each in old if old[each] != new.get(each)]
    return ", ".join(f"{each} was {old[each]!r}, is {new.get(each)!r}" for each in changed)


async def _whole_list(client: httpx.AsyncClient, kind: str) -> Rows:
    rows: Rows = {}
    while True:
        parameters = {"limit": PAGE, "offset": len(rows)}
        answer = (await client.get(f"/api/v1/{kind}", params=parameters)).json()
        rows |= {row["id"]: row for row in answer["results"]}
        if not answer["results"] or len(rows) >= answer["count"]:
            return rows
