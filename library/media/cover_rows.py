"""The pictures of tracks, albums, artists and folders, by the ids of their rows."""

import os
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

from django.db.models import Min

from library.media.cover_sources import AlbumNames, AudioFile, CoverSource
from library.media.library_files import ScannedStat
from library.media.tracks import TrackUnavailable, look_ups, track_id_of
from library.models.albums import Album
from library.models.catalogue import Artist, Track
from library.models.folders import Folder
from library.models.tombstones import Catalogue
from library.queries.tombstones import find_living

# Made once: to name the columns takes Django longer than the database needs for the row.
_tracks = Track.objects.order_by().values_list(
    *("pk", "cover_id", "cover_file_name", "root", "path"),
    *("album_title", "album_artist", "artist", *ScannedStat._fields),
    named=True,
)
_albums = Album.objects.order_by().values_list("cover_track_id", named=True)
_artists = Artist.objects.order_by().values_list(
    *("pk", "cover_id", "cover_file_name", "cover_folder__root", "cover_folder__path"), named=True
)
_folders = Folder.objects.order_by().values_list(
    *("pk", "cover_id", "cover_file_name", "root", "path"), named=True
)


_SHORT = 8
_MOST_REMEMBERED = 50_000
_remembered: dict[tuple[str, int, str], str] = {}
"""The identities of pictures that rows had, by the row and the first digits of the identity."""


async def find_cover(kind: str, digits: str) -> CoverSource:
    """The source of the cover of the row whose id has these `digits`; `kind` is a key of FINDERS.

    Raises TrackUnavailable if there is no such row or it has no cover.
    """
    return await look_ups.find(FINDERS[kind], track_id_of(digits))


async def find_cover_of(kind: str, row_id: int) -> CoverSource:
    """The same for a row of this id. The picture's identity is remembered; see `whole_cover_id`."""
    source = await look_ups.find(FINDERS[kind], row_id)
    if len(_remembered) >= _MOST_REMEMBERED:
        _remembered.clear()
    _remembered[kind, row_id, source.cover_id[:_SHORT]] = source.cover_id
    return source


def whole_cover_id(kind: str, row_id: int, beginning: str) -> str:
    """The identity of a picture that begins so, if the row was found to have it before; else
    `beginning`. Makes no query."""
    return _remembered.get((kind, row_id, beginning), beginning)


def _track_cover(track_id: int) -> CoverSource:
    row = _living(Track, track_id, _tracks)
    if not row.cover_id:
        raise _no_cover("track")
    folder = os.path.dirname(row.path)
    embedded_in = AudioFile(row.path, ScannedStat(row.mtime_ns, row.size_bytes, row.inode))
    return CoverSource(
        f"track {row.pk}",
        *(row.cover_id, row.root, folder, row.cover_file_name),
        audio=None if row.cover_file_name else embedded_in,
        album=AlbumNames(row.album_title, row.album_artist or row.artist),
    )


def _album_cover(album_id: int) -> CoverSource:
    row = _living(Album, album_id, _albums)
    if row.cover_track_id is None:
        raise _no_cover("album")
    return _track_cover(row.cover_track_id)


def _artist_cover(artist_id: int) -> CoverSource:
    row = _living(Artist, artist_id, _artists)
    if not row.cover_id or row.cover_folder__root is None:
        raise _no_cover("artist")
    place = (row.cover_folder__root, row.cover_folder__path)
    return CoverSource(f"artist {row.pk}", row.cover_id, *place, row.cover_file_name, album=None)


def _folder_cover(folder_id: int) -> CoverSource:
    """The same picture as `library.queries.folders` lists: the folder's own if a track in it shows
    that, else that of the first of its tracks that has one. Without these, the folder's own."""
    row = _living(Folder, folder_id, _folders)
    tracks = Track.objects.present().filter(folder=row.pk, has_cover=True).order_by()
    if not (row.cover_id and tracks.filter(cover_id=row.cover_id).exists()):
        first = tracks.aggregate(first=Min("pk"))["first"]
        if first is not None:
            return _track_cover(first)
    if not row.cover_id:
        raise _no_cover("folder")
    place = (row.cover_id, row.root, row.path, row.cover_file_name)
    return CoverSource(f"folder {row.pk}", *place, album=AlbumNames())


FINDERS: dict[str, Callable[[int], CoverSource]] = {
    "tracks": _track_cover,
    "albums": _album_cover,
    "artists": _artist_cover,
    "folders": _folder_cover,
}
"""By the name of the kind in addresses. Each blocks."""


def _living(model: Catalogue, row_id: int, rows: Any) -> Any:
    """The row of this id, or the one that it was joined with. Raises TrackUnavailable."""
    row = find_living(model, row_id, lambda pk: next(iter(rows.filter(pk=pk)), None))
    if row is None:
        kind = model._meta.model_name
        message = f"There is no {kind} of this id."
        raise TrackUnavailable(HTTPStatus.NOT_FOUND, f"{kind}_not_found", message)
    return row


def _no_cover(kind: str) -> TrackUnavailable:
    message = f"This {kind} has no cover."
    return TrackUnavailable(HTTPStatus.NOT_FOUND, "cover_not_found", message)
