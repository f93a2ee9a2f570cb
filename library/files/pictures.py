"""Where the pictures of a folder's tracks are: in the folder, in the one above a disc folder, and
in folders of pictures such as `Artwork`, in this order."""

import os
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import NamedTuple

from library.albums.units import disc_of_folder
from library.covers.folder import ABOVE, art_folders, picture_path, ranked


class Names(NamedTuple):
    """The names in a folder."""

    files: Sequence[str]
    folders: Sequence[str]


ListNames = Callable[[str], Names]
"""Lists a folder, by its path below the root; empty if it cannot be listed."""


def is_disc_folder(folder: str) -> bool:
    """Whether the folder at this path is a disc of the album in the folder above."""
    return bool(folder) and disc_of_folder(os.path.basename(folder)) is not None


def candidates(
    folder: str, list_names: ListNames, *, album_title: str = "", artist: str = "", root: str = ""
) -> Iterator[str]:
    """The names, relative to `folder`, of all pictures that may be the cover of a track in it, the
    best first: as `Track.cover_file_name`, so that `picture_path` gives the path of each.

    `artist` is the one to whom the album is credited. Each folder is listed at most once, and only
    when its turn comes. `root` names the folder "", whose name its own path does not say.
    """
    listed = cache(list_names)
    places = [""] + ([ABOVE] if is_disc_folder(folder) else [])
    for place in places:
        path = _folder_at(folder, place)
        name = os.path.basename(path or root)
        for found in ranked(listed(path).files, album_title, name, artist):
            yield place + found
    for place in places:
        path = _folder_at(folder, place)
        for art in art_folders(listed(path).folders):
            names = listed(picture_path(path, art)).files
            for found in ranked(names, album_title, "", artist, is_art_folder=True):
                yield f"{place}{art}/{found}"


def _folder_at(folder: str, place: str) -> str:
    return os.path.dirname(folder) if place else folder
