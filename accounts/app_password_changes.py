"""The number that all servers see change when a login by app password may have changed.

Each server keeps users and their app passwords in memory (`accounts.app_password_logins`) and reads
them again when this number is another one. It is advanced in the transaction of the change, or
right after a change that is made without one.
"""

from collections.abc import Callable, Collection
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F

from accounts.models import AppPasswordRevision
from runtime.turns import write_in_turn

OF_LOGINS = frozenset({"username", "is_active", "is_staff", "is_superuser"})
"""The fields of a user that decide who may log in by an app password, and what that user may do."""
_ONLY = 1
"""The id of the only row."""


def current_number() -> int:
    """The number; 0 before the first change. Makes one query."""
    found = AppPasswordRevision.objects.filter(pk=_ONLY).values_list("number", flat=True).first()
    return found or 0


def advance() -> None:
    """Two that make the first change at once both count: the second finds the row of the first."""

    def write() -> None:
        row = AppPasswordRevision.objects.filter(pk=_ONLY)
        if not row.update(number=F("number") + 1):
            AppPasswordRevision.objects.get_or_create(pk=_ONLY)
            row.update(number=F("number") + 1)

    write_in_turn(write)


on_change: list[Callable[[], object]] = []
"""Called in the process of a change, when it is made and again after its commit: until then, other
threads still read what was there before."""


def note_change(
    sender: type[Any],
    update_fields: Collection[str] | None = None,
    created: bool = False,  # noqa: FBT001, FBT002  # as Django sends it
    **_: Any,
) -> None:
    """A receiver of signals: a user or an app password was saved or deleted."""
    if sender is User and (created or not _concern_logins(update_fields)):
        return  # a new user has no app password yet
    advance()
    _call_all()
    transaction.on_commit(_call_all)


def _concern_logins(saved: Collection[str] | None) -> bool:
    """None: all fields. Each login on the pages saves a user's last login alone."""
    return saved is None or bool(OF_LOGINS & set(saved))


def _call_all() -> None:
    for each in on_change:
        each()
