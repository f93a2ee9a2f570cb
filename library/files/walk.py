"""What is on the disk: folders streamed by `os.scandir`, never more than a few listings in memory.

Symbolic links are followed after the real tree, and only where they lead to something that the
walk does not reach anyway: so a loop ends, and no file is found twice.
"""

import errno
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from library.files.link_targets import LinkTargets
from library.files.listings import (
    NO_COVER,
    Facts,
    Looked,
    by_name,
    facts_of,
    folder_cover,
    look,
)
from library.files.names import (
    BROKEN_LINKS,
    KNOWN_LINKS,
    SPECIAL_FILES,
    Ignored,
    count,
    is_audio,
    is_ignored_file,
    is_ignored_folder,
    root_check,
)

_GONE = {errno.ENOENT, errno.ENOTDIR}

LookAt = Callable[[str, str], Looked]
"""Given a root and a folder in it: what that is."""


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
    """One listed folder, "" for the root itself, with its audio files and its picture.

    `outside` are those of the files that a link leads to outside of the music folders.
    """

    root: str
    path: str
    facts: list[Facts]
    cover: tuple[str, str]
    outside: Sequence[Facts] = ()

    def file(self, facts: Facts) -> FoundFile:
        """One of its files; only of few is all of this asked."""
        return FoundFile(self.root, *facts, *self.cover)


class Unlisted(NamedTuple):
    """A file or folder that is there but cannot be looked at; what is below stays as it was."""

    path: str
    reason: str


def walk(
    root: str,
    start: str = "",
    look_at: LookAt = look,
    ignored: Ignored | None = None,
    other_roots: Sequence[str] = (),
) -> Iterator[FoundFolder | Unlisted]:
    """The tree below `start` (relative to `root`), folder by folder, in the order of names.

    A folder that is not there (any more) is simply not found. What is passed over is added to
    `ignored`. `other_roots` are the other music folders: what lies in them is not outside.
    """
    tree = _Walk(root, {} if ignored is None else ignored, other_roots)
    for _ in tree.rounds(start):
        while tree.folders:
            folder = tree.folders.pop()
            yield from tree.found(folder, look_at(root, folder))


def count_audio_files(root: str, start: str = "") -> int:
    """How many files `walk` would find, from their names alone."""
    tree, found = _Walk(root, {}), 0
    for _ in tree.rounds(start):
        while tree.folders:
            listed = tree.names(tree.folders.pop())
            found += 0 if isinstance(listed, Unlisted) else sum(map(is_audio, listed))
    return found


class _Walk:
    """`folders` are those that wait to be looked at, `links` lead to folders."""

    def __init__(self, root: str, ignored: Ignored, other_roots: Sequence[str] = ()) -> None:
        self.root = root
        self.ignored = ignored
        self.folders: list[str] = []
        self.links: list[str] = []
        self._targets = LinkTargets(root, other_roots)
        self._names_outside: set[str] = set()  # links that lead out, of the folder listed last

    def rounds(self, start: str) -> Iterator[None]:
        """One for the real tree, and one for what the links of each round lead to."""
        self.folders.append(start)
        if start:
            self._targets.note_if_outside(start)
        while self.folders:
            yield
            links, self.links = sorted(self.links), []
            for link in links:
                self._follow(link)

    def found(self, folder: str, looked: Looked) -> Iterator[FoundFolder | Unlisted]:
        if not looked.is_ordinary:
            yield from self._found_with_patience(folder)
            return
        for rule, number in looked.ignored.items():
            self.ignored[rule] = self.ignored.get(rule, 0) + number
        self.folders.extend(reversed(looked.subfolders))
        outside = looked.files if self._targets.is_outside(folder) else ()
        yield FoundFolder(self.root, folder, looked.files, looked.cover, outside)

    def names(self, folder: str) -> list[str] | Unlisted:
        """Of the folder's files; its subfolders and links are kept for later."""
        try:
            with os.scandir(f"{self.root}/{folder}") as listing:
                entries = sorted(listing, key=by_name)
        except OSError as error:
            if error.errno in _GONE:
                return []
            return Unlisted(folder, f"The folder cannot be listed: {error.strerror}.")
        prefix = f"{folder}/" if folder else ""
        names: list[str] = []
        self._names_outside.clear()
        subfolders: list[str] = []
        is_in_a_root = root_check(self.root, folder)
        for entry in entries:
            name = entry.name
            if _is_folder(entry):
                if not is_ignored_folder(name, is_in_a_root, self.ignored):
                    (self.links if entry.is_symlink() else subfolders).append(prefix + name)
            elif not is_ignored_file(name, self.ignored) and not self._is_twin(entry):
                names.append(name)
        self.folders.extend(reversed(subfolders))
        return names

    def _is_twin(self, entry: os.DirEntry[str]) -> bool:
        """Whether this is a link to music that is found without it. A link out of the music
        folders is noted, whatever the name of the file that it leads to."""
        if not entry.is_symlink() or not is_audio(entry.name):
            return False
        target = os.path.realpath(entry.path)
        if not os.path.exists(target):
            return False
        if not self._targets.is_in_roots(target):
            self._names_outside.add(entry.name)
        folder, name = os.path.split(target)
        if not is_audio(name) or is_ignored_file(name, {}) or not self._targets.is_reached(folder):
            return False
        count(self.ignored, KNOWN_LINKS)
        return True

    def _found_with_patience(self, folder: str) -> Iterator[FoundFolder | Unlisted]:
        names = self.names(folder)
        if isinstance(names, Unlisted):
            yield names
            return
        prefix = f"{folder}/" if folder else ""
        audio = [name for name in names if is_audio(name)]
        cover = folder_cover(self.root, prefix, names) if audio else NO_COVER
        files: list[Facts] = []
        outside: list[Facts] = []
        is_outside = self._targets.is_outside(folder)
        for name in audio:
            found = self._stat(prefix + name)
            if isinstance(found, Unlisted):
                yield found
            elif found:
                files.append(found)
                if is_outside or name in self._names_outside:
                    outside.append(found)
        yield FoundFolder(self.root, folder, files, cover, outside)

    def _stat(self, path: str) -> Facts | Unlisted | None:
        try:
            facts = os.stat(f"{self.root}/{path}")
        except OSError as error:
            if error.errno in _GONE:
                if os.path.islink(f"{self.root}/{path}"):
                    count(self.ignored, BROKEN_LINKS)
                return None
            return Unlisted(path, f"The file cannot be looked at: {error.strerror}.")
        if not stat.S_ISREG(facts.st_mode):
            count(self.ignored, SPECIAL_FILES)
            return None
        return facts_of(path, facts)

    def _follow(self, link: str) -> None:
        target = os.path.realpath(f"{self.root}/{link}")
        if self._targets.is_reached(target):
            count(self.ignored, KNOWN_LINKS)
        else:
            self._targets.reached.append(target)
            self._targets.note_if_outside(link)
            self.folders.append(link)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    """Or a link to one; False, not an error, for a link that leads to itself."""
    if entry.is_symlink():
        return os.path.isdir(entry.path)
    return entry.is_dir(follow_symlinks=False)
