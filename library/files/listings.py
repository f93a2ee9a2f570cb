"""One folder as it is on the disk: its subfolders, its audio files and its picture."""

import errno
import os
from collections.abc import Iterable, Sequence
from operator import attrgetter
from stat import S_ISREG
from typing import NamedTuple

from library.covers import folder_cover_id
from library.files.lyrics_files import LyricsFile, is_lyrics, lyrics_file_names
from library.files.names import (
    BROKEN_LINKS,
    SPECIAL_FILES,
    Ignored,
    count,
    is_audio,
    is_ignored_file,
    is_ignored_folder,
    is_playlist,
    root_check,
)
from library.files.pictures import NO_PICTURES, FolderPictures, Names, pictures_of

_GONE = {errno.ENOENT, errno.ENOTDIR}
_LARGEST_SIGNED = 2**63
_by_name = attrgetter("name")

FileStat = tuple[str, int, int, int, int]
"""A file's path, mtime_ns, size_bytes, device and inode."""


class Unlisted(NamedTuple):
    """A file or folder that is there but cannot be read; what is below it stays as it was."""

    path: str
    reason: str


class FolderNames(NamedTuple):
    """The names in a folder, in their order. All but `others` are paths relative to the root.

    A link counts as what it leads to; one that leads nowhere counts as a file. `ignored` are the
    names that scans pass over.
    """

    subfolders: list[str]
    linked_folders: list[str]
    audio: list[str]
    linked_audio: list[str]
    others: list[str]
    ignored: Ignored


class FolderListing(NamedTuple):
    """A folder's names, its audio files without the linked ones, and its pictures.

    `lyrics` are the files of lyrics, by the path of their track. `unlisted` are audio files that
    cannot be read, or the folder itself. `playlists` are the paths of playlist files.
    """

    names: FolderNames
    files: list[FileStat]
    pictures: FolderPictures
    lyrics: dict[str, LyricsFile]
    unlisted: list[Unlisted]
    playlists: Sequence[str] = ()


def list_folder(root: str, folder: str) -> FolderListing:
    """Never raises for what the disk does. A folder that is gone is empty."""
    try:
        names = names_in(root, folder)
    except OSError as error:
        reason = f"The folder cannot be listed: {error.strerror}."
        unlisted = [] if error.errno in _GONE else [Unlisted(folder, reason)]
        return FolderListing(_no_names(), [], NO_PICTURES, {}, unlisted)
    prefix = prefix_of(folder)
    lyrics, playlists = _lyrics(root, prefix, names), playlists_in(prefix, names.others)
    listing = FolderListing(names, [], _pictures(root, folder, names), lyrics, [], playlists)
    for path in names.audio:
        stat = stat_file(root, path, names.ignored)
        if isinstance(stat, Unlisted):
            listing.unlisted.append(stat)
        elif stat is not None:
            listing.files.append(stat)
    return listing


def names_in(root: str, folder: str) -> FolderNames:
    """Raises OSError."""
    with os.scandir(f"{root}/{folder}") as listed:
        entries = sorted(listed, key=_by_name)
    names = _no_names()
    prefix = prefix_of(folder)
    is_in_a_root = root_check(root, folder)
    for entry in entries:
        name, is_link = entry.name, entry.is_symlink()
        if os.path.isdir(entry.path) if is_link else entry.is_dir(follow_symlinks=False):
            if not is_ignored_folder(name, is_in_a_root, names.ignored):
                (names.linked_folders if is_link else names.subfolders).append(prefix + name)
        elif is_ignored_file(name, names.ignored):
            continue
        elif is_audio(name):
            (names.linked_audio if is_link else names.audio).append(prefix + name)
        else:
            names.others.append(name)
    return names


def stat_file(root: str, path: str, ignored: Ignored) -> FileStat | Unlisted | None:
    """None for a file that is gone or not a regular one; the latter is counted in `ignored`."""
    try:
        stat = os.stat(f"{root}/{path}")
    except OSError as error:
        if error.errno not in _GONE:
            return Unlisted(path, f"The file cannot be looked at: {error.strerror}.")
        if os.path.islink(f"{root}/{path}"):
            count(ignored, BROKEN_LINKS)
        return None
    if not S_ISREG(stat.st_mode):
        count(ignored, SPECIAL_FILES)
        return None
    return file_stat(path, stat)


def file_stat(path: str, stat: os.stat_result) -> FileStat:
    """Device and inode numbers fill 64 bits on some file systems; database integers are signed."""
    device, inode = stat.st_dev, stat.st_ino
    if device >= _LARGEST_SIGNED or inode >= _LARGEST_SIGNED:
        device, inode = _signed(device), _signed(inode)
    return path, stat.st_mtime_ns, stat.st_size, device, inode


def prefix_of(folder: str) -> str:
    """What the paths of the files in `folder` begin with."""
    return f"{folder}/" if folder else ""


def playlists_in(prefix: str, others: Iterable[str]) -> Sequence[str]:
    """The paths of the playlist files among these names, which are not audio files."""
    return [prefix + name for name in filter(is_playlist, others)]


def pictures_in(root: str, folder: str) -> FolderPictures:
    """The pictures of one folder; none if it cannot be listed."""
    try:
        return _pictures(root, folder, names_in(root, folder))
    except OSError:
        return NO_PICTURES


def _pictures(root: str, folder: str, names: FolderNames) -> FolderPictures:
    if not names.others and not names.subfolders and not names.linked_folders:
        return NO_PICTURES
    start = len(prefix_of(folder))
    folders = [path[start:] for path in (*names.subfolders, *names.linked_folders)]
    has_audio = bool(names.audio or names.linked_audio)
    return pictures_of(root, folder, Names(names.others, folders), has_audio=has_audio)


def _lyrics(root: str, prefix: str, names: FolderNames) -> dict[str, LyricsFile]:
    """The files of lyrics of the folder's tracks, by the tracks' paths."""
    if not any(map(is_lyrics, names.others)):
        return {}
    tracks = [*names.audio, *names.linked_audio]
    found = lyrics_file_names([path[len(prefix) :] for path in tracks], names.others)
    identified = {name: _identified(root, prefix, name) for name in set(found.values())}
    return {prefix + track: each for track, name in found.items() if (each := identified[name])}


def _identified(root: str, prefix: str, name: str) -> LyricsFile | None:
    path = prefix + name
    try:
        stat = os.stat(f"{root}/{path}")
    except OSError:
        return None
    if not S_ISREG(stat.st_mode):
        return None
    return LyricsFile(folder_cover_id(root, path, stat.st_mtime_ns, stat.st_size), name)


def _no_names() -> FolderNames:
    return FolderNames([], [], [], [], [], {})


def _signed(number: int) -> int:
    return number if number < _LARGEST_SIGNED else number - 2 * _LARGEST_SIGNED
