"""The two roles, administrator and listener. No other module uses Django's flags or permissions.

An administrator is a user with both `is_staff` and `is_superuser`. All others are listeners.
"""

from collections.abc import Callable, Collection
from typing import Any

from django.contrib.auth.models import User
from django.db.models import QuerySet, TextChoices
from django.http import HttpRequest


class Role(TextChoices):
    LISTENER = "listener", "Listener"
    ADMINISTRATOR = "administrator", "Administrator"


FLAGS = ("is_staff", "is_superuser")
"""The fields that hold the role."""


def role_of(user: User) -> Role:
    """The user's role. An inactive user keeps a role, but cannot log in."""
    has_all = all(getattr(user, flag) for flag in FLAGS)
    return Role.ADMINISTRATOR if has_all else Role.LISTENER


def give_role(user: User, role: str) -> None:
    """Set the flags for `role`. Does not save `user`."""
    for flag in FLAGS:
        setattr(user, flag, role == Role.ADMINISTRATOR)


def is_administrator(user: Any) -> bool:
    """Whether the `user` of a request is an active administrator, who may do everything: scan,
    purge, manage users and see paths."""
    return isinstance(user, User) and user.is_active and role_of(user) == Role.ADMINISTRATOR


def of_role(users: QuerySet[Any], role: str) -> QuerySet[Any]:
    """Those of `users` that have the role."""
    administrators = dict.fromkeys(FLAGS, True)
    if role == Role.ADMINISTRATOR:
        return users.filter(**administrators)
    return users.exclude(**administrators)


def first_administrator(without: Collection[int] = ()) -> int | None:
    """The id of the active administrator who has been there for the longest, but for the users with
    these ids; None if there is none."""
    active = of_role(User.objects.filter(is_active=True), Role.ADMINISTRATOR)
    pks = active.exclude(pk__in=[*without]).order_by("pk").values_list("pk", flat=True)
    first: int | None = pks.first()
    return first


def for_templates(request: HttpRequest) -> dict[str, Callable[[], bool]]:
    """A context processor. Its value is a function: only pages that call it load the user."""
    return {"is_administrator": lambda: is_administrator(getattr(request, "user", None))}
