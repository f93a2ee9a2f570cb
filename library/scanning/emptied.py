"""Folders that are there and hold no music any more: so looks a mount point whose disk is away.

Tracks that a scan does not find in such a folder keep their place where that is likely. A folder
that is not there at all was deleted by somebody, and its tracks are missing.
"""

import os
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cache, partial
from typing import NamedTuple

from django.db.models import Count

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
"""A folder that held MANY_TRACKS, and one in SHARE_OF_ROOT of its music folder's, is not emptied in
passing."""
IDS_AT_A_TIME = 500


class Emptied(NamedTuple):
    """An empty folder, and the tracks that were in it; some of them `on_lost_device`, that is on a
    device that neither the music folder itself nor a present track of it is on, if the stored
    numbers of devices are still right. What is mounted on the empty folder now says nothing: an
    empty disk may have got the number of the one that was there. `root_tracks`: how many the music
    folder has."""

    root: str
    folder: str
    track_ids: frozenset[int]
    on_lost_device: frozenset[int]
    root_tracks: int

    def kept(self, moved: Collection[int]) -> frozenset[int]:
        """Tracks not to be marked missing. Those that were found elsewhere, `moved`, are no sign
        of a disk that is away."""
        left = self.track_ids.difference(moved)
        if len(left) >= MANY_TRACKS and len(left) * SHARE_OF_ROOT >= self.root_tracks:
            return left
        return self.on_lost_device.difference(moved)

    def described(self, tracks: int) -> EmptiedFolder:
        return EmptiedFolder(path_to_text(f"{self.root}/{self.folder}"), tracks)


def find_emptied(
    root: str, gone: Mapping[str, int], on_folder: Callable[[], None]
) -> list[Emptied]:
    """The topmost folders in `root` that hold no music, and did: by `gone`, the paths and ids of
    present tracks whose files were not found. `on_folder` is called for each folder that is looked
    at, since that may take long, and may raise."""
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
    """For the person who reads what came of the scan. Of a folder that stays as it is the same."""
    return (
        f"The folder {printable(folder.path)} holds no music any more, but the library knows "
        f"{folder.tracks} tracks in it. Is its disk mounted? Its tracks were left as they are; "
        "if the folder is meant to be empty, scan with --allow-empty."
    )


class _Tree:
    """What is on the disk now; each folder is looked at once."""

    def __init__(self, root: str, on_folder: Callable[[], None]) -> None:
        self._is_there = cache(partial(_is_there, root, on_folder))
        self._is_empty = cache(partial(_is_empty, root, on_folder))

    def emptied_above(self, path: str) -> tuple[str, str]:
        """The topmost folder above `path` that holds no music, and the deepest that is there; two
        empty texts where there is none."""
        topmost = deepest = ""
        for folder in _folders_above(path):
            if not self._is_there(folder):
                break
            if topmost or self._is_empty(folder):
                topmost, deepest = topmost or folder, folder
        return topmost, deepest


def _folders_above(path: str) -> Iterator[str]:
    """The topmost first, without the music folder itself."""
    end = path.find("/")
    while end != -1:
        yield path[:end]
        end = path.find("/", end + 1)


def _is_there(root: str, on_folder: Callable[[], None], folder: str) -> bool:
    """A link that leads nowhere counts: it may lead to a disk that is away."""
    on_folder()
    place = f"{root}/{folder}"
    return os.path.isdir(place) or (os.path.islink(place) and not os.path.exists(place))


def _is_empty(root: str, on_folder: Callable[[], None], folder: str) -> bool:
    """Whether there is no music in it or below, and nothing that cannot be looked into."""
    for found in walk(root, folder):
        on_folder()
        if not isinstance(found, FoundFolder) or found.files:
            return False
    return True


def _device(root: str, path: str) -> int:
    """The number of the device that `path` is on, as rows of tracks hold it."""
    return file_stat("", os.stat(f"{root}/{path}"))[3]


def _devices_of(track_ids: Collection[int]) -> dict[int, int]:
    devices: dict[int, int] = {}
    for ids in portions(list(track_ids), IDS_AT_A_TIME):
        devices.update(retried(partial(rows_among, Track, ("id", "device"), "id", ids)))
    return devices


def _are_numbers_stable(root: str, devices: Iterable[int], gone: Collection[int]) -> bool:
    """Whether a number in `devices`, as stored with tracks, still stands for the same device.

    NFS, btrfs, ZFS and USB disks may get another number at each restart, while a track keeps the
    number it had when its row was last written. One track that is not `gone` tells of each number.
    """
    numbers = ((stored, _device_now(root, stored, gone)) for stored in devices)
    checked = [stored == now for stored, now in numbers if now is not None]
    return bool(checked) and all(checked)


def _device_now(root: str, stored: int, gone: Collection[int]) -> int | None:
    """The number that the device called `stored` has by now; None where no file of it is there."""
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
