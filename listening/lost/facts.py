"""What is known of a track, album, artist or folder, and the keys by which it is recognised."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b

from library.models.folding import identity_key
from listening.models import LostKind

READ_TOLERANCE_S = 0.5
"""By how much the lengths of one recording differ that mus read both times: a file that was
converted or tagged anew may be a little longer than it was."""
TOLD_TOLERANCE_S = 3.0
"""The same for a length that another program tells: many tell whole seconds, and estimate them."""
KEY_BYTES = 16
SURE_PARTS = 3
"""So many names at the ends of two paths say that both are of one file."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a track. Empty texts and None mean that it is not known.

    `path`: an absolute or relative path, of this server or of another one, as Python's `os`
    functions take it. `musicbrainz_id`: that of the recording.
    """

    title: str = ""
    artist: str = ""
    album: str = ""
    duration_s: float | None = None
    musicbrainz_id: str = ""
    audio_digest: str = ""
    path: str = ""


def match_key(kind: LostKind, *names: str) -> str:
    """The key of a title, artist and album; of an album's title and album artist; of an artist's
    name. Spellings that make no difference have one key; see `identity_key`. Empty if the first
    name is empty, since the others alone identify nothing."""
    return _digest(f"{kind}\n{identity_key(*names)}") if names[0] else ""


def folder_key(root: str, path: str) -> str:
    """The key of a folder: its path below its root. That of a root itself is the root's path."""
    return _digest(f"{LostKind.FOLDER}\n{path or root}")


def track_keys(title: str, artist: str, album: str) -> tuple[str, str]:
    """The key with the album, and the one of a track whose album is not known."""
    kind = LostKind.TRACK
    return match_key(kind, title, artist, album), match_key(kind, title, artist)


def track_key(facts: Facts) -> str:
    """The key by which a lost track is found: without an artist it is found by other facts."""
    with_album, without_album = track_keys(facts.title, facts.artist, facts.album)
    if not facts.artist:
        return ""
    return with_album if facts.album else without_album


def path_parts(path: str) -> list[str]:
    """The names in a path, of whatever system, from the last one to the first. Letters of another
    case or another Unicode normalisation make no difference."""
    if "/" not in path:
        path = path.replace("\\", "/")
    return [part for part in reversed(folded_path(path).split("/")) if part not in {"", "."}]


def folded_path(path: str) -> str:
    """The path in small letters, composed."""
    return path.lower() if path.isascii() else unicodedata.normalize("NFC", path).casefold()


def path_key(path: str) -> str:
    """The key of a file's name and its folder's name. Empty without a folder: many files of a
    library have the same name."""
    parts = path_parts(path)
    return _digest("\n".join(parts[:2])) if len(parts) > 1 else ""


def common_parts(one: Sequence[str], other: Sequence[str]) -> int:
    """How many names two paths have in common at their ends; see `path_parts`."""
    count = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs:
            break
        count += 1
    return count


def is_sure_path(common: int, own: int) -> bool:
    """Whether a track is identified by a path that has `common` last names in common with its own
    one, which has `own` names below the music folder.

    A file and its folder are enough if the track's path has no more: many albums have a
    `CD1/01.mp3`.
    """
    return common >= min(SURE_PARTS, max(2, own))


def is_as_long(one: float | None, other: float | None, tolerance_s: float) -> bool:
    """Whether two lengths may be those of one recording, which they may if one is not known."""
    return not one or not other or abs(one - other) <= tolerance_s


def _digest(text: str) -> str:
    return blake2b(text.encode(errors="surrogateescape"), digest_size=KEY_BYTES).hexdigest()
