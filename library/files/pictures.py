"""Where the pictures of a folder's tracks are: in the folder, in the one above a disc folder, and
in folders of pictures such as `Artwork`, in this order. No picture is opened."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from stat import S_ISREG
from typing import NamedTuple

from library.albums.units import is_disc
from library.covers.folder import (
    ABOVE,
    art_folders,
    choose_artist_picture,
    choose_folder_cover,
    choose_titled,
    folder_cover_id,
    picture_path,
    ranked,
    suffix_rank,
    titled,
)


class Cover(NamedTuple):
    """The identity of a picture beside the tracks, and its name, relative to their folder:
    `cover.jpg`, `../cover.jpg` or `Artwork/front.jpg`. Both are empty without one."""

    cover_id: str
    file_name: str


class Names(NamedTuple):
    """The names in a folder."""

    files: Sequence[str]
    folders: Sequence[str]


ListNames = Callable[[str], Names]
"""Lists a folder, by its path below the root; empty if it cannot be listed."""

NO_COVER = Cover("", "")


class FolderPictures(NamedTuple):
    """The pictures in one folder.

    `cover` is the one for tracks of any album, `artwork` that in a folder such as `Artwork`.
    `titled` are the names of those among which the album's title decides. `artist` may show an
    artist; in a folder that is no album's, it is the `cover` as well.
    """

    cover: Cover = NO_COVER
    titled: tuple[str, ...] = ()
    artwork: Cover = NO_COVER
    artist: Cover = NO_COVER

    def below(self, above: "FolderPictures") -> "FolderPictures":
        """These pictures of a disc folder, and those of the folder above as far as they are
        wanted."""
        if self.cover.cover_id:
            return self
        return self._replace(
            cover=_of_folder_above(above.cover),
            titled=(*self.titled, *(ABOVE + name for name in above.titled)),
            artwork=self.artwork if self.artwork.cover_id else _of_folder_above(above.artwork),
        )

    @property
    def first(self) -> Cover:
        return self.cover if self.cover.cover_id else self.artwork


NO_PICTURES = FolderPictures()


def is_disc_folder(folder: str) -> bool:
    """Whether the folder at this path is a disc of the album in the folder above."""
    return bool(folder) and is_disc(os.path.basename(folder))


def pictures_of(root: str, folder: str, names: Names, *, has_audio: bool) -> FolderPictures:
    """The pictures of a folder with these `names`. The files of at most two pictures are looked at;
    folders such as `Artwork` are listed if there is no other picture."""
    pictures = [name for name in names.files if suffix_rank(name) is not None]
    if not pictures:
        if not names.folders or not art_folders(names.folders):
            return NO_PICTURES
        is_album = has_audio or _has_discs(names.folders)
        return NO_PICTURES._replace(artwork=_artwork(root, folder, names) if is_album else NO_COVER)
    if has_audio or _has_discs(names.folders):
        return _of_album(root, folder, names, pictures)
    if not names.folders:
        return NO_PICTURES
    own_name = os.path.basename(folder or root)
    cover = _of_artist(root, folder, pictures, own_name)
    if not cover.cover_id:
        cover = _first_usable(root, folder, pictures, own_name)
    return NO_PICTURES._replace(cover=cover, artist=cover)


def cover_of_track(
    root: str, path: str, names: Sequence[str], album_title: str, artist: str
) -> Cover:
    """The picture among the `titled` names that is named after the album of the track at `path`, or
    after its file; NO_COVER if none is. Looks at the picture's file."""
    folder, track_name = os.path.split(path)
    name = choose_titled(names, album_title, artist, track_name)
    return NO_COVER if name is None else identified(root, folder, name)


def identified(root: str, folder: str, name: str) -> Cover:
    """The picture `name`, relative to `folder`; NO_COVER if it is no file, or empty."""
    path = picture_path(folder, name)
    try:
        stat = os.stat(f"{root}/{path}")
    except OSError:
        return NO_COVER
    if not S_ISREG(stat.st_mode) or not stat.st_size:
        return NO_COVER
    return Cover(folder_cover_id(root, path, stat.st_mtime_ns, stat.st_size), name)


def names_at(path: str) -> Names:
    """The names in the folder at this absolute path; none if it cannot be listed."""
    files: list[str] = []
    folders: list[str] = []
    try:
        with os.scandir(path) as listed:
            for entry in listed:
                (folders if entry.is_dir() else files).append(entry.name)
    except OSError:
        return Names((), ())
    return Names(sorted(files), sorted(folders))


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


def _of_album(root: str, folder: str, names: Names, pictures: Sequence[str]) -> FolderPictures:
    own_name = os.path.basename(folder or root)
    cover = _first_usable(root, folder, pictures, own_name)
    if len(pictures) == 1 and cover.cover_id:
        return FolderPictures(cover)
    return FolderPictures(
        cover=cover,
        titled=titled(pictures, own_name),
        artwork=NO_COVER if cover.cover_id else _artwork(root, folder, names),
        artist=_of_artist(root, folder, pictures),
    )


def _has_discs(folders: Iterable[str]) -> bool:
    return any(map(is_disc, folders))


def _of_folder_above(cover: Cover) -> Cover:
    return Cover(cover.cover_id, ABOVE + cover.file_name) if cover.cover_id else NO_COVER


def _first_usable(root: str, folder: str, names: Sequence[str], own_name: str) -> Cover:
    name = choose_folder_cover(names, own_name)
    if name is None:
        return NO_COVER
    cover = identified(root, folder, name)
    if cover.cover_id:
        return cover
    others = (each for each in ranked(names, folder_name=own_name) if each != name)
    return _first_identified(root, folder, others)


def _artwork(root: str, folder: str, names: Names) -> Cover:
    for art in art_folders(names.folders):
        files = names_at(f"{root}/{picture_path(folder, art)}").files
        found = (f"{art}/{name}" for name in ranked(files, is_art_folder=True))
        cover = _first_identified(root, folder, found)
        if cover.cover_id:
            return cover
    return NO_COVER


def _of_artist(root: str, folder: str, names: Sequence[str], own_name: str = "") -> Cover:
    name = choose_artist_picture(names, own_name)
    return NO_COVER if name is None else identified(root, folder, name)


def _first_identified(root: str, folder: str, names: Iterable[str]) -> Cover:
    covers = (identified(root, folder, name) for name in names)
    return next((cover for cover in covers if cover.cover_id), NO_COVER)
