"""Albums: which album a track belongs to, and an album's row, derived from its present tracks."""

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from hashlib import blake2b
from itertools import chain, groupby
from operator import itemgetter
from typing import Any

from library.files.walk import FoundFile
from library.models.albums import Album, AlbumLabel
from library.models.catalogue import Track
from library.models.folding import identity_key
from library.models.genres import Label
from library.models.revision import NextRevision
from library.scanning.album_rows import (
    BLANK,
    DERIVED,
    SOURCE_COLUMNS,
    TOTALS,
    describe,
    is_described_alike,
    labels_of,
    place,
)
from library.scanning.keyed_rows import prepare_names, store_names
from library.scanning.lookup import rows_among
from library.scanning.upsert import Row, Update, Upsert
from library.tags import TrackTags

_NEW = Upsert(Album, ("key", *DERIVED, "revision"))
_KNOWN = Upsert(Album, ("id", "key", *DERIVED, "revision"), unique=("id",), kept=("key",))
_WITHOUT_TRACKS = Update(Album, TOTALS)
_TOUCHED = Update(Album, ("revision",))
_LABELS = Upsert(AlbumLabel, ("album_id", "label_id", "position"))
_FIRST_TOTAL = DERIVED.index(TOTALS[0])


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
    _NEW.execute([(key, *BLANK, 0) for key in sorted(new)])
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

    Albums that changed, and those of `touched`, whose tracks changed, get the revision. An album
    without present tracks keeps its columns, but the totals.
    """
    if not album_ids:
        return
    known = {pk: row for pk, *row in rows_among(Album, ("id", "key", *DERIVED), "id", album_ids)}
    present = sorted(_present_tracks(album_ids), key=place)
    described = {pk: describe(list(tracks)) for pk, tracks in groupby(present, key=itemgetter(0))}
    changed = {
        pk: row
        for pk, row in described.items()
        if not is_described_alike(row, tuple(known[pk][1:]))
    }
    if changed:
        _KNOWN.execute([(pk, known[pk][0], *row, revision.number) for pk, row in changed.items()])
        _store_labels({pk: (tuple(known[pk][1:]), row) for pk, row in changed.items()}, revision)
    emptied = [pk for pk, row in known.items() if pk not in described and _has_tracks(row[1:])]
    _WITHOUT_TRACKS.execute([(0, 0.0, None, pk) for pk in emptied])
    if others := {*touched, *emptied} - changed.keys():
        _TOUCHED.execute([(revision.number, album_id) for album_id in sorted(others)])


def _has_tracks(derived: Sequence[Any]) -> bool:
    return bool(derived[_FIRST_TOTAL])


def _present_tracks(album_ids: Collection[int]) -> Iterator[tuple[Any, ...]]:
    """Rows of `SOURCE_COLUMNS`."""
    columns = (*SOURCE_COLUMNS, "missing_since")
    for row in rows_among(Track, columns, "album_id", album_ids):
        if row[-1] is None:
            yield row[:-1]


def _store_labels(albums: Mapping[int, tuple[Row, Row]], revision: NextRevision) -> None:
    """Write the labels of albums, of which the `DERIVED` row before and the one after are given."""
    wanted = {
        pk: labels_of(after)
        for pk, (before, after) in albums.items()
        if labels_of(before) != labels_of(after)
    }
    if not wanted:
        return
    names = dict.fromkeys(chain.from_iterable(wanted.values()))
    ids = store_names(Label, prepare_names(Label, names), revision)
    had_labels = [pk for pk in wanted if labels_of(albums[pk][0])]
    if had_labels:
        AlbumLabel.objects.filter(album_id__in=had_labels).delete()
    _LABELS.execute(
        [
            (pk, ids[identity_key(name)], position)
            for pk, labels in wanted.items()
            for position, name in enumerate(labels)
        ]
    )
