"""One folder as it is on the disk, where nothing in it is out of the ordinary: no link, no error.

That is nearly every folder, and quick to look at, also in a process that knows nothing of Django;
`scanning.walk` has the patience for the others.
"""

import os
import stat
from collections.abc import Sequence
from functools import partial
from operator import attrgetter
from typing import NamedTuple

from library.covers import choose_folder_cover, folder_cover_id
from library.files.names import Ignored, is_audio, is_ignored_file, is_ignored_folder, root_check
from library.tags.ahead import read_all

NO_COVER = ("", "")
_LARGEST_SIGNED = 2**63
by_name = attrgetter("name")

Facts = tuple[str, int, int, int, int]
"""A file's path, mtime_ns, size_bytes, device and inode."""


class Looked(NamedTuple):
    """Paths of the subfolders, the audio files, and the identity and name of the folder's picture;
    all in the order of names, paths relative to the root; and what was passed over.

    Where `is_ordinary` is False, no more than subfolders may be told.
    """

    subfolders: list[str]
    files: list[Facts]
    cover: tuple[str, str]
    ignored: Ignored
    is_ordinary: bool = True


def look(root: str, folder: str) -> Looked:
    try:
        return _look(root, folder)
    except OSError:
        return _extraordinary([])


def look_at_all(root: str, folders: Sequence[str]) -> list[Looked]:
    """Each of `folders`; several at a time where the disk lets its readers wait."""
    return read_all(folders, partial(look, root))


def _look(root: str, folder: str) -> Looked:
    prefix = f"{folder}/" if folder else ""
    listed = _list(root, folder, prefix)
    subfolders = listed.subfolders
    if listed.has_link:
        return _extraordinary(subfolders)
    files: list[Facts] = []
    for name in listed.audio:
        path = prefix + name
        facts = os.stat(f"{root}/{path}")
        if not stat.S_ISREG(facts.st_mode):
            return _extraordinary(subfolders)
        files.append(facts_of(path, facts))
    cover = folder_cover(root, prefix, listed.others) if files else NO_COVER
    return Looked(subfolders, files, cover, listed.ignored)


class _Listed(NamedTuple):
    """Paths of the subfolders, and names of audio files and of others."""

    subfolders: list[str]
    audio: list[str]
    others: list[str]
    ignored: Ignored
    has_link: bool


def _list(root: str, folder: str, prefix: str) -> _Listed:
    with os.scandir(f"{root}/{folder}") as listing:
        entries = sorted(listing, key=by_name)
    subfolders: list[str] = []
    audio: list[str] = []
    others: list[str] = []
    ignored: Ignored = {}
    is_in_a_root = root_check(root, folder)
    has_link = False
    for entry in entries:
        name = entry.name
        if entry.is_symlink():
            has_link = True
        elif entry.is_dir(follow_symlinks=False):
            if not is_ignored_folder(name, is_in_a_root, ignored):
                subfolders.append(prefix + name)
        elif name[0] != "." or not is_ignored_file(name, ignored):
            (audio if is_audio(name) else others).append(name)
    return _Listed(subfolders, audio, others, ignored, has_link)


def _extraordinary(subfolders: list[str]) -> Looked:
    return Looked(subfolders, [], NO_COVER, {}, is_ordinary=False)


def facts_of(path: str, facts: os.stat_result) -> Facts:
    """Device and inode numbers fill 64 bits on some file systems; database integers are signed."""
    device, inode = facts.st_dev, facts.st_ino
    if device >= _LARGEST_SIGNED or inode >= _LARGEST_SIGNED:
        device, inode = _signed(device), _signed(inode)
    return path, facts.st_mtime_ns, facts.st_size, device, inode


def folder_cover(root: str, prefix: str, names: Sequence[str]) -> tuple[str, str]:
    """The identity and name of the folder's picture among `names`, or NO_COVER."""
    name = choose_folder_cover(names)
    if name is None:
        return NO_COVER
    path = prefix + name
    try:
        facts = os.stat(f"{root}/{path}")
    except OSError:
        return NO_COVER
    return folder_cover_id(root, path, facts.st_mtime_ns, facts.st_size), name


def _signed(number: int) -> int:
    return number if number < _LARGEST_SIGNED else number - 2 * _LARGEST_SIGNED
