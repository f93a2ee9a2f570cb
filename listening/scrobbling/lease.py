"""The right of one server process to deliver to an account.

The row of the account is the lease: a process writes its name and a time into it, and extends that
time before each request. All changes of rows of the outbox that were sent are made under the lease,
in transactions that check it. So two servers never send the same play, and a server that was
suspended for a while changes nothing that another one has taken over.
"""

import os
import secrets
import socket
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F, Q
from django.utils import timezone

from listening.changes import Area, change
from listening.models import OutboxItem, OutboxState, ScrobbleAccount
from listening.scrobbling import pace
from listening.scrobbling.outcomes import Failure
from runtime.turns import write_in_turn

OWN_NAME = f"{socket.gethostname()[:32]} {os.getpid()} {secrets.token_hex(4)}"[:64]
"""Of this process."""


class LeaseLost(Exception):
    """Another process has taken over the account, or the user has changed what waits."""


def is_free(now: datetime) -> Q:
    return Q(claimed_until=None) | Q(claimed_by="") | Q(claimed_until__lt=now)


def claim(account_id: int) -> "Lease | None":
    """None if another process delivers to this account."""
    until = timezone.now() + timedelta(seconds=pace.LEASE_S)
    free = ScrobbleAccount.objects.filter(is_free(timezone.now()), pk=account_id)
    # Each claim has a name of its own, so that a thread never takes another's for its own.
    name = f"{OWN_NAME[:50]} {secrets.token_hex(6)}"
    if not write_in_turn(lambda: free.update(claimed_by=name, claimed_until=until)):
        return None
    account = ScrobbleAccount.objects.filter(pk=account_id, claimed_by=name).first()
    return Lease(account, name, until) if account else None


class Lease:
    """What its holder may do. Each method raises LeaseLost if it is held no longer."""

    def __init__(self, account: ScrobbleAccount, name: str, until: datetime) -> None:
        self.account = account
        self._name = name
        self._until = until

    def require_time(self) -> None:
        """Called right before a request, which has to end before the lease does."""
        needed = timedelta(seconds=pace.CALL_WITHIN_S + pace.SPARE_S)
        if timezone.now() + needed > self._until:
            raise LeaseLost

    def extend(self) -> None:
        write_in_turn(self._extend)

    def mark_sent(self, items: Sequence[OutboxItem]) -> None:
        """Note, before the request, that these are sent: after a crash somebody has to ask."""

        def write() -> None:
            self._extend()
            ids = [each.pk for each in items]
            waiting = OutboxItem.objects.filter(pk__in=ids, state=OutboxState.WAITING)
            if waiting.update(state=OutboxState.ASKING, attempts=F("attempts") + 1) != len(items):
                raise LeaseLost  # the user has taken some of them away

        write_in_turn(write)

    def mark_waiting(self, items: Sequence[OutboxItem]) -> None:
        """These have not arrived: they are to be sent."""
        self._settle(items, OutboxState.WAITING)

    def mark_arrived(self, items: Sequence[OutboxItem]) -> None:
        self._tell_user(lambda: self._settle(items, OutboxState.SENT))

    def mark_refused(self, refused: Sequence[tuple[OutboxItem, str]]) -> None:
        def write() -> None:
            for item, reason in refused:
                self._settle([item], OutboxState.REFUSED, reason)

        if refused:
            self._tell_user(write)

    def mark_connected(self, name: str, encrypted_secret: str) -> None:
        now = timezone.now()
        fields = {"name": name, "secret": encrypted_secret, "connected_at": now, "problem": ""}
        self._tell_user(lambda: self._update(**fields))

    def end(self) -> None:
        """Everything went well."""
        account = self.account
        fields = {"failures": 0, "paused_until": None, "last_failure": ""}
        if account.failures or account.last_failure:
            self._tell_user(lambda: self._give_back(**fields))
        else:
            write_in_turn(lambda: self._give_back(**fields))

    def end_with_failure(self, failure: Failure) -> None:
        """No further attempt for a while."""
        failures = self.account.failures + 1
        pause = timedelta(seconds=pace.pause_s(failures, failure.retry_after_s))
        fields = {"failures": failures, "last_failure": str(failure)}
        self._tell_user(lambda: self._give_back(paused_until=timezone.now() + pause, **fields))

    def end_with_pause(self, seconds: float) -> None:
        """The service takes no further request for the moment."""
        until = timezone.now() + timedelta(seconds=min(seconds, pace.LONGEST_ASKED_PAUSE_S))
        write_in_turn(lambda: self._give_back(failures=0, last_failure="", paused_until=until))

    def end_quietly(self) -> None:
        """The outbox changed meanwhile, or another process has the account."""
        own = ScrobbleAccount.objects.filter(pk=self.account.pk, claimed_by=self._name)
        now = timezone.now()
        pause = now + timedelta(seconds=pace.POLL_S)
        write_in_turn(lambda: own.update(claimed_by="", claimed_until=now, paused_until=pause))

    def end_with_problem(self, problem: str) -> None:
        """No further attempt until the user does something."""
        self._tell_user(lambda: self._give_back(problem=problem))

    def _tell_user(self, work: Callable[[], Any]) -> None:
        change(self.account.user_id, lambda _: work(), Area.SCROBBLING)

    def _give_back(self, **fields: Any) -> None:
        # The time stays: who was served last is served next after all others.
        self._update(**fields, claimed_by="", claimed_until=timezone.now())

    def _settle(self, items: Sequence[OutboxItem], state: OutboxState, reason: str = "") -> None:
        def write() -> None:
            self._extend()
            is_settled = state in {OutboxState.SENT, OutboxState.REFUSED}
            OutboxItem.objects.filter(pk__in=[each.pk for each in items]).update(
                state=state, reason=reason, settled_at=timezone.now() if is_settled else None
            )

        write_in_turn(write)

    def _extend(self) -> None:
        until = timezone.now() + timedelta(seconds=pace.LEASE_S)
        self._update(claimed_until=until)
        self._until = until

    def _update(self, **fields: Any) -> None:
        own = ScrobbleAccount.objects.filter(pk=self.account.pk, claimed_by=self._name)
        if not own.update(**fields):
            raise LeaseLost
