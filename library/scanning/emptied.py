"""Emptied folders: folders that still exist but hold no music any more.

The mount point of a disk that is not mounted looks like that. If this seems to be the cause, the
folder's tracks are kept, not marked missing. A folder that does not exist any more was deleted by
somebody, so its tracks are marked missing.
"""

import os
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cache, partial
from typing import NamedTuple

from django.db.models import Count

from library.files.link_targets import leads_back
from library.files.listings import file_stat
from library.files.walk import FoundFolder, walk
from library.models.catalogue import Track
from library.models.paths import path_to_text
from library.scanning.batch import portions
from library.scanning.lookup import rows_among
from library.scanning.report import EmptiedFolder
from library.scanning.transactions import retried
from runtime.visible_text import printable

MANY_TRACKS = 20
SHARE_OF_ROOT = 10
"""A folder that held at least MANY_TRACKS, and at least one in SHARE_OF_ROOT of all tracks of its
music folder, is kept: it is unlikely that somebody deleted so many files on purpose."""
IDS_AT_A_TIME = 500


class Emptied(NamedTuple):
    """A folder that holds no music any more, and the ids of the tracks that were in it.

    `on_lost_device`: those tracks whose device seems to be gone. That is the case if neither the
    music folder itself nor any of its files that were found is on that device, and the stored
    device numbers are still valid. The device of the empty folder is not looked at: an empty disk
    mounted there may have got the number of the old one.
    `root_tracks`: how many tracks the whole music folder has.
    """

    root: str
    folder: str
    track_ids: frozenset[int]
    on_lost_device: frozenset[int]
    root_tracks: int

    def kept(self, moved: Collection[int]) -> frozenset[int]:
        """The ids of tracks that must not be marked missing.

        `moved`: ids of tracks whose files were found elsewhere; they do not count.
        """
        left = self.track_ids.difference(moved)
        if len(left) >= MANY_TRACKS and len(left) * SHARE_OF_ROOT >= self.root_tracks:
            return left
        return self.on_lost_device.difference(moved)

    def as_folder(self, tracks: int) -> EmptiedFolder:
        """This folder for the report, with the number of `tracks` that were kept."""
        return EmptiedFolder(path_to_text(f"{self.root}/{self.folder}"), tracks)


def find_emptied(
    root: str, gone: Mapping[str, int], on_folder: Callable[[], None]
) -> list[Emptied]:
    """The emptied folders in `root`; of nested ones only the outermost.

    `gone`: the ids, by path, of present tracks whose files were not found. `on_folder` is called
    for each folder that is read, since that may take long; it may raise.
    """
    places: dict[str, dict[int, str]] = defaultdict(dict)
    tree = _Tree(root, on_folder)
    for path, track_id in gone.items():
        topmost, deepest = tree.emptied_above(path)
        if topmost:
            places[topmost][track_id] = deepest
    if not places:
        return []
    devices = _devices_of(gone.values())
    counts = retried(partial(_tracks_by_device, root))
    found = (counts - Counter(devices.values())).keys() - {0}  # 0: not known
    lost = counts.keys() - found - {0, _device(root, "")}
    if lost and not _are_numbers_stable(root, found, devices.keys()):
        lost = set()
    return [
        Emptied(
            root,
            os.path.commonpath(folders.values()),
            frozenset(folders),
            frozenset(track_id for track_id in folders if devices.get(track_id) in lost),
            counts.total(),
        )
        for folders in places.values()
    ]


def explain_emptied(folder: EmptiedFolder) -> str:
    """What the scan's report says about the folder. The text stays the same from scan to scan: the
    schedule compares the errors of scans."""
    return (
        f"The folder {printable(folder.path)} holds no music any more, but the library knows "
        f"{folder.tracks} tracks in it. Is its disk mounted? Its tracks were left as they are; "
        "if the folder is meant to be empty, scan with --allow-empty."
    )


class _Tree:
    """The folders on disk at present. Each is read at most once."""

    def __init__(self, root: str, on_folder: Callable[[], None]) -> None:
        self._is_there = cache(partial(_is_there, root, on_folder))
        self._is_empty = cache(partial(_is_empty, root, on_folder))

    def emptied_above(self, path: str) -> tuple[str, str]:
        """Of the emptied folders above `path`, the outermost and the innermost that exists; two
        empty strings if there is none."""
        topmost = deepest = ""
        for folder in _folders_above(path):
            if not self._is_there(folder):
                break
            if topmost or self._is_empty(folder):
                topmost, deepest = topmost or folder, folder
        return topmost, deepest


def _folders_above(path: str) -> Iterator[str]:
    """The folders above `path`, outermost first, without the music folder itself."""
    end = path.find("/")
    while end != -1:
        yield path[:end]
        end = path.find("/", end + 1)


def _is_there(root: str, on_folder: Callable[[], None], folder: str) -> bool:
    """Whether the folder exists. A broken link counts: it may lead to an unmounted disk."""
    on_folder()
    place = f"{root}/{folder}"
    return os.path.isdir(place) or (os.path.islink(place) and not os.path.exists(place))


def _is_empty(root: str, on_folder: Callable[[], None], folder: str) -> bool:
    """Whether the folder and those below it hold no music, and all of them can be read. A link to
    another folder of the library is not empty: the music in it is found without the link."""
    if leads_back(root, folder):
        return False
    for found in walk(root, folder, on_wait=on_folder):
        on_folder()
        if not isinstance(found, FoundFolder) or found.files:
            return False
    return True


def _device(root: str, path: str) -> int:
    """The device number of `path`, in the form that rows of tracks hold."""
    return file_stat("", os.stat(f"{root}/{path}"))[3]


def _devices_of(track_ids: Collection[int]) -> dict[int, int]:
    devices: dict[int, int] = {}
    for ids in portions(list(track_ids), IDS_AT_A_TIME):
        devices.update(retried(partial(rows_among, Track, ("id", "device"), "id", ids)))
    return devices


def _are_numbers_stable(root: str, devices: Iterable[int], gone: Collection[int]) -> bool:
    """Whether the device numbers stored with tracks are still valid.

    NFS, btrfs, ZFS and USB disks may get another number at each restart, while a track keeps the
    number from when its row was last written. For each of `devices`, the file of one track that is
    not `gone` is checked. False if no file could be checked.
    """
    numbers = ((stored, _device_now(root, stored, gone)) for stored in devices)
    checked = [stored == now for stored, now in numbers if now is not None]
    return bool(checked) and all(checked)


def _device_now(root: str, stored: int, gone: Collection[int]) -> int | None:
    """The present number of the device with the number `stored`; None if no file on it exists."""
    path = retried(partial(_path_on, root, stored, gone))
    try:
        return None if path is None else _device(root, path)
    except OSError:
        return None


def _path_on(root: str, device: int, gone: Collection[int]) -> str | None:
    tracks = Track.objects.present().filter(root=root, device=device).order_by("pk")
    rows = tracks.values_list("pk", "path")[: len(gone) + 1].iterator()
    return next((path for track_id, path in rows if track_id not in gone), None)


def _tracks_by_device(root: str) -> Counter[int]:
    present = Track.objects.present().filter(root=root).order_by()
    return Counter(dict(present.values_list("device").annotate(Count("pk"))))
