"""What a playlist holds."""

import json
from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.db.models import F, Value

from library.models.catalogue import Track
from library.queries.prepared import IsAmong, ids_value
from library.queries.revision import library_revision
from listening.lost import path_in_folder
from listening.models import Playlist, PlaylistEntry
from listening.playlists.counting import Targets
from listening.playlists.places import live_entries
from listening.smart.contents import SmartContents
from listening.smart.rules import parse_rules

_LOST = ("title", "artist", "album", "duration_s", "path")
_COLUMNS = ("pk", "track_id", "track__missing_since", "added_at", "added_by__username")

_IN_ORDER = """
SELECT {array} FROM (
    SELECT {value} AS target FROM listening_playlistentry
    WHERE playlist_id = %s AND removed_at IS NULL ORDER BY place, id
) AS listed
"""
_ARRAYS = {"sqlite": "JSON_GROUP_ARRAY(target)", "postgresql": "ARRAY_AGG(target)"}


def smart_contents(playlist: Playlist, state: str = "") -> SmartContents:
    """What the rules of a smart playlist find, as its owner has it. `state`: of the library, see
    `library.queries.revision`; it is looked up if it is not given."""
    rules = parse_rules(playlist.rules)
    return SmartContents(rules, playlist.user_id, state or library_revision()[1])


def track_ids_of(playlist: Playlist) -> list[int]:
    """The present tracks of any playlist, in order, as often as they are in it."""
    if playlist.rules is not None:
        return smart_contents(playlist).ids()
    missing = {*Track.objects.missing().order_by().values_list("pk", flat=True)}
    # The index of places holds the tracks, too: no entry is looked up.
    ids = _in_order(playlist.pk, "track_id")
    return [each for each in ids if each is not None and each not in missing]


def seen_entries_of(playlist: Playlist) -> list[tuple[int, int, bool]]:
    """Of each entry of a playlist that is not smart, in order: its id, what it is of (see
    `counting.Targets`), and whether that is a present track."""
    missing = {*Track.objects.missing().order_by().values_list("pk", flat=True)}
    entries = zip(entry_ids_of(playlist), targets_of(playlist), strict=True)
    return [(pk, target, target > 0 and target not in missing) for pk, target in entries]


def targets_of(playlist: Playlist) -> Targets:
    """What the entries of a playlist are of, in order, also what is missing or lost."""
    if playlist.rules is not None:
        return track_ids_of(playlist)
    return _in_order(playlist.pk, "COALESCE(track_id, -lost_id)")


def entry_ids_of(playlist: Playlist) -> list[int]:
    """The ids of all entries, in order."""
    return _in_order(playlist.pk, "id")


def entry_page(playlist: Playlist, offset: int, limit: int) -> list[int]:
    """The ids of a page of entries. The shorter way to it is taken, from the beginning or the end,
    in the index of places alone."""
    entries = live_entries(playlist.pk).values_list("pk", flat=True)
    offset = min(offset, playlist.entry_count)
    stop = min(offset + limit, playlist.entry_count)
    if offset >= stop:
        return []
    if offset + stop <= playlist.entry_count:
        return [*entries[offset:stop]]
    from_end = entries.reverse()[playlist.entry_count - stop : playlist.entry_count - offset]
    return [*from_end][::-1]


def entry_rows(entry_ids: Sequence[int], *, shows_paths: bool = False) -> list[dict[str, Any]]:
    """What is shown of these entries, in their order; `track_id` stands for the track.

    `shows_paths`: whether the paths of lost tracks are shown with those of the music folders.
    """
    if not entry_ids:
        return []
    columns = (*_COLUMNS, *(f"lost__{name}" for name in (*_LOST, "former_id")))
    entries = PlaylistEntry.objects.filter(IsAmong(F("pk"), Value(ids_value(entry_ids))))
    rows = entries.order_by().values_list(*columns)
    by_id = {row[0]: _row(*row, shows_path=shows_paths) for row in rows}
    return [by_id[pk] for pk in entry_ids if pk in by_id]


def found_rows(track_ids: Sequence[int]) -> list[dict[str, Any]]:
    """The same of tracks that a smart playlist found."""
    entry = dict.fromkeys(("entry_id", "lost", "added_at", "added_by"))
    return [{**entry, "track_id": pk, "is_missing": False} for pk in track_ids]


def _row(
    pk: int,
    track_id: int | None,
    missing_since: Any,
    added_at: Any,
    added_by: Any,
    *lost: Any,
    shows_path: bool,
) -> dict[str, Any]:
    return {
        "entry_id": pk,
        "track_id": track_id,
        "lost": None if track_id is not None else _lost(*lost, shows_path=shows_path),
        "is_missing": track_id is None or missing_since is not None,
        "added_at": added_at,
        "added_by": added_by,
    }


def _lost(*facts: Any, shows_path: bool) -> dict[str, Any]:
    *shown, former_id = facts
    row = dict(zip(_LOST, shown, strict=True))
    if not shows_path:
        row["path"] = path_in_folder(row["path"], is_purged=former_id is not None)
    return row


def _in_order(playlist_id: int, value: str) -> list[Any]:
    """The values of all entries, fetched as one value."""
    array = _ARRAYS[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(_IN_ORDER.format(array=array, value=value), [playlist_id])
        (found,) = cursor.fetchone()
    return json.loads(found) if isinstance(found, str) else found or []
