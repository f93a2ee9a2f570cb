"""Writes the tracks of one batch of a scan to the database.

All functions but `prepare` run inside the caller's transaction. `prepare` runs before it, to keep
the transaction short.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from library import followers
from library.models.catalogue import Track, TrackArtist, TrackGenre
from library.models.folding import identity_key
from library.models.genres import Genre
from library.models.revision import NextRevision
from library.scanning import to_settle
from library.scanning.artist_totals import touch_losers
from library.scanning.artists import (
    PreparedArtists,
    prepare_artists,
    search_texts_of,
    store_artists,
    store_credits,
)
from library.scanning.credits import Credited, credited
from library.scanning.folder_renames import Rename, plan_renames, rename_folders
from library.scanning.folders import (
    Place,
    PreparedFolders,
    folder_of_each,
    place_of,
    prepare_folders,
    refresh_counts,
    store_folders,
)
from library.scanning.keyed_rows import PreparedRows, prepare_names, store_names
from library.scanning.lookup import newest_id, rows_made_after
from library.scanning.report import ScanCounts
from library.scanning.successors import Roles, credited_artists, note_successors
from library.scanning.track_rows import (
    KNOWN_TRACKS,
    NEW_TRACKS,
    UNCHANGED_TRACKS,
    Change,
    TrackWrite,
    search_text_of,
    track_rows,
)
from library.scanning.unchanged import Written, credits_of, unchanged_tracks
from library.scanning.upsert import Row, Upsert
from library.scanning.words import new_words, store_words

_GENRES = Upsert(TrackGenre, ("track_id", "genre_id", "position"))


@dataclass(frozen=True, slots=True)
class PreparedBatch:
    """The tracks of a batch, with everything that can be computed before the transaction.

    `writes`, `rows`, `places` and `credited` have one entry for each track, in the same order.
    `rows` lack the id of the folder, and the revision. `unchanged`: the revisions, by id, of known
    tracks of which nothing changes that is shown; they keep these. `artists_before`: the artists
    that the other known tracks credited so far.
    """

    writes: Sequence[TrackWrite]
    rows: Sequence[Row]
    places: Sequence[Place]
    credited: Sequence[Credited]
    artists: PreparedArtists
    genres: PreparedRows
    folders: PreparedFolders
    renames: Sequence[Rename]
    unchanged: Mapping[int, int]
    words: list[str]
    artists_before: Mapping[int, Roles]
    newest_artist_before: int


def prepare(
    writes: Sequence[TrackWrite],
    now: datetime,
    newest_folder_before: int = 0,
    newest_artist_before: int = 0,
    scan_id: int = 0,
) -> PreparedBatch:
    """Compute what `store_tracks` needs. Reads artists and folders outside the transaction,
    which is safe because only a scan, which holds the lease, writes them.

    `newest_folder_before`, `newest_artist_before`: the highest ids before this scan, `scan_id`.
    """
    credits_ = [credited(write.tags) for write in writes]
    rows = track_rows(writes, now, scan_id)
    known = [write.track_id for write in writes if write.track_id is not None]
    artists = prepare_artists(credits_, known)
    unchanged = unchanged_tracks(
        Written(write.track_id, row, credits_of(write.track_id, each, artists))
        for write, row, each in zip(writes, rows, credits_, strict=True)
        if write.track_id is not None
    )
    return PreparedBatch(
        writes=writes,
        rows=rows,
        places=[place_of(write.found) for write in writes],
        credited=credits_,
        artists=artists,
        genres=prepare_names(Genre, _genre_names(writes)),
        folders=prepare_folders(write.found for write in writes),
        renames=plan_renames(_places_of_moved(writes), newest_folder_before),
        words=new_words(
            chain(map(search_text_of, rows), search_texts_of(artists)), _label_names(writes)
        ),
        unchanged=unchanged,
        artists_before=credited_artists([pk for pk in known if pk not in unchanged]),
        newest_artist_before=newest_artist_before,
    )


def _places_of_moved(writes: Iterable[TrackWrite]) -> dict[int, tuple[str, str]]:
    return {
        write.track_id: place_of(write.found)
        for write in writes
        if write.track_id is not None and write.change is Change.MOVED
    }


def store_tracks(batch: PreparedBatch, revision: NextRevision) -> ScanCounts:
    """Write the tracks with their folders, artists, credits and genres. Which albums they are on is
    worked out later: their folders are flagged.

    New tracks are offered to what waits for them (`library.followers.Newcomers`).
    """
    folders = _store_folders(batch, revision)
    rows = _whole_rows(batch, folders, revision)
    newest = newest_id(Track)
    ids = _insert(batch.writes, rows, newest)
    # With the tracks that were there before are written those that live again with their old ids.
    known = {
        pk: row
        for write, pk, row in zip(batch.writes, ids, rows, strict=True)
        if write.track_id is not None or pk <= newest
    }
    left_folders = folder_of_each(known.keys())
    lengths = _lengths_of(known.keys())
    _update(batch, known)
    _tell_of_lengths(lengths)
    own_folders = [folders[place] for place in batch.places]
    refresh_counts({*left_folders.values(), *own_folders}, revision)
    _store_credits(batch, ids, known, revision)
    _store_genres(batch, ids, known, revision)
    store_words(batch.words)
    changed = [index for index, row in enumerate(rows) if row[-1] == revision.raised]
    left = {left_folders[ids[index]] for index in changed if ids[index] in left_folders}
    to_settle.flag(left | {own_folders[index] for index in changed})
    followers.link(Track, [pk for pk in ids if pk > newest], revision)
    return _count(batch.writes)


def _whole_rows(
    batch: PreparedBatch,
    folders: Mapping[tuple[str, str], int],
    revision: NextRevision,
) -> list[Row]:
    """The rows of the batch with what was missing: the id of the folder, and the revision."""
    return [
        (
            *row,
            folders[place],
            batch.unchanged.get(write.track_id or 0) or revision.number,
        )
        for write, row, place in zip(batch.writes, batch.rows, batch.places, strict=True)
    ]


def _update(batch: PreparedBatch, known: Mapping[int, Row]) -> None:
    """Write the rows of known tracks, by id."""
    same = {
        write.track_id
        for write in batch.writes
        if write.change is Change.REREAD and write.track_id in batch.unchanged
    }
    KNOWN_TRACKS.execute([(pk, *row) for pk, row in known.items() if pk not in same])
    UNCHANGED_TRACKS.execute([(pk, *row) for pk, row in known.items() if pk in same])


def _lengths_of(ids: Collection[int]) -> dict[int, float]:
    if not ids:
        return {}
    return dict(Track.objects.filter(pk__in=[*ids]).order_by().values_list("pk", "duration_s"))


def _tell_of_lengths(before: Mapping[int, float]) -> None:
    """Have the followers know which tracks are longer or shorter than `before`."""
    after = _lengths_of(before.keys())
    if changed := [pk for pk, length in before.items() if after.get(pk) != length]:
        followers.change_lengths(Track, changed)


def _store_folders(batch: PreparedBatch, revision: NextRevision) -> dict[tuple[str, str], int]:
    """Write the folders of the batch. Returns their ids."""
    folders = batch.folders
    if batch.renames:
        rename_folders(batch.renames, revision)
        folders = prepare_folders(write.found for write in batch.writes)
    return store_folders(folders, revision)


def _insert(writes: Sequence[TrackWrite], rows: Sequence[Row], newest: int) -> list[int]:
    """Insert the new tracks. Returns the ids of all tracks of the batch, in order.

    `newest`: the highest id in the table before.
    """
    NEW_TRACKS.execute(
        [row for write, row in zip(writes, rows, strict=True) if write.track_id is None]
    )
    made = (pk for (pk,) in rows_made_after(Track, ["id"], newest))
    ids = [write.track_id or next(made, None) for write in writes]
    return [pk for pk in ids if pk] if all(ids) else _ids_by_place(writes)


def _ids_by_place(writes: Sequence[TrackWrite]) -> list[int]:
    """The ids of the tracks, looked up by path.

    Needed if an earlier attempt had inserted the rows: its commit succeeded, but the connection was
    lost before the answer arrived.
    """
    roots, paths = {write.found.root for write in writes}, [write.found.path for write in writes]
    stored = Track.objects.filter(root__in=roots, path__in=paths).values_list("root", "path", "pk")
    ids = {(root, path): pk for root, path, pk in stored}
    return [write.track_id or ids[write.found.root, write.found.path] for write in writes]


def _store_credits(
    batch: PreparedBatch, ids: Sequence[int], known: Collection[int], revision: NextRevision
) -> None:
    artists = store_artists(batch.artists, revision)
    if known:
        TrackArtist.objects.filter(track_id__in=known).delete()
    rows = batch.artists.credit_rows(zip(ids, batch.credited, strict=True), artists)
    store_credits(rows)
    if batch.artists_before:
        touch_losers(batch.artists_before, chain(*rows), revision)
        note_successors(batch.artists_before, chain(*rows), batch.newest_artist_before)


def _store_genres(
    batch: PreparedBatch, ids: Sequence[int], known: Collection[int], revision: NextRevision
) -> None:
    genres = store_names(Genre, batch.genres, revision)
    if known:
        TrackGenre.objects.filter(track_id__in=known).delete()
    _GENRES.execute(
        [
            (pk, genres[key], position)
            for pk, write in zip(ids, batch.writes, strict=True)
            for position, key in enumerate(dict.fromkeys(map(identity_key, write.tags.genres)))
        ]
    )


def _genre_names(writes: Iterable[TrackWrite]) -> Iterable[str]:
    of_each = dict.fromkeys(write.tags.genres for write in writes)
    return dict.fromkeys(chain.from_iterable(of_each))


def _label_names(writes: Iterable[TrackWrite]) -> Iterable[str]:
    return chain.from_iterable(dict.fromkeys(write.tags.labels for write in writes))


def _count(writes: Iterable[TrackWrite]) -> ScanCounts:
    counts = Counter(write.change for write in writes if write.change is not Change.REREAD)
    return ScanCounts(**{change.value: count for change, count in counts.items()})
