"""The names of genres and labels in a search: which of them fit, and how well.

A library has few of them, so a process keeps all names.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain

from library.models.folding import search_text
from library.models.genres import Genre, Label, Named
from library.models.searched import Sought, fits
from library.queries.groupings import GroupsOf, genres, kept_groups, labels
from library.queries.relevance import Asked, Rank, rank_of_name

_GROUPS: Mapping[type[Named], GroupsOf] = {Genre: genres, Label: labels}


def fits_a_name(attempts: Sequence[Sought], state: str) -> bool:
    """Whether any genre or label fits one of the attempts."""
    return any(fits(name, each) for name in _names(state) for each in attempts)


def ranked_names(model: type[Named], state: str, asked: Asked) -> list[tuple[int, Rank]]:
    """The ids of all that fit and have tracks, the best first, with their ranks."""
    fitting = [pk for pk, name in kept_names(state, model).items() if fits(name, asked.words)]
    if not fitting:
        return []
    by_id = kept_groups(state, _GROUPS[model]).by_id
    ranked = sorted(
        (rank_of_name(by_id[pk].name, asked), -by_id[pk].track_count, place, pk)
        for place, pk in enumerate(fitting)
        if pk in by_id
    )
    return [(pk, rank) for rank, *_, pk in ranked]


def _names(state: str) -> Iterator[str]:
    return chain.from_iterable(kept_names(state, model).values() for model in _GROUPS)


@lru_cache(maxsize=4)
def kept_names(_state: str, model: type[Named]) -> dict[int, str]:
    """What a search of genres or labels looks into, by their ids. Counting the tracks of all of
    them takes longer, and most searches fit none."""
    named = model._default_manager.order_by("sort_key", "pk")  # noqa: SLF001
    rows = named.values_list("pk", "name")
    return {pk: search_text([name]) for pk, name in rows}
