"""Stores what is to be told to services, in the transaction of the play or the favourite."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django.db import transaction

from listening.models import OutboxItem, OutboxKind, ScrobbleAccount, ScrobbleService
from listening.plays import StoredPlay
from listening.scrobbling import wake_up
from listening.scrobbling.facts import facts_of_lost, facts_of_tracks


def store_plays(user_id: int, plays: Sequence[StoredPlay]) -> None:
    """Called in the transaction that stores these plays, which are new."""
    accounts = list(_told(user_id)) if plays else []
    if not accounts:
        return
    tracks = facts_of_tracks({each.track_id for each in plays if each.track_id is not None})
    lost = facts_of_lost({each.lost_id for each in plays if each.lost_id is not None})
    _store(
        OutboxItem(
            account=account,
            kind=OutboxKind.LISTEN,
            facts=tracks[play.track_id] if play.track_id else lost[play.lost_id or 0],
            started_at=play.started_at,
        )
        for account in accounts
        for play in sorted(plays, key=lambda each: each.started_at)
    )


def store_favourites(user_id: int, added: Collection[int], removed: Collection[int]) -> None:
    """Called in the transaction that makes these tracks favourites, or takes that away."""
    told = _told(user_id).filter(tells_favourites=True)
    accounts = list(told) if added or removed else []
    if not accounts:
        return
    facts = facts_of_tracks({*added, *removed})
    kinds = ((OutboxKind.UNLOVE, removed), (OutboxKind.LOVE, added))
    _store(
        OutboxItem(account=account, kind=kind, facts=facts[track_id])
        for account in accounts
        for kind, ids in kinds
        for track_id in sorted(ids)
        if track_id in facts and _takes(account, facts[track_id])
    )


def _told(user_id: int) -> Any:
    return ScrobbleAccount.objects.filter(user=user_id, is_enabled=True).order_by("pk")


def _takes(account: ScrobbleAccount, facts: dict[str, Any]) -> bool:
    """ListenBrainz takes favourites only of recordings that MusicBrainz knows; to list all others
    as refused would help nobody."""
    return account.service != ScrobbleService.LISTENBRAINZ or "recording_id" in facts


def _store(items: Iterable[OutboxItem]) -> None:
    if OutboxItem.objects.bulk_create(items, batch_size=500):
        transaction.on_commit(wake_up.ring)
