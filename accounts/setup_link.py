"""The setup link, by which the first administrator is created.

While there are no users, the server prints the link when it starts: whoever can read the server's
terminal may create the administrator. The link is signed, is valid for a day, and stops working as
soon as there is a user.
"""

from datetime import timedelta

from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.contrib.contenttypes.models import ContentType
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.db import transaction
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.roles import Role, give_role

SALT = "accounts.setup_link"
MAX_AGE = timedelta(hours=24)


class SetupLinkRefused(Exception):
    """The link is not valid. The text says why, for the person who followed it."""


def has_users() -> bool:
    return get_user_model().objects.exists()


def make_setup_path() -> str:
    """The path and query of a new link."""
    token = TimestampSigner(salt=SALT).sign("administrator")
    return f"{reverse('setup')}?{urlencode({'token': token})}"


def check_token(token: str) -> None:
    """Raises SetupLinkRefused unless `token` is from a link of this server, at most a day old."""
    if not token:
        raise SetupLinkRefused(_("This page is opened by a link that the server prints."))
    try:
        TimestampSigner(salt=SALT).unsign(token, max_age=MAX_AGE)
    except SignatureExpired:
        raise SetupLinkRefused(_("This link is more than a day old.")) from None
    except BadSignature:
        raise SetupLinkRefused(_("This link is not one that this server printed.")) from None


def create_administrator(user: User) -> bool:
    """Save `user` as the administrator. Returns False, and saves nothing, if any user exists."""
    give_role(user, Role.ADMINISTRATOR)
    with transaction.atomic():
        _wait_for_other_administrators()
        if has_users():
            return False
        user.save()
        return True


def _wait_for_other_administrators() -> None:
    """Make concurrent calls of `create_administrator` wait for each other.

    PostgreSQL locks a row. On SQLite the transaction already has the write lock, since it began
    with BEGIN IMMEDIATE.
    """
    ContentType.objects.select_for_update().get(app_label="auth", model="user")
