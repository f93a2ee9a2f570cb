"""Lists that a user's own things choose and sort: what was heard often or last, favourites."""

from dataclasses import replace

from library.queries.filters import RowFilter
from library.queries.lists import RowList
from listening.own import OwnWishes, own_part

FAVOURITES = OwnWishes(is_favourite=True)
PLAYED = OwnWishes(is_played=True)


def own_list(  # noqa: PLR0917  # what a list is
    user_id: int, kind: str, wanted: RowFilter, wishes: OwnWishes, order: str, state: str
) -> RowList:
    """The rows of this kind that match `wanted` and the wishes. `order`: one of `OWN_SORTS`.
    `state`: see `library.queries.revision`."""
    own = own_part(user_id, kind, wishes, order)
    assert own.order is not None  # noqa: S101  # for the type checker: own_part knows each order
    return RowList(filter=replace(wanted, others=own.filters), order=own.order, state=state)
