"""The terms of a search as filters of tracks, albums, artists and composers.

Phrases and excluded words are looked for in a row's own names. `fav`, `rating:` and `played:never`
ask what the user made of the row itself. The other operators ask for tracks: an album or an artist
fits if one of its tracks meets all of them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from django.db.models import F, Q, QuerySet, Value

from library.models.albums import Album
from library.models.catalogue import OWN_ROLES, Artist, ArtistRole, Track, TrackArtist
from library.models.folding import name_key
from library.queries.filters import IdFilter
from library.queries.prepared import IdArray, IsAmong, ids_value
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

KEPT_SETS = 16
"""How many sets of ids a process keeps. One of 100,000 takes 0.6 MB on SQLite."""
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
        found = _of_tracks([term.part for term in query.terms], user_id)
        return (_kept(found, kind, state),)
    return tuple(_of_kind(query.terms, kind, user_id, state))


def _kept(wanted: IdFilter, kind: str, state: str | None) -> IdFilter:
    """The same filter; its ids are at hand if the state is given."""
    if state is None:
        return wanted
    ids = Value(kept_ids_of(state, kind, wanted))
    return replace(wanted, ids=_MODELS[kind].objects.filter(IsAmong(F("pk"), ids)).values("pk"))


@lru_cache(maxsize=KEPT_SETS)
def kept_ids_of(_state: str, kind: str, wanted: IdFilter) -> Any:
    rows = _MODELS[kind].objects.filter(pk__in=wanted.ids).order_by()
    return rows.aggregate(ids=IdArray("pk"))["ids"] or ids_value([])


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
        tracks = _kept(_of_tracks(of_tracks, user_id), "track", state)
        found = IdFilter(f"{kind}s of {tracks.state}", _ROWS_WITH_TRACKS[kind](tracks.ids))
        yield _kept(found, kind, state)


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
    rows: Rows = Album.objects.all() if kind == "album" else Artist.objects.all()
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


def _credited(*roles: str) -> Callable[[Rows], Rows]:
    def make(tracks: Rows) -> Rows:
        named = TrackArtist.objects.filter(role__in=roles, track__in=tracks)
        return named.order_by().values("artist")

    return make


def _albums(tracks: Rows) -> Rows:
    listed = Track.objects.filter(pk__in=tracks, album__isnull=False)
    return listed.order_by().values("album")


_ROWS_WITH_TRACKS: Mapping[str, Callable[[Rows], Rows]] = {
    "album": _albums,
    "artist": _credited(*OWN_ROLES),
    "composer": _credited(ArtistRole.COMPOSER),
}
