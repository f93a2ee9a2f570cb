"""Which of a user's own things changed after a change number: for clients that keep a copy.

Rows carry the user's change number that last changed them. They are found in portions, in the order
of these numbers. What changes between two portions gets a higher number: it is in a later portion
as well, or comes with the next sync.

Playlists are told all at once as soon as one of them changes. Others share theirs, so that no
number of the user's own could stand in their rows, and there are few.
"""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from django.db.models import Max, Model, Q, QuerySet

from events.marks import change_number, mark_numbers
from library.queries.changes import START, Place
from listening.changes import Area
from listening.models import Bookmark, Favourite, PlayCount, Rating, RemovedItem
from listening.playlists.folders import folder_rows
from listening.playlists.rights import visible_to
from listening.playlists.rows import playlist_rows

FORGOTTEN = "forgotten"
"""The `what` of the one removed item of a user that stands for all that are not known any more."""

_PARTS: dict[type[Model], str] = {
    Favourite: "favourites",
    Rating: "ratings",
    PlayCount: "play_counts",
    Bookmark: "bookmarks",
    RemovedItem: "removed",
}
_KINDS = ("track", "album", "artist", "folder")


class OwnSpan(NamedTuple):
    """The changes above the number `since`; without it, everything. `upto`: the user's number when
    the sync began. `has_playlists`: whether any playlist may have changed."""

    user_id: int
    since: int | None
    upto: int
    has_playlists: bool

    @property
    def is_empty(self) -> bool:
        return self.since is not None and self.since >= self.upto


class OwnChange(NamedTuple):
    """`part`: the list in which clients find the row."""

    place: Place
    part: str
    row: dict[str, Any]


FindOwnChanges = Callable[[OwnSpan, str, Place, int], list[OwnChange]]


def own_span(user_id: int, since: int | None) -> OwnSpan:
    """What a client has to fetch that knows the user's things as of the number `since`. Everything
    if that is unknown, of the future, or older than what was forgotten."""
    upto = change_number(user_id)
    if since is not None and (since > upto or since < forgotten_number(user_id)):
        since = None
    newest = mark_numbers(user_id).get(Area.PLAYLISTS, 0)
    return OwnSpan(user_id, since, upto, since is None or newest > since)


def is_forgotten(span: OwnSpan) -> bool:
    """Whether it is not known any more what was removed in the span."""
    return span.since is not None and span.since < forgotten_number(span.user_id)


def forgotten_number(user_id: int) -> int:
    """The highest number of this user of which it is not known any more what it removed."""
    forgotten = RemovedItem.objects.filter(user=user_id, what=FORGOTTEN)
    return forgotten.aggregate(number=Max("number"))["number"] or 0


def _favourites(span: OwnSpan, _: str, after: Place, limit: int) -> list[OwnChange]:
    rows = Favourite.objects.filter(lost=None)
    return _of_catalogue(rows, ("favourited_at",), span, after, limit)


def _ratings(span: OwnSpan, _: str, after: Place, limit: int) -> list[OwnChange]:
    rows = Rating.objects.filter(lost=None)
    return _of_catalogue(rows, ("stars", "rated_at"), span, after, limit)


def _play_counts(span: OwnSpan, _: str, after: Place, limit: int) -> list[OwnChange]:
    columns = ("track_id", "count", "last_played_at")
    rows = PlayCount.objects.filter(lost=None)
    return _of_table(rows, columns, span, after, limit)


def _bookmarks(span: OwnSpan, _: str, after: Place, limit: int) -> list[OwnChange]:
    columns = ("track_id", "position_s", "comment", "is_by_hand", "created_at", "changed_at")
    rows = Bookmark.objects.filter(lost=None)
    return _of_table(rows, columns, span, after, limit)


def _removed(span: OwnSpan, _: str, after: Place, limit: int) -> list[OwnChange]:
    """Of everything none: whoever fetches everything forgets everything else."""
    if span.since is None:
        return []
    rows = RemovedItem.objects.exclude(what=FORGOTTEN)
    return _of_table(rows, ("what", "kind", "item_id"), span, after, limit)


def _playlists(span: OwnSpan, state: str, after: Place, limit: int) -> list[OwnChange]:
    if not span.has_playlists:
        return []
    found = visible_to(span.user_id).filter(pk__gt=after[1]).order_by("pk")
    rows = playlist_rows(span.user_id, [*found.values_list("pk", flat=True)[:limit]], state)
    return [OwnChange((0, row["id"]), "playlists", row) for row in rows]


def _playlist_folders(span: OwnSpan, _: str, after: Place, limit: int) -> list[OwnChange]:
    rows = folder_rows(span.user_id) if span.has_playlists else []
    in_order = sorted((row for row in rows if row["id"] > after[1]), key=lambda row: row["id"])
    return [OwnChange((0, row["id"]), "playlist_folders", row) for row in in_order[:limit]]


OWN_CHANGES: tuple[FindOwnChanges, ...] = (
    *(_favourites, _ratings, _play_counts, _bookmarks, _playlists, _playlist_folders),
    _removed,
)
"""What was removed comes last, for a thing that was removed while the pages were asked for."""


def _of_catalogue(
    rows: QuerySet[Any, Any], columns: Iterable[str], span: OwnSpan, after: Place, limit: int
) -> list[OwnChange]:
    """The same for rows that belong to a track, album, artist or folder: its `kind` and `id`."""
    ids = [f"{kind}_id" for kind in _KINDS]
    found = _of_table(rows, (*ids, *columns), span, after, limit)
    return [each._replace(row=_with_kind(each.row)) for each in found]


def _with_kind(row: dict[str, Any]) -> dict[str, Any]:
    owners = {kind: row.pop(f"{kind}_id") for kind in _KINDS}
    kind, pk = next((kind, pk) for kind, pk in owners.items() if pk is not None)
    return {"kind": kind, "id": pk, **row}


def _of_table(
    rows: QuerySet[Any, Any], columns: Iterable[str], span: OwnSpan, after: Place, limit: int
) -> list[OwnChange]:
    """A portion of the rows of the span, in the order of numbers."""
    names = [*columns]
    if after == START:
        beyond = Q(number__gt=span.since) if span.since is not None else Q()
    else:
        number, pk = after
        beyond = (Q(number__gt=number) | Q(pk__gt=pk)) & Q(number__gte=number)
    part = _PARTS[rows.model]
    found = rows.filter(beyond, user=span.user_id).order_by("number", "pk")
    return [
        OwnChange((each[0], each[1]), part, dict(zip(names, each[2:], strict=True)))
        for each in found.values_list("number", "pk", *names)[:limit]
    ]
