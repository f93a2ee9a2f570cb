"""The best of everything that fits a search: artists, albums, tracks, composers, genres, labels.

Each kind is ordered by how well the row's own name fits (`library.queries.relevance`). Among equal
ranks, artists, albums, genres and labels with more tracks come first, then the sort key decides.

A single letter fits nearly all of 100,000 tracks. Ranking all of them would take longer than people
wait between two keys, so up to COUNTED tracks are counted and ranked. If more fit, the index of
titles finds those whose title begins with the search, then those whose title contains it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial, reduce
from operator import and_, or_
from typing import Any

from django.db import connection
from django.db.models import Case, F, Q, QuerySet, Value, When

from library.models.albums import Album
from library.models.catalogue import Artist, Track
from library.models.folding import words_of
from library.models.genres import Genre, Label, Named
from library.models.searched import Sought, search_condition
from library.queries.asked_queries import AskedQuery
from library.queries.corrections import corrections, spelled
from library.queries.filters import IdFilter, chosen
from library.queries.known_words import possible
from library.queries.orders import ValueOrder
from library.queries.prepared import IdArray, IsAmong, given, ids_from, ids_value
from library.queries.relevance import (
    Asked,
    Rank,
    best_rank,
    key_contains,
    rank_in_key,
    rank_in_text,
    with_spellings,
)
from library.queries.searched_names import fits_a_name, ranked_names
from library.queries.standing import Standing, kept_standing

COUNTED = 1_000
"""Up to this many tracks are counted and ranked."""
KINDS = ("artists", "albums", "tracks", "composers", "genres", "labels")
"""In the order in which they are shown."""
_LAST_CHARACTER = "\U0010ffff"

Plays = Mapping[str, ValueOrder]
"""By kind (`tracks`, `albums`, `artists`) a value of another app's that decides before the number
of tracks does, such as how often a listener played it."""


@dataclass(frozen=True, slots=True)
class Found:
    """What fits of one kind: the number, the best ids in order, and the rank of the first.

    `is_counted`: whether `count` is all that fit; otherwise there are more.
    """

    count: int = 0
    ids: tuple[int, ...] = ()
    best_rank: Rank = Rank.ELSEWHERE
    is_counted: bool = True


@dataclass(frozen=True, slots=True)
class SearchResult:
    """`kinds`: of results that fit equally well, one of an earlier kind is the best. `corrected`:
    what was searched instead because nothing fits what was asked for; else None."""

    kinds: Mapping[str, Found]
    corrected: str | None = None

    @property
    def best(self) -> tuple[str, int] | None:
        """The kind and the id of the one result whose name fits best; None if only other texts of
        the results fit, such as their genre."""
        kind = min(self.kinds, key=lambda each: self.kinds[each].best_rank)
        found = self.kinds[kind]
        return (kind, found.ids[0]) if found.best_rank < Rank.ELSEWHERE else None


FindMore = Callable[[Asked], Mapping[str, Found]]
"""Finds what another app has that fits, by its kinds."""


def search(
    text: str,
    state: str,
    limit: int,
    plays: Plays | None = None,
    find_more: FindMore = lambda _: {},
) -> SearchResult:
    """Up to `limit` of each kind. `state`: see `library.queries.revision`. `find_more`: for further
    kinds; nothing is corrected as long as it finds anything."""
    if not words_of(text):
        return SearchResult(dict.fromkeys(KINDS, Found()))

    def find(words: Sought) -> dict[str, Found]:
        asked = Asked.of(text, words)
        return {**_search(asked, state, limit, plays or {}), **find_more(asked)}

    kinds = find(spelled(text, state))
    if not is_any(kinds) and (words := correction(text, state)):
        kinds = find(words)
        if is_any(kinds):
            return SearchResult(kinds, corrected_text(text, words, kinds))
    return SearchResult(kinds)


def is_any(kinds: Mapping[str, Found]) -> bool:
    """Whether anything was found."""
    return any(found.count for found in kinds.values())


def correction(text: str, state: str) -> Sought | None:
    """The first of the corrections that anything fits. Whether any of them does is asked first: if
    none does, as for most searches of several words, the tracks are read only once."""
    found = [*corrections(text, state)]
    if len(found) > 1 and not fits_any(found, state):
        return None
    return next((each for each in found if fits_any([each], state)), None)


def fits_any(attempts: Sequence[Sought], state: str) -> bool:
    """Whether an artist, an album, a track, a genre or a label fits one of the attempts."""
    condition = reduce(or_, map(search_condition, attempts))
    return (
        Artist.objects.filter(condition).exists()
        or Album.objects.listed().filter(condition).exists()
        or Track.objects.present().filter(_walked(condition)).exists()
        or fits_a_name(attempts, state)
    )


def corrected_text(text: str, words: Sought, kinds: Mapping[str, Found]) -> str:
    """`text` in the spelling in which it is found: of each word the most likely spelling that the
    best results have."""
    rows: list[Artist | Album | Track] = [
        *Artist.objects.filter(pk__in=kinds["artists"].ids + kinds["composers"].ids),
        *Album.objects.filter(pk__in=kinds["albums"].ids),
        *Track.objects.filter(pk__in=kinds["tracks"].ids),
    ]
    chosen = [
        next((one for one in each if any(one in row.search_text for row in rows)), each[-1])
        for each in words
    ]
    return with_spellings(text, chosen)


def _search(asked: Asked, state: str, limit: int, plays: Plays) -> dict[str, Found]:
    is_possible = possible(asked.words, state) is not None
    rows = _rows(asked, state, limit, plays) if is_possible else {}
    groups = {
        "genres": best_genres(state, asked, limit),
        "labels": best_labels(state, asked, limit),
    }
    return {kind: (rows | groups).get(kind, Found()) for kind in KINDS}


def _rows(asked: Asked, state: str, limit: int, plays: Plays) -> dict[str, Found]:
    by_rank = artists_by_rank(asked)
    standing = kept_standing(state) if by_rank else Standing({}, {})
    order = plays.get("artists")
    return {
        "artists": best_artists(by_rank, standing.artists, limit, order),
        "albums": best_albums(asked, limit, plays.get("albums")),
        "tracks": best_tracks(asked, limit, plays.get("tracks")),
        "composers": best_artists(by_rank, standing.composers, limit, order),
    }


def _contain(words: Sought, has: Callable[[str], Q]) -> Q:
    """The condition that a text has one spelling of each word."""
    spelled = (reduce(or_, map(has, spellings)) for spellings in words)
    return reduce(and_, spelled, Q())


def best_tracks(
    asked: Asked, limit: int, plays: ValueOrder | None, others: Iterable[IdFilter] = ()
) -> Found:
    """The tracks that fit best, and the filters `others` too; see the top of this module for how
    many are ranked."""
    tracks = chosen(Track.objects.present(), others)
    ids = _some_that_fit(asked, tracks)
    count, is_counted = len(ids), len(ids) <= COUNTED
    if not is_counted:
        of_titles = _from_titles(asked, limit, tracks)
        ids = of_titles if len(of_titles) >= limit else [*of_titles, *ids]
    if not ids:
        rows: Iterable[tuple[int, int]] = ()
    elif plays:
        rows = _in_order(_ranked_tracks(asked, Value(ids_value(ids))), plays, *_TIES_OF_TRACKS)
        rows = rows[:limit]
    else:
        rows = _best_tracks.rows(asked, ids_value(ids), limit=limit)
    return _found(rows, min(count, COUNTED), is_counted=is_counted)


def _ranked_tracks(asked: Asked, ids: Value) -> QuerySet[Any, Any]:
    rank = best_rank(rank_in_text("search_text", asked), rank_in_key("title_key", asked))
    return Track.objects.filter(IsAmong(F("pk"), ids)).annotate(rank=rank)


def _some_that_fit(asked: Asked, tracks: QuerySet[Any, Any]) -> list[int]:
    """All of the tracks that fit, or COUNTED + 1 of them."""
    tracks = tracks.filter(_walked(search_condition(asked.words)))
    # SQLite's index with the searched text begins with the id, PostgreSQL's are those of orders.
    order = ["title_key", "pk"] if connection.vendor == "postgresql" else ["pk"]
    return _ids(tracks.order_by(*order)[: COUNTED + 1])


def _from_titles(asked: Asked, limit: int, tracks: QuerySet[Any, Any]) -> list[int]:
    """Tracks among which the best are, from the index of titles: `limit` that begin with the
    search, or if there are fewer, those that contain it."""
    tracks = tracks.order_by("title_key", "pk")
    key = asked.keys[0]
    begins = Q(title_key__gte=key, title_key__lt=key + _LAST_CHARACTER)
    ids = _ids(tracks.filter(begins, search_condition(asked.words))[:limit])
    if len(ids) == limit:
        return ids
    inside = _contain(asked.words, partial(key_contains, "title_key"))
    of_any_place = _ids(tracks.filter(_walked(inside))[:COUNTED])
    phrase = Q(title_key__contains=f" {key}")
    is_cut = len(of_any_place) == COUNTED
    of_words = _ids(tracks.filter(_walked(phrase))[:limit]) if is_cut else []
    return [*dict.fromkeys((*ids, *of_words, *of_any_place))]


def _walked(condition: Q) -> Any:
    """PostgreSQL expects few rows to contain a text, and would read the whole table rather than
    walk an index until there are enough. Of the value of a CASE it expects half of the rows."""
    if connection.vendor == "postgresql":
        return Case(When(condition, then=Value(True)), default=Value(False))  # noqa: FBT003
    return condition


def _ids(rows: QuerySet[Any, Any]) -> list[int]:
    """The ids of a slice, fetched as one value."""
    return ids_from(rows.aggregate(ids=IdArray("pk"))["ids"])


def best_albums(
    asked: Asked, limit: int, plays: ValueOrder | None, others: Iterable[IdFilter] = ()
) -> Found:
    """The albums that fit best; all that fit are ranked."""
    filters = [*others]
    if plays or filters:
        ranked = _in_order(_ranked_albums(asked, filters), plays, *_TIES_OF_ALBUMS)
        rows = [*ranked[:limit]]
    else:
        rows = _best_albums.rows(asked, limit=limit)
    return _found(rows, len(rows) if len(rows) < limit else _albums(asked, filters).count())


def _albums(asked: Asked, others: Iterable[IdFilter]) -> QuerySet[Any, Any]:
    albums: QuerySet[Any, Any] = Album.objects.listed()
    return chosen(albums, others).filter(search_condition(asked.words))


def _ranked_albums(asked: Asked, others: Iterable[IdFilter]) -> QuerySet[Any, Any]:
    rank = best_rank(rank_in_text("search_text", asked), rank_in_key("title_key", asked))
    ranked: QuerySet[Any, Any] = _albums(asked, others).annotate(rank=rank)
    return ranked


def _in_order(rows: QuerySet[Any, Any], plays: ValueOrder | None, *ties: str) -> QuerySet[Any, Any]:
    by_plays = plays.terms[:1] if plays else []
    return rows.order_by("rank", *by_plays, *ties).values_list("pk", "rank")


def _found(rows: Iterable[tuple[int, int]], count: int, *, is_counted: bool = True) -> Found:
    ranked = [*rows]
    if not ranked:
        return Found()
    ids = tuple(pk for pk, _ in ranked)
    return Found(count, ids, Rank(ranked[0][1]), is_counted)


def artists_by_rank(asked: Asked, others: Iterable[IdFilter] = ()) -> list[tuple[Rank, list[int]]]:
    """The ids of all artists whose name fits, whatever their roles, by rank."""
    filters = [*others]
    rows = _ranked_artists(asked, filters) if filters else _artists_by_rank.rows(asked)
    return [(Rank(number), ids_from(ids)) for number, ids in rows]


def _ranked_artists(asked: Asked, others: Iterable[IdFilter]) -> QuerySet[Any, Any]:
    rank = best_rank(rank_in_key("name_key", asked), rank_in_key("sort_key", asked))
    fitting = chosen(Artist.objects.all(), others).filter(search_condition(asked.words))
    ranked: QuerySet[Any, Any] = fitting.annotate(rank=rank).order_by("rank").values("rank")
    with_ids: QuerySet[Any, Any] = ranked.annotate(ids=IdArray("pk"))
    return with_ids.values_list("rank", "ids")


_TIES_OF_TRACKS = ("title_key", "pk")
_TIES_OF_ALBUMS = ("-track_count", "title_key", "pk")
_best_tracks = AskedQuery(
    lambda asked: _in_order(_ranked_tracks(asked, given()), None, *_TIES_OF_TRACKS)
)
_best_albums = AskedQuery(
    lambda asked: _in_order(_ranked_albums(asked, ()), None, *_TIES_OF_ALBUMS)
)
_artists_by_rank = AskedQuery(lambda asked: _ranked_artists(asked, ()))


def best_artists(
    by_rank: list[tuple[Rank, list[int]]],
    places: Mapping[int, int],
    limit: int,
    plays: ValueOrder | None,
) -> Found:
    """The best of `artists_by_rank` that have a place; of equal ranks the first places."""
    count, first = 0, Rank.ELSEWHERE
    best: list[int] = []
    for rank, ids in by_rank:
        listed = [pk for pk in ids if pk in places]
        count += len(listed)
        if listed and len(best) < limit:
            first = first if best else rank
            best += _sorted(listed, places, plays)[: limit - len(best)]
    return Found(count, tuple(best), first)


def _sorted(ids: list[int], places: Mapping[int, int], plays: ValueOrder | None) -> list[int]:
    in_order = sorted(ids, key=places.__getitem__)
    if plays is None:
        return in_order
    named = plays.values.filter(**{f"{plays.id_column}__in": ids})
    values = dict(named.values_list(plays.id_column, plays.value_column))
    return sorted(in_order, key=lambda pk: values.get(pk, 0), reverse=plays.is_descending)


def best_genres(state: str, asked: Asked, limit: int) -> Found:
    return _best_names(Genre, state, asked, limit)


def best_labels(state: str, asked: Asked, limit: int) -> Found:
    return _best_names(Label, state, asked, limit)


def _best_names(model: type[Named], state: str, asked: Asked, limit: int) -> Found:
    ranked = ranked_names(model, state, asked)
    return _found(ranked[:limit], len(ranked))
