"""What another server tells of its users. Ids are those of that server."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from listening.lost import Facts


class CannotRead(Exception):
    """The source cannot be read. The message says why, for people."""


@dataclass(frozen=True)
class Named:
    """An album or an artist. `artist`: an album's artist."""

    name: str
    artist: str = ""
    musicbrainz_id: str = ""


@dataclass(frozen=True)
class Opinion:
    """`kind`: track, album or artist. Without `stars` it is a favourite."""

    kind: str
    item_id: str
    at: datetime | None = None
    stars: int = 0


@dataclass(frozen=True)
class Count:
    track_id: str
    count: int
    last_played_at: datetime | None = None


@dataclass(frozen=True)
class Mark:
    """A bookmark."""

    track_id: str
    position_s: float
    comment: str = ""
    changed_at: datetime | None = None


@dataclass(frozen=True)
class List:
    """A playlist."""

    name: str
    comment: str = ""
    is_shared: bool = False
    track_ids: tuple[str, ...] = ()


@dataclass
class OfUser:
    """What one user made. `plays`: ids of tracks, each with the time of a play."""

    favourites: list[Opinion] = field(default_factory=list)
    ratings: list[Opinion] = field(default_factory=list)
    counts: list[Count] = field(default_factory=list)
    plays: list[tuple[str, datetime]] = field(default_factory=list)
    bookmarks: list[Mark] = field(default_factory=list)
    playlists: list[List] = field(default_factory=list)


@dataclass
class Brought:
    """`tracks`, `albums`, `artists`: what things of the users are about. `users`: by name."""

    tracks: dict[str, Facts] = field(default_factory=dict)
    albums: dict[str, Named] = field(default_factory=dict)
    artists: dict[str, Named] = field(default_factory=dict)
    album_tracks: Mapping[str, list[str]] = field(default_factory=dict)
    users: dict[str, OfUser] = field(default_factory=dict)
