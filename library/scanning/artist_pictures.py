"""Pictures of artists: `artist.jpg` or `<name>.jpg` in the folder of the artist, else the picture
of that folder.

The folder of an artist is one that has the artist's name, or in which all albums are credited to
the artist. The walk notes the pictures. Which artist each of them shows is worked out at the end of
the scan, when all credits are stored, and only if a picture or a track changed.
"""

import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from django.db.models import Max, Min

from library.covers.folder import ARTIST, comparable
from library.files.pictures import NO_COVER, Cover
from library.files.walk import FoundFolder
from library.models.catalogue import Artist, ArtistRole, TrackArtist
from library.models.folders import Folder, folder_name
from library.models.folding import identity_key
from library.models.paths import path_to_text
from library.models.revision import NextRevision
from library.scanning.folders import Place, stored_folders
from library.scanning.lookup import rows_among
from library.scanning.transactions import retried
from library.scanning.upsert import Update

IDS_AT_ONCE = 500

Rank = tuple[int, bool, int, str, str]
"""The kind of a picture, whether its folder lacks the artist's name, its depth, and its place."""

_PICTURES = Update(Artist, ("cover_id", "cover_folder_id", "cover_file_name", "revision"))


class Shown(NamedTuple):
    """The picture of an artist as stored. `has_tracks`: whether there are any in its folder."""

    artist_id: int
    artist_key: str
    place: Place
    cover: Cover
    has_tracks: bool


class Picture(NamedTuple):
    """A picture that may show an artist. `is_album`: its folder holds tracks itself. `is_known`: an
    earlier scan has found out whom it shows."""

    place: Place
    cover: Cover
    is_album: bool
    is_known: bool

    @property
    def name(self) -> str:
        """The name of the folder."""
        return path_to_text(folder_name(*self.place))

    @property
    def kind(self) -> int:
        """0 for `artist.*`, 1 for a picture with the name of the folder, 2 for any other."""
        stem = os.path.splitext(self.cover.file_name)[0]
        if stem.lower() == ARTIST:
            return 0
        return 1 if comparable(stem) == comparable(self.name) else 2


class PictureWrite(NamedTuple):
    """What is to be stored for an artist; `place` is None if there is no picture any more."""

    artist_id: int
    place: Place | None
    cover: Cover


class ArtistPictures:
    """The pictures of artists that one scan finds."""

    def __init__(self) -> None:
        self._found: dict[Place, Picture] = {}
        self._shown: dict[Place, set[Cover]] = {}
        for each in retried(_stored):
            self._shown.setdefault(each.place, set()).add(each.cover)

    def note(self, folder: FoundFolder, *, is_known: bool) -> None:
        """Take note of a folder that the walk found. `is_known`: the stored picture of the folder
        is this one."""
        place, cover = (folder.root, folder.path), folder.artist_picture
        if cover.cover_id or place in self._shown:
            is_album = bool(folder.files)
            self._found[place] = Picture(place, cover, is_album, is_known and not is_album)

    def changes(self, *, are_tracks_changed: bool) -> list[PictureWrite]:
        """What is to be stored. Only reads the database."""
        if not self._found and not self._shown:
            return []
        if are_tracks_changed or any(map(self._is_new, self._found.values())):
            return retried(self._changes)
        return []

    def _is_new(self, picture: Picture) -> bool:
        shown = self._shown.get(picture.place)
        if shown is None:
            return not picture.is_known
        return shown != {picture.cover}

    def _changes(self) -> list[PictureWrite]:
        shown = {each.artist_id: each for each in _stored()}
        pictures = [each for each in self._found.values() if each.cover.cover_id]
        best: dict[int, tuple[Rank, Picture]] = {}
        for artist_id, is_named, picture in [*_artists_of(pictures), *self._unseen(shown.values())]:
            root, path = picture.place
            rank = (picture.kind, not is_named, path.count("/"), root, path)
            if artist_id not in best or rank < best[artist_id][0]:
                best[artist_id] = rank, picture
        wanted = {pk: (picture.place, picture.cover) for pk, (_, picture) in best.items()}
        return [
            PictureWrite(pk, *wanted.get(pk, (None, NO_COVER)))
            for pk in sorted(wanted.keys() | shown.keys())
            if pk not in shown or wanted.get(pk) != (shown[pk].place, shown[pk].cover)
        ]

    def _unseen(self, shown: Iterable[Shown]) -> Iterator[tuple[int, bool, Picture]]:
        """Stored pictures in folders that this scan did not come to, but that still hold tracks."""
        for each in shown:
            if each.place not in self._found and each.has_tracks:
                picture = Picture(each.place, each.cover, is_album=False, is_known=True)
                yield each.artist_id, each.artist_key == identity_key(picture.name), picture


def store_artist_pictures(writes: Sequence[PictureWrite], revision: NextRevision) -> None:
    """Write the pictures of these artists. A folder without a row holds no tracks; its picture is
    left out."""
    folders = stored_folders({each.place for each in writes if each.place is not None})
    stored = dict(rows_among(Artist, ("id", "cover_id"), "id", [each.artist_id for each in writes]))
    rows = []
    for artist_id, place, cover in writes:
        row = None if place is None else folders.get(place)
        values = (*cover, row.folder_id) if row is not None else (*NO_COVER, None)
        if artist_id in stored and (values[0] or stored[artist_id]):
            rows.append((values[0], values[2], path_to_text(values[1]), artist_id))
    if rows:
        number = revision.number
        _PICTURES.execute([(*columns, number, pk) for *columns, pk in rows])


def _stored() -> list[Shown]:
    columns = (
        *("id", "key", "cover_folder__root", "cover_folder__path"),
        *("cover_id", "cover_file_name", "cover_folder__total_track_count"),
    )
    rows = Artist.objects.exclude(cover_id="").order_by().values_list(*columns)
    return [
        Shown(pk, key, (root or "", path or ""), Cover(cover_id, name), bool(total))
        for pk, key, root, path, cover_id, name, total in rows
    ]


def _artists_of(pictures: Sequence[Picture]) -> Iterator[tuple[int, bool, Picture]]:
    """Whom the pictures show: the artist's id, and whether the folder has the artist's name."""
    named = _artists_by_key({identity_key(each.name) for each in pictures})
    unsure: list[Picture] = []
    for picture in pictures:
        ids = named.get(identity_key(picture.name), [])
        if len(ids) == 1 and not picture.is_album:
            yield ids[0], True, picture
        elif ids or picture.place[1]:
            unsure.append(picture)
    credited = _only_artists({each.place for each in unsure})
    names = _names_of(credited.values())
    for picture in unsure:
        artist_id, ids = credited.get(picture.place), named.get(identity_key(picture.name), [])
        if artist_id is not None and (picture.kind == 0 or _fits(picture, names[artist_id])):
            yield artist_id, artist_id in ids, picture
        elif ids:
            yield min(ids), True, picture


def _artists_by_key(keys: Collection[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for pk, key in rows_among(Artist, ("id", "key"), "key", keys):
        found.setdefault(key, []).append(pk)
    return found


def _fits(picture: Picture, names: tuple[str, str]) -> bool:
    """Whether the folder has the artist's name as far as names of folders can: `AC_DC`, or its
    sort form: `Beatles, The`."""
    return comparable(picture.name) in map(comparable, names)


def _names_of(artist_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    rows = rows_among(Artist, ("id", "name", "sort_name"), "id", set(artist_ids))
    return {pk: (name, sort_name) for pk, name, sort_name in rows}


def _only_artists(places: Collection[Place]) -> dict[Place, int]:
    """The artist to whom all albums at or below each of these folders are credited; places where
    there are several are left out."""
    stored = stored_folders(places) if places else {}
    if not stored:
        return {}
    tops = _tops_of({row.folder_id for row in stored.values()})
    ids_of: dict[int, set[int]] = {}
    for folder_id, artist_ids in _credited_in(tops.keys()):
        for top in tops[folder_id]:
            ids_of.setdefault(top, set()).update(artist_ids)
    return {
        place: next(iter(ids))
        for place, row in stored.items()
        if len(ids := ids_of.get(row.folder_id, set())) == 1
    }


def _tops_of(folder_ids: Collection[int]) -> Mapping[int, list[int]]:
    """Of each folder at or below one of these, those that it is at or below."""
    parents = dict(Folder.objects.order_by().values_list("pk", "parent_id"))
    tops: dict[int, list[int]] = {}
    for folder_id in parents:
        above: int | None = folder_id
        while above is not None:
            if above in folder_ids:
                tops.setdefault(folder_id, []).append(above)
            above = parents.get(above)
    return tops


def _credited_in(folder_ids: Collection[int]) -> Iterator[tuple[int, set[int]]]:
    """For each folder with tracks the album artists in it, two at most; the artists of the tracks
    if they state no album artist."""
    roles = (ArtistRole.ALBUM_ARTIST, ArtistRole.ARTIST)
    ids = sorted(folder_ids)
    for start in range(0, len(ids), IDS_AT_ONCE):
        credits_ = TrackArtist.objects.filter(
            track__folder__in=ids[start : start + IDS_AT_ONCE],
            track__missing_since=None,
            role__in=roles,
        )
        found: dict[tuple[int, str], set[int]] = {}
        grouped = credits_.order_by().values_list("track__folder_id", "role")
        for folder_id, role, *some in grouped.annotate(Min("artist_id"), Max("artist_id")):
            found[folder_id, role] = set(some)
        for folder_id in {folder_id for folder_id, _ in found}:
            for role in roles:
                if role in (each for at, each in found if at == folder_id):
                    yield folder_id, found[folder_id, role]
                    break
