"""Stores plays of exported files, each once, and reports what became of them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import IO, Any

from django.utils import timezone

from library.models.folding import identity_key
from listening.changes import Area, change
from listening.lost import Facts, Matched, find_tracks, lost_of_each
from listening.models import Play
from listening.plays import StoredPlay, store_imported
from listening.scrobbling.history.files import rows_of
from listening.scrobbling.history.heard import Heard, NoTime, heard_in

PLAYS_AT_ONCE = 20_000
"""How many plays are looked up in the library together."""
STORED_AT_ONCE = 500
"""How many plays are stored in one transaction."""
MOST_KNOWN = 200_000
"""For how many tracks the result of the search is kept while a file is read."""
MOST_NOT_FOUND = 100
MOST_MISSING = 1_000
"""How many names of tracks that the library does not have a report keeps."""
MOST_MISSING_COUNTED = 10_000
"""With so many names, those least heard so far are forgotten."""


@dataclass
class HistoryReport:
    """How many plays a file has, and what became of them.

    `known`: were stored before. `without_time`: their time is not known. `unreadable`: rows that
    are no plays. `matched`: by what the tracks of the plays were found. `not_found`: plays of
    tracks that the library does not have; they wait for these. `missing`: those most heard, at most
    MOST_MISSING; those of a long file are counted roughly.
    """

    read: int = 0
    stored: int = 0
    known: int = 0
    without_time: int = 0
    unreadable: int = 0
    not_found: int = 0
    matched: Counter[str] = field(default_factory=Counter)
    missing: Counter[tuple[str, str]] = field(default_factory=Counter)

    def forget_missing(self) -> None:
        """Forget all names but those most heard."""
        if len(self.missing) > MOST_MISSING:
            self.missing = Counter(dict(self.missing.most_common(MOST_MISSING)))

    def as_dict(self) -> dict[str, Any]:
        counts = ("read", "stored", "known", "without_time", "unreadable", "not_found")
        missing = [
            {"artist": artist, "title": title, "plays": plays}
            for (artist, title), plays in self.missing.most_common(MOST_NOT_FOUND)
        ]
        own = {name: getattr(self, name) for name in counts}
        return {**own, "matched": dict(self.matched), "missing": missing}


def import_history(
    user_id: int, file: IO[bytes], client: str = "", *, most_unpacked_bytes: int | None = None
) -> HistoryReport:
    """Store the plays of a file for this user. No service is told of them. A file that is imported
    again adds nothing. Raises FileRefused; what was read before is stored then.

    `file` can be read and sought in. `client`: what the plays are said to come from.
    `most_unpacked_bytes`: see `rows_of`.
    """
    report = HistoryReport()
    finder = _Finder()
    plays = _plays(rows_of(file, most_unpacked_bytes), report)
    while batch := list(islice(plays, PLAYS_AT_ONCE)):
        finder.look_up([each.facts for each in batch])
        for start in range(0, len(batch), STORED_AT_ONCE):
            part = batch[start : start + STORED_AT_ONCE]
            _count(part, finder, report)
            report.stored += _store(user_id, part, finder, client)
    report.forget_missing()
    report.known = report.read - report.stored
    return report


def _plays(rows: Iterator[dict[str, Any]], report: HistoryReport) -> Iterator[Heard]:
    for row in rows:
        try:
            heard = heard_in(row)
        except NoTime:
            report.without_time += 1
            continue
        if heard is None or heard.at > timezone.now():
            report.unreadable += 1
            continue
        report.read += 1
        yield heard


class _Finder:
    """Which tracks the plays are of. What was found is kept, since most are heard often."""

    def __init__(self) -> None:
        self._found: dict[Facts, tuple[int, Matched] | None] = {}

    def look_up(self, wanted: Sequence[Facts]) -> None:
        if len(self._found) > MOST_KNOWN:
            self._found.clear()
        new = [each for each in dict.fromkeys(wanted) if each not in self._found]
        self._found.update(zip(new, find_tracks(new) if new else (), strict=True))

    def found(self, facts: Facts) -> tuple[int, Matched] | None:
        return self._found[facts]


def _count(part: Sequence[Heard], finder: _Finder, report: HistoryReport) -> None:
    for heard in part:
        if found := finder.found(heard.facts):
            report.matched[str(found[1])] += 1
        else:
            report.not_found += 1
            report.missing[heard.facts.artist, heard.facts.title] += 1
    if len(report.missing) >= MOST_MISSING_COUNTED:
        report.forget_missing()


def _store(user_id: int, part: Sequence[Heard], finder: _Finder, client: str) -> int:
    new = _new(user_id, part)
    if not new:
        return 0

    def work(number: int) -> int:
        wanted = _new(user_id, new)  # anew: another request may have stored some meanwhile
        lost = [each.facts for each in wanted if not finder.found(each.facts)]
        items = dict(zip(lost, lost_of_each(lost), strict=True)) if lost else {}
        plays = []
        for heard in wanted:
            found = finder.found(heard.facts)
            plays.append(
                StoredPlay(
                    track_id=found[0] if found else None,
                    lost_id=None if found else items[heard.facts].pk,
                    started_at=heard.at,
                    heard_s=None,
                    client=client,
                )
            )
        return store_imported(user_id, number, plays)

    return change(user_id, work, Area.PLAYS)


def _new(user_id: int, part: Sequence[Heard]) -> list[Heard]:
    """Those of which the user has no play of the same second and title yet, of whatever track: two
    services may tell different albums or artists for one play."""
    times = {each.at for each in part}
    stored = Play.objects.filter(user=user_id, started_at__in=times).order_by()
    taken = set[tuple[datetime, str]]()
    for at, *titles in stored.values_list("started_at", "track__title", "lost__title"):
        taken.update((at, identity_key(title)) for title in titles if title)
    new = []
    for heard in part:
        key = (heard.at, identity_key(heard.facts.title))
        if key not in taken:
            taken.add(key)
            new.append(heard)
    return new
