"""What users do with their accounts at services, and how these stand."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Count, Max, QuerySet

from listening.changes import Area, change
from listening.models import OutboxItem, OutboxState, ScrobbleAccount
from listening.scrobbling import wake_up
from listening.scrobbling.secrets import encrypted
from listening.scrobbling.services import Service, service_of
from listening.scrobbling.told import in_words

Result = TypeVar("Result")

LONGEST_SECRET = 500
TOKEN_PATTERN = r"[ -~]+"  # noqa: S105  # no password
"""What a token consists of, since it is sent in a header of HTTP: printable characters of ASCII."""
SWITCHES = ("is_enabled", "tells_now_playing", "tells_favourites")
"""The columns of an account that users change."""


@dataclass(frozen=True)
class AccountState:
    """An account, and how much of its outbox is in which state. `arrived`: within the last days.
    `service`: None if this server does not offer it any more."""

    account: ScrobbleAccount
    service: Service | None
    waiting: int
    refused: int
    arrived: int
    last_arrived_at: datetime | None

    @property
    def is_connected(self) -> bool:
        return self.account.connected_at is not None

    @property
    def problem(self) -> str:
        """In the active language, as `last_failure`."""
        return in_words(self.account.problem)

    @property
    def last_failure(self) -> str:
        return in_words(self.account.last_failure)


def accounts_of(user_id: int) -> QuerySet[ScrobbleAccount]:
    return ScrobbleAccount.objects.filter(user=user_id).order_by("service", "url")


def tells_now_playing(user_id: int | None) -> bool:
    """Whether any account of this user is told what plays at the moment."""
    accounts = ScrobbleAccount.objects.filter(user=user_id, is_enabled=True)
    return accounts.filter(tells_now_playing=True, problem="").exists()


def account_states(user_id: int) -> list[AccountState]:
    """Two queries."""
    accounts = list(accounts_of(user_id))
    counts = defaultdict[int, Counter[str]](Counter)
    last = dict[int, datetime]()
    rows = OutboxItem.objects.filter(account__in=[each.pk for each in accounts])
    for row in rows.order_by().values("account", "state").annotate(Count("pk"), Max("settled_at")):
        counts[row["account"]][row["state"]] = row["pk__count"]
        if row["state"] == OutboxState.SENT and row["settled_at__max"]:
            last[row["account"]] = row["settled_at__max"]
    return [_state(each, counts[each.pk], last.get(each.pk)) for each in accounts]


def _state(
    account: ScrobbleAccount, counts: Counter[str], last_arrived_at: datetime | None
) -> AccountState:
    return AccountState(
        account=account,
        service=service_of(account),
        waiting=counts[OutboxState.WAITING] + counts[OutboxState.ASKING],
        refused=counts[OutboxState.REFUSED],
        arrived=counts[OutboxState.SENT],
        last_arrived_at=last_arrived_at,
    )


def connect(user_id: int, service: Service, secret: str) -> ScrobbleAccount:
    """Store a token that the user has, or was given after a login at the service. The service is
    asked about it by a courier; until then plays wait. An account that was there before keeps what
    waits."""
    fresh: dict[str, Any] = {
        "secret": encrypted(secret),
        "name": "",
        "connected_at": None,
        "is_enabled": True,
        "problem": "",
        "failures": 0,
        "last_failure": "",
        "paused_until": None,
        # Whoever delivers with the former secret at the moment loses the lease.
        "claimed_by": "",
    }

    def work(_: int) -> ScrobbleAccount:
        account, _is_new = ScrobbleAccount.objects.update_or_create(
            user_id=user_id, service=service.kind, url=service.url, defaults=fresh
        )
        return account

    return _changed(user_id, work)


def switch(user_id: int, account_id: int, **switches: bool) -> bool:
    """Set some of SWITCHES. False if the user has no such account."""
    found = accounts_of(user_id).filter(pk=account_id)
    return bool(
        _changed(user_id, lambda _: found.update(**switches) if switches else found.count())
    )


def disconnect(user_id: int, account_id: int) -> bool:
    """Forget the account, its secret, and what waits for it. False if there is none."""

    def work(_: int) -> int:
        OutboxItem.objects.filter(account__user=user_id, account=account_id).delete()
        deleted, _each = accounts_of(user_id).filter(pk=account_id).delete()
        return deleted

    return bool(_changed(user_id, work))


def refused_items(user_id: int, account_id: int) -> QuerySet[OutboxItem]:
    """Those of an account of this user, the newest first."""
    return OutboxItem.objects.filter(
        account__user=user_id, account=account_id, state=OutboxState.REFUSED
    ).order_by("-pk")


def try_again(user_id: int, account_id: int, ids: Collection[int] | None = None) -> int:
    """Send what was refused again, all or some of it, and do not wait for the end of a pause.
    Returns how many."""

    def work(_: int) -> int:
        accounts_of(user_id).filter(pk=account_id).update(paused_until=None)
        found = _chosen(user_id, account_id, ids)
        return found.update(state=OutboxState.WAITING, reason="", settled_at=None)

    return _changed(user_id, work)


def dismiss(user_id: int, account_id: int, ids: Collection[int] | None = None) -> int:
    """Forget what was refused, all or some of it. Returns how many."""

    def work(_: int) -> int:
        deleted, _each = _chosen(user_id, account_id, ids).delete()
        return deleted

    return _changed(user_id, work)


def _chosen(user_id: int, account_id: int, ids: Collection[int] | None) -> QuerySet[OutboxItem]:
    found = refused_items(user_id, account_id).order_by()
    return found if ids is None else found.filter(pk__in=ids)


def _changed(user_id: int, work: Callable[[int], Result]) -> Result:
    result = change(user_id, work, Area.SCROBBLING)
    wake_up.ring()
    return result
