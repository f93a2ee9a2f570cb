"""Writes what a user brings from another server, unless it is there. Nothing is taken away, so that
bringing in the same twice changes nothing."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.db.models import Count as CountOf
from django.db.models import Max, QuerySet
from django.utils import timezone

from listening.changes import Area, change
from listening.models import Bookmark, Favourite, Play, PlayCount, Playlist, Rating, Sharing
from listening.models.ratings import MOST_STARS
from listening.moving_in.brought import Count, List, OfUser
from listening.moving_in.targets import Target, Targets
from listening.playlists.editing import make
from listening.removed import forget_removed

ROWS_AT_ONCE = 500
LONGEST_CLIENT = 100
LONGEST_NAME = 200
MOST_PLAYS = 2**31 - 1  # that the column takes
UNNAMED = "Playlist"

THERE = " there"
Stored = Counter[str]
"""How many of what was new; and, with THERE behind the name, how many were there already."""


def store(user_id: int, brought: OfUser, targets: Targets, source: str) -> Stored:
    """`source`: the name of the server that it comes from. Each kind of thing is a change of its
    own."""
    steps: Mapping[str, tuple[Area, Callable[[int], Stored]]] = {
        "favourites": (Area.FAVOURITES, partial(_favourites, user_id, brought, targets)),
        "ratings": (Area.RATINGS, partial(_ratings, user_id, brought, targets)),
        "plays": (Area.PLAYS, partial(_plays, user_id, brought, targets, source)),
        "bookmarks": (Area.BOOKMARKS, partial(_bookmarks, user_id, brought, targets)),
    }
    stored = Stored()
    for area, work in steps.values():
        stored += change(user_id, work, area)
    return stored + _playlists(user_id, brought.playlists, targets)


def _favourites(user_id: int, brought: OfUser, targets: Targets, number: int) -> Stored:
    rows: dict[Target, Favourite] = {}
    for opinion in brought.favourites:
        if target := targets.of.get((opinion.kind, opinion.item_id)):
            at = opinion.at or timezone.now()
            known = rows.get(target)
            if known is None or at < known.favourited_at:
                rows[target] = _made(Favourite, user_id, target, favourited_at=at, number=number)
    return _add(user_id, Favourite, rows, "favourites")


def _ratings(user_id: int, brought: OfUser, targets: Targets, number: int) -> Stored:
    rows: dict[Target, Rating] = {}
    for opinion in brought.ratings:
        if target := targets.of.get((opinion.kind, opinion.item_id)):
            stars = max(1, min(opinion.stars, MOST_STARS))
            at = opinion.at or timezone.now()
            rows[target] = _made(Rating, user_id, target, stars=stars, rated_at=at, number=number)
    return _add(user_id, Rating, rows, "ratings")


def _bookmarks(user_id: int, brought: OfUser, targets: Targets, number: int) -> Stored:
    rows: dict[Target, Bookmark] = {}
    for mark in brought.bookmarks:
        if target := targets.of.get(("track", mark.track_id)):
            at = mark.changed_at or timezone.now()
            rows[target] = _made(
                *(Bookmark, user_id, target),
                position_s=max(0.0, mark.position_s),
                comment=mark.comment,
                created_at=at,
                changed_at=at,
                number=number,
            )
    return _add(user_id, Bookmark, rows, "bookmarks")


def _plays(user_id: int, brought: OfUser, targets: Targets, source: str, number: int) -> Stored:
    """Counts are the higher of both servers', and at least the number of plays that are known: were
    they added up, bringing in twice would count twice."""
    plays: dict[tuple[Target, datetime], Play] = {}
    for track_id, at in brought.plays:
        if target := targets.of.get(("track", track_id)):
            at_second = at.replace(microsecond=0)
            plays[target, at_second] = _made(
                Play, user_id, target, started_at=at_second, client=source[:LONGEST_CLIENT]
            )
    before = Play.objects.filter(user=user_id).count()
    for portion in _portions(list(plays.values())):
        Play.objects.bulk_create(portion, ignore_conflicts=True)
    new = Play.objects.filter(user=user_id).count() - before
    counts = _counts(brought.counts, targets)
    changed = _raise_counts(user_id, counts, {target for target, _ in plays}, number)
    return Stored(
        {
            "plays": new,
            f"plays{THERE}": len(plays) - new,
            "play counts": changed,
            f"play counts{THERE}": len(counts) - min(changed, len(counts)),
        }
    )


def _counts(brought: Iterable[Count], targets: Targets) -> dict[Target, Count]:
    """Of several tracks of the other server that are one here, the sum."""
    found: dict[Target, Count] = {}
    for each in brought:
        if target := targets.of.get(("track", each.track_id)):
            known = found.get(target)
            times = [one.last_played_at for one in (known, each) if one and one.last_played_at]
            count = each.count + (known.count if known else 0)
            found[target] = Count(each.track_id, count, max(times, default=None))
    return found


def _raise_counts(
    user_id: int, counts: Mapping[Target, Count], played: set[Target], number: int
) -> int:
    rows = _there(PlayCount, user_id)
    known = _known_plays(user_id)
    new: list[PlayCount] = []
    changed: list[PlayCount] = []
    for target in {*counts, *played}:
        told = counts.get(target, Count("", 0))
        plays, last = known.get(target, (0, None))
        row = rows.get(target) or _made(PlayCount, user_id, target)
        before = (row.count, row.last_played_at)
        times = [time for time in (row.last_played_at, told.last_played_at, last) if time]
        row.count = min(max(row.count, told.count, plays), MOST_PLAYS)
        row.last_played_at = max(times, default=None)
        if (row.count, row.last_played_at) != before:
            row.number = number
            (changed if row.pk else new).append(row)
    for portion in _portions(new):
        PlayCount.objects.bulk_create(portion)
    for portion in _portions(changed):
        PlayCount.objects.bulk_update(portion, ["count", "last_played_at", "number"])
    return len(new) + len(changed)


def _known_plays(user_id: int) -> dict[Target, tuple[int, datetime | None]]:
    found: dict[Target, tuple[int, datetime | None]] = {}
    for column in ("track", "lost"):
        rows = Play.objects.filter(user=user_id, **{f"{column}__isnull": False}).order_by()
        for pk, count, last in (
            rows.values(column)
            .annotate(number=CountOf("pk"), last=Max("started_at"))
            .values_list(column, "number", "last")
        ):
            found[column, pk] = (count, last)
    return found


def _playlists(user_id: int, brought: Sequence[List], targets: Targets) -> Stored:
    """A playlist of a name that the user has already is left as it is."""
    mine = Playlist.objects.filter(user=user_id, deleted_at=None)
    there = Counter(mine.values_list("name", flat=True))
    stored = Stored()
    for playlist in brought:
        name = playlist.name.strip()[:LONGEST_NAME] or UNNAMED
        if there[name]:
            there[name] -= 1  # another one of this name is new
            stored[f"playlists{THERE}"] += 1
            continue
        known = filter(None, (targets.of.get(("track", pk)) for pk in playlist.track_ids))
        values = {
            "name": name,
            "description": playlist.comment,
            "sharing": Sharing.READ if playlist.is_shared else Sharing.PRIVATE,
        }
        make(
            user_id, values, [-each[1] if each[0] == "lost" else each[1] for each in known if each]
        )
        stored["playlists"] += 1
    return stored


def _add(user_id: int, model: type[Any], rows: Mapping[Target, Any], noun: str) -> Stored:
    there = _there(model, user_id)
    new = [row for target, row in rows.items() if target not in there]
    for portion in _portions(new):
        model.objects.bulk_create(portion)
    _forget_removed(user_id, noun.removesuffix("s"), rows.keys() - there.keys())
    return Stored({noun: len(new), f"{noun}{THERE}": len(rows) - len(new)})


def _forget_removed(user_id: int, what: str, targets: Iterable[Target]) -> None:
    """Things of these that the user took away before the import are there again."""
    ids = defaultdict[str, list[int]](list)
    for kind, pk in targets:
        ids[kind].append(pk)
    ids.pop("lost", None)
    for kind, some in ids.items():
        forget_removed(user_id, what, kind, some)


def _there(model: type[Any], user_id: int) -> dict[Target, Any]:
    """What the user has already."""
    names = [name for name in ("track", "album", "artist", "lost") if hasattr(model, name)]
    rows: QuerySet[Any] = QuerySet(model).filter(user=user_id)
    return {(name, pk): row for row in rows for name in names if (pk := getattr(row, f"{name}_id"))}


def _made(model: type[Any], user_id: int, target: Target, **values: Any) -> Any:
    column, pk = target
    return model(user_id=user_id, **{f"{column}_id": pk}, **values)


def _portions(rows: Sequence[Any]) -> Iterable[Sequence[Any]]:
    return (rows[start : start + ROWS_AT_ONCE] for start in range(0, len(rows), ROWS_AT_ONCE))
