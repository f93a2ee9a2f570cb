"""Users: who they are and what they may do; administrators also make, change and delete them.

The password here is the account's, with which people log in to the pages of mus. Apps log in by app
passwords, which stay as they are when it changes.
"""

from collections.abc import Callable

from django.contrib.auth.models import User

from accounts.people import (
    PersonRefused,
    all_people,
    change_person,
    delete_person,
    find_person,
    make_person,
    person_as_stored,
)
from accounts.roles import Role, is_administrator
from opensubsonic.call import Body, Call
from opensubsonic.errors import Code, Refusal, not_allowed, not_found
from opensubsonic.objects.users import users

ADMIN_ROLE = "adminRole"


def get_user(call: Call) -> Body:
    """The own user, if none is named. Administrators see others, too."""
    return {"user": users([_person(call, call.parameters.text("username"))])[0]}


def get_users(call: Call) -> Body:
    _check_is_administrator(call)
    return {"users": {"user": users(list(all_people()))}}


def create_user(call: Call) -> Body:
    """Roles other than the administrator's are ignored: there are no others."""
    _check_is_administrator(call)
    parameters = call.parameters
    name, password = parameters.needed_text("username"), parameters.needed_password("password")
    role = Role.ADMINISTRATOR if parameters.boolean(ADMIN_ROLE) else Role.LISTENER
    email = parameters.text("email")
    _changed(lambda: make_person(name, password, email=email, role=role))
    return {}


def update_user(call: Call) -> Body:
    """Changes only what is given."""
    _check_is_administrator(call)
    parameters = call.parameters
    person = _person(call, parameters.needed_text("username"))
    password = parameters.needed_password("password") if parameters.text("password") else ""
    role = ""
    if parameters.text(ADMIN_ROLE):
        role = Role.ADMINISTRATOR if parameters.boolean(ADMIN_ROLE) else Role.LISTENER
    email = parameters.text("email") or None
    _changed(lambda: change_person(call.user, person, password=password, email=email, role=role))
    return {}


def delete_user(call: Call) -> Body:
    _check_is_administrator(call)
    person = _person(call, call.parameters.needed_text("username"))
    _changed(lambda: delete_person(call.user, person))
    return {}


def change_password(call: Call) -> Body:
    """Everybody changes the own password, administrators that of others, too."""
    person = _person(call, call.parameters.needed_text("username"))
    password = call.parameters.needed_password("password")
    _changed(lambda: change_person(call.user, person, password=password))
    return {}


def _person(call: Call, name: str) -> User:
    """The user of this name; the own one if it is empty. Raises Refusal, also if a listener asks
    for somebody who is not there."""
    own = person_as_stored(call.user)
    if not name or name == own.username:
        return own
    found = find_person(name)
    if found is not None and found.pk == own.pk:
        return own
    _check_is_administrator(call)
    if found is None:
        raise not_found("user")
    return found


def _check_is_administrator(call: Call) -> None:
    if not is_administrator(call.user):
        raise not_allowed()


def _changed(change: Callable[[], object]) -> None:
    """Raises Refusal if accounts refuses the change."""
    try:
        change()
    except PersonRefused as refused:
        raise Refusal(Code.GENERIC, str(refused)) from None
