"""The watches on all folders of the music folders, and what their events mean.

inotify watches single folders. So each new folder gets a watch of its own; one that is moved away
loses it. A new folder is listed after its watch was added, so that no file in it is missed.
"""

import errno
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from library.files.link_targets import LinkTargets
from library.files.names import is_ignored_folder, root_check
from library.runner import inotify
from library.runner.inotify import Event, Inotify
from library.runner.noticed import is_noticed
from library.runner.watched_roots import Mount, Mounts, unwatchable_below

_MASK = (
    inotify.ATTRIB
    | inotify.CLOSE_WRITE
    | inotify.CREATE
    | inotify.DELETE
    | inotify.MOVED_FROM
    | inotify.MOVED_TO
    | inotify.ONLY_FOLDERS
    | inotify.EXCLUDE_UNLINKED
)
"""No reading, and not each single write: a file counts as changed when its writer closes it."""
_MASK_OF_STARTS = _MASK | inotify.DELETE_SELF | inotify.MOVE_SELF
UNCLOSED_S = 10.0
"""A new file that nobody closed is noted when it has not been written to for so long: it may have
come by a link, or its writer has paused."""
MOST_UNCLOSED = 1_000
_CAME = inotify.CREATE | inotify.MOVED_TO
_WENT = inotify.DELETE | inotify.MOVED_FROM
_START_IS_GONE = inotify.DELETE_SELF | inotify.MOVE_SELF | inotify.UNMOUNT
_NO_MORE_WATCHES = (errno.ENOSPC, errno.ENOMEM)


class _Folder:
    """A watched folder. The `name` of a root is its whole path."""

    __slots__ = ("children", "name", "parent", "target", "watch")

    def __init__(self, parent: "_Folder | None", name: str, watch: int) -> None:
        self.parent = parent
        self.name = name
        self.watch = watch
        self.children: dict[str, _Folder] | None = None
        self.target: str | None = None  # the real path that a link leads to

    @property
    def path(self) -> str:
        if self.parent is None:
            return self.name
        names = []
        folder: _Folder = self
        while folder.parent is not None:
            names.append(folder.name)
            folder = folder.parent
        return "/".join((folder.name.rstrip("/"), *reversed(names)))

    @property
    def root(self) -> str:
        folder = self
        while folder.parent is not None:
            folder = folder.parent
        return folder.name

    def child(self, name: str) -> "_Folder | None":
        return self.children.get(name) if self.children else None


@dataclass
class _Listing:
    """The names of the subfolders of a folder and of links in it that lead to folders.
    `has_files`: whether there is a file that is noticed."""

    subfolders: list[str]
    links: list[str]
    has_files: bool


class Place(NamedTuple):
    """A folder in which something has changed, and its music folder."""

    root: str
    folder: str


class Listener(Protocol):
    """What a tree tells of."""

    def changed(self, place: Place) -> None: ...

    def moved(self, origin: Place, target: Place) -> None: ...


class WatchedTree:
    """`excluded` are real paths of folders that are not watched. `mounts` are those of the system
    at present.

    - `overflowed`: events were lost.
    - `unwatched`: how many folders got no watch because the system allows no more.
    - `lost`: roots that were removed, renamed or unmounted.
    - `skipped`: mounts in the roots that cannot be watched, by their paths.
    """

    def __init__(
        self, roots: Sequence[str], excluded: Sequence[str], mounts: Mounts, listener: Listener
    ) -> None:
        """Raises OSError if the system allows no more queues of events."""
        self.overflowed = False
        self.unwatched = 0
        self.lost: set[str] = set()
        self.skipped: dict[str, Mount] = {}
        self._roots = roots
        self._excluded = frozenset(excluded)
        self.mounts = mounts
        self._listener = listener
        self._folders: dict[int, tuple[_Folder, ...]] = {}
        self._tops: dict[str, _Folder] = {}
        self._targets: dict[str, LinkTargets] = {}
        self._moved_from: tuple[int, Place] | None = None
        self._unclosed: set[tuple[_Folder, str]] = set()
        self._inotify = Inotify()

    def __len__(self) -> int:
        """How many folders are watched."""
        return len(self._folders)

    def fileno(self) -> int:
        return self._inotify.fileno()

    def close(self) -> None:
        self._inotify.close()

    def real_starts(self, root: str) -> list[str]:
        """The real paths of the root and of what links in it lead to."""
        targets = self._targets.get(root)
        return targets.reached if targets else [os.path.realpath(root)]

    def is_watched(self, root: str) -> bool:
        return root in self._tops

    def add_root(self, root: str) -> None:
        """Watch a root with everything in it; nothing happens if it is not there."""
        self.lost.discard(root)
        others = [each for each in self._roots if each != root]
        self._targets[root] = LinkTargets(root, others)
        self._add_tree(None, root)

    def remove_root(self, root: str) -> None:
        if top := self._tops.get(root):
            self._forget(top)

    def take_events(self) -> int:
        """Tell the listener what has changed since the last call. Returns the number of events."""
        taken = 0
        for event in self._inotify.read():
            self._take(event)
            taken += 1
        return taken

    def note_unclosed(self, now: float) -> None:
        """Tell the listener of new files that nobody closed. `now` is the time of the day."""
        for folder, name in tuple(self._unclosed):
            try:
                stat = os.lstat(f"{folder.path}/{name}")
            except OSError:
                self._unclosed.discard((folder, name))
                continue
            if stat.st_size and not 0 <= now - stat.st_mtime < UNCLOSED_S:
                self._unclosed.discard((folder, name))
                self._listener.changed(Place(folder.root, folder.path))

    def _take(self, event: Event) -> None:
        if event.mask & inotify.QUEUE_OVERFLOW:
            self.overflowed = True
            return
        for folder in self._folders.get(event.watch, ()):
            if not event.name:
                self._take_own(folder, event.mask)
            elif event.mask & inotify.IS_FOLDER:
                self._take_folder(folder, event)
            else:
                self._take_file(folder, event)

    def _take_own(self, folder: _Folder, mask: int) -> None:
        """Events of the watched folder itself: only those of roots and link targets matter, other
        folders are in a watched one. These may have been found at their new place already, before
        the event of their move is read."""
        root, parent = folder.root, folder.parent
        is_start = parent is None or folder.target is not None
        if not mask & ((_START_IS_GONE if is_start else inotify.UNMOUNT) | inotify.IGNORED):
            return
        self._forget(folder)
        if parent is None:
            self.lost.add(root)
        elif mask & _START_IS_GONE and not mask & inotify.UNMOUNT:
            self._listener.changed(Place(root, parent.path))

    def _take_folder(self, folder: _Folder, event: Event) -> None:
        root = folder.root
        if self._is_ignored(root, folder.path, event.name):
            return
        path = f"{folder.path.rstrip('/')}/{event.name}"
        known = folder.child(event.name)
        if event.mask & _WENT:
            if known:
                self._forget(known)
            self._went(event, Place(root, path))
        elif known and (not event.mask & _CAME or self._is_at(known, path)):
            return  # found already, by the listing of the folder above
        else:  # new, or its rights have changed so that it opens
            if known:
                self._forget(known)
            has_files = self._add_tree(folder, event.name)
            if has_files or event.mask & inotify.MOVED_TO:
                self._came(event, Place(root, path))

    def _is_at(self, known: _Folder, path: str) -> bool:
        """Whether the watched folder is still the one at this path."""
        try:
            return self._inotify.watch(path, _MASK) == known.watch
        except OSError:
            return False

    def _take_file(self, folder: _Folder, event: Event) -> None:
        name, mask = event.name, event.mask
        known = folder.child(name)  # a link to a folder is a file
        if known and mask & (_WENT | _CAME):
            self._forget(known)
            self._went(event, Place(folder.root, f"{folder.path}/{name}"))
        if mask & _CAME and self._is_link_to_folder(folder, name):
            self._take_link(folder, event)
        elif is_noticed(name):
            self._take_noticed(folder, event)

    def _take_noticed(self, folder: _Folder, event: Event) -> None:
        """Music, a picture or lyrics."""
        name, mask, place = event.name, event.mask, Place(folder.root, folder.path)
        if not mask & (inotify.CREATE | inotify.ATTRIB):
            self._unclosed.discard((folder, name))
        if mask & inotify.MOVED_FROM:
            self._went(event, place)
        elif mask & inotify.MOVED_TO:
            self._came(event, place)
        elif not mask & inotify.CREATE or _has_come_at_once(f"{place.folder}/{name}"):
            self._listener.changed(place)
        elif len(self._unclosed) < MOST_UNCLOSED:
            self._unclosed.add((folder, name))

    def _take_link(self, folder: _Folder, event: Event) -> None:
        """A link to a folder has come. Nothing has to be scanned if what it leads to is found
        without the link, or holds no music."""
        is_ignored = self._is_ignored(folder.root, folder.path, event.name)
        if not is_ignored and self._follow(folder, event.name):
            self._came(event, Place(folder.root, f"{folder.path}/{event.name}"))

    def _went(self, event: Event, place: Place) -> None:
        self._listener.changed(place)
        if event.mask & inotify.MOVED_FROM:
            self._moved_from = (event.cookie, place)

    def _came(self, event: Event, place: Place) -> None:
        """The two ends of a move have the same cookie; the end that goes is told first."""
        if event.mask & inotify.MOVED_TO and self._moved_from:
            cookie, origin = self._moved_from
            self._moved_from = None
            if cookie == event.cookie:
                self._listener.moved(origin, place)
                return
        self._listener.changed(place)

    def _is_ignored(self, root: str, above: str, name: str) -> bool:
        is_in_a_root = root_check(root, above[len(root) :].strip("/"))
        return is_ignored_folder(name, is_in_a_root, {})

    def _is_link_to_folder(self, folder: _Folder, name: str) -> bool:
        path = f"{folder.path}/{name}"
        return os.path.islink(path) and os.path.isdir(path)

    def _follow(self, folder: _Folder, name: str) -> bool:
        """Watch what a link leads to, unless it is watched without the link. Returns whether there
        are files that are noticed."""
        targets = self._targets[folder.root]
        target = os.path.realpath(f"{folder.path}/{name}")
        if targets.is_reached(target):
            return False
        targets.reached.append(target)
        has_files = self._add_tree(folder, name)
        if link := folder.child(name):
            link.target = target
        return has_files

    def _add_tree(self, parent: _Folder | None, name: str) -> bool:
        """Watch a folder and those below it, and then what links in them lead to. Returns whether
        there are files that are noticed."""
        start = name if parent is None else f"{parent.path.rstrip('/')}/{name}"
        blocked = self._blocked(start, is_root=parent is None)
        has_files = False
        links: list[tuple[_Folder, str]] = []
        waiting = [(parent, name, start)]
        while waiting:
            above, name, path = waiting.pop()
            if path not in blocked and (folder := self._add(above, name, path, start)):
                listing = self._list(folder, path)
                has_files |= listing.has_files
                waiting.extend((folder, each, f"{path}/{each}") for each in listing.subfolders)
                links.extend((folder, each) for each in listing.links)
        for folder, name in links:
            has_files |= self._follow(folder, name)
        return has_files

    def _list(self, folder: _Folder, path: str) -> _Listing:
        """What is in a folder, without ignored folders. A folder that cannot be read is empty: the
        scan says so."""
        listing = _Listing([], [], has_files=False)
        for entry in _entries(path):
            if entry.is_dir(follow_symlinks=False):
                if not self._is_ignored(folder.root, path, entry.name):
                    listing.subfolders.append(entry.name)
            elif entry.is_symlink() and os.path.isdir(entry.path):
                if not self._is_ignored(folder.root, path, entry.name):
                    listing.links.append(entry.name)
            elif not listing.has_files:
                listing.has_files = is_noticed(entry.name)
        return listing

    def _blocked(self, start: str, *, is_root: bool) -> set[str]:
        """The paths at and below `start` that are not to be watched. A root is, in any case."""
        real = os.path.realpath(start)
        prefix = real.rstrip("/") + "/"
        below = unwatchable_below(real, self.mounts)
        self.skipped.update((f"{start}/{path}", mount) for path, mount in below.items())
        paths = [*below, *(e[len(prefix) :] for e in self._excluded if e.startswith(prefix))]
        blocked = {f"{start.rstrip('/')}/{path}" for path in paths}
        return blocked | ({start} if real in self._excluded and not is_root else set())

    def _add(self, parent: _Folder | None, name: str, path: str, start: str) -> _Folder | None:
        try:
            watch = self._inotify.watch(path, _MASK_OF_STARTS if path == start else _MASK)
        except OSError as error:
            self.unwatched += error.errno in _NO_MORE_WATCHES
            return None  # otherwise gone, or not to be read: the scan says so
        folder = _Folder(parent, name, watch)
        self._folders[watch] = (*self._folders.get(watch, ()), folder)
        if parent is None:
            self._tops[name] = folder
        else:
            parent.children = parent.children or {}
            parent.children[name] = folder
        return folder

    def _forget(self, folder: _Folder) -> None:
        """Remove a folder and those below it."""
        root = folder.root
        if folder.parent is None:
            self._tops.pop(folder.name, None)
        elif folder.parent.children and folder.parent.children.get(folder.name) is folder:
            del folder.parent.children[folder.name]
        waiting = [folder]
        while waiting:
            each = waiting.pop()
            waiting.extend(each.children.values() if each.children else ())
            if each.target in (reached := self._targets[root].reached):
                reached.remove(each.target)
            left = tuple(one for one in self._folders.get(each.watch, ()) if one is not each)
            if left:
                self._folders[each.watch] = left
            elif self._folders.pop(each.watch, None):
                self._inotify.unwatch(each.watch)


def _entries(path: str) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(path) as entries:
            yield from entries
    except OSError:
        return


def _has_come_at_once(path: str) -> bool:
    """Whether a file that has just come is complete: a link, or another name of a file. A new file
    is complete when its writer closes it, which is another event.

    Some programs, such as OpenSSH's SFTP server, rename a file by giving it another name and
    removing the first. That changes the time of the status (ctime), but not that of the content.
    Where both are the same, because all that happened within a step of the clock, `note_unclosed`
    finds the file.
    """
    try:
        stat = os.lstat(path)
    except OSError:
        return False
    is_renamed = stat.st_size > 0 and stat.st_ctime_ns > stat.st_mtime_ns
    return os.path.islink(path) or stat.st_nlink > 1 or is_renamed
