"""The threads of a server that tell services what users hear.

One looks every second, or when it is woken, for accounts with something to tell, and starts a
thread for each, up to MOST_AT_ONCE: a service that answers slowly delays at most its own users.
Requests of browsers never wait for any of these.
"""

import logging
import threading
from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import partial

from django.db import DatabaseError, connection
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from listening.models import OutboxItem, OutboxState, ScrobbleAccount
from listening.scrobbling import now_playing, pace, wake_up
from listening.scrobbling.delivery import deliver
from listening.scrobbling.lease import claim, is_free
from listening.scrobbling.outcomes import AnswerLost
from runtime.turns import write_in_turn

MOST_AT_ONCE = 4
SECONDS_AFTER_ERROR = 5.0
SWEEP_EVERY = timedelta(hours=1)
SWEPT_AT_ONCE = 1000
SENT_KEPT = timedelta(days=7)
REFUSED_KEPT = timedelta(days=180)

logger = logging.getLogger(__name__)


class Couriers:
    """All of these threads. They end with the process; what they were about to tell is told after
    the next start."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._free = threading.BoundedSemaphore(MOST_AT_ONCE)
        self._swept_at = timezone.now() - SWEEP_EVERY

    def start(self) -> None:
        threading.Thread(target=self._run, name="scrobbling", daemon=True).start()

    def stop(self) -> None:
        self._stop.set()
        wake_up.ring()

    def _run(self) -> None:
        while not self._stop.is_set():
            pause_s = pace.POLL_S
            try:
                self._poll()
            except Exception as error:
                # The database is unavailable, or mus has a bug: scrobbling must go on.
                text = "Scrobbling could not go on, and tries again: %s"
                logger.warning(text, error, exc_info=not isinstance(error, DatabaseError))
                pause_s = SECONDS_AFTER_ERROR
            finally:
                connection.close()
            wake_up.wait(pause_s)

    def _poll(self) -> None:
        self._begin_all(
            partial(now_playing.tell, user_id, track_id)
            for user_id, track_id in now_playing.taken()
        )
        self._begin_all(partial(deliver_to, account_id) for account_id in due_accounts())
        if timezone.now() - self._swept_at >= SWEEP_EVERY:
            self._swept_at = timezone.now()
            sweep()

    def _begin_all(self, works: Iterable[Callable[[], None]]) -> None:
        """As many as there are threads for. The others are found again at the next look."""
        for work in works:
            if self._stop.is_set() or not self._free.acquire(blocking=False):
                return
            target = partial(self._work, work)
            threading.Thread(target=target, name="scrobbling to a service", daemon=True).start()

    def _work(self, work: Callable[[], None]) -> None:
        try:
            work()
        except Exception as error:
            # As in `_run`. The lease ends by itself, and with it the pause before the next attempt.
            text = "Scrobbling to a service failed: %s"
            logger.warning(text, error, exc_info=not isinstance(error, DatabaseError))
        finally:
            connection.close()
            self._free.release()
            wake_up.ring()


def deliver_to(account_id: int) -> None:
    """Tell this account what waits, unless another process does."""
    if lease := claim(account_id):
        try:
            deliver(lease)
        except Exception:
            # A bug must not be tried again each second, nor hold up other accounts.
            lease.end_with_failure(AnswerLost("mus has failed; the log of its server says more."))
            raise


def due_accounts() -> list[int]:
    """Accounts that have something to tell and may be told it now, those served last at the end."""
    now = timezone.now()
    unsettled = [OutboxState.ASKING, OutboxState.WAITING]
    waiting = OutboxItem.objects.filter(account=OuterRef("pk"), state__in=unsettled)
    may_be_told = Q(paused_until=None) | Q(paused_until__lte=now)
    due = ScrobbleAccount.objects.filter(
        Exists(waiting) | Q(connected_at=None),
        may_be_told,
        is_free(now),
        problem="",
        is_enabled=True,
    )
    ordered = due.order_by(F("claimed_until").asc(nulls_first=True), "pk")
    return list(ordered.values_list("pk", flat=True)[: 2 * MOST_AT_ONCE])


def sweep() -> None:
    """Delete what was settled long ago, a part of it at a time."""
    for state, kept in ((OutboxState.SENT, SENT_KEPT), (OutboxState.REFUSED, REFUSED_KEPT)):
        old = OutboxItem.objects.filter(state=state, settled_at__lt=timezone.now() - kept)
        ids = list(old.values_list("pk", flat=True)[:SWEPT_AT_ONCE])
        if ids:
            write_in_turn(OutboxItem.objects.filter(pk__in=ids).delete)
