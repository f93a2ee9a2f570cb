"""Makes a playlist of a file that a user sends."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from library.models.paths import path_to_text
from listening.playlist_files.entries import BadPlaylistFile
from listening.playlist_files.lost import ATTEMPTS, TARGETS_GO, path_of, targets_of
from listening.playlist_files.matching import Wanted, find_tracks
from listening.playlist_files.reading import read_playlist
from listening.playlists.editing import make
from listening.smart.nsp import is_nsp, read_nsp
from listening.smart.rules import BadRules

UNNAMED = "Imported playlist"
LONGEST_NAME = 500
LONGEST_DESCRIPTION = 10_000


class NotFound(NamedTuple):
    """An entry whose track the library does not have. `position` counts from 1."""

    position: int
    title: str
    artist: str
    path: str


class Imported(NamedTuple):
    playlist_id: int
    found: int
    not_found: list[NotFound]


def import_playlist(user_id: int, content: bytes, name: str = "") -> Imported:
    """Make a playlist of the user's own. `name`: else the one in the file.

    Raises BadPlaylistFile, and what making a playlist raises.
    """
    if is_nsp(content):
        return _import_rules(user_id, content, name)
    file = read_playlist(content)
    wanted = [Wanted(entry) for entry in file.entries]
    chosen = (name or file.name or UNNAMED)[:LONGEST_NAME]
    values = {"name": chosen, "description": file.description}
    for _ in range(ATTEMPTS - 1):
        try:
            return _import_entries(user_id, values, wanted)
        except TARGETS_GO:
            continue
    return _import_entries(user_id, values, wanted)


def _import_entries(user_id: int, values: Mapping[str, Any], wanted: Sequence[Wanted]) -> Imported:
    track_ids = find_tracks(wanted)
    playlist_id = make(user_id, values, targets_of(wanted, track_ids), needs_all=True)
    not_found = _not_found(wanted, track_ids)
    return Imported(playlist_id, len(wanted) - len(not_found), not_found)


def _import_rules(user_id: int, content: bytes, name: str) -> Imported:
    try:
        file = read_nsp(content)
    except BadRules as error:
        raise BadPlaylistFile(str(error)) from None
    chosen = (name or file.name or UNNAMED)[:LONGEST_NAME]
    description = file.comment[:LONGEST_DESCRIPTION]
    values = {"name": chosen, "description": description, "rules": file.rules.as_json()}
    return Imported(make(user_id, values), 0, [])


def _shown_path(wanted: Wanted) -> str:
    return path_to_text(path_of(wanted.entry))


def _not_found(wanted: Sequence[Wanted], track_ids: Sequence[int | None]) -> list[NotFound]:
    return [
        NotFound(position, each.entry.title, each.entry.artist, _shown_path(each))
        for position, (each, pk) in enumerate(zip(wanted, track_ids, strict=True), start=1)
        if pk is None
    ]
