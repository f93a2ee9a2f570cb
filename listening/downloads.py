"""What a user downloads as a whole: the tracks of an album, artist, folder or playlist."""

from collections.abc import Callable
from typing import NamedTuple

from library.models.albums import Album
from library.models.catalogue import Artist
from library.models.folders import Folder
from library.queries.tombstones import find_living
from listening.playlists.refusals import NoSuchPlaylist
from listening.playlists.rights import find_playlist
from listening.playlists.sources import Sources, gather


class Download(NamedTuple):
    """`title`: of the whole. `is_ordered`: whether the order of the tracks is that of a person."""

    title: str
    track_ids: list[int]
    is_ordered: bool = False


def find_download(user_id: int, kind: str, row_id: int) -> Download | None:
    """`kind`: album, artist, folder or playlist. None if there is no such thing, or the user may
    not see it. Raises Refused if it has too many tracks."""
    title = _title(user_id, kind, row_id)
    if title is None:
        return None
    found = gather(user_id, _SOURCES[kind]([row_id]))
    track_ids = [target for target in found.targets if target > 0]
    return Download(title, track_ids, is_ordered=kind == "playlist")


_SOURCES: dict[str, Callable[[list[int]], Sources]] = {
    "album": lambda ids: Sources(album_ids=ids),
    "artist": lambda ids: Sources(artist_ids=ids),
    "folder": lambda ids: Sources(folder_ids=ids),
    "playlist": lambda ids: Sources(playlist_ids=ids),
}


def _title(user_id: int, kind: str, row_id: int) -> str | None:
    if kind == "playlist":
        try:
            return find_playlist(user_id, row_id).name
        except NoSuchPlaylist:
            return None
    if kind == "album":
        albums = Album.objects.values_list("album_artist", "title")
        album = find_living(Album, row_id, lambda pk: albums.filter(pk=pk).first())
        return None if album is None else " - ".join(filter(None, album))
    model = Artist if kind == "artist" else Folder
    names = model.objects.values_list("name", flat=True)
    return find_living(model, row_id, lambda pk: names.filter(pk=pk).first())
