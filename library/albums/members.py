"""What the rules know of a track."""

from collections.abc import Sequence
from typing import Any, NamedTuple

COLUMNS = (
    *("id", "root", "path", "album_id", "album_by_hand", "title", "artist", "album_title"),
    *("album_artist", "musicbrainz_release_id", "musicbrainz_release_group_id", "year"),
    *("release_date", "edition", "catalogue_number", "compilation", "codec", "disc_number"),
    *("track_number", "duration_s"),
)
"""The columns of stored tracks that a `Member` is made of; see `member_of`."""


class Member(NamedTuple):
    """A present track. Empty texts and None where its file states nothing.

    `folder` is relative to `root`; `album_id` is the album that the track was on before, or None.
    """

    track_id: int
    root: str
    folder: str
    file_name: str
    album_id: int | None
    album_by_hand: str
    title: str
    artist: str
    album_title: str
    album_artist: str
    release_id: str
    release_group_id: str
    year: int | None
    release_date: str
    edition: str
    catalogue_number: str
    compilation: bool
    codec: str
    disc_number: int | None
    track_number: int | None
    duration_s: float


def member_of(row: Sequence[Any]) -> Member:
    """The track with these values of `COLUMNS`."""
    track_id, root, path, *others = row
    folder, _, file_name = path.rpartition("/")  # quicker than `os.path.split`
    return Member(track_id, root, folder, file_name, *others)
