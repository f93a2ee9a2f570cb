"""Releases: which albums of different units are one, and what tells those of one name apart."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from library.albums.members import Member
from library.albums.reasons import Apart, Together
from library.albums.unit_albums import UnitAlbum


@dataclass(frozen=True, slots=True)
class Release:
    """Tracks that are one album in the library.

    `disambiguation` tells it from other releases of its name, such as `Deluxe Edition`, `FLAC` or
    `1987`; empty if there is no other.
    """

    key: str
    title: str
    album_artist: str
    release_id: str
    together_by: Together
    apart_by: Apart | None
    disambiguation: str
    members: tuple[Member, ...]


def releases(albums: Sequence[UnitAlbum]) -> list[Release]:
    """The releases that these albums make, which have one `key` or one `release_id` or `by_hand`.
    The order of `albums` makes no difference."""
    groups = defaultdict[str, list[UnitAlbum]](list)
    for album in albums:
        groups[album.release_id].append(album)
    return [_release(of_id) for _, of_id in sorted(groups.items())]


def _release(albums: Sequence[UnitAlbum]) -> Release:
    first = albums[0]
    members = tuple(member for album in albums for member in album.members)
    return Release(
        key=first.key,
        title=first.title,
        album_artist=first.album_artist,
        release_id=first.release_id,
        together_by=first.together_by,
        apart_by=None,
        disambiguation="",
        members=members,
    )
