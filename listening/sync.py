"""What a client that keeps a copy of the library has to fetch to bring it up to date: the library's
rows, then what belongs to the user.

The answer comes in pages. All pages of one sync have the same token: the library's revision and the
user's change number when the first page was asked for. What changes later comes with the next sync.
"""

import re
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple, Self

from library.queries.changes import CHANGES, START, Change, Place, Span
from library.queries.revision import forgotten_revision, library_revision
from listening.own_changes import OWN_CHANGES, OwnChange, OwnSpan, is_forgotten, own_span

TOKEN = "^([0-9A-Za-z]{0,32})-([0-9]{1,18})(?:-([0-9]{1,18}))?$"  # noqa: S105  # no password
"""A token: epoch, revision, and the user's number, which tokens of older versions do not have."""
_OWN = len(CHANGES)
"""The number of the first section that belongs to the user."""


class SyncExpired(Exception):
    """The pages of this sync cannot be continued: the client has to begin a new one."""


class Cursor(NamedTuple):
    """Where a page begins. `since` and `upto`: see `Span`. `own`: what of the user's own things is
    fetched, None for nothing. `section`: first those of CHANGES, then those of OWN_CHANGES.
    `place`: in this section."""

    epoch: str
    since: int | None
    upto: int
    own: OwnSpan | None
    section: int = 0
    place: Place = START

    @property
    def token(self) -> str:
        own = "" if self.own is None else f"-{self.own.upto}"
        return f"{self.epoch}-{self.upto}{own}"

    @property
    def is_at_end(self) -> bool:
        has_own = self.own is not None and not self.own.is_empty
        return self.section >= _OWN + (len(OWN_CHANGES) if has_own else 0)

    def at(self, section: int, place: Place = START) -> Self:
        return self._replace(section=section, place=place)


@dataclass(frozen=True)
class SyncPage:
    """One page. `own`: what of the user's things is fetched; None for nothing. `next`: where the
    next page begins; None after the last."""

    token: str
    is_whole: bool
    own: OwnSpan | None
    next: Cursor | None
    changes: list[Change] = field(default_factory=list)
    own_changes: list[OwnChange] = field(default_factory=list)

    def listed(self, kind: str) -> list[int]:
        """The ids of the rows of this kind that lists show."""
        return [each.id for each in self.changes if each.is_listed and each.kind == kind]

    def removed(self) -> list[Change]:
        return [each for each in self.changes if not each.is_listed]

    def own_rows(self, part: str) -> list[dict[str, Any]]:
        """The rows of one part of the user's own things."""
        return [each.row for each in self.own_changes if each.part == part]


def first_page(since: str | None, limit: int, user_id: int | None) -> SyncPage:
    """The first page of a sync. `since`: the token of the last one. Everything is fetched without
    it, and if it is of another epoch or its deletions are not known any more. `user_id`: whose own
    things are fetched as well; None: nobody's."""
    number, token = library_revision()
    epoch = token.rpartition("-")[0]
    known, own_since = _known(since, epoch, number)
    own = None if user_id is None else own_span(user_id, own_since)
    try:
        return _page(Cursor(epoch, known, number, own), limit, token)
    except SyncExpired:
        everything = own and own._replace(since=None, has_playlists=True)
        return _page(Cursor(epoch, None, number, everything), limit, token)


def next_page(cursor: Cursor, limit: int) -> SyncPage:
    """The page that begins at `cursor`.

    Raises SyncExpired if the library was restored from a backup since the first page, or deletions
    that the client needs to know were forgotten.
    """
    _, token = library_revision()
    if token.rpartition("-")[0] != cursor.epoch:
        raise SyncExpired
    return _page(cursor, limit, token)


def _known(since: str | None, epoch: str, number: int) -> tuple[int | None, int | None]:
    """The revision and the user's number of a token; None if it cannot be said what changed
    since."""
    found = re.fullmatch(TOKEN, since or "")
    if found is None or found[1] != epoch:
        return None, None
    revision = int(found[2])
    return revision if revision <= number else None, int(found[3]) if found[3] else None


def _page(start: Cursor, limit: int, state: str) -> SyncPage:
    at, page = start, SyncPage(start.token, start.since is None, start.own, None)
    if at.section < _OWN and Span(start.since, start.upto).is_empty:
        at = at.at(_OWN)
    while not at.is_at_end and len(page.changes) + len(page.own_changes) < limit:
        wanted = limit - len(page.changes) - len(page.own_changes)
        found = _found(at, wanted, state)
        page.changes.extend(each for each in found if isinstance(each, Change))
        page.own_changes.extend(each for each in found if isinstance(each, OwnChange))
        is_over = len(found) < wanted
        at = at.at(at.section + 1) if is_over else at.at(at.section, found[-1].place)
    # Asked for after the deletions were read, which another process may forget meanwhile.
    if start.since is not None and start.since < forgotten_revision():
        raise SyncExpired
    if start.own is not None and is_forgotten(start.own):
        raise SyncExpired
    return page if at.is_at_end else replace(page, next=at)


def _found(at: Cursor, limit: int, state: str) -> list[Change] | list[OwnChange]:
    if at.section < _OWN:
        return CHANGES[at.section](Span(at.since, at.upto), at.place, limit)
    assert at.own is not None  # noqa: S101  # for the type checker
    return OWN_CHANGES[at.section - _OWN](at.own, state, at.place, limit)
