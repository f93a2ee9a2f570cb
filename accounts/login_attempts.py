"""Attempts to guess a password, counted in the database by name and address.

The table is django-axes's, so that its commands can end a wait.
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
"""Of users; a longer one that somebody tries is cut off, since nobody has it."""
FORGOTTEN_AT_ONCE = 100


def counted_name(name: str) -> str:
    """As Django's forms compare it: normalised, with its case."""
    return unicodedata.normalize("NFKC", name)[:LONGEST_NAME]


def counted_address(text: str) -> str:
    """Whom `asgi.owners` tells apart. A server that listens to a socket file has no addresses."""
    address = network_of(text)
    return address if parsed_address(address) else "0.0.0.0"  # noqa: S104


def _attempts(name: str, address: str) -> QuerySet[AccessAttempt]:
    attempts: QuerySet[AccessAttempt] = AccessAttempt.objects.all()
    return attempts.filter(username=name, ip_address=address)


def has_to_wait(name: str, address: str) -> bool:
    since = timezone.now() - settings.AXES_COOLOFF_TIME
    recent = _attempts(name, address).filter(attempt_time__gt=since)
    failures = recent.aggregate(failures=Sum("failures_since_start"))["failures"] or 0
    return bool(failures >= settings.AXES_FAILURE_LIMIT)


def count(name: str, address: str) -> int | None:
    """Count an attempt. Returns its number, or None where it is one too many and not counted."""
    return write_in_turn(lambda: _count(name, address))


def forget(name: str, address: str) -> None:
    """The password was right."""
    write_in_turn(lambda: _attempts(name, address).delete())


def _count(name: str, address: str) -> int | None:
    """One row for a name at an address, whatever the browser is: its lock makes others wait."""
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
    """More than one new row makes, so that strangers' names do not fill the table. A row that is
    locked is left to its owner: two who delete the same rows could wait for each other."""
    before = timezone.now() - settings.AXES_COOLOFF_TIME
    old = AccessAttempt.objects.filter(attempt_time__lte=before)
    ids = old.select_for_update(skip_locked=True).values_list("pk", flat=True)
    AccessAttempt.objects.filter(pk__in=list(ids[:FORGOTTEN_AT_ONCE])).delete()


def remaining_wait(name: str, address: str) -> timedelta:
    last = _attempts(name, address).aggregate(last=Max("attempt_time"))["last"] or timezone.now()
    # Never nothing: whose time is over at this moment need not be told to come back at once.
    return max(last + settings.AXES_COOLOFF_TIME - timezone.now(), timedelta(seconds=1))
