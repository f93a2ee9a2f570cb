"""Deletes what is not needed any more: what users removed long enough ago, and what was only for a
while. Before that, what servers of the version before left is mended. The server's schedule calls
`sweep` every few minutes.

Each call deletes a short portion of each kind, in a short transaction of its own.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db.models import Exists, ManyToOneRel, Max, OuterRef, QuerySet
from django.utils import timezone

from listening import now_playing
from listening.changes import Area, change
from listening.followers.older_servers import heal
from listening.models import LostItem, PlayerCommand, Playlist, PlaylistEntry, RemovedItem, Share
from listening.own_changes import FORGOTTEN
from listening.shares.opening import sweep_visits
from runtime.turns import write_in_turn

UNDO_WITHIN = timedelta(days=30)
"""For so long removed entries and deleted playlists can be restored."""
REMEMBERED = timedelta(days=180)
"""For so long clients that keep a copy learn what was removed, and for so long queues may name
purged tracks."""
COMMANDS_LIVE = timedelta(hours=1)
PORTION = 500


def sweep() -> bool:
    """Delete a portion of each kind. Returns whether anything is left to be deleted."""
    now = timezone.now()
    heal()
    steps: tuple[Callable[[datetime], int], ...] = (
        *(_sweep_commands, _sweep_entries, _sweep_playlists, _sweep_removed, _sweep_lost),
        *(_sweep_now_playing, _sweep_shares, _sweep_visits),
    )
    deleted = [step(now) for step in steps]
    return max(deleted) >= PORTION


def _sweep_commands(now: datetime) -> int:
    return _delete(PlayerCommand.objects.filter(sent_at__lt=now - COMMANDS_LIVE))


def _sweep_entries(now: datetime) -> int:
    return _delete(PlaylistEntry.objects.filter(removed_at__lt=now - UNDO_WITHIN))


def _sweep_playlists(now: datetime) -> int:
    """First the entries, in portions. Playlists made of files in music folders stay, also those
    that do not follow their files any more: the next scan would make them anew."""
    deleted = Playlist.objects.filter(deleted_at__lt=now - UNDO_WITHIN, source_state="")
    playlist = deleted.order_by("pk").first()
    if playlist is None:
        return 0
    number = _delete(PlaylistEntry.objects.filter(playlist=playlist))
    if number < PORTION:
        still = deleted.filter(pk=playlist.pk)
        change(playlist.user_id, lambda _: still.delete(), Area.PLAYLISTS)
    return PORTION  # there may be another one


def _sweep_removed(now: datetime) -> int:
    """What is forgotten is noted, so that clients that would need it fetch everything."""
    old = RemovedItem.objects.filter(removed_at__lt=now - REMEMBERED).exclude(what=FORGOTTEN)
    ids = _some(old)
    if ids:
        write_in_turn(partial(_forget, RemovedItem.objects.filter(pk__in=ids)))
    return len(ids)


def _forget(rows: QuerySet[RemovedItem]) -> None:
    newest = rows.order_by().values("user").annotate(highest=Max("number"))
    marks = [
        RemovedItem(user_id=user_id, what=FORGOTTEN, item_id=0, number=number)
        for user_id, number in newest.values_list("user", "highest")
    ]
    kept = dict(RemovedItem.objects.filter(what=FORGOTTEN).values_list("user", "number"))
    for each in marks:
        each.number = max(each.number, kept.get(each.user_id, 0))
    RemovedItem.objects.bulk_create(
        marks,
        update_conflicts=True,
        unique_fields=["user", "what", "kind", "item_id"],
        update_fields=["number"],
    )
    rows.delete()


def _sweep_now_playing(now: datetime) -> int:
    return now_playing.sweep(now, PORTION)


def _sweep_shares(now: datetime) -> int:
    return _delete(Share.objects.filter(deleted_at__lt=now - UNDO_WITHIN))


def _sweep_visits(now: datetime) -> int:
    return sweep_visits(now, PORTION)


def _sweep_lost(now: datetime) -> int:
    """Lost items that nothing of a person belongs to any more."""
    unused = LostItem.objects.filter(lost_at__lt=now - REMEMBERED)
    for each in LostItem._meta.get_fields(include_hidden=True):
        if isinstance(each, ManyToOneRel):
            things: QuerySet[Any] = QuerySet(each.related_model)
            unused = unused.filter(~Exists(things.filter(**{each.field.name: OuterRef("pk")})))
    return _delete(unused)


def _some(rows: QuerySet[Any]) -> list[int]:
    return [*rows.order_by("pk").values_list("pk", flat=True)[:PORTION]]


def _delete(rows: QuerySet[Any]) -> int:
    """Delete up to PORTION of these rows, if they are still as asked for."""
    if ids := _some(rows):
        write_in_turn(rows.filter(pk__in=ids).order_by().delete)
    return len(ids)
