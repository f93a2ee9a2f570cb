"""The one-time link to the first-run page, and the administrator it is for.

Who can read the terminal the server was started in may create the administrator: the server prints
the link there. It is signed, lives for a day, and is worthless as soon as there is a user.
"""

from datetime import timedelta

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.db import transaction
from django.urls import reverse
from django.utils.http import urlencode

from accounts.roles import Role, give_role

SALT = "accounts.setup_link"
MAX_AGE = timedelta(hours=24)


class SetupLinkRefused(Exception):
    """The link opens nothing; the text says why, to the person who followed it."""


def has_users() -> bool:
    return get_user_model().objects.exists()


def make_setup_path() -> str:
    """Path and query of a fresh link."""
    token = TimestampSigner(salt=SALT).sign("administrator")
    return f"{reverse('setup')}?{urlencode({'token': token})}"


def check_token(token: str) -> None:
    """Raises SetupLinkRefused unless `token` is from a link that is at most a day old."""
    if not token:
        raise SetupLinkRefused("This page is opened by a link that the server prints.")
    try:
        TimestampSigner(salt=SALT).unsign(token, max_age=MAX_AGE)
    except SignatureExpired:
        raise SetupLinkRefused("This link is more than a day old.") from None
    except BadSignature:
        raise SetupLinkRefused("This link is not one that this server printed.") from None


def create_administrator(user: User) -> bool:
    """Save `user` as the administrator; False, and nothing is saved, where a user exists."""
    give_role(user, Role.ADMINISTRATOR)
    with transaction.atomic():
        _wait_for_other_administrators()
        if has_users():
            return False
        user.save()
        return True


def _wait_for_other_administrators() -> None:
    """One at a time: SQLite gave the write lock with BEGIN IMMEDIATE; elsewhere a row is locked."""
    ContentType.objects.select_for_update().get(app_label="auth", model="user")
