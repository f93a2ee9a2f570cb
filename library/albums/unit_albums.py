"""Albums within one unit: which of its tracks belong together, from what any of them state."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from library.albums.members import Member
from library.albums.reasons import Together
from library.albums.titles import parsed_title
from library.models.folding import identity_key


@dataclass(frozen=True, slots=True)
class UnitAlbum:
    """Tracks of one unit that are on one album.

    `album_artist` is empty if no track states one; `release_id` and `by_hand` are those of all
    `members`, stated or taken over from the others. `key` is the same for albums that `releases`
    has to compare.
    """

    key: str
    title: str
    album_artist: str
    release_id: str
    by_hand: str
    together_by: Together
    members: tuple[Member, ...]


def unit_albums(members: Sequence[Member]) -> list[UnitAlbum]:
    """The albums of one unit. Tracks without an album title are on none. Neither the order of
    `members` nor the albums that they are on makes a difference."""
    groups = defaultdict[tuple[str, str, str], list[Member]](list)
    for member in members:
        if member.album_title or member.release_id:
            groups[member.release_id, member.album_title, member.album_artist].append(member)
    return [_album(*key, of_key) for key, of_key in sorted(groups.items())]


def _album(release_id: str, title: str, album_artist: str, members: Sequence[Member]) -> UnitAlbum:
    name = parsed_title(title).name
    reason = Together.RELEASE_ID if release_id else Together.ALBUM_ARTIST
    key = identity_key(name, album_artist)
    return UnitAlbum(key, name, album_artist, release_id, "", reason, tuple(members))
