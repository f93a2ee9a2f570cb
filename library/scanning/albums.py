"""Albums whose present tracks changed: their columns are computed again. Which tracks are on which
album is not decided here, but by `settling`."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from itertools import chain
from typing import Any

from library.models.albums import Album, AlbumLabel
from library.models.catalogue import Track
from library.models.folding import identity_key
from library.models.genres import Label
from library.models.revision import NextRevision
from library.scanning.album_rows import (
    DERIVED,
    SOURCE_COLUMNS,
    TOTALS,
    describe,
    identity_of,
    is_described_alike,
    labels_of,
)
from library.scanning.keyed_rows import prepare_names, store_names
from library.scanning.lookup import rows_among
from library.scanning.upsert import Row, Update, Upsert

_DERIVED = Update(Album, (*DERIVED, "revision"))
_WITHOUT_TRACKS = Update(Album, TOTALS)
_TOUCHED = Update(Album, ("revision",))
_REVISION_OF_TRACKS = Update(Track, ("revision",), where=("album_id",))
_LABELS = Upsert(AlbumLabel, ("album_id", "label_id", "position"))
_DISAMBIGUATION = DERIVED.index("disambiguation")
_FIRST_TOTAL = DERIVED.index(TOTALS[0])


def album_ids_of(track_ids: Collection[int]) -> set[int]:
    """The ids of the albums that these tracks are on in the database."""
    return {pk for (pk,) in rows_among(Track, ("album_id",), "id", track_ids) if pk is not None}


def refresh_albums(
    album_ids: Collection[int], revision: NextRevision, touched: Collection[int] = ()
) -> None:
    """Compute the columns of these albums again from their present tracks, and write those that
    changed. Titles, and what else `settling` decides, stay as they are.

    Albums that changed, and those of `touched`, whose tracks changed, get the revision. An album
    without present tracks keeps its columns, but the totals.
    """
    if not album_ids:
        return
    known = {pk: row for pk, *row in rows_among(Album, ("id", *DERIVED), "id", album_ids)}
    described = {
        pk: describe(tracks, identity_of(known[pk], tracks))
        for pk, tracks in _present_tracks(album_ids).items()
    }
    write_albums(known, described, revision)
    emptied = [pk for pk, row in known.items() if pk not in described and _has_tracks(row)]
    write_without_tracks(emptied)
    touch_albums({*touched, *emptied}, revision)


def write_albums(
    known: Mapping[int, Sequence[Any]], described: Mapping[int, Row], revision: NextRevision
) -> None:
    """Write those rows of `DERIVED`, by the albums' ids, that differ from the `known` ones. Lists
    of tracks show the disambiguation, so where it changed, the tracks get the revision as well."""
    changed = {
        pk: row for pk, row in described.items() if not is_described_alike(row, tuple(known[pk]))
    }
    if changed:
        _DERIVED.execute([(*row, revision.number, pk) for pk, row in sorted(changed.items())])
        told_apart = sorted(
            pk for pk, row in changed.items() if row[_DISAMBIGUATION] != known[pk][_DISAMBIGUATION]
        )
        _REVISION_OF_TRACKS.execute([(revision.number, pk) for pk in told_apart])
        labels_before = {pk: labels_of(tuple(known[pk])) for pk in changed}
        store_labels(labels_before, changed, revision)


def write_without_tracks(album_ids: Collection[int]) -> None:
    """Write the totals of albums that have no present track left."""
    _WITHOUT_TRACKS.execute([(0, 0.0, None, pk) for pk in sorted(album_ids)])


def touch_albums(album_ids: Collection[int], revision: NextRevision) -> None:
    """Give these albums the revision: they, or tracks of them, changed."""
    if album_ids:
        _TOUCHED.execute([(revision.number, pk) for pk in sorted(album_ids)])


def store_labels(
    before: Mapping[int, Sequence[str]], rows: Mapping[int, Row], revision: NextRevision
) -> None:
    """Write the labels that these rows of `DERIVED` name, by the albums' ids. `before`: the names
    that are stored of each album; none for a new one."""
    wanted = {pk: labels_of(row) for pk, row in rows.items()}
    changed = {pk: labels for pk, labels in wanted.items() if labels != before.get(pk, ())}
    if not changed:
        return
    names = dict.fromkeys(chain.from_iterable(changed.values()))
    ids = store_names(Label, prepare_names(Label, names), revision)
    if had_labels := [pk for pk in changed if before.get(pk)]:
        AlbumLabel.objects.filter(album_id__in=had_labels).delete()
    _LABELS.execute(
        [
            (pk, ids[identity_key(name)], position)
            for pk, labels in changed.items()
            for position, name in enumerate(labels)
        ]
    )


def _has_tracks(derived: Sequence[Any]) -> bool:
    return bool(derived[_FIRST_TOTAL])


def _present_tracks(album_ids: Collection[int]) -> dict[int, list[tuple[Any, ...]]]:
    """Rows of `SOURCE_COLUMNS`, by the album's id, the first of them."""
    found = defaultdict[int, list[tuple[Any, ...]]](list)
    for row in rows_among(Track, (*SOURCE_COLUMNS, "missing_since"), "album_id", album_ids):
        if row[-1] is None:
            found[row[0]].append(row)
    return found
