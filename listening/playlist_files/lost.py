"""What becomes of entries whose track the library does not have: lost items, which stay at their
places and are found by a later scan."""

import os
from collections.abc import Sequence
from functools import partial

from django.db import IntegrityError

from library.models.paths import path_to_text
from listening.lost import Facts, lost_of_each
from listening.playlist_files.entries import FileEntry
from listening.playlist_files.locations import Place, has_no_line, is_stream, readings
from listening.playlist_files.matching import Wanted
from listening.playlists.counting import Targets
from listening.playlists.refusals import TargetsGone
from runtime.turns import write_in_turn

ITEMS_AT_ONCE = 2_000
"""In one transaction, so that others can write between two of them."""
UNTITLED = "Unknown title"
ATTEMPTS = 3
TARGETS_GO = (TargetsGone, IntegrityError)
"""Raised where a track or a lost item was deleted after `targets_of` had found or made it: a scan
has found the track of a lost item, or the sweep has deleted one that nothing belonged to."""


def targets_of(wanted: Sequence[Wanted], track_ids: Sequence[int | None]) -> Targets:
    """What the entries of a playlist are of: the tracks that were found, else lost items, which are
    made unless they are there."""
    missing = [each for each, pk in zip(wanted, track_ids, strict=True) if pk is None]
    lost_ids: list[int] = []
    for start in range(0, len(missing), ITEMS_AT_ONCE):
        facts = [*map(facts_of, missing[start : start + ITEMS_AT_ONCE])]
        lost_ids += [item.pk for item in write_in_turn(partial(lost_of_each, facts))]
    lost = iter(lost_ids)
    return [-next(lost) if pk is None else pk for pk in track_ids]


def facts_of(wanted: Wanted) -> Facts:
    """What is known of the track of this entry."""
    entry, path = wanted.entry, path_of(wanted.entry, wanted.place)
    return Facts(
        title=entry.title or path_to_text(_stem(path)) or UNTITLED,
        artist=entry.artist,
        album=entry.album,
        duration_s=entry.duration_s,
        musicbrainz_id=entry.recording_id,
        path=path,
    )


def _stem(path: str) -> str:
    return os.path.splitext(os.path.basename(path))[0]


def path_of(entry: FileEntry, place: Place | None = None) -> str:
    """The path that the entry most likely means; the address of a stream; or nothing."""
    if is_stream(location := entry.location.strip()):
        return location
    paths = readings(entry._replace(raw_location=""))
    # Only what a line cannot hold has to be percent-encoded.
    path = next(filter(has_no_line, paths), paths[0] if paths else "")
    if "\\" in path and "/" not in path:
        path = path.replace("\\", "/")
    if not path:
        return ""
    if path.startswith("/") or place is None or path[1:2] == ":":
        return os.path.normpath(path)
    return os.path.normpath(f"{place.root}/{place.folder}/{path}")
