"""Playlists in a list, and the four pictures that make the cover of each."""

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db import connection
from django.db.models import F, Q, QuerySet, Value

from library.models.catalogue import Track
from library.models.folding import words_of
from library.models.paths import path_to_text
from library.models.searched import search_condition
from library.queries.lists import Page
from library.queries.prepared import IsAmong, ids_value
from library.queries.revision import library_revision
from listening.models import Playlist, Sharing, SourceState
from listening.playlists.contents import smart_contents
from listening.playlists.places import listed_sql
from listening.playlists.rights import find_playlist, may_write, visible_to
from listening.smart.contents import SmartContents

_COLUMNS = (
    *("id", "name", "description", "user__username", "user_id", "sharing", "folder_id", "rules"),
    *("source_key", "source_path", "source_state", "entry_count", "duration_s", "version"),
    *("created_at", "changed_at", "deleted_at"),
)
ORDERS = {
    "name": ("name_key", "id"),
    "created": ("created_at", "id"),
    "changed": ("changed_at", "id"),
    "entries": ("entry_count", "id"),
    "duration": ("duration_s", "id"),
}
SORTS = tuple(sign + name for sign in ("", "-") for name in ORDERS)

COVERS = 4
_LOOKED_AT = (16, 200)
"""How many entries are looked at for four pictures: of all playlists a few, of those that still
lack some more."""
_FIRST_COVERS = """
SELECT playlist.id, (
    SELECT {array} FROM (
        SELECT track.id, track.album_id, track.cover_id FROM (
            SELECT place, id, track_id FROM listening_playlistentry
            WHERE playlist_id = playlist.id AND removed_at IS NULL
            ORDER BY place, id LIMIT {looked_at}
        ) AS first JOIN library_track AS track ON track.id = first.track_id
        WHERE track.has_cover AND track.missing_since IS NULL
        ORDER BY first.place, first.id
    ) AS pictured
) FROM listening_playlist AS playlist WHERE playlist.id IN (SELECT value FROM {listed} AS listed)
"""
_ARRAYS = {
    "sqlite": "JSON_GROUP_ARRAY(JSON_ARRAY(id, album_id, cover_id))",
    "postgresql": "JSON_AGG(JSON_BUILD_ARRAY(id, album_id, cover_id))",
}
_MOST_KEPT = 10_000
_KEPT_SUMMARIES = 1_000
_kept: dict[tuple[str, int, int], tuple[int, ...]] = {}
"""The covers of playlists, by the library's state, the playlist and its version."""


def playlist_page(
    user_id: int,
    *,
    offset: int,
    limit: int,
    sort: str = "name",
    search: str = "",
    folder_id: int | None = None,
    is_own: bool | None = None,
    can_write: bool | None = None,
    is_deleted: bool = False,
    owner: str = "",
) -> Page:
    """A page of the playlists that the user sees and that are all that is asked for. `owner`: the
    name of a user, in any case."""
    found = visible_to(user_id)
    if is_deleted:
        found = Playlist.objects.filter(user=user_id, deleted_at__isnull=False)
    if is_own is not None:
        found = found.filter(Q(user=user_id) if is_own else ~Q(user=user_id))
    if can_write is not None:
        writable = Q(Q(user=user_id) | Q(sharing=Sharing.WRITE), rules__isnull=True, source_key="")
        found = found.filter(writable if can_write else ~writable)
    if folder_id is not None:
        found = found.filter(folder=folder_id, user=user_id)
    if owner:
        found = found.filter(user__username__iexact=owner)
    if words_of(search):
        found = found.filter(search_condition(search))
    return _page(found, sort, offset, limit)


def _page(found: QuerySet[Playlist], sort: str, offset: int, limit: int) -> Page:
    in_order = found.order_by(*ORDERS[sort.removeprefix("-")])
    if sort.startswith("-"):
        in_order = in_order.reverse()
    ids = in_order.values_list("pk", flat=True)[offset : offset + limit]
    return Page(found.count(), [*ids])


def playlist_rows(user_id: int, ids: Sequence[int], state: str) -> list[dict[str, Any]]:
    """These playlists as the user sees them, in their order. `state`: of the library, see
    `library.queries.revision`. The number of queries does not depend on how many they are."""
    found = Playlist.objects.filter(IsAmong(F("pk"), Value(ids_value(ids)))).order_by()
    rows = {row["id"]: row for row in found.values(*_COLUMNS)}
    covers = _covers(rows, state)
    for row in rows.values():
        if row["rules"] is not None:
            row["entry_count"] = row["duration_s"] = None
    return [_shown(rows[pk], user_id, covers.get(pk, ())) for pk in ids if pk in rows]


def playlist_row(user_id: int, playlist: Playlist, state: str) -> dict[str, Any] | None:
    """One playlist as the user sees it; None if it was deleted meanwhile. Of a smart one it is
    worked out how many tracks fit, how long these last, and its cover, which would take too long
    for a list."""
    found = playlist_rows(user_id, [playlist.pk], state)
    if not found:
        return None
    if playlist.rules is None:
        return found[0]
    contents = smart_contents(playlist, state)
    return {**found[0], **kept_summary(contents, contents.own_state)}


def cover_tracks_of(user_id: int, playlist_id: int) -> list[int]:
    """Up to four tracks whose pictures make the cover of a playlist. Raises NoSuchPlaylist."""
    playlist = find_playlist(user_id, playlist_id)
    row = playlist_row(user_id, playlist, library_revision()[1])
    return row["cover_track_ids"] if row else []


@lru_cache(maxsize=_KEPT_SUMMARIES)
def kept_summary(contents: SmartContents, own_state: str) -> dict[str, Any]:  # noqa: ARG001
    """What is shown of a smart playlist, kept for as long as nothing changes that it asks for:
    `own_state` is that of `contents`."""
    pictured = Track.objects.filter(pk__in=contents.page(0, _LOOKED_AT[0]).ids, has_cover=True)
    first = [*pictured.order_by("pk").values_list("pk", "album_id", "cover_id")]
    return {
        "entry_count": contents.count,
        "duration_s": contents.duration_s(),
        "cover_track_ids": [*_different(first)],
    }


def _shown(row: dict[str, Any], user_id: int, cover_track_ids: Sequence[int]) -> dict[str, Any]:
    owner_id, owner = row.pop("user_id"), row.pop("user__username")
    source_path = row.pop("source_path")
    is_own = owner_id == user_id
    is_followed = bool(row.pop("source_key"))
    is_source_gone = row.pop("source_state") == SourceState.GONE
    return {
        **row,
        "owner": owner,
        "is_own": is_own,
        "can_write": may_write(owner_id, row["sharing"], user_id),
        "folder_id": row["folder_id"] if is_own else None,
        "is_smart": row["rules"] is not None,
        "source": path_to_text(source_path) if is_followed else None,
        "is_source_gone": is_source_gone,
        "cover_track_ids": [*cover_track_ids],
    }


def _covers(rows: dict[int, dict[str, Any]], state: str) -> dict[int, tuple[int, ...]]:
    """Up to four tracks of each playlist, with different pictures of different albums. They are
    kept for as long as neither the playlist nor the library changes."""
    keys = {pk: (state, pk, row["version"]) for pk, row in rows.items() if row["entry_count"]}
    # Another thread may empty `_kept` at any moment.
    kept = {pk: _kept.get(key) for pk, key in keys.items()}
    covers = {pk: each for pk, each in kept.items() if each is not None}
    wanted = [pk for pk in keys if pk not in covers]
    for looked_at in _LOOKED_AT:
        found = _first_covers(wanted, looked_at) if wanted else {}
        covers |= found
        wanted = [
            pk
            for pk in wanted
            if len(covers.get(pk, ())) < COVERS and rows[pk]["entry_count"] > looked_at
        ]
    if len(_kept) > _MOST_KEPT:
        _kept.clear()
    _kept.update({keys[pk]: each for pk, each in covers.items()})
    return covers


def _first_covers(ids: Sequence[int], looked_at: int) -> dict[int, tuple[int, ...]]:
    sql = _FIRST_COVERS.format(
        array=_ARRAYS[connection.vendor], looked_at=looked_at, listed=listed_sql()
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [ids_value(ids)])
        return {pk: _different(_decoded(found)) for pk, found in cursor.fetchall()}


def _decoded(found: Any) -> list[tuple[int, int | None, str]]:
    return json.loads(found) if isinstance(found, str) else found or []


def _different(pictured: Sequence[tuple[int, int | None, str]]) -> tuple[int, ...]:
    """The first tracks whose album and picture no earlier one has."""
    seen: set[int | str] = set()
    chosen = list[int]()
    for track_id, album_id, cover_id in pictured:
        is_new = cover_id not in seen and (album_id is None or album_id not in seen)
        if is_new and len(chosen) < COVERS:
            chosen.append(track_id)
        seen |= {cover_id} if album_id is None else {cover_id, album_id}
    return tuple(chosen)


def forget_covers() -> None:
    """Compute all covers anew."""
    _kept.clear()
