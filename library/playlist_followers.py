"""Playlist files in music folders: scans find and read them, an app above `library` keeps playlists
of them. When Django starts, that app registers its `PlaylistFollower`."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

Place = tuple[str, str]
"""A music folder, and a file's path below it."""
Version = tuple[int, int]
"""A file's mtime_ns and size_bytes."""

MOST_BYTES = 8 * 1024 * 1024
"""Larger files are not read."""


class ReadPlaylist(NamedTuple):
    """A playlist file that is new or has changed. `content` is cut after one byte more than
    MOST_BYTES."""

    place: Place
    version: Version
    content: bytes


class Taken(NamedTuple):
    """What became of playlist files: how many playlists were made or changed, and why files could
    not be used, by their places."""

    changed: int
    refused: Mapping[Place, str]


class PlaylistFollower(ABC):
    """Keeps playlists of files. No method is called inside a transaction."""

    @abstractmethod
    def known(self) -> Mapping[Place, Version]:
        """The files that were taken, with the versions that they had then. One query, which every
        scan asks."""

    @abstractmethod
    def take(self, files: Sequence[ReadPlaylist], gone: Collection[Place]) -> Taken:
        """Make or change the playlists of these files. `gone`: known files that were not found in
        this scan; one of `files` with the same content is the renamed file."""

    @abstractmethod
    def note_gone(self, places: Collection[Place]) -> int:
        """Note that these known files are gone, unless `take` found them renamed. Returns how many
        playlists that concerns for the first time."""


_registered: list[PlaylistFollower] = []


def register(follower: PlaylistFollower) -> None:
    """Called by `AppConfig.ready` of the app that keeps the playlists."""
    _registered[:] = [follower]


def follower() -> PlaylistFollower | None:
    """The registered one; None if no app keeps playlists."""
    return next(iter(_registered), None)
