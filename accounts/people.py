"""Making, changing and deleting users, for faces that have no forms of Django for it.

The rules are those of the forms: a name that Django accepts, a password that the validators accept,
and nobody deletes or demotes themselves, so that an administrator always remains.
"""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import QuerySet

from accounts.roles import FLAGS, Role, give_role, is_administrator, role_of
from runtime.turns import write_in_turn

GONE = "There is no such user any more."
TAKEN = "There is a user of this name already."


class PersonRefused(Exception):
    """The change is not possible. The text says why, for people."""


def find_person(name: str) -> User | None:
    """The user of this name. Upper and lower case count only if there are several otherwise."""
    found = User.objects.filter(username__iexact=name)
    return found.filter(username=name).first() or found.order_by("pk").first()


def person_as_stored(user: Any) -> User:
    """The user as the database has it now: that of a request may have been kept for a while."""
    return User.objects.get(pk=user.pk)


def all_people() -> QuerySet[User]:
    """Users who can log in, by name."""
    return User.objects.filter(is_active=True).order_by("username", "pk")


def make_person(name: str, password: str, *, email: str = "", role: str = Role.LISTENER) -> User:
    """Raises PersonRefused if there is one of this name, or if a value is not valid."""
    user = User(username=User.normalize_username(name), email=email)
    if find_person(user.username):
        raise PersonRefused(TAKEN)
    give_role(user, role)
    _set_password(user, password)
    _save(user)
    return user


def change_person(
    acting: Any, user: User, *, password: str = "", email: str | None = None, role: str = ""
) -> None:
    """Change what is given, and nothing else: a new password is hashed for a while, and meanwhile
    the user may be demoted, made inactive or deleted. Raises PersonRefused."""
    changed: list[str] = []
    if role == Role.LISTENER and user.pk == acting.pk and is_administrator(user):
        raise PersonRefused("You cannot take this role from yourself.")
    if role and role != role_of(user):
        give_role(user, role)
        changed += FLAGS
    if email is not None:
        user.email = email
        changed.append("email")
    if password:
        _set_password(user, password)
        changed.append("password")
    _save(user, changed)


def delete_person(acting: Any, user: User) -> None:
    """Delete the user with all that belongs to the user. Raises PersonRefused."""
    if user.pk == acting.pk:
        raise PersonRefused("You cannot delete your own account.")
    write_in_turn(user.delete)


def _set_password(user: User, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise PersonRefused(" ".join(error.messages)) from None
    user.set_password(password)


def _save(user: User, changed: Sequence[str] | None = None) -> None:
    """`changed`: the fields to store; None for a new user."""
    try:
        user.full_clean(exclude=["password"])
    except ValidationError as error:
        raise PersonRefused(" ".join(error.messages)) from None

    def write() -> None:
        if changed is not None and not User.objects.filter(pk=user.pk).exists():
            raise PersonRefused(GONE)
        user.save(update_fields=changed)

    try:
        write_in_turn(write)
    except IntegrityError:  # another request made it meanwhile
        raise PersonRefused(TAKEN) from None
