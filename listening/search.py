"""The search of everything, with what belongs to the user: the library's results and playlists."""

from django.db.models import Case, Value, When

from library.models.searched import search_condition
from library.queries.relevance import Asked, Rank, best_rank, rank_in_key, rank_in_text
from library.queries.search import KINDS as KINDS_OF_LIBRARY
from library.queries.search import Found, SearchResult
from library.queries.search import search as search_library
from listening.playlists.rights import visible_to

KINDS = (*KINDS_OF_LIBRARY, "playlists")


def search(user_id: int, text: str, state: str, limit: int) -> SearchResult:
    """Up to `limit` of each of KINDS, for this user. `state`: see `library.queries.revision`."""

    def find_playlists(asked: Asked) -> dict[str, Found]:
        return {"playlists": _playlists(user_id, asked, limit)}

    found = search_library(text, state, limit, find_more=find_playlists)
    return SearchResult({kind: found.kinds.get(kind, Found()) for kind in KINDS}, found.corrected)


def _playlists(user_id: int, asked: Asked, limit: int) -> Found:
    """By names and descriptions; of those that fit equally well, the user's own come first."""
    fitting = visible_to(user_id).filter(search_condition(asked.words))
    rank = best_rank(rank_in_text("search_text", asked), rank_in_key("name_key", asked))
    is_of_others = Case(When(user=user_id, then=Value(0)), default=Value(1))
    in_order = fitting.annotate(rank=rank, others=is_of_others)
    in_order = in_order.order_by("rank", "others", "name_key", "pk")
    rows = [*in_order.values_list("pk", "rank")[:limit]]
    if not rows:
        return Found()
    count = len(rows) if len(rows) < limit else fitting.count()
    return Found(count, tuple(pk for pk, _ in rows), Rank(rows[0][1]))
