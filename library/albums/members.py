"""What the rules know of a track."""

from typing import NamedTuple


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
