"""Albums: which album a track belongs to, and an album's row, derived from its present tracks."""

import os
from collections.abc import Collection, Iterator
from hashlib import blake2b
from itertools import groupby
from operator import itemgetter
from typing import Any

from library.files.walk import FoundFile
from library.models.catalogue import Album, Track
from library.models.folding import identity_key, sort_key
from library.models.revision import NextRevision
from library.scanning.lookup import rows_among
from library.scanning.upsert import Row, Update, Upsert
from library.tags import TrackTags

VARIOUS_ARTISTS = "Various Artists"

_SOURCE_COLUMNS = (
    "album_id", "album_title", "album_artist", "artist", "year", "compilation",
    "musicbrainz_release_id", "cover_id",
)  # fmt: skip
_ORDER_COLUMNS = ("disc_number", "track_number", "path")
_DERIVED = (
    "title", "title_key", "album_artist", "artist_key", "year", "musicbrainz_release_id",
    "compilation", "cover_id",
)  # fmt: skip
_NEW = Upsert(Album, ("key", *_DERIVED, "revision"), unique=("key",), kept=(*_DERIVED, "revision"))
_KNOWN = Upsert(Album, ("id", "key", *_DERIVED, "revision"), unique=("id",), kept=("key",))
_TOUCHED = Update(Album, ("revision",))


def album_key(found: FoundFile, tags: TrackTags) -> str | None:
    """The key of a track's album; tracks with equal keys are on one album. None if the track names
    no album.

    The key is the MusicBrainz release id; else the title and album artist; else, without an album
    artist, the title and the folder.
    """
    if tags.musicbrainz_release_id:
        return f"release {tags.musicbrainz_release_id}"
    if not tags.album:
        return None
    if tags.album_artist:
        return f"album {identity_key(tags.album, tags.album_artist)}"
    folder = os.fsencode(os.path.dirname(found.absolute_path))
    return f"folder {blake2b(folder, digest_size=16).hexdigest()} {identity_key(tags.album)}"


def store_albums(keys: Collection[str], known: dict[str, int]) -> dict[str, int]:
    """The ids of the albums with these keys, by key. Albums that are not in `known` are created
    with empty columns, which `refresh_albums` fills in later."""
    new = set(keys) - known.keys()
    _NEW.execute([(key, "", "", "", "", None, "", False, "", 0) for key in sorted(new)])
    return {**known, **stored_albums(new)}


def stored_albums(keys: Collection[str]) -> dict[str, int]:
    """The ids of those albums that exist, by key."""
    return dict(rows_among(Album, ("key", "id"), "key", keys))


def album_ids_of(track_ids: Collection[int]) -> set[int]:
    """The ids of the albums that these tracks are on in the database."""
    return {pk for (pk,) in rows_among(Track, ("album_id",), "id", track_ids) if pk is not None}


def refresh_albums(
    album_ids: Collection[int], revision: NextRevision, touched: Collection[int] = ()
) -> None:
    """Compute the columns of these albums again from their present tracks, and write those that
    changed. The result does not depend on the order in which the tracks were read.

    Albums that changed, and those of `touched`, whose tracks changed, get the revision.
    """
    if not album_ids:
        return
    present = sorted(_present_tracks(album_ids), key=_place)
    known = {
        pk: (pk, key, *derived)
        for pk, key, *derived in rows_among(Album, ("id", "key", *_DERIVED), "id", album_ids)
    }
    described = (
        (*known[album_id][:2], *_describe(list(tracks)))
        for album_id, tracks in groupby(present, key=itemgetter(0))
    )
    changed = [row for row in described if row != known[row[0]]]
    if changed:
        _KNOWN.execute([(*row, revision.number) for row in changed])
    if others := set(touched) - {row[0] for row in changed}:
        _TOUCHED.execute([(revision.number, album_id) for album_id in sorted(others)])


def _present_tracks(album_ids: Collection[int]) -> Iterator[tuple[Any, ...]]:
    """Rows of `_SOURCE_COLUMNS` and `_ORDER_COLUMNS`."""
    columns = (*_SOURCE_COLUMNS, *_ORDER_COLUMNS, "missing_since")
    for *row, missing_since in rows_among(Track, columns, "album_id", album_ids):
        if missing_since is None:
            yield tuple(row)


def _place(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """The sort key of a track: album, then place in the album. Those without a number are first."""
    *numbers, path = row[len(_SOURCE_COLUMNS) :]
    return (row[0], *(-1 if number is None else number for number in numbers), path)


def _describe(tracks: list[Any]) -> Row:
    """The values of `_DERIVED` for the album with these tracks, which are in order."""
    _, titles, album_artists, artists, years, compilations, release_ids, covers, *_ = zip(
        *tracks, strict=True
    )
    album_artist = album_artists[0] or _artist_of(artists, compilations)
    return (
        titles[0],
        sort_key(titles[0]),
        album_artist,
        sort_key(album_artist),
        min((year for year in years if year is not None), default=None),
        release_ids[0],
        any(compilations),
        next(filter(None, covers), ""),
    )


def _artist_of(artists: tuple[str, ...], compilations: tuple[bool, ...]) -> str:
    """The album artist if the tags name none: the artist of all tracks, else "Various Artists"."""
    if len(set(artists)) == 1 and not any(compilations):
        return artists[0]
    return VARIOUS_ARTISTS
