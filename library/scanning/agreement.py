"""Compares the tags of a missing track with those of a new file: may both be the same recording?

Equal length and format do not prove that, because the first tracks of two albums may be equally
long. An equal inode does not either, because file systems reuse the inodes of deleted files.
"""

from typing import NamedTuple

from library.models.folding import fold
from library.tags import UNKNOWN_ARTIST
from library.tags.cleaning import title_from

ENOUGH_TO_DIFFER = 2


class StatedTags(NamedTuple):
    """What a file's own tags state, folded for comparing. None where the file states nothing."""

    title: str | None
    artist: str | None
    album: str | None
    recording_id: str


def stated_tags(path: str, title: str, artist: str, album: str, recording_id: str) -> StatedTags:
    """The stated tags of a track, from the values in its row.

    A file without tags got its file name as title, and UNKNOWN_ARTIST: these state nothing.
    """
    if (artist, album, title) == (UNKNOWN_ARTIST, "", title_from(path)):
        return StatedTags(None, None, None, recording_id)
    return StatedTags(
        fold(title), None if artist == UNKNOWN_ARTIST else fold(artist), fold(album) or None,
        recording_id,
    )  # fmt: skip


def agree(one: StatedTags, other: StatedTags, *, same_size: bool) -> bool:
    """Whether the tags show that both are the same recording: equal MusicBrainz recording ids, or
    the same title together with the same artist or album.

    If neither file states an artist or an album, an equal title such as "Track 01" says little.
    Then the files must have the same size too: it would differ if the tags had been edited.
    """
    if _same_recording_id(one, other):
        return True
    if one.title != other.title:
        return False
    if one.artist is None and one.album is None:
        return same_size and other.artist is None and other.album is None
    return _same(one.artist, other.artist) or _same(one.album, other.album)


def all_differ(one: StatedTags, other: StatedTags) -> bool:
    """Whether the tags show two different recordings, even if the inode is the same: every stated
    one of title, artist and album differs, and there are at least two.

    A tag that only one file states does not count as different: somebody may have edited the file.
    """
    if _same_recording_id(one, other):
        return False
    pairs = list(zip(one[:3], other[:3], strict=True))
    stated = [(left, right) for left, right in pairs if left is not None or right is not None]
    differing = [pair for pair in stated if None not in pair and pair[0] != pair[1]]
    return len(differing) == len(stated) >= ENOUGH_TO_DIFFER


def _same(one: str | None, other: str | None) -> bool:
    return one is not None and one == other


def _same_recording_id(one: StatedTags, other: StatedTags) -> bool:
    return bool(one.recording_id) and one.recording_id == other.recording_id
