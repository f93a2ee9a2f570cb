"""Whether the tags of a lost track and those of a new file may belong to one recording.

Length and format alone do not tell: the first tracks of two albums may be as long as each other,
and a file system gives the inode of a deleted file to the next one.
"""

from typing import NamedTuple

from library.models.folding import fold
from library.tags import UNKNOWN_ARTIST
from library.tags.cleaning import title_from

ENOUGH_TO_DIFFER = 2


class TellingTags(NamedTuple):
    """What the file itself says, folded: None where it says nothing."""

    title: str | None
    artist: str | None
    album: str | None
    recording_id: str


def telling_tags(path: str, title: str, artist: str, album: str, recording_id: str) -> TellingTags:
    """The tags as a row holds them. A file without any was given its name as its title."""
    if (artist, album, title) == (UNKNOWN_ARTIST, "", title_from(path)):
        return TellingTags(None, None, None, recording_id)
    return TellingTags(
        fold(title), None if artist == UNKNOWN_ARTIST else fold(artist), fold(album) or None,
        recording_id,
    )  # fmt: skip


def agree(one: TellingTags, other: TellingTags, *, same_size: bool) -> bool:
    """Whether the tags themselves say so: the same title, and the same artist or album besides.

    Where neither file names an artist or an album, a title such as "Track 01" says little: then
    nothing has been edited, and the files have to be of the same size.
    """
    if _same_recording_id(one, other):
        return True
    if one.title != other.title:
        return False
    if one.artist is None and one.album is None:
        return same_size and other.artist is None and other.album is None
    return _same(one.artist, other.artist) or _same(one.album, other.album)


def all_differ(one: TellingTags, other: TellingTags) -> bool:
    """Whether title, artist and album are all others, so that even the same inode does not count.

    A tag that was added or removed is an edit of one file, and so is a single one that differs
    where there is no other.
    """
    if _same_recording_id(one, other):
        return False
    pairs = list(zip(one[:3], other[:3], strict=True))
    stated = [(left, right) for left, right in pairs if left is not None or right is not None]
    differing = [pair for pair in stated if None not in pair and pair[0] != pair[1]]
    return len(differing) == len(stated) >= ENOUGH_TO_DIFFER


def _same(one: str | None, other: str | None) -> bool:
    return one is not None and one == other


def _same_recording_id(one: TellingTags, other: TellingTags) -> bool:
    return bool(one.recording_id) and one.recording_id == other.recording_id
