"""The best of everything that fits a search: the library's results, and the user's playlists.

Without operators, phrases and excluded words the library's own search answers. With them, rows of
each kind are filtered (`filters`) and then ranked by their names as there. A kind for which no
words are left is a part of its list, in the list's order. Genres and labels are searched by names
alone, playlists by words alone.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Case, Value, When

from library.models.folding import words_of
from library.models.searched import Sought, search_condition
from library.queries import search as library_search
from library.queries.albums import AlbumFilter
from library.queries.artists import ArtistFilter, ComposerFilter
from library.queries.corrections import spelled
from library.queries.filters import IdFilter, RowFilter
from library.queries.known_words import possible
from library.queries.lists import RowList
from library.queries.orders import ALBUM_ORDERS, ARTIST_ORDERS, TRACK_ORDERS, RowOrder
from library.queries.relevance import Asked, Rank, best_rank, rank_in_key, rank_in_text
from library.queries.search import Found, SearchResult
from library.queries.standing import kept_standing
from library.queries.tracks import TrackFilter
from listening.changes import Area, state_of
from listening.playlists.rights import visible_to
from listening.searching.filters import filters_of
from listening.searching.query import Note, SearchQuery, parse
from listening.smart.conditions import words_condition
from listening.smart.rules import Rule

KINDS = (*library_search.KINDS, "playlists")
_LISTS: Mapping[str, tuple[str, type[RowFilter], RowOrder]] = {
    "artists": ("artist", ArtistFilter, ARTIST_ORDERS["name"]),
    "albums": ("album", AlbumFilter, ALBUM_ORDERS["title"]),
    "tracks": ("track", TrackFilter, TRACK_ORDERS["artist"]),
    "composers": ("composer", ComposerFilter, ARTIST_ORDERS["name"]),
}
"""Of each kind whose rows are filtered: its name there, and its list."""


class FoundEverything(NamedTuple):
    """What was found, and what of the search was not understood."""

    result: SearchResult
    notes: tuple[Note, ...]


def state_of_search(user_id: int, text: str) -> str:
    """Identifies the state of what a search asks of the user, for ETags."""
    query = parse(text)
    states = [
        each.state for kind, *_ in _LISTS.values() for each in filters_of(query, kind, user_id)
    ]
    return " ".join((state_of(user_id, Area.PLAYLISTS), *dict.fromkeys(states)))


def search(user_id: int, text: str, state: str, limit: int) -> FoundEverything:
    """Up to `limit` of each of KINDS, for this user. `state`: see `library.queries.revision`."""
    query = parse(text)
    if query.terms:
        found = _narrowed(_Search(query, user_id, state, limit))
    else:

        def find_playlists(asked: Asked) -> dict[str, Found]:
            return {"playlists": _playlists(user_id, asked, limit)}

        found = library_search.search(query.text, state, limit, find_more=find_playlists)
    kinds = {kind: found.kinds.get(kind, Found()) for kind in KINDS}
    return FoundEverything(SearchResult(kinds, found.corrected), query.notes)


@dataclass(frozen=True, slots=True)
class _Search:
    """A search with terms, for a user."""

    query: SearchQuery
    user_id: int
    state: str
    limit: int


def _narrowed(wanted: _Search) -> SearchResult:
    """What fits; if nothing does, what fits the first correction of the words. Phrases and values
    of operators are not corrected."""
    query, state = wanted.query, wanted.state
    kinds = _kinds(wanted, query.words)
    if library_search.is_any(kinds) or not words_of(query.words) or query.text != query.words:
        return SearchResult(kinds)
    words = library_search.correction(query.words, state)
    if not words:
        return SearchResult(kinds)
    corrected_kinds = _kinds(wanted, query.words, words)
    if not library_search.is_any(corrected_kinds):
        return SearchResult(kinds)
    corrected = library_search.corrected_text(query.words, words, corrected_kinds)
    return SearchResult(corrected_kinds, query.with_words(corrected))


def _kinds(wanted: _Search, words: str, sought: Sought | None = None) -> dict[str, Found]:
    """The results of each kind. `sought`: what is looked for in place of the search's words."""
    query, state = wanted.query, wanted.state

    def asked_for(kind: str) -> Asked | None:
        """None if no words are left for this kind."""
        text = query.text_of(kind)
        if not words_of(text):
            return None
        is_own = text == words and sought is not None
        return Asked.of(text, sought if is_own and sought else spelled(text, state))

    kinds = {kind: _filtered(wanted, kind, asked_for(kind)) for kind in _LISTS}
    for kind, find in _BY_NAMES.items():
        asked = asked_for(kind)
        if asked and query.is_of_names(kind):
            kinds[kind] = find(state, asked, wanted.limit)
    asked = asked_for("playlists")
    if asked and query.has_words_alone:
        kinds["playlists"] = _playlists(wanted.user_id, asked, wanted.limit, query)
    return kinds


def _filtered(wanted: _Search, kind: str, asked: Asked | None) -> Found:
    name, filter_type, order = _LISTS[kind]
    others = filters_of(wanted.query, name, wanted.user_id, wanted.state)
    if asked is None:
        rows = RowList(filter=filter_type(others=others), order=order, state=wanted.state)
        page = rows.page(0, wanted.limit)
        return Found(page.count, (*page.ids,)) if page.ids else Found()
    if possible(asked.words, wanted.state) is None:
        return Found()
    return _best(wanted, kind, asked, others)


def _best(wanted: _Search, kind: str, asked: Asked, others: tuple[IdFilter, ...]) -> Found:
    if kind == "albums":
        return library_search.best_albums(asked, wanted.limit, None, others)
    if kind == "tracks":
        return library_search.best_tracks(asked, wanted.limit, None, others)
    standing = kept_standing(wanted.state)
    places = standing.artists if kind == "artists" else standing.composers
    by_rank = library_search.artists_by_rank(asked, others)
    return library_search.best_artists(by_rank, places, wanted.limit, None)


_BY_NAMES: Mapping[str, Callable[[str, Asked, int], Found]] = {
    "genres": library_search.best_genres,
    "labels": library_search.best_labels,
}


def _playlists(user_id: int, asked: Asked, limit: int, query: SearchQuery | None = None) -> Found:
    """By names and descriptions; of those that fit equally well, the user's own come first."""
    fitting = visible_to(user_id).filter(search_condition(asked.words))
    for term in query.terms if query else ():
        assert isinstance(term.part, Rule)  # noqa: S101  # for the type checker: words alone
        condition = words_condition(str(term.part.value))
        fitting = fitting.filter(~condition if term.is_excluded else condition)
    if not fitting.exists():  # as for most searches: ranking them takes much longer
        return Found()
    rank = best_rank(rank_in_text("search_text", asked), rank_in_key("name_key", asked))
    is_of_others = Case(When(user=user_id, then=Value(0)), default=Value(1))
    in_order = fitting.annotate(rank=rank, others=is_of_others)
    in_order = in_order.order_by("rank", "others", "name_key", "pk")
    rows = [*in_order.values_list("pk", "rank")[:limit]]
    count = len(rows) if len(rows) < limit else fitting.count()
    return Found(count, tuple(pk for pk, _ in rows), Rank(rows[0][1]))
