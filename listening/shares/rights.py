"""Who may make links: nobody, administrators or everybody, as the setting SHARING says."""

from typing import Any

from django.conf import settings
from django.contrib.auth.models import User

from accounts.roles import is_administrator

EVERYBODY, ADMINISTRATORS = "everybody", "administrators"


def may_share(user: Any) -> bool:
    """Whether this user may make links, and those that the user has made open."""
    if settings.SHARING == EVERYBODY:
        return isinstance(user, User) and user.is_active
    return settings.SHARING == ADMINISTRATORS and is_administrator(user)
