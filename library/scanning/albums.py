"""Which album a track is on, and what is known of an album from the tracks that are present."""

import os
from collections.abc import Collection, Iterator
from hashlib import blake2b
from itertools import groupby
from operator import itemgetter
from typing import Any

from library.files.walk import FoundFile
from library.models.catalogue import Album, Track
from library.models.folding import identity_key, sort_key
from library.scanning.lookup import rows_among
from library.scanning.upsert import Row, Upsert
from library.tags import TrackTags

VARIOUS_ARTISTS = "Various Artists"

_FACTS = (
    "album_id", "album_title", "album_artist", "artist", "year", "compilation",
    "musicbrainz_release_id", "cover_id",
)  # fmt: skip
_ORDERED_BY = ("disc_number", "track_number", "path")
_REFRESHED = (
    "title", "title_key", "album_artist", "artist_key", "year", "musicbrainz_release_id",
    "compilation", "cover_id",
)  # fmt: skip
_NEW = Upsert(Album, ("key", *_REFRESHED), unique=("key",), kept=_REFRESHED)
_KNOWN = Upsert(Album, ("id", "key", *_REFRESHED), unique=("id",), kept=("key",))


def album_key(found: FoundFile, tags: TrackTags) -> str | None:
    """What tracks of one album share: the release id, else title and album artist, else, where
    none is given, title and folder. None for a track that names no album."""
    if tags.musicbrainz_release_id:
        return f"release {tags.musicbrainz_release_id}"
    if not tags.album:
        return None
    if tags.album_artist:
        return f"album {identity_key(tags.album, tags.album_artist)}"
    folder = os.fsencode(os.path.dirname(found.absolute_path))
    return f"folder {blake2b(folder, digest_size=16).hexdigest()} {identity_key(tags.album)}"


def store_albums(keys: Collection[str], known: dict[str, int]) -> dict[str, int]:
    """Key → id; albums not `known` yet are made, and `refresh_albums` fills them in."""
    new = set(keys) - known.keys()
    _NEW.execute([(key, "", "", "", "", None, "", False, "") for key in sorted(new)])
    return {**known, **stored_albums(new)}


def stored_albums(keys: Collection[str]) -> dict[str, int]:
    """Key → id of those that are there."""
    return dict(rows_among(Album, ("key", "id"), "key", keys))


def album_ids_of(track_ids: Collection[int]) -> set[int]:
    """The albums that these tracks are on now."""
    return {pk for (pk,) in rows_among(Track, ("album_id",), "id", track_ids) if pk is not None}


def refresh_albums(album_ids: Collection[int]) -> None:
    """Derive the albums' facts from their present tracks, whatever order those were read in."""
    if not album_ids:
        return
    present = sorted(_present_tracks(album_ids), key=_place)
    known = {
        pk: (pk, key, *facts)
        for pk, key, *facts in rows_among(Album, ("id", "key", *_REFRESHED), "id", album_ids)
    }
    described = (
        (*known[album_id][:2], *_describe(list(tracks)))
        for album_id, tracks in groupby(present, key=itemgetter(0))
    )
    _KNOWN.execute([row for row in described if row != known[row[0]]])


def _present_tracks(album_ids: Collection[int]) -> Iterator[tuple[Any, ...]]:
    """The columns of `_FACTS` and `_ORDERED_BY`."""
    columns = (*_FACTS, *_ORDERED_BY, "missing_since")
    for *row, missing_since in rows_among(Track, columns, "album_id", album_ids):
        if missing_since is None:
            yield tuple(row)


def _place(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """Where a track comes among others; one without a number comes first."""
    *numbers, path = row[len(_FACTS) :]
    return (row[0], *(-1 if number is None else number for number in numbers), path)


def _describe(tracks: list[Any]) -> Row:
    """The columns of `_REFRESHED`."""
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
    """Where no album artist is given: the artist of all tracks, else the usual name for many."""
    if len(set(artists)) == 1 and not any(compilations):
        return artists[0]
    return VARIOUS_ARTISTS
