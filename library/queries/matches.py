"""The ids of all tracks that match a filter, for sorted lists on SQLite.

SQLite's indexes for sorting do not contain the searched text. So a list is made in two steps: find
the ids that match, then read the ids of all tracks in order and keep those that match. Reading all
ids is cheap because SQLite runs within this process.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, filterfalse

from django.db.models import BooleanField, Count, ExpressionWrapper, Q

from library.models.catalogue import Track, search_condition
from library.queries.ids import IdList
from library.queries.stretches import in_stretches
from library.queries.track_counts import stretches_for
from library.queries.track_filter import TrackFilter

KEPT_MATCHES = 2
"""How many results a process keeps. One holds at most about half of all ids: of 100,000 tracks some
50,000, in 5 MB."""

_SAMPLE = 2_000


@dataclass(frozen=True)
class Matches:
    """The present tracks that match a filter, and their `count`.

    `ids` holds the ids that match or, if `are_excluded`, those that do not: whichever are fewer.
    """

    count: int
    ids: frozenset[int]
    are_excluded: bool

    def among(self, ids: Iterable[int]) -> Iterator[int]:
        """Those of `ids` that match, in the same order."""
        choose = filterfalse if self.are_excluded else filter
        return choose(self.ids.__contains__, ids)


@lru_cache(maxsize=KEPT_MATCHES)
def kept_matches(_state: str, wanted: TrackFilter) -> Matches:
    """Like `find_matches`, kept for later pages of the same list. `_state` identifies the state of
    the library; another state is searched anew."""
    return find_matches(wanted)


def find_matches(wanted: TrackFilter) -> Matches:
    """Search the database for the tracks that fit `wanted`. Raises django.db.Error."""
    if wanted.is_search_alone and _do_most_match(wanted.search):
        is_other = ~search_condition(wanted.search)
        parts = in_stretches(
            Track.objects.present(),
            stretches_for(wanted, "id"),
            all=Count("pk"),
            ids=IdList("pk", filter=is_other),
        )
        others = frozenset(chain.from_iterable(each["ids"] for each in parts))
        return Matches(sum(each["all"] for each in parts) - len(others), others, are_excluded=True)
    parts = in_stretches(wanted.tracks(), stretches_for(wanted, "id"), ids=IdList("pk"))
    ids = frozenset(chain.from_iterable(each["ids"] for each in parts))
    return Matches(len(ids), ids, are_excluded=False)


def _do_most_match(search: str) -> bool:
    """Estimate whether more than half of all tracks match, from the _SAMPLE lowest ids."""
    matches = ExpressionWrapper(search_condition(search), BooleanField())
    first = Track.objects.present().order_by("pk").annotate(matches=matches).values("pk", "matches")
    counts = first[:_SAMPLE].aggregate(all=Count("pk"), found=Count("pk", filter=Q(matches=True)))
    return bool(2 * counts["found"] > counts["all"])
