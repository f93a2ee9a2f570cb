"""Which known tracks of a batch are shown as before, although their files were read again.

Such a track keeps its revision, and a batch of nothing else raises none. A file may have been
written to without another tag, and a full scan reads every file again.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, NamedTuple

from library.models.catalogue import Track, TrackArtist
from library.scanning.artists import PreparedArtists
from library.scanning.credits import Credited
from library.scanning.lookup import rows_among
from library.scanning.track_rows import SHOWN_COLUMNS, shows_the_same
from library.scanning.upsert import Row

Credits = set[tuple[Any, ...]]
"""The role, position, artist's id and instrument of each credit; None as the id of an artist who is
not stored yet."""


class Written(NamedTuple):
    """A known track as it is about to be written. `row`: see `track_rows`."""

    track_id: int
    row: Row
    credits: Credits


def credits_of(track_id: int, track: Credited, artists: PreparedArtists) -> Credits:
    return {
        (each.role, each.position, artists.id_of(track_id, each), each.instrument)
        for each in track.positions
    }


def unchanged_tracks(writes: Iterable[Written]) -> dict[int, int]:
    """The revisions, by id, of those tracks that are shown as before. Makes two queries.

    The rows of a track's genres need no look: the track's own column holds their names.
    """
    by_id = {each.track_id: each for each in writes}
    stored_credits = defaultdict[int, Credits](set)
    of_credit = ("track_id", "role", "position", "artist_id", "instrument")
    for track_id, *credit in rows_among(TrackArtist, of_credit, "track_id", by_id.keys()):
        stored_credits[track_id].add(tuple(credit))
    columns = ("id", "revision", "missing_since", *SHOWN_COLUMNS)
    return {
        track_id: revision
        for track_id, revision, missing_since, *shown in rows_among(
            Track, columns, "id", by_id.keys()
        )
        if missing_since is None
        and stored_credits[track_id] == by_id[track_id].credits
        and shows_the_same(by_id[track_id].row, shown)
    }
