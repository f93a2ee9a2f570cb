"""What the last scans changed, by the days of a time zone: for people who ask what is new."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from functools import lru_cache

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from library.models.albums import Album, AlbumQuerySet
from library.models.scan import Scan, ScanFailure

DAYS = 3
"""So many days on which something changed are told, the newest ones."""
COVERS = 6
"""Of so many albums that a day added the ids are told."""
_AS_FAR_BACK = timedelta(days=30)
_SCANS = 500
"""So many of the newest scans that changed something are read at most."""
_COUNTS = ("added", "updated", "moved", "restored", "missing")


@dataclass(kw_only=True)
class DayOfChanges:
    """What the scans that ended on one day changed: numbers of tracks, as `Scan` has them.

    `damaged`: files that failed on this day for the first time, and still do. `albums`: how many
    are new; `album_ids`: of up to COVERS of these, the newest first. `added_alone`: the added
    tracks that are not of these albums.
    """

    day: date
    added: int = 0
    updated: int = 0
    moved: int = 0
    restored: int = 0
    missing: int = 0
    damaged: int = 0
    albums: int = 0
    added_alone: int = 0
    album_ids: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class ScanNews:
    """What people are told of a scan in addition to its counts, as `DayOfChanges` has it."""

    albums: int
    added_alone: int
    damaged: int


def news_of(added: int, scan_id: int) -> ScanNews:
    """Of a scan that ends now and has added so many tracks."""
    started_at = Scan.objects.values_list("started_at", flat=True).get(pk=scan_id)
    span = (started_at, timezone.now())
    failures = ScanFailure.objects.filter(first_seen_at__range=span)
    return ScanNews(*(_new_albums(added, span) if added else (0, 0)), failures.count())


@dataclass(frozen=True)
class _ScanRow:
    started_at: datetime
    finished_at: datetime
    counts: tuple[int, ...]


def newest_scan() -> int:
    """The id of the newest scan that has ended; 0 before the first. It stands for what `days_of`
    says beside the library's state: a scan may only find files that are damaged."""
    ended = Scan.objects.scans().filter(finished_at__isnull=False).order_by("-pk")
    return ended.values_list("pk", flat=True).first() or 0


@lru_cache(maxsize=8)
def days_of(state: str, scan_id: int, zone: tzinfo, today: date) -> tuple[DayOfChanges, ...]:  # noqa: ARG001  # keys of what is kept
    """The last days on which scans changed something, the newest first; nobody may change them.

    `state`: see `library.queries.revision`. `scan_id`: the `newest_scan`.
    """
    since = timezone.now() - _AS_FAR_BACK
    days: dict[date, DayOfChanges] = {}
    spans: dict[date, tuple[datetime, datetime]] = {}
    for scan in _scans(since):
        day = scan.finished_at.astimezone(zone).date()
        changes = days.setdefault(day, DayOfChanges(day=day))
        for name, count in zip(_COUNTS, scan.counts, strict=True):
            setattr(changes, name, getattr(changes, name) + count)
        spans[day] = (scan.started_at, spans.get(day, (scan.started_at, scan.finished_at))[1])
    for at in ScanFailure.objects.filter(first_seen_at__gte=since).values_list(
        "first_seen_at", flat=True
    ):
        day = at.astimezone(zone).date()
        days.setdefault(day, DayOfChanges(day=day)).damaged += 1
    newest = [days[day] for day in sorted(days, reverse=True)[:DAYS]]
    for changes in newest:
        if changes.added:
            _add_albums(changes, spans[changes.day])
    return tuple(newest)


def _scans(since: datetime) -> Iterator[_ScanRow]:
    """Those that changed something, the newest first."""
    changing: QuerySet[Scan] = Scan.objects.scans().filter(
        Q(revision__gt=0), finished_at__isnull=False
    )
    rows: Iterable[tuple[datetime, datetime | None, *tuple[int, ...]]]
    rows = changing.order_by("-pk").values_list("started_at", "finished_at", *_COUNTS)[:_SCANS]
    for started_at, finished_at, *counts in rows:
        if finished_at is None or finished_at < since:
            return
        if any(counts):
            yield _ScanRow(started_at, finished_at, tuple(counts))


def _add_albums(changes: DayOfChanges, span: tuple[datetime, datetime]) -> None:
    """A scan gives the tracks that it adds a time between its start and its end."""
    changes.albums, changes.added_alone = _new_albums(changes.added, span)
    newest = _added_in(span).order_by("-first_added_at", "-pk")
    changes.album_ids = [*newest.values_list("pk", flat=True)[:COVERS]]


def _new_albums(added: int, span: tuple[datetime, datetime]) -> tuple[int, int]:
    """How many albums are new, and how many of the `added` tracks are not of these."""
    found = _added_in(span).aggregate(albums=Count("pk"), tracks=Sum("track_count", default=0))
    return found["albums"], max(0, added - found["tracks"])


def _added_in(span: tuple[datetime, datetime]) -> AlbumQuerySet:
    return Album.objects.listed().filter(first_added_at__range=span)
