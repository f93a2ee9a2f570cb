"""The tree of a music folder, folder by folder. For each level of the tree at most FOLDERS_AT_ONCE
listings are in memory. They are a little older than the walk: a file may have changed since.

Symbolic links are followed after the real tree, and only if they lead to something that the walk
does not reach anyway: so a loop ends, and no file is found twice.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from types import MappingProxyType
from typing import NamedTuple

from library.files.link_targets import LinkTargets, leads_back
from library.files.listings import (
    FileStat,
    FolderListing,
    FolderNames,
    Unlisted,
    list_folder,
    names_in,
    pictures_in,
    stat_file,
)
from library.files.lyrics_files import NO_LYRICS, LyricsFile
from library.files.names import KNOWN_LINKS, Ignored, count, is_audio, is_ignored_file, is_playlist
from library.files.pictures import (
    NO_COVER,
    NO_PICTURES,
    Cover,
    FolderPictures,
    cover_of_track,
    is_disc_folder,
)
from library.workers.threads import call_in_thread, read_all

FOLDERS_AT_ONCE = 64
"""How many folders are listed ahead, which is worth it on a disk that takes its time."""


class FoundFile(NamedTuple):
    """An audio file. `path` is relative to `root`; the cover is that of its folder, if any, and the
    lyrics are those of a file beside it.

    `titled` are the names of the pictures among which the title of its album decides. The cover of
    a file that no walk found (`is_listed` false) is its own as stored, and says nothing of its
    folder.
    """

    root: str
    path: str
    mtime_ns: int
    size_bytes: int
    device: int
    inode: int
    cover_id: str
    cover_file_name: str
    lyrics: LyricsFile = NO_LYRICS
    titled: tuple[str, ...] = ()
    is_listed: bool = True

    @property
    def absolute_path(self) -> str:
        return f"{self.root}/{self.path}"

    @property
    def lyrics_path(self) -> str:
        """The absolute path of the file of lyrics; empty if there is none."""
        if not self.lyrics.name:
            return ""
        return f"{self.root}/{self.path[: self.path.rfind('/') + 1]}{self.lyrics.name}"


def with_own_cover(found: FoundFile, title: str, artist: str) -> FoundFile:
    """The file with the picture that is named after its album or after itself, if one is. Looks at
    the disk."""
    cover = cover_of_track(found.root, found.path, found.titled, title, artist)
    if not cover.cover_id:
        return found
    return found._replace(cover_id=cover.cover_id, cover_file_name=cover.file_name)


class FoundFolder(NamedTuple):
    """One folder, "" for the root itself, with its audio files and the picture that is their cover.

    `outside` are the files that are reached by a link out of the music folders. `lyrics` are the
    files of lyrics beside audio files, by the paths of these. Among the `titled` pictures the
    titles of albums decide. `artist_picture` may show the artist whose folder this is. `playlists`
    are the paths of playlist files.
    """

    root: str
    path: str
    files: list[FileStat]
    cover: Cover
    outside: Sequence[FileStat] = ()
    lyrics: Mapping[str, LyricsFile] = MappingProxyType({})
    titled: tuple[str, ...] = ()
    artist_picture: Cover = NO_COVER
    playlists: Sequence[str] = ()

    def found_file(self, stat: FileStat) -> FoundFile:
        """One of `files`. Few are needed in this form, so it is not made for all."""
        lyrics = self.lyrics.get(stat[0], NO_LYRICS)
        return FoundFile(self.root, *stat, *self.cover, lyrics, self.titled)


def walk(
    root: str,
    start: str = "",
    *,
    ignored: Ignored | None = None,
    other_roots: Sequence[str] = (),
    on_wait: Callable[[], None] = lambda: None,
) -> Iterator[FoundFolder | Unlisted]:
    """The tree below `start` (relative to `root`), in the order of names.

    A folder that is not there (any more) is empty. What is passed over is added to `ignored`.
    `other_roots` are the other music folders: what lies in them is not outside. `on_wait` is called
    a few times a second while the disk does not answer, and may raise.
    """
    tree = _Walk(root, {} if ignored is None else ignored, other_roots)
    if is_disc_folder(start):
        look = partial(pictures_in, root, os.path.dirname(start))
        tree.above[start] = call_in_thread(look, on_wait)
    for _ in tree.rounds(start):
        listings: dict[str, FolderListing] = {}
        while tree.folders:
            if tree.folders[-1] not in listings:
                folders = list(islice(_next_folders(tree.folders, listings), FOLDERS_AT_ONCE))
                list_all = partial(read_all, folders, partial(list_folder, root))
                listings.update(zip(folders, call_in_thread(list_all, on_wait), strict=True))
            folder = tree.folders.pop()
            yield from tree.found(folder, listings.pop(folder))


def count_audio_files(root: str, start: str = "") -> int:
    """How many files `walk` would find, from their names alone."""
    tree, found = _Walk(root, {}), 0
    for _ in tree.rounds(start):
        while tree.folders:
            try:
                names = names_in(root, tree.folders.pop())
            except OSError:
                continue
            tree.note(names)
            found += len(names.audio) + len(list(tree.untwinned(names.linked_audio)))
    return found


class _Walk:
    """`folders` wait to be listed, the next one last; `links` are links to folders. `above` has the
    pictures of the folder above, for disc folders that wait."""

    def __init__(self, root: str, ignored: Ignored, other_roots: Sequence[str] = ()) -> None:
        self.root = root
        self.ignored = ignored
        self.folders: list[str] = []
        self.links: list[str] = []
        self.above: dict[str, FolderPictures] = {}
        self._targets = LinkTargets(root, other_roots)

    def rounds(self, start: str) -> Iterator[None]:
        """One for the real tree, then one for what the links of the round before lead to."""
        if start and leads_back(self.root, start):
            count(self.ignored, KNOWN_LINKS)
            return
        self.folders.append(start)
        if start:
            self._targets.note_if_outside(start)
        while self.folders:
            yield
            links, self.links = sorted(self.links), []
            for link in links:
                self._follow(link)

    def note(self, names: FolderNames) -> None:
        """Take over what is to be walked next, and what was passed over."""
        self.folders.extend(reversed(names.subfolders))
        self.links.extend(names.linked_folders)
        for rule, number in names.ignored.items():
            self.ignored[rule] = self.ignored.get(rule, 0) + number

    def found(self, folder: str, listing: FolderListing) -> Iterator[FoundFolder | Unlisted]:
        self.note(listing.names)
        yield from listing.unlisted
        if folder in (each.path for each in listing.unlisted):
            return
        pictures = self._with_those_above(folder, listing)
        is_outside = self._targets.is_outside(folder)
        files = listing.files
        outside = list(files) if is_outside else []
        for path, leads_out in self.untwinned(listing.names.linked_audio):
            stat = stat_file(self.root, path, self.ignored)
            if isinstance(stat, Unlisted):
                yield stat
            elif stat is not None:
                files.append(stat)
                if is_outside or leads_out:
                    outside.append(stat)
        if listing.names.linked_audio:
            files.sort()
            outside.sort()
        yield FoundFolder(
            *(self.root, folder, files, pictures.first, outside, listing.lyrics),
            *(pictures.titled, pictures.artist),
            [*filter(self._is_no_twin, listing.playlists)] if listing.playlists else (),
        )

    def _with_those_above(self, folder: str, listing: FolderListing) -> FolderPictures:
        """The pictures of a folder, a disc folder's with those of the folder above. Notes them for
        the disc folders in it."""
        pictures = listing.pictures
        if above := self.above.pop(folder, None):
            pictures = pictures.below(above)
        if listing.pictures is not NO_PICTURES:
            for path in (*listing.names.subfolders, *listing.names.linked_folders):
                if is_disc_folder(path):
                    self.above[path] = listing.pictures
        return pictures

    def untwinned(self, links: Sequence[str]) -> Iterator[tuple[str, bool]]:
        """The links whose file is not found without them, each with whether it leads out of the
        music folders. The others are counted."""
        for link in links:
            target = os.path.realpath(f"{self.root}/{link}")
            if self._is_found_without_link(target):
                count(self.ignored, KNOWN_LINKS)
            else:
                yield link, not self._targets.is_in_roots(target)

    def _is_no_twin(self, playlist: str) -> bool:
        """Whether this is not a link to a playlist file that is found without it."""
        path = f"{self.root}/{playlist}"
        return not os.path.islink(path) or not self._is_found_without_link(os.path.realpath(path))

    def _is_found_without_link(self, target: str) -> bool:
        folder, name = os.path.split(target)
        return (
            (is_audio(name) or is_playlist(name))
            and not is_ignored_file(name, {})
            and self._targets.is_reached(folder)
            and os.path.exists(target)
        )

    def _follow(self, link: str) -> None:
        target = os.path.realpath(f"{self.root}/{link}")
        if self._targets.is_reached(target):
            count(self.ignored, KNOWN_LINKS)
        else:
            self._targets.reached.append(target)
            self._targets.note_if_outside(link)
            self.folders.append(link)


def _next_folders(waiting: Sequence[str], listings: Mapping[str, FolderListing]) -> Iterator[str]:
    """The folders that the walk comes to next and that are not listed yet, in its order."""
    stack = list(waiting[-FOLDERS_AT_ONCE:])
    while stack:
        folder = stack.pop()
        if listing := listings.get(folder):
            stack.extend(reversed(listing.names.subfolders))
        else:
            yield folder
