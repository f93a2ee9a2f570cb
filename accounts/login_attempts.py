"""Counts wrong passwords in the database, by user name and address.

The rows are in the table of django-axes, so that its commands can reset them.
"""

import unicodedata
from datetime import timedelta

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max, QuerySet, Sum
from django.utils import timezone

from asgi.addresses import parsed_address
from asgi.owners import network_of
from runtime.turns import write_in_turn

LONGEST_NAME = 150
"""The longest user name, in characters. Longer ones are cut off: no user has such a name."""
FORGOTTEN_AT_ONCE = 100


def counted_name(name: str) -> str:
    """The name under which attempts are counted: normalised as by Django's login form; case
    matters."""
    return unicodedata.normalize("NFKC", name)[:LONGEST_NAME]


def counted_address(text: str) -> str:
    """The address under which attempts are counted: the client's network, see `asgi.owners`.

    A server that listens on a Unix socket gets no addresses; all its clients count as one.
    """
    address = network_of(text)
    return address if parsed_address(address) else "0.0.0.0"  # noqa: S104


def _attempts(name: str, address: str) -> QuerySet[AccessAttempt]:
    attempts: QuerySet[AccessAttempt] = AccessAttempt.objects.all()
    return attempts.filter(username=name, ip_address=address)


def has_to_wait(name: str, address: str) -> bool:
    """Whether the limit of attempts is reached for this name at this address."""
    since = timezone.now() - settings.AXES_COOLOFF_TIME
    recent = _attempts(name, address).filter(attempt_time__gt=since)
    failures = recent.aggregate(failures=Sum("failures_since_start"))["failures"] or 0
    return bool(failures >= settings.AXES_FAILURE_LIMIT)


def count(name: str, address: str) -> int | None:
    """Count an attempt. Returns how many there are now; None if the limit was reached before, in
    which case the attempt is not counted."""
    return write_in_turn(lambda: _count(name, address))


def forget(name: str, address: str) -> None:
    """Delete the count, because the password was right."""
    write_in_turn(lambda: _attempts(name, address).delete())


def _count(name: str, address: str) -> int | None:
    """One row for each name and address. The row is locked, so that concurrent attempts are counted
    one after another. (axes itself keeps a row for each browser; here `user_agent` is empty.)"""
    now = timezone.now()
    attempt, is_new = AccessAttempt.objects.select_for_update().get_or_create(
        username=name,
        ip_address=address,
        user_agent="",
        defaults={"failures_since_start": 1},
    )
    if is_new:
        _forget_old_attempts()
        return 1
    if attempt.attempt_time <= now - settings.AXES_COOLOFF_TIME:
        attempt.failures_since_start = 0
    if attempt.failures_since_start >= settings.AXES_FAILURE_LIMIT:
        return None
    attempt.failures_since_start += 1
    attempt.attempt_time = now
    attempt.save(update_fields=["failures_since_start", "attempt_time"])
    return int(attempt.failures_since_start)


def _forget_old_attempts() -> None:
    """Delete some expired rows. Each new row deletes up to FORGOTTEN_AT_ONCE old ones, so that the
    table stays small even if somebody tries many names. Locked rows are skipped: two transactions
    that delete the same rows could deadlock."""
    before = timezone.now() - settings.AXES_COOLOFF_TIME
    old = AccessAttempt.objects.filter(attempt_time__lte=before)
    ids = old.select_for_update(skip_locked=True).values_list("pk", flat=True)
    AccessAttempt.objects.filter(pk__in=list(ids[:FORGOTTEN_AT_ONCE])).delete()


def remaining_wait(name: str, address: str) -> timedelta:
    """How long until the next attempt for this name at this address is allowed; at least 1 s."""
    last = _attempts(name, address).aggregate(last=Max("attempt_time"))["last"] or timezone.now()
    # Not 0, even if the wait ends at this moment: "try again in 0 minutes" would be confusing.
    return max(last + settings.AXES_COOLOFF_TIME - timezone.now(), timedelta(seconds=1))
