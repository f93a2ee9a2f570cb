"""The two roles that there are, and who has which. Nothing else asks Django's flags or permissions.

Django keeps a role as two flags of a user. Somebody with only one of them is a listener.
"""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import User
from django.db.models import QuerySet, TextChoices
from django.http import HttpRequest


class Role(TextChoices):
    LISTENER = "listener", "Listener"
    ADMINISTRATOR = "administrator", "Administrator"


_FLAGS = ("is_staff", "is_superuser")


def role_of(user: User) -> Role:
    """The role that a user has, or will have again once active."""
    has_all = all(getattr(user, flag) for flag in _FLAGS)
    return Role.ADMINISTRATOR if has_all else Role.LISTENER


def give_role(user: User, role: str) -> None:
    """Without saving `user`."""
    for flag in _FLAGS:
        setattr(user, flag, role == Role.ADMINISTRATOR)


def is_administrator(user: Any) -> bool:
    """Whether `user`, of a request, may do everything: scan, purge, manage users, see paths."""
    return isinstance(user, User) and user.is_active and role_of(user) == Role.ADMINISTRATOR


def of_role(users: QuerySet[Any], role: str) -> QuerySet[Any]:
    administrators = dict.fromkeys(_FLAGS, True)
    if role == Role.ADMINISTRATOR:
        return users.filter(**administrators)
    return users.exclude(**administrators)


def for_templates(request: HttpRequest) -> dict[str, Callable[[], bool]]:
    """A context processor. Pages that do not ask cause no query."""
    return {"is_administrator": lambda: is_administrator(getattr(request, "user", None))}
