"""Which tracks match, on SQLite. Its indexes of orders do not hold what is searched, so matches are
picked here from the ids in order: to fetch these costs little, since it is no other process."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, filterfalse

from django.db.models import BooleanField, Count, ExpressionWrapper, Q

from library.models.catalogue import Track, found_by
from library.queries.ids import IdList
from library.queries.stretches import in_stretches
from library.queries.track_counts import stretches_for
from library.queries.track_filter import TrackFilter

KEPT_MATCHES = 2
"""In a process: of 100,000 tracks about half at most are kept, in 5 MB."""

_SAMPLE = 2_000


@dataclass(frozen=True)
class Matches:
    """How many present tracks match, and which: those whose ids these are, or all others."""

    count: int
    ids: frozenset[int]
    are_others: bool

    def among(self, ids: Iterable[int]) -> Iterator[int]:
        choose = filterfalse if self.are_others else filter
        return choose(self.ids.__contains__, ids)


@lru_cache(maxsize=KEPT_MATCHES)
def kept_matches(_state: str, wanted: TrackFilter) -> Matches:
    """Who scrolls asks for page after page of the same."""
    return found(wanted)


def found(wanted: TrackFilter) -> Matches:
    if wanted.is_search_alone and _do_most_match(wanted.search):
        is_other = ~found_by(wanted.search)
        parts = in_stretches(
            Track.objects.present(),
            stretches_for(wanted, "id"),
            all=Count("pk"),
            ids=IdList("pk", filter=is_other),
        )
        others = frozenset(chain.from_iterable(each["ids"] for each in parts))
        return Matches(sum(each["all"] for each in parts) - len(others), others, are_others=True)
    parts = in_stretches(wanted.tracks(), stretches_for(wanted, "id"), ids=IdList("pk"))
    ids = frozenset(chain.from_iterable(each["ids"] for each in parts))
    return Matches(len(ids), ids, are_others=False)


def _do_most_match(search: str) -> bool:
    """By the first tracks, whatever these are."""
    told = ExpressionWrapper(found_by(search), BooleanField())
    first = Track.objects.present().order_by("pk").annotate(matches=told).values("pk", "matches")
    counts = first[:_SAMPLE].aggregate(all=Count("pk"), found=Count("pk", filter=Q(matches=True)))
    return bool(2 * counts["found"] > counts["all"])
