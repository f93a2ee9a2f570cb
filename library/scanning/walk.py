"""What is on the disk: folders streamed by `os.scandir`, never more than one listing in memory.

Symbolic links are followed after the real tree, and only where they lead to something that the
walk does not reach anyway: so a loop ends, and no file is found twice.
"""

import errno
import os
import stat
from collections.abc import Iterator
from operator import attrgetter
from typing import NamedTuple

from library.covers import choose_folder_cover, folder_cover_id
from library.tags import AUDIO_SUFFIXES

# Compared in lower case. Names that begin with a dot are passed over before.
IGNORED_FOLDERS = frozenset(
    {
        "#recycle",  # Synology
        "#snapshot",
        "@eadir",
        "@recycle",  # QNAP
        "$recycle.bin",  # Windows
        "recycler",
        "system volume information",
        "lost+found",
    }
)
_GONE = {errno.ENOENT, errno.ENOTDIR}
_LARGEST_SIGNED = 2**63
_name = attrgetter("name")


class FoundFile(NamedTuple):
    """An audio file. `path` is relative to `root`; the cover is that of its folder, if any."""

    root: str
    path: str
    mtime_ns: int
    size_bytes: int
    device: int
    inode: int
    cover_id: str
    cover_file_name: str

    @property
    def absolute_path(self) -> str:
        return f"{self.root}/{self.path}"


class FoundFolder(NamedTuple):
    """One listed folder, "" for the root itself."""

    path: str
    files: list[FoundFile]


class Unlisted(NamedTuple):
    """A file or folder that is there but cannot be looked at; what is below stays as it was."""

    path: str
    reason: str


def walk(root: str, start: str = "") -> Iterator[FoundFolder | Unlisted]:
    """The tree below `start` (relative to `root`), folder by folder, in the order of names.

    A folder that is not there (any more) is simply not found.
    """
    tree = _Walk(root)
    for listing in tree.listings(start):
        if isinstance(listing, Unlisted):
            yield listing
        else:
            yield from tree.found(listing)


def count_audio_files(root: str, start: str = "") -> int:
    """How many files `walk` would find, from their names alone."""
    listings = _Walk(root).listings(start)
    return sum(
        _is_audio(name)
        for listing in listings
        if not isinstance(listing, Unlisted)
        for name in listing.names
    )


def is_ignored(name: str) -> bool:
    """Whether a file or folder of this name is passed over: hidden, `._*`, or a recycle bin."""
    return name.startswith(".") or name.lower() in IGNORED_FOLDERS


class _Listing(NamedTuple):
    """A folder's files by name; its subfolders and links are on their way."""

    folder: str
    names: list[str]


class _Walk:
    def __init__(self, root: str) -> None:
        self.root = root
        self.folders: list[str] = []
        self.links: list[str] = []
        # Real paths of the trees that are walked: what lies in them needs no link to be found.
        self.reached = [os.path.realpath(root)]

    def listings(self, start: str) -> Iterator[_Listing | Unlisted]:
        self.folders.append(start)
        while self.folders:
            while self.folders:
                yield self._list(self.folders.pop())
            links, self.links = sorted(self.links), []
            for link in links:
                self._follow(link)

    def _list(self, folder: str) -> _Listing | Unlisted:
        try:
            with os.scandir(f"{self.root}/{folder}") as listing:
                entries = sorted(listing, key=_name)
        except OSError as error:
            if error.errno in _GONE:
                return _Listing(folder, [])
            return Unlisted(folder, f"The folder cannot be listed: {error.strerror}.")
        prefix = f"{folder}/" if folder else ""
        names: list[str] = []
        subfolders: list[str] = []
        for entry in entries:
            name = entry.name
            if entry.is_dir(follow_symlinks=False):
                if not is_ignored(name):
                    subfolders.append(prefix + name)
            elif not name.startswith(".") and (not entry.is_symlink() or self._is_wanted(entry)):
                names.append(name)
        self.folders.extend(reversed(subfolders))
        return _Listing(folder, names)

    def _is_wanted(self, link: os.DirEntry[str]) -> bool:
        """Whether this leads to a file to look at; a link to a folder is kept for later."""
        if is_ignored(link.name):
            return False
        if os.path.isdir(link.path):  # False, not an error, for a link that leads to itself
            self.links.append(os.path.relpath(link.path, self.root))
            return False
        return not _is_audio(link.name) or not self._is_reached(os.path.realpath(link.path))

    def found(self, listing: _Listing) -> Iterator[FoundFolder | Unlisted]:
        """The listing's audio files with what `os.stat` says of them."""
        folder, names = listing
        prefix = f"{folder}/" if folder else ""
        audio, others = _divided(names)
        cover = self._folder_cover(prefix, others) if audio else ("", "")
        files: list[FoundFile] = []
        for name in audio:
            found = self._stat(prefix + name, cover)
            if isinstance(found, Unlisted):
                yield found
            elif found:
                files.append(found)
        yield FoundFolder(folder, files)

    def _stat(self, path: str, cover: tuple[str, str]) -> FoundFile | Unlisted | None:
        try:
            facts = os.stat(f"{self.root}/{path}")
        except OSError as error:
            if error.errno in _GONE:
                return None
            return Unlisted(path, f"The file cannot be looked at: {error.strerror}.")
        if not stat.S_ISREG(facts.st_mode):
            return None
        device, inode = facts.st_dev, facts.st_ino
        if device >= _LARGEST_SIGNED or inode >= _LARGEST_SIGNED:
            device, inode = _signed(device), _signed(inode)
        return FoundFile(self.root, path, facts.st_mtime_ns, facts.st_size, device, inode, *cover)

    def _folder_cover(self, prefix: str, names: list[str]) -> tuple[str, str]:
        """The identity and name of the folder's picture; two empty strings where there is none."""
        name = choose_folder_cover(names)
        if name is None:
            return "", ""
        path = prefix + name
        try:
            facts = os.stat(f"{self.root}/{path}")
        except OSError:
            return "", ""
        return folder_cover_id(self.root, path, facts.st_mtime_ns, facts.st_size), name

    def _follow(self, link: str) -> None:
        target = os.path.realpath(f"{self.root}/{link}")
        if not self._is_reached(target):
            self.reached.append(target)
            self.folders.append(link)

    def _is_reached(self, target: str) -> bool:
        return any(_is_walked_below(tree, target) for tree in self.reached)


def _is_walked_below(tree: str, target: str) -> bool:
    if target == tree:
        return True
    if not target.startswith(f"{tree}/"):
        return False
    return not any(map(is_ignored, target[len(tree) + 1 :].split("/")))


def _divided(names: list[str]) -> tuple[list[str], list[str]]:
    """Audio files, and all others."""
    audio: list[str] = []
    others: list[str] = []
    for name in names:
        (audio if _is_audio(name) else others).append(name)
    return audio, others


def _is_audio(name: str) -> bool:
    # A quarter of the time of `os.path.splitext`; without a dot, the last letter is no suffix.
    return name[name.rfind(".") :].lower() in AUDIO_SUFFIXES


def _signed(number: int) -> int:
    """Device and inode numbers fill 64 bits on some file systems; database integers are signed."""
    return number if number < _LARGEST_SIGNED else number - 2 * _LARGEST_SIGNED
