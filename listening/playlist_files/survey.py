"""Reads the table of tracks, row by row, for what has no index: the ends of paths, and names."""

from collections.abc import Iterator
from typing import NamedTuple

from django.db import connection

from library.models.catalogue import Track
from library.models.paths import path_from_text
from library.models.stored_keys import list_in

ROWS_AT_A_TIME = 5_000
_COLUMNS = (
    *("id", "root", "path", "title", "artist", "album_artist", "artists", "album_title"),
    *("duration_s", "musicbrainz_recording_id", "missing_since"),
)


class Candidate(NamedTuple):
    """A track that an entry of a playlist file may mean. `path` is relative to `root`."""

    pk: int
    root: str
    path: str
    title: str
    artist: str
    album_artist: str
    artists_json: str
    album: str
    duration_s: float
    recording_id: str
    missing_since: object

    @property
    def artists(self) -> list[str]:
        return list_in(self.artists_json)

    @property
    def is_missing(self) -> bool:
        return self.missing_since is not None


def all_tracks() -> Iterator[Candidate]:
    """Every track. About a third of a second for 100,000; they are never all in memory."""
    rows = Track.objects.order_by().values_list(*_COLUMNS)
    sql, parameters = rows.query.sql_with_params()
    # Read directly from the cursor: Django's conversion of each value takes longer than the rest.
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, parameters)
        while some := cursor.fetchmany(ROWS_AT_A_TIME):
            for pk, root, path, *others in some:
                yield Candidate(pk, path_from_text(root), path_from_text(path), *others)
