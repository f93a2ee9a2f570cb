"""Which rows of the library changed after a revision: for clients that keep a copy of it.

The rows of a kind are found in portions, from one place to the next, so that a portion costs the
same wherever it begins. A change that is committed between two portions moves no row over the place
where the next portion begins: the row gets a revision above the one up to which is asked.

A row changed if its own revision is in the span, or that of a row from which it is computed:

- Tracks and albums carry the revision of everything that lists show of them.
- The totals of an artist are counted over the credits of tracks, so an artist changed with each of
  them. Where a track loses a credit, or is deleted, `library.scanning.artist_totals` gives the
  artist a revision of its own.
- A folder shows the pictures of its tracks, and counts the folders in it that hold any. Where one
  of these is deleted, what deletes it gives the folder above a revision.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from library.models.albums import Album
from library.models.catalogue import OWN_ROLES, Artist, Track, TrackArtist
from library.models.folders import Folder
from library.models.tombstones import Catalogue, Tombstone, TombstoneKind
from library.models.track_indexes import PRESENT
from library.queries.tombstones import living_ids

Place = tuple[int, int]
"""Where a change stands in the order of its portions."""
START: Place = (0, 0)


@dataclass(frozen=True)
class Span:
    """The changes of revisions above `since`, and not above `upto`. Without `since`: every row that
    lists show, also those that changed above `upto`."""

    since: int | None
    upto: int

    @property
    def is_empty(self) -> bool:
        return self.since is not None and self.since >= self.upto

    def changed(self) -> Q:
        """The condition of rows whose own revision is in the span."""
        return Q(revision__gt=self.since or 0, revision__lte=self.upto)


class Change(NamedTuple):
    """A row that changed. `is_listed`: lists show it; otherwise clients have to remove it.
    `replaced_by`: of a deleted row, the id of the row that it was joined with, if any."""

    place: Place
    kind: str
    id: int
    is_listed: bool
    replaced_by: int | None = None


FindChanges = Callable[[Span, Place, int], list[Change]]


def changed_tracks(span: Span, after: Place, limit: int) -> list[Change]:
    rows = Track.objects.annotate(is_listed=ExpressionWrapper(PRESENT, BooleanField()))
    return _by_revision(rows, span, after, limit)


def changed_albums(span: Span, after: Place, limit: int) -> list[Change]:
    has_tracks = ExpressionWrapper(Q(track_count__gt=0), BooleanField())
    return _by_revision(Album.objects.annotate(is_listed=has_tracks), span, after, limit)


def changed_artists(span: Span, after: Place, limit: int) -> list[Change]:
    credits_ = TrackArtist.objects.filter(role__in=OWN_ROLES).order_by()
    has_tracks = Exists(credits_.filter(artist=OuterRef("pk"), track__missing_since=None))
    tracks = Track.objects.filter(span.changed()).order_by()
    counted = credits_.filter(track__in=tracks.values("pk")).values("artist")
    ids = Artist.objects.filter(span.changed()).order_by().values("pk").union(counted)
    return _by_id(Artist.objects.annotate(is_listed=has_tracks), ids, span, after, limit)


def changed_folders(span: Span, after: Place, limit: int) -> list[Change]:
    has_tracks = ExpressionWrapper(Q(total_track_count__gt=0), BooleanField())
    folders = Folder.objects.filter(span.changed()).order_by()
    tracks = Track.objects.filter(span.changed(), folder__isnull=False).order_by()
    above = folders.filter(parent__isnull=False)
    ids = folders.values("pk").union(tracks.values("folder"), above.values("parent"))
    return _by_id(Folder.objects.annotate(is_listed=has_tracks), ids, span, after, limit)


def deleted_rows(span: Span, after: Place, limit: int) -> list[Change]:
    """Rows of all kinds that were deleted. Of a span without `since` none: whoever fetches
    everything forgets everything else."""
    if span.since is None:
        return []
    stones = _after(Tombstone.objects.all(), span, after)[:limit]
    rows = list(stones.values_list("revision", "pk", "kind", "row_id", "replaced_by"))
    living = _living((kind, row_id) for *_, kind, row_id, replaced in rows if replaced is not None)
    return [
        Change(
            (revision, pk), kind, row_id, is_listed=False, replaced_by=living.get((kind, row_id))
        )
        for revision, pk, kind, row_id, _ in rows
    ]


CHANGES: tuple[FindChanges, ...] = (
    *(changed_folders, changed_artists, changed_albums, changed_tracks),
    deleted_rows,
)
"""In an order in which a row mostly comes after those that it names."""


def _by_revision(rows: QuerySet[Any, Any], span: Span, after: Place, limit: int) -> list[Change]:
    """The changes of a kind whose rows carry the revision of each, in the order of revision and
    id."""
    if span.since is None:
        return _everything(rows, after, limit)
    found = _after(rows, span, after).values_list("revision", "pk", "is_listed")[:limit]
    kind = _kind_of(rows)
    return [Change((revision, pk), kind, pk, bool(listed)) for revision, pk, listed in found]


def _by_id(
    rows: QuerySet[Any, Any], ids: QuerySet[Any, Any], span: Span, after: Place, limit: int
) -> list[Change]:
    """The changes of a kind whose rows are computed from others as well, in the order of ids.
    `ids`: those of all rows that changed."""
    if span.since is None:
        return _everything(rows, after, limit)
    return _in_order_of_ids(rows.filter(pk__in=ids), after, limit)


def _everything(rows: QuerySet[Any, Any], after: Place, limit: int) -> list[Change]:
    return _in_order_of_ids(rows.filter(is_listed=True), after, limit)


def _in_order_of_ids(rows: QuerySet[Any, Any], after: Place, limit: int) -> list[Change]:
    kind, beyond = _kind_of(rows), rows.filter(pk__gt=after[1]).order_by("pk")
    found = beyond.values_list("pk", "is_listed")[:limit]
    return [Change((0, pk), kind, pk, bool(listed)) for pk, listed in found]


def _kind_of(rows: QuerySet[Any, Any]) -> str:
    return str(rows.model._meta.model_name)


def _after(rows: QuerySet[Any, Any], span: Span, after: Place) -> QuerySet[Any, Any]:
    """The rows of the span after this place, in the order of revision and id. The first condition
    is one that an index of the revision can begin at."""
    revision, pk = after
    lowest = max(revision, (span.since or 0) + 1)
    beyond = Q(revision__gt=revision) | Q(pk__gt=pk)
    return rows.filter(beyond, revision__range=(lowest, span.upto)).order_by("revision", "pk")


_MODELS: dict[str, Catalogue] = {
    TombstoneKind.TRACK: Track,
    TombstoneKind.ALBUM: Album,
    TombstoneKind.ARTIST: Artist,
    TombstoneKind.FOLDER: Folder,
}


def _living(rows: Iterable[tuple[str, int]]) -> dict[tuple[str, int], int]:
    """For each of these rows that were joined the one that lives, at the end of the chain."""
    ids = defaultdict[str, list[int]](list)
    for kind, row_id in rows:
        ids[kind].append(row_id)
    return {
        (kind, row_id): living
        for kind, of_kind in ids.items()
        for row_id, living in _living_of(kind, of_kind)
    }


def _living_of(kind: str, row_ids: Sequence[int]) -> Iterable[tuple[int, int]]:
    return living_ids(_MODELS[kind], row_ids).items()
