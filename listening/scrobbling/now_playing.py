"""What plays at the moment, on its way to the services. It is kept in memory and told once, if it
can be: after a failure nobody needs to know any more."""

import logging
import threading
import time
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from listening.models import ScrobbleAccount
from listening.scrobbling import wake_up
from listening.scrobbling.clients import NotOffered, client_of
from listening.scrobbling.facts import facts_of_tracks
from listening.scrobbling.outcomes import Failure
from listening.scrobbling.secrets import SecretLost

MOST_USERS = 200
STALE_AFTER_S = 30.0

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Playing:
    track_id: int
    since: float


_playing: dict[int, _Playing] = {}
_lock = threading.Lock()


def note(user_id: int, track_id: int) -> None:
    """The user's player has begun with this track. Costs nothing but memory; the newest count."""
    with _lock:
        _playing.pop(user_id, None)
        while len(_playing) >= MOST_USERS:
            del _playing[next(iter(_playing))]
        _playing[user_id] = _Playing(track_id, time.monotonic())
    wake_up.ring()


def taken() -> list[tuple[int, int]]:
    """Users and tracks that are to be told; those that wait for too long are forgotten."""
    with _lock:
        found = list(_playing.items())
        _playing.clear()
    newest = time.monotonic() - STALE_AFTER_S
    return [(user_id, each.track_id) for user_id, each in found if each.since > newest]


def tell(user_id: int, track_id: int) -> None:
    """Tell the user's accounts. What fails is not told."""
    now = timezone.now()
    accounts = ScrobbleAccount.objects.filter(
        user=user_id, is_enabled=True, tells_now_playing=True, problem=""
    ).exclude(connected_at=None)
    facts = facts_of_tracks([track_id]).get(track_id)
    for account in accounts:
        if facts and (account.paused_until is None or account.paused_until < now):
            _tell_one(account, facts)


def _tell_one(account: ScrobbleAccount, facts: dict[str, Any]) -> None:
    if not (facts.get("title") and facts.get("artist")):
        return
    try:
        client_of(account).now_playing(facts)
    except (Failure, NotOffered, SecretLost) as error:
        logger.debug("Account %d was not told what plays: %s", account.pk, error)
