"""Queries of searches whose SQL is written once for all searches of one shape."""

from typing import Any

import pytest
from django.db.models import QuerySet

from library.models.catalogue import Track
from library.models.folding import search_text, sort_key
from library.models.searched import search_condition
from library.queries.asked_queries import AskedQuery
from library.queries.corrections import spelled
from library.queries.prepared import given
from library.queries.relevance import Asked, best_rank, rank_in_key, rank_in_text
from tests.web.library_rows import make_track

pytestmark = pytest.mark.django_db
TITLES = (
    *("Blue", "Blue Moon", "Moon Blue Moon", "The Blue", "Bluebird", "100% Blue", "Under_score"),
    *("Back\\slash Blue", "R.E.M. Blue", "AC/DC", "Ac Dc Blue", "\ue0000\ue001 blue", "Blau"),
)
SEARCHES = (
    *("blue", "moon", "blue moon", "moon blue", "bird", "the blue", "100% blue", "under_score"),
    *(
        "100%",
        "back\\slash",
        "acdc",
        "ac dc",
        "ac/dc blue",
        "\ue0000\ue001",
        "\ue000",
        "%",
        "_ blue",
    ),
)


def ranked(asked: Asked) -> QuerySet[Any, Any]:
    rank = best_rank(rank_in_text("search_text", asked), rank_in_key("title_key", asked))
    tracks = Track.objects.filter(search_condition(asked.words), pk__gt=given())
    return tracks.annotate(rank=rank).order_by("rank", "pk").values_list("pk", "rank")


def as_django_finds(asked: Asked) -> list[tuple[int, int]]:
    rank = best_rank(rank_in_text("search_text", asked), rank_in_key("title_key", asked))
    tracks = Track.objects.filter(search_condition(asked.words)).annotate(rank=rank)
    return [*tracks.order_by("rank", "pk").values_list("pk", "rank")]


def test_rows_are_those_of_the_queryset_and_a_shape_is_written_once() -> None:
    for title in TITLES:
        make_track(title=title, title_key=sort_key(title), search_text=search_text([title, "x"]))
    written: list[Asked] = []

    def make(asked: Asked) -> QuerySet[Any, Any]:
        written.append(asked)
        return ranked(asked)

    query = AskedQuery(make)
    found = 0
    for text in SEARCHES:
        asked = Asked.of(text, spelled(text, text))
        expected = as_django_finds(asked)
        assert [tuple(row) for row in query.rows(asked, 0)] == expected, text
        assert [tuple(row) for row in query.rows(asked, 0, limit=2)] == expected[:2], text
        found += len(expected)
    assert found > len(SEARCHES)
    before = len(written)
    for text in ("blue", "moon", "bird", "blau"):
        query.rows(Asked.of(text, ((f"{text}",),)), 0)
    assert len(written) == before  # since the first search
