"""The terms of a search as filters of tracks, albums, artists and composers.

Phrases and excluded words are looked for in a row's own names. `fav`, `rating:` and `played:never`
ask what the user made of the row itself. The other operators ask for tracks: an album or an artist
fits if one of its tracks meets all of them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from library.models.albums import Album
from library.models.catalogue import OWN_ROLES, Artist, ArtistRole, Track, TrackArtist
from library.models.folding import name_key
from library.queries.filters import IdFilter, KeptIds
from listening.favourites import favourite_filter
from listening.models.ratings import MOST_STARS
from listening.play_totals import played_filter
from listening.ratings import rating_filter
from listening.searching.operators import Term, heard_or_never
from listening.searching.query import SearchQuery
from listening.smart.conditions import words_condition
from listening.smart.filters import present_hour, rules_filter
from listening.smart.rules import Group, Rule, SmartRules

Rows = QuerySet[Any, Any]
Links = tuple[Rows, str]

KEPT_SETS = 16
"""How many sets of ids a process keeps. One of 100,000 takes 0.6 MB on SQLite."""
_MANY = 20_000
"""More tracks than this are so many that most albums and artists have one of them."""
_MODELS: Mapping[str, Any] = {
    "track": Track,
    "album": Album,
    "artist": Artist,
    "composer": Artist,
}

_NAME_OPERATORS: Mapping[str, tuple[str, ...]] = {
    "artist": ("artist", "albumartist"),
    "composer": ("composer",),
}


def filters_of(
    query: SearchQuery, kind: str, user_id: int, state: str | None = None
) -> tuple[IdFilter, ...]:
    """`kind`: track, album, artist or composer. With the `state` of the library, see
    `library.queries.revision`, the tracks and what they belong to are found now and kept: while
    people type words beside an operator, each key asks for the same ones."""
    if not query.terms:
        return ()
    if kind == "track":
        return tuple(_of_track(query.terms, user_id, state))
    return tuple(_of_kind(query.terms, kind, user_id, state))


def _kept(wanted: IdFilter, state: str | None) -> IdFilter:
    """The same filter; its ids are at hand if the state is given."""
    return wanted if state is None else replace(wanted, kept=kept_ids_of(state, wanted))


@lru_cache(maxsize=KEPT_SETS)
def kept_ids_of(_state: str, wanted: IdFilter) -> KeptIds:
    return KeptIds.of(wanted.ids)


def _of_track(terms: Sequence[Term], user_id: int, state: str | None) -> Iterator[IdFilter]:
    """Few tracks have the words that are excluded, nearly all have not."""
    excluded = [term for term in terms if term.operator == "words" and term.is_excluded]
    parts = [term.part for term in terms if term not in excluded]
    if parts:
        yield _kept(_of_tracks(parts, user_id), state)
    for term in excluded:
        yield _kept(_by_words(term, "track"), state)


def _of_tracks(parts: Sequence[Rule | Group], user_id: int) -> IdFilter:
    return rules_filter(SmartRules(Group((*parts,))), user_id, present_hour())


def _of_kind(
    terms: Sequence[Term], kind: str, user_id: int, state: str | None
) -> Iterator[IdFilter]:
    of_tracks = []
    for term in terms:
        own = _own(term, kind, user_id)
        if own is None:
            of_tracks.append(term.part)
        else:
            yield own
    if of_tracks:
        tracks = _kept(_of_tracks(of_tracks, user_id), state)
        found = IdFilter(f"{kind}s of {tracks.state}", _with_tracks(kind, tracks))
        yield _kept(found, state)


def _own(term: Term, kind: str, user_id: int) -> IdFilter | None:
    """The filter of a term that asks for the row itself; None if it asks for its tracks."""
    opinions_of = "artist" if kind == "composer" else kind
    if term.operator == "words":
        return _by_words(term, kind)
    if term.operator == "fav" and isinstance(term.part, Rule):
        return favourite_filter(user_id, opinions_of, is_favourite=bool(term.part.value))
    if term.operator == "rating" and term.span:
        first, last = term.span.first or 0, term.span.last
        most = MOST_STARS if last is None else int(last)
        found = rating_filter(user_id, opinions_of, int(first), most)
        return replace(
            found,
            is_excluding=found.is_excluding != term.is_excluded,
            state=f"{'not ' if term.is_excluded else ''}{found.state}",
        )
    if term.operator == "played" and (is_heard := heard_or_never(term.value)) is not None:
        return played_filter(user_id, opinions_of, is_played=is_heard != term.is_excluded)
    if term.operator in _NAME_OPERATORS.get(kind, ()):
        return _by_name(term)
    return None


def _by_words(term: Term, kind: str) -> IdFilter:
    assert isinstance(term.part, Rule)  # noqa: S101  # for the type checker
    rows: Rows = _MODELS[kind].objects.all()
    text = str(term.part.value)
    fitting = rows.filter(words_condition(text)).order_by().values("pk")
    sign = "without" if term.is_excluded else "with"
    return IdFilter(f"{kind}s {sign} {text}", fitting, is_excluding=term.is_excluded)


def _by_name(term: Term) -> IdFilter:
    key = name_key(term.value)
    named = Artist.objects.filter(Q(name_key__contains=key) | Q(sort_key__contains=key))
    sign = "not named" if term.is_excluded else "named"
    fitting = named.order_by().values("pk")
    return IdFilter(f"artists {sign} {key}", fitting, is_excluding=term.is_excluded)


def _with_tracks(kind: str, tracks: IdFilter) -> Rows:
    """The rows to which one of the tracks belongs. Of very many tracks, most rows have one among
    their first, so fewer are looked up from the rows than from the tracks."""
    links, column = _LINKS[kind]()
    of = "album" if kind == "album" else "artist"
    rows: Rows = _MODELS[kind].objects.order_by().values("pk")
    kept = tracks.kept
    if kept and kept.count > _MANY:
        own = links.filter(kept.among(column, is_checked=True), **{of: OuterRef("pk")})
        return rows.filter(Exists(own))
    named = kept.among(column) if kept else Q(**{f"{column}__in": tracks.ids})
    return rows.filter(pk__in=links.filter(named).order_by().values(of))


def _credits(*roles: str) -> Links:
    return TrackArtist.objects.filter(role__in=roles), "track"


_LINKS: Mapping[str, Callable[[], Links]] = {
    "album": lambda: (Track.objects.filter(album__isnull=False), "pk"),
    "artist": lambda: _credits(*OWN_ROLES),
    "composer": lambda: _credits(ArtistRole.COMPOSER),
}
"""By kind the rows that tell which tracks belong to a row, and the column that names these."""
