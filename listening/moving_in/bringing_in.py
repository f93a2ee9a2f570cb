"""Brings in what another server tells, and reports what was matched how."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial

from django.contrib.auth.models import User
from django.db import transaction

from listening.followers.lost import give_tracks
from listening.lost import Facts, waiting_for
from listening.moving_in.brought import Brought, CannotRead, Named
from listening.moving_in.storing import THERE, Stored, store
from listening.moving_in.targets import Targets, find_targets
from runtime.turns import write_in_turn
from runtime.visible_text import printable

SHOWN = 50
"""How many of what was not found the report names."""


@dataclass
class Report:
    """`stored`: by the user's name here. `without_user`: names there that no user here has.
    `linked`: how many lost items of an earlier import are tracks now."""

    is_dry_run: bool
    matched: Counter[str] = field(default_factory=Counter)
    not_found: list[Facts] = field(default_factory=list)
    not_found_named: list[tuple[str, Named]] = field(default_factory=list)
    stored: dict[str, Stored] = field(default_factory=dict)
    without_user: list[str] = field(default_factory=list)
    linked: int = 0

    def lines(self, shown: int = SHOWN) -> Iterator[str]:
        """For people."""
        if self.is_dry_run:
            yield "This is what would be done; nothing was changed."
        yield from self._lines_of_tracks(shown)
        for name, stored in self.stored.items():
            new = [noun for noun in stored if stored[noun] and not noun.endswith(THERE)]
            there = [noun for noun in stored if stored[noun] and noun.endswith(THERE)]
            said = ", ".join(f"{stored[noun]:,} {noun}" for noun in new)
            yield f"{printable(name)}: {said or 'nothing'} new."
            if there:
                known = (f"{stored[noun]:,} {noun.removesuffix(THERE)}" for noun in there)
                yield f"  There already: {', '.join(known)}."
        for name in self.without_user:
            shown_name = printable(name)
            yield f"No user here is called {shown_name}: make one, or say --user {shown_name}=NAME."

    def _lines_of_tracks(self, shown: int) -> Iterator[str]:
        total = self.matched.total() + len(self.not_found)
        yield f"{self.matched.total():,} of {total:,} tracks were found:"
        for matched, count in self.matched.most_common():
            yield f"  {count:>8,}  by {matched}"
        if self.linked:
            yield f"{self.linked:,} tracks were found that an earlier import had not found."
        names = [
            *(_shown(facts) for facts in self.not_found),
            *(f"{kind} {named.name}" for kind, named in self.not_found_named),
        ]
        if names:
            yield f"{len(names):,} were not found; what belongs to them waits until they come:"
            yield from (f"  {printable(name)}" for name in names[:shown])
            if len(names) > shown:
                yield f"  and {len(names) - shown:,} more"


def bring_in(
    brought: Brought, names: Mapping[str, str], source: str, *, is_dry_run: bool = False
) -> Report:
    """Store what users of another server made for the users here: of the same name, or of the name
    that `names` has for theirs. `source`: what the other server is called.

    With `is_dry_run` everything is undone in the end. Raises CannotRead for a name of `names` that
    nobody has.
    """
    users, without_user = _users(brought, names)
    brought = Brought(
        brought.tracks,
        brought.albums,
        brought.artists,
        brought.album_tracks,
        {name: of_user for name, of_user in brought.users.items() if name in users},
    )
    report = Report(is_dry_run, without_user=without_user)
    if is_dry_run:
        with transaction.atomic():
            _bring_in(brought, users, source, report)
            transaction.set_rollback(True)
    else:
        _bring_in(brought, users, source, report)
    return report


def _bring_in(brought: Brought, users: Mapping[str, User], source: str, report: Report) -> None:
    targets: Targets = write_in_turn(partial(_find, brought, report))
    report.matched.update({str(name): count for name, count in targets.matched.items()})
    report.not_found, report.not_found_named = targets.not_found, targets.not_found_named
    for name, of_user in brought.users.items():
        user = users[name]
        report.stored[user.get_username()] = store(user.pk, of_user, targets, source)


def _find(brought: Brought, report: Report) -> Targets:
    targets = find_targets(brought)
    ids = {pk for (kind, pk), (column, _) in targets.of.items() if kind == column == "track"}
    found = {brought.tracks[pk]: targets.of["track", pk][1] for pk in ids}
    linked = waiting_for(found)
    give_tracks(linked)
    report.linked = len(linked)
    return targets


def _shown(facts: Facts) -> str:
    names = " - ".join(name for name in (facts.artist, facts.title) if name)
    return f"{names} ({facts.path})" if names and facts.path else names or facts.path


def _users(brought: Brought, names: Mapping[str, str]) -> tuple[dict[str, User], list[str]]:
    here = {user.get_username().casefold(): user for user in User.objects.order_by("-pk")}
    for theirs, ours in names.items():
        if ours.casefold() not in here:
            raise CannotRead(f"There is no user {printable(ours)} here.")
        if theirs not in brought.users:
            raise CannotRead(
                f"{printable(theirs)} has made nothing there, or is no user. "
                f"There are: {', '.join(map(printable, brought.users)) or 'none'}."
            )
    users = {
        name: user for name in brought.users if (user := here.get(names.get(name, name).casefold()))
    }
    return users, [name for name in brought.users if name not in users]
