"""Albums: the `AlbumID3` of the protocol, and the `Child` of the old lists.

The files of a folder that are on no album are on one of the folder. Its id is the folder's.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from library.queries.albums import album_rows
from library.queries.artists import artist_names
from library.queries.discographies import discographies
from library.queries.folders import folder_rows
from library.queries.track_summaries import FolderAlbum, Told, folder_albums, told_by_tracks
from library.tags import UNKNOWN_ARTIST
from opensubsonic.call import Call
from opensubsonic.cover_ids import cover_art
from opensubsonic.dates import moment, parts_of_date
from opensubsonic.ids import id_of
from opensubsonic.objects.folders import folder_album_title, folder_cover
from opensubsonic.objects.kept_objects import KeptObjects
from opensubsonic.objects.own import add_average_ratings, own_fields
from opensubsonic.objects.songs import duration

Album = dict[str, Any]
Row = Mapping[str, Any]
AlbumArtist = dict[str, str]


def albums(call: Call, album_ids: Sequence[int]) -> list[Album]:
    """The albums with these ids that have present tracks, in the order of the ids. The number of
    queries is fixed."""
    if not album_ids:
        return []
    same = kept_albums.of_ids(album_ids)
    own = own_album_fields(call.user_id, [*same])
    for pk, fields in own.items():
        same[pk].update(fields)
    return [same[pk] for pk in album_ids if pk in same]


def own_album_fields(user_id: int, album_ids: Sequence[int]) -> dict[int, Album]:
    """The fields that depend on the user, of each of these albums."""
    return own_fields(user_id, "album", album_ids)


def albums_for_all(album_ids: Sequence[int]) -> dict[int, Album]:
    """The albums by their ids, without the fields that depend on the user."""
    rows = album_rows(album_ids)
    artists = _artists_of(row["id"] for row in rows)
    told = told_by_tracks(row["id"] for row in rows)
    nothing = Told()
    return {
        row["id"]: _album(row, artists[row["id"]], told.get(row["id"], nothing)) for row in rows
    }


kept_albums = KeptObjects(albums_for_all)


def albums_of_folders(call: Call, folder_ids: Sequence[int]) -> list[Album]:
    """For each of these folders that has tracks on no album the album that these are taken for."""
    if not folder_ids:
        return []
    rest = folder_albums(folder_ids)
    rows = folder_rows([pk for pk in folder_ids if pk in rest])
    artists = _artists_of(-row["id"] for row in rows)
    own = own_fields(call.user_id, "folder", [row["id"] for row in rows])
    return [
        {**_folder_album(row, artists[-row["id"]], rest[row["id"]]), **own[row["id"]]}
        for row in rows
    ]


def numbered_albums(call: Call, numbers: Collection[int]) -> list[Album]:
    """`numbers`: see `library.queries.discographies`. The albums come in their order."""
    of_folders = albums_of_folders(call, [-number for number in numbers if number < 0])
    found = albums(call, [number for number in numbers if number > 0])
    if not of_folders:
        return found
    made = {each["id"]: each for each in (*found, *of_folders)}
    ids = (id_of("album" if each > 0 else "folder", abs(each)) for each in numbers)
    return [made[each] for each in ids if each in made]


def _artists_of(numbers: Iterable[int]) -> dict[int, list[AlbumArtist]]:
    """Whose each album is; see `library.queries.discographies` for the numbers."""
    known = discographies().albums
    ids = {number: known[number].artists if number in known else () for number in numbers}
    names = artist_names({pk for each in ids.values() for pk in each})
    return {
        number: [{"id": id_of("artist", pk), "name": names[pk]} for pk in each if pk in names]
        for number, each in ids.items()
    }


def old_album_child(call: Call, numbers: Sequence[int]) -> list[Album]:
    """The same albums as the old lists have them: folders, whose parent is the artist. They have
    the fields of the newer form as well, because some clients read them as such."""
    if not numbers:
        return []
    found = numbered_albums(call, numbers)
    by_id: dict[str, Album] = {}
    for kind, sign in (("album", 1), ("folder", -1)):
        own = {sign * number: Album() for number in numbers if sign * number > 0}
        if own:
            add_average_ratings(own, kind)
        by_id |= {id_of(kind, pk): fields for pk, fields in own.items()}
    return [{**as_old_child(album), **by_id[album["id"]]} for album in found]


def as_old_child(album: Album) -> Album:
    """An album as a folder."""
    artist_id = album.get("artistId")
    return {
        **album,
        **({"parent": artist_id} if artist_id else {}),
        "isDir": True,
        "title": album["name"],
        "album": album["name"],
        "albumId": album["id"],
        "mediaType": "album",
    }


def _album(row: Row, artists: list[AlbumArtist], told: Told) -> Album:
    artist = row["album_artist"] or _names(artists)
    first = {"artistId": artists[0]["id"]} if artists else {}
    genre = {"genre": row["genres"][0]} if row["genres"] else {}
    return {
        "id": id_of("album", row["id"]),
        "name": row["title"],
        "artist": artist,
        **first,
        **album_cover(row),
        "songCount": row["track_count"],
        "duration": duration(row["duration_s"]),
        "created": moment(row["first_added_at"]),
        **({"year": row["year"]} if row["year"] is not None else {}),
        **genre,
        "genres": [{"name": name} for name in row["genres"]],
        "artists": artists,
        "displayArtist": artist,
        "recordLabels": [{"name": name} for name in row["labels"]],
        "sortName": row["title_sort"],
        **_release(row),
        "moods": [*told.moods],
        "explicitStatus": told.explicit_status,
    }


def album_cover(row: Row) -> dict[str, str]:
    """`row`: as `album_rows` has it."""
    return (
        cover_art("track", row["cover_track_id"], row["cover_id"]) if row["cover_track_id"] else {}
    )


def _names(artists: list[AlbumArtist]) -> str:
    """Some clients refuse an album without an artist."""
    return ", ".join(each["name"] for each in artists) or UNKNOWN_ARTIST


def _folder_album(row: Row, artists: list[AlbumArtist], rest: FolderAlbum) -> Album:
    artist = _names(artists)
    return {
        "id": id_of("folder", row["id"]),
        "name": folder_album_title(row["name"]),
        "artist": artist,
        **({"artistId": artists[0]["id"]} if artists else {}),
        **folder_cover(row),
        "songCount": rest.track_count,
        "duration": duration(rest.duration_s),
        "created": moment(rest.first_added_at),
        **({"year": rest.year} if rest.year is not None else {}),
        **_UNKNOWN,
        "artists": artists,
        "displayArtist": artist,
    }


_UNKNOWN: Album = {
    **dict.fromkeys(("sortName", "version", "musicBrainzId", "explicitStatus"), ""),
    **dict.fromkeys(("genres", "recordLabels", "releaseTypes", "moods", "discTitles"), ()),
    **{name: {} for name in ("originalReleaseDate", "releaseDate")},
    "isCompilation": False,
}
"""What files on no album do not tell of it."""


def _release(row: Row) -> Album:
    """`version`: what tells it from another album of its name, where the tags name no edition."""
    titles = sorted((int(number), title) for number, title in row["disc_titles"].items())
    return {
        "version": row["edition"] or row["disambiguation"],
        "musicBrainzId": row["musicbrainz_release_id"],
        "releaseTypes": [*row["release_types"]],
        "originalReleaseDate": parts_of_date(row["original_date"]),
        "releaseDate": parts_of_date(row["release_date"]),
        "isCompilation": row["compilation"],
        "discTitles": [{"disc": disc, "title": title} for disc, title in titles],
    }
