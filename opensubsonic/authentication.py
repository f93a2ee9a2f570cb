"""Finds the user of a request by an app password: `u` with `p` or with `t` and `s`, or `apiKey`.

The password of the account is not taken: `t` cannot be checked against it, and checking it for `p`
is slow on purpose. Whoever tries is told where app passwords are made.
"""

import asyncio
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from accounts.app_password_logins import app_password_logins, look_ups, visitor_of
from accounts.app_passwords import PAGE, have_none, without_passwords
from accounts.failed_logins import APP_PASSWORD, failed_logins
from accounts.kept_app_passwords import Check, KeptAppPassword, KeptAppPasswords
from asgi.logins import Visitor
from asgi.responses import Receive
from opensubsonic.errors import Code, Refusal
from opensubsonic.parameters import HEX, Parameters
from opensubsonic.wrong_logins import PAUSE_S, wrong_logins

KEY, NAME, PASSWORD, TOKEN, SALT = "apiKey", "u", "p", "t", "s"
WRONG_KEY = (
    "This key is unknown, or it was revoked. Make an app password on the page Apps of this server."
)
WRONG_LOGIN = (
    "Wrong user or password. Apps need a password of their own: make an app password on the page "
    "Apps of this server."
)
HAS_NONE = (
    "This user has no app password, so apps cannot log in yet. Make one on the page Apps of this "
    "server."
)
_LONGEST_NAME = 150

logger = logging.getLogger(__name__)


async def find_visitor(parameters: Parameters, address: str, base_address: str) -> Visitor:
    """The user of the request and what watches the login. `address`: of the client;
    `base_address`: of this server, for links. Raises Refusal."""
    check = _check_of(parameters)
    found = await app_password_logins.find_kept(check)
    if found is None:
        found = await _find_again(check, parameters, address, base_address)
    return visitor_of(found, parameters.text("c"), address)


@contextmanager
def until_over(visitor: Visitor | None, receive: Receive) -> Iterator[Receive]:
    """For long answers: what is received tells that the client is gone once the app password was
    revoked or its user made inactive."""
    if visitor is None or visitor.login is None:
        yield receive
    else:
        with visitor.watch.watching(visitor.login, receive) as receive_until_over:
            yield receive_until_over


def _check_of(parameters: Parameters) -> Check:
    """Raises Refusal if a parameter is missing or two ways to log in are mixed."""
    key = parameters.text(KEY)
    if key:
        _refuse_both(parameters, KEY, NAME, PASSWORD, TOKEN, SALT)
        return partial(KeptAppPasswords.by_key, key=key)
    name, token = parameters.needed_text(NAME), parameters.text(TOKEN)
    if token:
        _refuse_both(parameters, TOKEN, PASSWORD)
        salt = parameters.needed_text(SALT)
        return partial(KeptAppPasswords.by_token, name=name, token=token, salt=salt)
    password = _decoded(parameters.needed_text(PASSWORD))
    return partial(KeptAppPasswords.by_password, name=name, password=password)


def _refuse_both(parameters: Parameters, sent: str, *others: str) -> None:
    for other in others:
        if parameters.text(other):
            raise Refusal(
                Code.CONFLICTING_LOGINS, f"The parameters {sent} and {other} exclude each other."
            )


def _decoded(password: str) -> str:
    """What follows `enc:` is UTF-8 in hexadecimal. Some clients send `enc:null`."""
    if not password.startswith(HEX):
        return password
    try:
        return bytes.fromhex(password.removeprefix(HEX)).decode(errors="replace")
    except ValueError:
        return ""


async def _find_again(
    check: Check, parameters: Parameters, address: str, base_address: str
) -> KeptAppPassword:
    """The login is wrong, or its app password was made a moment ago, at another server. Wrong ones
    are logged and answered slowly, so that a client that tries again and again costs little. They
    do not count for the limit of the pages' login: an app with a revoked password would lock its
    user out there."""
    refusal = Refusal(Code.WRONG_KEY, WRONG_KEY)
    async with wrong_logins.turn(address) as has_turn:
        if has_turn:
            found = await app_password_logins.find_newest(check)
            if found is not None:
                return found
            if not parameters.text(KEY):
                refusal = await look_ups.find(_refusal_of, parameters)
            failed_logins.note(APP_PASSWORD)
            _log(parameters, address)
            await asyncio.sleep(PAUSE_S)
        elif not parameters.text(KEY):
            refusal = Refusal(Code.WRONG_LOGIN, WRONG_LOGIN)
    refusal.help_url = f"{base_address}/{PAGE}"
    raise refusal


def _refusal_of(parameters: Parameters) -> Refusal:
    """By token, users without any app password are told so: some clients then send `p`, and show
    what that is answered. Called in a thread."""
    name = parameters.text(NAME)[:_LONGEST_NAME]
    if parameters.text(TOKEN) and have_none(name):
        return Refusal(Code.NO_TOKEN_LOGIN, HAS_NONE)
    return Refusal(Code.WRONG_LOGIN, WRONG_LOGIN)


def _log(parameters: Parameters, address: str) -> None:
    """What a client says is quoted, since it could forge a line of the log otherwise."""
    user, app = (without_passwords(parameters.text(name))[:_LONGEST_NAME] for name in (NAME, "c"))
    logger.warning("An app password was wrong: user=%r address=%s app=%r", user, address, app)
