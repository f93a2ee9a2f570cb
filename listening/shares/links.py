"""The secret texts in the addresses of shares.

A link is `s/<selector><secret>`. The selector finds the row. The secret, of 130 bits, is not
stored. It is derived from the row and SECRET_KEY, so that a stolen database opens no link, and the
owner can be shown the link again. A new SECRET_KEY ends all links (docs/decisions/sharing.md).

Each file of a share has an address of its own for each visit. It has a key, which is derived from
the share, the visit with its end, and the track: so no address can be made for another track, and
what is in it need not be looked up for each part of a file.
"""

import base64
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from listening.models import Share

PAGE = "s/"
"""The path, below that of mus, of the pages of shares."""
VISIT_LASTS = timedelta(hours=12)
"""How long the addresses of a page's files open. Then the page has to be loaded again."""
NO_TRACK = 0
"""In place of a track's id, for what is of no single track."""

_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
_SELECTOR_LENGTH = 8
_SECRET_LENGTH = 26
"""Letters and digits of base32, of 5 bits each: 130 bits."""
_NAME_LENGTH = 16
_TOKEN = re.compile(rf"[a-z2-7]{{{_SELECTOR_LENGTH + _SECRET_LENGTH}}}")
_VISIT = re.compile(rf"([a-z2-7]{{{_NAME_LENGTH}}})-([1-9][0-9]{{0,11}})")
_TOKEN_SALT = "mus.listening.share"  # noqa: S105
_FILE_SALT = "mus.listening.share-file"


@dataclass(frozen=True)
class Visit:
    """Somebody's visit: a random name, and when its addresses end, in seconds since 1970."""

    name: str
    ends_at_s: int

    def __str__(self) -> str:
        """As addresses have it."""
        return f"{self.name}-{self.ends_at_s}"

    @classmethod
    def of_text(cls, text: str) -> Self | None:
        found = _VISIT.fullmatch(text)
        return cls(found[1], int(found[2])) if found else None

    @classmethod
    def new(cls, now: datetime) -> Self:
        return cls(_random_letters(_NAME_LENGTH), int((now + VISIT_LASTS).timestamp()))

    @property
    def is_over(self) -> bool:
        return datetime.now(tz=UTC).timestamp() >= self.ends_at_s


def new_share(user_id: int) -> Share:
    """A share with random parts. It is not saved."""
    selector, now = _random_letters(_SELECTOR_LENGTH), timezone.now()
    nonce = secrets.token_hex(16)
    return Share(user_id=user_id, selector=selector, nonce=nonce, created_at=now, changed_at=now)


def token_of(share: Share) -> str:
    """The last part of the link."""
    return share.selector + _derived(_TOKEN_SALT, f"{share.pk}|{share.selector}|{share.nonce}")


def selector_in(token: str) -> str | None:
    """The selector of the share that a token names; None if `token` has not the form of one."""
    return token[:_SELECTOR_LENGTH] if _TOKEN.fullmatch(token) else None


def is_token_of(share: Share, token: str) -> bool:
    return constant_time_compare(token, token_of(share))


def file_key(share: Share, visit: Visit, track_id: int) -> str:
    """What an address of a file of this track has to have."""
    return _derived(_FILE_SALT, f"{share.pk}|{share.nonce}|{visit}|{track_id}")


def page_key(share: Share, visit: Visit) -> str:
    """What the address of a later page of a long list has to have."""
    return file_key(share, visit, NO_TRACK)


def is_file_key(key: str, share: Share, visit: Visit, track_id: int) -> bool:
    return not visit.is_over and constant_time_compare(key, file_key(share, visit, track_id))


def _derived(salt: str, value: str) -> str:
    mac = salted_hmac(salt, value, algorithm="sha256").digest()
    return base64.b32encode(mac).decode().lower()[:_SECRET_LENGTH]


def _random_letters(number: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(number))
