"""Orders and filters of lists by what a user heard.

For tracks the table of counts has them. Albums, artists and folders are sorted by the plays of
their tracks. Adding these up takes a tenth of a second for 100,000 tracks, so each process keeps
the totals and only counts those anew that changed. Which did, two numbers tell: the user's change
number in the rows of counts, and the library's revision in albums, artists, folders and tracks.
Whatever takes a track away from one of these gives it a new revision, as `GET sync` needs it too.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from threading import Lock
from typing import Any, NamedTuple
from uuid import uuid4

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Sum

from events.marks import mark_numbers
from library.models.albums import Album
from library.models.catalogue import OWN_ROLES, Artist, ArtistRole, Track, TrackArtist
from library.models.folders import Folder
from library.queries.filters import IdFilter
from library.queries.orders import ValueChanges, ValueOrder
from library.queries.rankings import ranked_word
from library.queries.revision import library_revision
from listening.changes import Area, newest_number, state_at
from listening.kinds import among
from listening.models import PlayCount

KEPT_TOTALS = 12
"""Of how many users and kinds a process keeps totals: one of 10,000 albums takes 2 MB."""
_FEW = 2_000
"""If more than this many changed, all are counted anew."""

_MODELS: Mapping[str, Any] = {"album": Album, "artist": Artist, "folder": Folder}
_TRACK_COLUMNS = {"album": "album", "folder": "folder", "artist": "track_artists__artist"}
_VALUE_COLUMNS = {"plays": "plays", "played": "last_played_at"}
_SUMS = {"plays": Sum("count"), "last_played_at": Max("last_played_at")}


class PlayTotal(NamedTuple):
    """The plays of an album, artist or folder: how many, and when the last one began."""

    plays: int
    last_played_at: datetime | None


Totals = Mapping[int, PlayTotal]


def plays_order(user_id: int, kind: str, *, is_descending: bool) -> ValueOrder:
    """By how often the user heard it; what was never heard comes before everything else."""
    return _order(user_id, kind, "plays", is_descending=is_descending)


def played_order(user_id: int, kind: str, *, is_descending: bool) -> ValueOrder:
    """By when the user last heard it; what was never heard comes before everything else."""
    return _order(user_id, kind, "played", is_descending=is_descending)


def played_filter(user_id: int, kind: str, *, is_played: bool) -> IdFilter:
    """The rows of this kind that the user heard, or those that the user never heard."""
    return IdFilter(
        _played_state(user_id, kind), _played_ids(user_id, kind), is_excluding=not is_played
    )


def play_totals(user_id: int, kind: str) -> Totals:
    """The totals of all albums, artists or folders of which the user heard a track, by id."""
    return kept_totals(user_id, kind).now()


def _played_state(user_id: int, kind: str) -> str:
    """Most plays are of what was heard before, and leave the filter as it is."""
    if kind == "track":
        _, token = library_revision()
        word = ranked_word(token, plays_order(user_id, kind, is_descending=False))
    else:
        word = kept_totals(user_id, kind).word()
    return f"played {kind}s by {user_id} as of {word}"


def _played_ids(user_id: int, kind: str) -> QuerySet[Any, Any]:
    if kind == "track":
        counts = PlayCount.objects.filter(user=user_id, track__isnull=False, count__gt=0)
        return counts.values("track")
    heard = among("pk", play_totals(user_id, kind))
    rows: QuerySet[Any, Any] = _MODELS[kind].objects.filter(heard).order_by().values("pk")
    return rows


@dataclass(frozen=True)
class _TotalsOrder(ValueOrder):
    """By a total; `values` are only for orders of few rows."""

    totals_of: tuple[int, str] = field(kw_only=True)

    def ranked_ids(self) -> list[int]:
        value = PlayTotal._fields.index(self.value_column)
        totals = play_totals(*self.totals_of)
        ranked = [(total[value], pk) for pk, total in totals.items() if total[value] is not None]
        return [pk for _, pk in sorted(ranked)]


class _KeptTotals:
    """The totals of one user and kind, and how far they have been brought up to date."""

    def __init__(self, user_id: int, kind: str) -> None:
        self._user_id, self._kind = user_id, kind
        self._totals = dict[int, PlayTotal]()
        self._epoch, self._revision, self._number = "", -1, -1
        self._word = ""
        self._lock = Lock()

    def word(self) -> str:
        """Another one whenever other albums, artists or folders have been heard."""
        self.now()
        return self._word

    def now(self) -> Totals:
        with self._lock:
            # These two first: what changes afterwards is counted again the next time.
            number = mark_numbers(self._user_id).get(Area.PLAYS, 0)
            revision, token = library_revision()
            epoch = token.rpartition("-")[0]
            if (epoch, revision, number) != (self._epoch, self._revision, self._number):
                before = self._totals
                self._bring_up_to_date(number, is_known=epoch == self._epoch)
                if self._totals.keys() != before.keys():
                    self._word = uuid4().hex
            self._epoch, self._revision, self._number = epoch, revision, number
            return self._totals

    def _bring_up_to_date(self, number: int, *, is_known: bool) -> None:
        changed = self._changed(number) if is_known else None
        if changed is None:
            self._totals = _totals(_counted(self._user_id, self._kind), self._kind)
        elif changed:
            anew = _totals(_counted(self._user_id, self._kind, changed), self._kind)
            left = {pk: each for pk, each in self._totals.items() if pk not in changed}
            self._totals = left | anew

    def _changed(self, number: int) -> set[int] | None:
        """The ids of what may have other totals now; None if everything may."""
        counts = PlayCount.objects.filter(user=self._user_id, number__gt=self._number).order_by()
        if number > self._number and not counts.filter(number=number).exists():
            return None  # a row was changed without being given the number of the change
        tracks = Track.objects.filter(revision__gt=self._revision).order_by()
        column, rows = _TRACK_COLUMNS[self._kind], _MODELS[self._kind].objects.order_by()
        counted = [*counts.values_list("track", f"track__{column}")[: _FEW + 1]]
        if any(track_id is None for track_id, _ in counted):
            return None  # these tracks were purged: it is not known what they were on
        parts = (
            [pk for _, pk in counted],
            tracks.values_list(column, flat=True),
            rows.filter(revision__gt=self._revision).values_list("pk", flat=True),
        )
        changed = set[int]()
        for part in parts:
            changed.update(pk for pk in part[: _FEW + 1] if pk is not None)
            if len(changed) > _FEW:
                return None
        return changed


@lru_cache(maxsize=KEPT_TOTALS)
def kept_totals(user_id: int, kind: str) -> _KeptTotals:
    return _KeptTotals(user_id, kind)


def _totals(counted: QuerySet[Any, Any], kind: str) -> dict[int, PlayTotal]:
    columns = (f"track__{_TRACK_COLUMNS[kind]}", *PlayTotal._fields)
    rows = counted.annotate(**_SUMS).values_list(*columns)
    return {pk: PlayTotal(count, last) for pk, count, last in rows}


def _counted(user_id: int, kind: str, ids: Collection[int] | None = None) -> QuerySet[Any, Any]:
    """A row for each album, artist or folder of which the user heard a track."""
    column = f"track__{_TRACK_COLUMNS[kind]}"
    wanted = Q(**{f"{column}__isnull": False}, count__gt=0)
    if ids is not None:
        # Named twice, or SQLite would look up the track of each of the user's counts.
        wanted &= Q(among(column, ids), track__in=_tracks_of(kind, ids))
    if kind == "artist":
        wanted &= _each_track_once()
    # One condition: another call of `filter` would look for other credits of the same track.
    counts: QuerySet[Any, Any] = PlayCount.objects.filter(wanted, user=user_id).order_by()
    return counts.values(column)


def _tracks_of(kind: str, ids: Collection[int]) -> QuerySet[Any, Any]:
    if kind == "artist":
        credited = TrackArtist.objects.filter(among("artist", ids), role__in=OWN_ROLES)
        return credited.order_by().values("track")
    return Track.objects.filter(among(_TRACK_COLUMNS[kind], ids)).order_by().values("pk")


def _each_track_once() -> Q:
    """Of an artist who is both the artist and the album artist of a track, the first credit."""
    also_artist = TrackArtist.objects.filter(
        artist=OuterRef("track__track_artists__artist"),
        track=OuterRef("track"),
        role=ArtistRole.ARTIST,
    )
    role = "track__track_artists__role"
    return Q(**{role: ArtistRole.ARTIST}) | (
        Q(**{role: ArtistRole.ALBUM_ARTIST}) & ~Q(Exists(also_artist))
    )


def _order(user_id: int, kind: str, name: str, *, is_descending: bool) -> ValueOrder:
    number = newest_number(user_id, Area.PLAYS)
    state = f"{name} by {state_at(number, user_id, Area.PLAYS)}"
    column = _VALUE_COLUMNS[name]
    if kind == "track":
        counts = PlayCount.objects.filter(user=user_id, count__gt=0).annotate(plays=F("count"))
        changes = ValueChanges(f"{name} of {user_id}", number)
        return ValueOrder(state, counts, "track", column, is_descending, changes)
    totals = _counted(user_id, kind).annotate(**{column: _SUMS[column]})
    id_column = f"track__{_TRACK_COLUMNS[kind]}"
    return _TotalsOrder(state, totals, id_column, column, is_descending, totals_of=(user_id, kind))
