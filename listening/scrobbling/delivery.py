"""Tells one account what waits in its outbox.

1. Plays that were sent, but of which no answer arrived: ask the service for them. What it has is
   done; what it has not is sent again. A service that cannot be asked gets them again only if it
   keeps one of two equal plays.
2. Then what waits, the oldest first, in batches. That a batch is about to be sent is committed
   before the request begins: after a crash at any moment the plays of the batch are those of 1.
"""

import logging
import time
from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import pairwise
from typing import NamedTuple

from django.utils import timezone

from listening.models import OutboxItem, OutboxKind, OutboxState
from listening.scrobbling import pace
from listening.scrobbling.clients import NotOffered, client_of
from listening.scrobbling.lease import Lease, LeaseLost
from listening.scrobbling.outcomes import (
    CannotAsk,
    Failure,
    NotTaken,
    Refused,
    SecretRefused,
)
from listening.scrobbling.protocol import Client, Told, Verdict, second_of
from listening.scrobbling.secrets import SecretLost, encrypted

WINDOW_GAP_S = 3600
"""Plays that are further apart are asked for separately."""
MOST_UNANSWERED = 10
"""How often the same is sent to a service that cannot be asked and whose answers never arrive."""
CONNECT_AGAIN = "Connect the account again."
CANNOT_ASK = "It was sent, but no answer arrived, and the service does not say whether it has it."

logger = logging.getLogger(__name__)


def deliver(lease: Lease) -> None:
    """Tell what can be told, and give the lease back. Raises nothing of the service's doing."""
    with suppress(LeaseLost):  # at its end, after another process has taken it over
        _deliver(lease)


def _deliver(lease: Lease) -> None:
    account = lease.account
    try:
        pause = _Delivery(lease, _identified(lease)).run()
    except LeaseLost:
        lease.end_quietly()
    except SecretLost:
        lease.end_with_problem(f"The secret key of this server has changed. {CONNECT_AGAIN}")
    except NotOffered:
        lease.end_with_problem("This server does not allow this service any more.")
    except SecretRefused as error:
        lease.end_with_problem(f"{error} {CONNECT_AGAIN}")
    except Failure as error:
        logger.info("Scrobbling to account %d has to wait: %s", account.pk, error)
        lease.end_with_failure(error)
    else:
        lease.end_with_pause(pause) if pause else lease.end()


def _identified(lease: Lease) -> Client:
    """The client of the account. A new account is confirmed by the service first."""
    account = lease.account
    client = client_of(account)
    if account.connected_at is not None:
        return client
    lease.extend()
    lease.require_time()
    try:
        identity = client.identify()
    except Refused as error:
        raise SecretRefused(str(error)) from None
    account.name, account.secret = identity.name, encrypted(identity.secret)
    lease.mark_connected(account.name, account.secret)
    account.connected_at = timezone.now()
    return client_of(account)


class _Delivery:
    def __init__(self, lease: Lease, client: Client) -> None:
        self._lease = lease
        self._client = client
        self._items = OutboxItem.objects.filter(account=lease.account.pk).order_by("pk")

    def run(self) -> float:
        """Returns how many seconds the service wants to be left alone before the next request."""
        ends = time.monotonic() + pace.RUN_S
        self._settle_unanswered()
        while time.monotonic() < ends and not self._client.pause_s:
            batch = self._next_batch()
            if not batch:
                break
            self._send(batch)
        return self._client.pause_s

    def _settle_unanswered(self) -> None:
        unanswered = list(self._items.filter(state=OutboxState.ASKING))
        # Telling a favourite twice does no harm.
        self._again([each for each in unanswered if each.kind != OutboxKind.LISTEN])
        for window in windows(each for each in unanswered if each.kind == OutboxKind.LISTEN):
            self._ask(window)

    def _ask(self, items: list[OutboxItem]) -> None:
        self._lease.extend()
        self._lease.require_time()
        try:
            told = self._client.told(second_of(items[0]), second_of(items[-1]))
        except CannotAsk:
            is_sent_again = self._client.is_idempotent
            given_up = [
                each for each in items if not is_sent_again or each.attempts >= MOST_UNANSWERED
            ]
            self._lease.mark_refused([(each, CANNOT_ASK) for each in given_up])
            self._again([each for each in items if each not in given_up])
            return
        arrived, missing = compare(items, told)
        if arrived:
            self._lease.mark_arrived(arrived)
        self._again(missing)

    def _again(self, items: Sequence[OutboxItem]) -> None:
        if items:
            self._lease.mark_waiting(items)

    def _next_batch(self) -> list[OutboxItem]:
        """Plays up to the most that one request takes, or one favourite. What the service would
        refuse is refused here."""
        while found := list(self._items.filter(state=OutboxState.WAITING)[: self._most]):
            reasons = [(each, self._client.why_not(each, timezone.now())) for each in found]
            self._lease.mark_refused([each for each in reasons if each[1]])
            sendable = [item for item, reason in reasons if not reason]
            if sendable:
                return _of_one_kind(sendable)
        return []

    @property
    def _most(self) -> int:
        return self._client.most_at_once

    def _send(self, items: list[OutboxItem]) -> None:
        """Raises Failure, after noting what is known of the items."""
        self._lease.mark_sent(items)
        self._lease.require_time()
        try:
            verdicts = self._tell(items)
        except Refused as error:
            self._refused(items, str(error))
        except (NotTaken, SecretRefused):
            self._lease.mark_waiting(items)
            raise
        else:
            self._settle(items, verdicts)

    def _tell(self, items: list[OutboxItem]) -> list[Verdict]:
        if items[0].kind == OutboxKind.LISTEN:
            return self._client.tell(items)
        self._client.love(items[0].facts, loved=items[0].kind == OutboxKind.LOVE)
        return [Verdict()]

    def _refused(self, items: list[OutboxItem], reason: str) -> None:
        """One of a batch makes the service refuse all: find it by halves."""
        if len(items) == 1:
            self._lease.mark_refused([(items[0], reason)])
            return
        self._lease.mark_waiting(items)
        half = len(items) // 2
        self._send(items[:half])
        self._send(items[half:])

    def _settle(self, items: list[OutboxItem], verdicts: list[Verdict]) -> None:
        judged = list(zip(items, verdicts, strict=True))
        if arrived := [item for item, verdict in judged if not verdict.reason]:
            self._lease.mark_arrived(arrived)
        self._lease.mark_refused(
            [(item, each.reason) for item, each in judged if each.reason and not each.is_for_now]
        )
        later = [(item, verdict) for item, verdict in judged if verdict.is_for_now]
        if later:
            self._lease.mark_waiting([item for item, _ in later])
            raise NotTaken(later[0][1].reason, pace.LONGEST_PAUSE_S)


class _Compared(NamedTuple):
    arrived: list[OutboxItem]
    missing: list[OutboxItem]


def windows(items: Iterable[OutboxItem]) -> list[list[OutboxItem]]:
    """The plays in the order of their times, in groups that are asked for at once."""
    ordered = sorted(items, key=second_of)
    groups = [ordered[:1]] if ordered else []
    for before, after in pairwise(ordered):
        if second_of(after) - second_of(before) > WINDOW_GAP_S:
            groups.append([])
        groups[-1].append(after)
    return groups


def compare(items: Sequence[OutboxItem], told: Sequence[Told]) -> _Compared:
    """Which plays the service has. Each of its plays stands for one of ours: that of the same
    second and title, else of the same second, since some services correct titles."""
    left = list(told)
    arrived: dict[int, OutboxItem] = {}
    for is_same in (_has_same_title, _has_same_second):
        for item in items:
            found = next((each for each in left if is_same(item, each)), None)
            if found is not None and item.pk not in arrived:
                left.remove(found)
                arrived[item.pk] = item
    return _Compared(list(arrived.values()), [each for each in items if each.pk not in arrived])


def _has_same_second(item: OutboxItem, told: Told) -> bool:
    return second_of(item) == told.second


def _has_same_title(item: OutboxItem, told: Told) -> bool:
    title = str(item.facts.get("title", ""))
    return _has_same_second(item, told) and title.casefold() == told.title.casefold()


def _of_one_kind(items: list[OutboxItem]) -> list[OutboxItem]:
    """The first items, as far as one request can tell them."""
    if items[0].kind != OutboxKind.LISTEN:
        return items[:1]
    other = next((at for at, each in enumerate(items) if each.kind != OutboxKind.LISTEN), None)
    return items[:other]
