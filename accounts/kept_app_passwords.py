"""Users and their app passwords as they are kept in memory, and how a login is checked by them.

A check costs microseconds: no query, and no slow hash. An app password has 130 random bits, so
nobody can try all of them.
"""

import hashlib
import hmac
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from accounts.app_passwords import derived_password, row_id_of


class KeptUser(NamedTuple):
    """A user, as the values of the columns: each request gets an object of its own, since its
    threads may change it."""

    kind: type[Any]
    database: str
    names: list[str]
    values: list[Any]

    def __repr__(self) -> str:
        return f"KeptUser({self.kind.__name__})"  # the values hold the hash of the password

    def object(self) -> Any:
        return self.kind.from_db(self.database, self.names, self.values)


def kept_user(user: Any) -> KeptUser:
    names = [each.attname for each in user._meta.concrete_fields]
    values = [getattr(user, name) for name in names]
    return KeptUser(type(user), user._state.db, names, values)  # noqa: SLF001  # documented


@dataclass(eq=False, slots=True)
class KeptAppPassword:
    """`last_used_at` is changed as soon as a use is noted, before it is written."""

    pk: int
    nonce: str = field(repr=False)
    user: KeptUser
    last_used_at: datetime | None = None
    derived: bytes = field(default=b"", repr=False)

    @property
    def secret(self) -> bytes:
        """Derived when it is first needed: there may be thousands of rows."""
        if not self.derived:
            self.derived = derived_password(self.pk, self.nonce).encode()
        return self.derived

    def take_over(self, before: "KeptAppPassword | None") -> None:
        """What this process knows since it read the row before."""
        if before is None or before.nonce != self.nonce:
            return
        self.derived = before.derived
        times = [each.last_used_at for each in (self, before) if each.last_used_at]
        self.last_used_at = max(times, default=None)


Found = KeptAppPassword | None
Check = Callable[["KeptAppPasswords"], Found]
"""Finds the app password of one login."""


class KeptAppPasswords:
    """All that are in force."""

    def __init__(self, rows: Iterable[tuple[str, KeptAppPassword]]) -> None:
        """Called with the name of its user and each of them, the newest first."""
        self._by_id: dict[int, KeptAppPassword] = {}
        self._by_name: dict[str, list[KeptAppPassword]] = {}
        self._by_folded: dict[str, list[KeptAppPassword]] = {}
        for name, row in rows:
            self._by_id[row.pk] = row
            self._by_name.setdefault(name, []).append(row)
            self._by_folded.setdefault(_folded(name), []).append(row)

    def of_id(self, pk: int) -> Found:
        return self._by_id.get(pk)

    def by_key(self, key: str) -> Found:
        """The app password `key`, which names its own row."""
        row = self._by_id.get(row_id_of(key) or 0)
        if row is None or not hmac.compare_digest(row.secret, key.encode(errors="replace")):
            return None
        return row

    def by_password(self, name: str, password: str) -> Found:
        """The app password of the user of this name that is `password`."""
        given = password.encode(errors="replace")
        return next((row for row in self._of(name) if hmac.compare_digest(row.secret, given)), None)

    def by_token(self, name: str, token: str, salt: str) -> Found:
        """The one whose MD5 with `salt` behind it is `token`, as the protocol has it."""
        given, salted = token.lower().encode(errors="replace"), salt.encode(errors="replace")
        for row in self._of(name):
            wanted = hashlib.md5(row.secret + salted, usedforsecurity=False).hexdigest()
            if hmac.compare_digest(wanted.encode(), given):
                return row
        return None

    def _of(self, name: str) -> list[KeptAppPassword]:
        """Those of the user of this name; if there is none, of all whose names differ from it in
        case only: phones begin a name with a capital letter."""
        return self._by_name.get(name) or self._by_folded.get(_folded(name)) or []


NONE_KEPT = KeptAppPasswords(())


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()
