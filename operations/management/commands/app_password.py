"""`manage.py app_password` makes an app password for a user and prints it."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import CommandError

from accounts.app_passwords import (
    LONGEST_NAME,
    AppPasswordsRefused,
    make_app_password,
    password_of,
)
from runtime.documented_command import DocumentedCommand

REFUSED = 6


class Command(DocumentedCommand):
    help = (
        "Make an app password, by which a Subsonic client logs in as a user, and print it. The "
        "user sees it under Apps in the menu of the account, and revokes it there."
    )
    exit_codes = """\
exit codes:
  0   done; the app password is the only line of the standard output
  2   an option is wrong
  6   refused: there is no such user, the user is inactive, the name cannot be, or the user has
      too many app passwords
  78  a setting is wrong; the message says which
"""
    without_server = REFUSED
    requires_system_checks = ()  # music folders and addresses do not matter here

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("user", help="the name of the user")
        parser.add_argument("name", help="what the app is called in the list, such as 'my phone'")

    def handle(self, **options: Any) -> None:
        user, name = _user(options["user"]), options["name"].strip()
        if not name or len(name) > LONGEST_NAME or "\0" in name:
            raise _refused(f"The name should have 1 to {LONGEST_NAME} characters.")
        try:
            made = make_app_password(user, name)
        except AppPasswordsRefused as refusal:
            raise _refused(str(refusal)) from None
        self.stdout.write(password_of(made))


def _user(name: str) -> User:
    has_nul = "\0" in name  # which PostgreSQL refuses
    user = None if has_nul else User.objects.filter(username=name).first()
    if user is None:
        raise _refused(f"There is no user {name!r}.")
    if not user.is_active:
        raise _refused(f"The user {name!r} is inactive and cannot log in.")
    return user


def _refused(message: str) -> CommandError:
    return CommandError(message, returncode=REFUSED)
