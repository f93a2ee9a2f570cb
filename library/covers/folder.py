"""Cover files beside the tracks, such as `cover.jpg`: which are used, in which order, and the
identity of each.

Neither needs to open the file.
"""

import os
import re
import unicodedata
from collections.abc import Iterable, Sequence
from enum import IntEnum, auto
from functools import lru_cache
from hashlib import blake2b

SUFFIXES = (
    *(".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp"),
    *(".avif", ".gif", ".bmp", ".tif", ".tiff"),
)
"""In order of preference: of equal names that with the first suffix counts. Case is ignored."""
ART_FOLDERS = (
    *("artwork", "artworks", "covers", "cover", "coverart", "albumart", "art"),
    *("scans", "scan", "coverscans", "images"),
)
"""Folders of pictures, in order of preference, without spaces and in lower case."""
ARTIST = "artist"
"""The name of a picture of the artist."""
ABOVE = "../"
"""How the name of a picture in the folder above begins."""


class _Rank(IntEnum):
    """What the name of a picture says. The better a name fits, the lower."""

    COVER = auto()
    FOLDER = auto()
    FRONT = auto()
    ALBUM = auto()
    ALBUM_ART = auto()
    TITLE = auto()
    """The title of the album."""
    ARTIST_AND_TITLE = auto()
    FOLDER_NAME = auto()
    NUMBERED = auto()
    """One of the first four with a number, such as `cover (1)`, or a pair of them, such as
    `front cover`."""
    NAMES_THE_FRONT = auto()
    """Such as `00-artist-album-front`."""
    OTHER = auto()
    """A name that says nothing. Used if there is one such picture."""
    SMALL = auto()
    """A small copy, as the Windows Media Player makes: `AlbumArtSmall`."""
    UNLIKELY = auto()
    """Such as `Artist - Album - back`. Not used, unless it is the title of the album."""
    NEVER = auto()
    """Such as `back`, `cd1` and `fanart`, or the name of a hidden file."""


_EXACT = {
    "cover": _Rank.COVER,
    "folder": _Rank.FOLDER,
    "front": _Rank.FRONT,
    "album": _Rank.ALBUM,
    "albumart": _Rank.ALBUM_ART,
}
_BEFORE_TITLES = _Rank.ALBUM_ART
_BY_TITLE = (_Rank.TITLE, _Rank.ARTIST_AND_TITLE)
_USED = _Rank.SMALL
_FRONT = frozenset({"front", "cover", "folder", "frontcover", "coverfront", "albumcover"})
_PAIRED = _FRONT | {"album", "art", "albumart", "coverart", "image", "copy", "large", "big", "hq"}
_SMALL = frozenset({"small", "thumb", "thumbnail", "thumbs", "tn"})
_OTHER_SIDES = frozenset({"back", "backcover", "rear", "tray", "inlay", "inside", "inner"})
_NO_COVER = _OTHER_SIDES | frozenset(
    {
        *("insert", "obi", "spine"),
        *("cd", "cdart", "disc", "discart", "disk", "disque", "dvd", "label", "matrix", "sticker"),
        *("booklet", "book", "digipak", "digipack", "leaflet", "poster", "lyrics", "credits"),
        *("artist", "band", "fanart", "extrafanart", "logo", "clearlogo", "clearart", "banner"),
        *("backdrop", "background", "landscape", "spectrogram", "spectrum", "spectral", "spek"),
    }
)
_WORD_OR_NUMBER = re.compile(r"[^\W\d_]+|\d+")


def suffix_rank(name: str) -> int | None:
    """The place of the name's suffix among SUFFIXES; None if it is not that of a picture."""
    return _SUFFIX_RANKS.get(name[name.rfind(".") :].lower())


def is_picture(name: str) -> bool:
    """Whether a file of this name is a picture that may be a cover."""
    return suffix_rank(name) is not None and name[0] != "."


def choose_folder_cover(names: Sequence[str], folder_name: str = "") -> str | None:
    """The first of `ranked`, for tracks of any album; None if there is none."""
    by_exact_name = [name for name in names if name.lower() in _BEST_NAMES]
    if by_exact_name:  # in most folders, so that the names need no closer look
        return min(by_exact_name, key=lambda name: (_BEST_NAMES[name.lower()], name))
    return next(iter(ranked(names, folder_name=folder_name)), None)


def ranked(
    names: Iterable[str],
    album_title: str = "",
    folder_name: str = "",
    artist: str = "",
    *,
    is_art_folder: bool = False,
) -> list[str]:
    """The names of those files in a folder that may be the cover of a track, the best first.

    `folder_name` is the name of that folder, `artist` the one to whom the album is credited. In a
    folder of pictures (`is_art_folder`) a picture of any name is used; elsewhere one whose name
    says nothing is used only if there is no other of this kind.
    """
    pictures = [(name, suffix) for name in names if (suffix := suffix_rank(name)) is not None]
    if not pictures:
        return []
    own_names = (comparable(album_title), comparable(folder_name), comparable(artist))
    found = sorted((_rank(name, *own_names), suffix, len(name), name) for name, suffix in pictures)
    are_others_used = is_art_folder or sum(rank is _Rank.OTHER for rank, *_ in found) == 1
    return [
        name
        for rank, _, _, name in found
        if rank <= _USED and (rank is not _Rank.OTHER or are_others_used)
    ]


def titled(names: Sequence[str], folder_name: str) -> tuple[str, ...]:
    """Those pictures of a folder of which the title of an album may make another the cover than
    `choose_folder_cover` chooses; empty in most folders.

    The title makes no difference if there is a picture with a better name, or only one picture.
    """
    if any(name.lower() in _BEST_NAMES for name in names):
        return ()
    bare = comparable(folder_name)
    ranks = {name: _rank(name, "", bare, "") for name in names if suffix_rank(name) is not None}
    possible = tuple(sorted(name for name, rank in ranks.items() if rank is not _Rank.NEVER))
    if not possible or min(ranks.values()) <= _BEFORE_TITLES:
        return ()
    is_alone = len(possible) == 1 and ranks[possible[0]] <= _USED
    return () if is_alone else possible


def choose_titled(
    names: Iterable[str], album_title: str, artist: str, track_name: str = ""
) -> str | None:
    """The picture among `titled` names that is named after the album, or after the track's file, of
    the name `track_name`; None if there is none. The names may be paths relative to its folder."""
    title, credited = comparable(album_title), comparable(artist)
    track = comparable(track_name[: track_name.rfind(".")])
    found = []
    for path in names:
        name = os.path.basename(path)
        rank = _rank(name, title, "", credited)
        is_of_track = bool(track) and comparable(name[: name.rfind(".")]) == track
        if is_of_track or rank in _BY_TITLE:
            found.append((not is_of_track, rank, suffix_rank(name), path))
    return min(found)[-1] if found else None


def art_folders(names: Iterable[str]) -> list[str]:
    """Those of these folders that are meant for pictures, the best first."""
    found = [(rank, name) for name in names if (rank := _art_rank(name)) is not None]
    return [name for _, name in sorted(found)]


def choose_artist_picture(names: Iterable[str], folder_name: str = "") -> str | None:
    """The picture among `names` that shows an artist: `artist.*`, else, in the folder of an artist,
    one with the `folder_name`; None if there is none."""
    bare = comparable(folder_name)
    found = []
    for name in names:
        if (suffix := suffix_rank(name)) is not None and name[0] != ".":
            stem = name[: name.rfind(".")]
            is_artist = stem.lower() == ARTIST
            if is_artist or (bare and comparable(stem) == bare):
                found.append((not is_artist, suffix, name))
    return min(found)[-1] if found else None


def picture_path(folder: str, name: str) -> str:
    """The path below the root of the picture `name`, which is relative to `folder`: in it, below
    it, or, with `../` at its beginning, in the folder above it. Links play no part in this."""
    while name.startswith(ABOVE) and folder:
        folder, name = os.path.dirname(folder), name[len(ABOVE) :]
    return f"{folder}/{name}" if folder else name


def folder_cover_id(root: str, path: str, mtime_ns: int, size_bytes: int) -> str:
    """The identity of the cover file at `path` below `root`: it changes when the file is changed.

    Both paths are as `os.fsdecode` returns them: bytes that are not UTF-8 are lone surrogates.
    """
    parts = (os.fsencode(root), os.fsencode(path), b"%d" % mtime_ns, b"%d" % size_bytes)
    return blake2b(b"\0".join(parts), digest_size=16).hexdigest()


@lru_cache(maxsize=1024)
def comparable(text: str) -> str:
    """The letters and digits of `text`, in lower case and without accents: names of files cannot
    hold all characters of titles. A text of other characters alone stays as it is."""
    if text.isascii():
        return "".join(filter(str.isalnum, text.lower())) or text.strip()
    letters = filter(str.isalnum, unicodedata.normalize("NFKD", text.casefold()))
    return "".join(letters) or unicodedata.normalize("NFC", text).strip()


def _rank(name: str, title: str, folder_name: str, artist: str) -> _Rank:
    rank = _rank_of_name(name)
    if rank <= _BEFORE_TITLES or rank is _Rank.NEVER:
        return rank
    stem = comparable(name[: name.rfind(".")])
    if title and stem == title:
        return _Rank.TITLE
    if title and artist and stem in (artist + title, title + artist):
        return _Rank.ARTIST_AND_TITLE
    return _Rank.FOLDER_NAME if folder_name and stem == folder_name else rank


@lru_cache(maxsize=4096)
def _rank_of_name(name: str) -> _Rank:
    """The rank of a picture, whatever album and folder it belongs to."""
    stem = name[: name.rfind(".")].lower()
    if (exact := _EXACT.get(stem)) is not None:
        return exact
    parts = _WORD_OR_NUMBER.findall(stem)
    words = {part for part in parts if not part.isdigit()}
    if name[0] == "." or (words and words <= _NO_COVER):
        return _Rank.NEVER
    is_windows = stem.startswith("albumart")
    if words & _SMALL or (is_windows and "small" in stem):
        return _Rank.SMALL
    if is_windows:
        return _Rank.ALBUM_ART
    if words and words <= _PAIRED:
        return _Rank.NUMBERED
    if words & _FRONT and not words & _OTHER_SIDES:
        return _Rank.NAMES_THE_FRONT
    return _Rank.UNLIKELY if words & _NO_COVER else _Rank.OTHER


def _art_rank(name: str) -> int | None:
    lower = name.lower()
    if not lower.startswith(_ART_BEGINNINGS):
        return None  # most folders, by far
    return _ART_RANKS.get(re.sub(r"[\s._-]", "", lower))


_SUFFIX_RANKS = {suffix: rank for rank, suffix in enumerate(SUFFIXES)}
_BEST_NAMES = {
    stem + suffix: (rank, by_suffix)
    for stem, rank in _EXACT.items()
    for by_suffix, suffix in enumerate(SUFFIXES)
}
_ART_BEGINNINGS = tuple({name[:3] for name in ART_FOLDERS})
_ART_RANKS = {name: rank for rank, name in enumerate(ART_FOLDERS)}
