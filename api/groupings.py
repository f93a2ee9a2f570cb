"""The endpoints for what tracks are grouped by: genres, record labels, years and decades, with
counts."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext, gettext_noop
from ninja import Path, Query, Router, Schema
from pydantic import Field

from api.answers import codes, listed
from api.errors import not_found
from api.values import Id, Paging, Search, one_of
from asgi.json_responses import json_response
from library.queries.groupings import (
    GROUPING_SORTS,
    GroupsOf,
    decades,
    find_group,
    genres,
    group_page,
    labels,
    years,
)
from library.queries.revision import library_revision
from listening.searching.query import parse

router = Router(tags=["groupings"])

Sort = one_of(GROUPING_SORTS)


class GroupParameters(Paging):
    q: Search = ""
    sort: Sort = Field("name", description="`tracks` and `albums`: by how many there are.")  # type: ignore[valid-type]


class GroupRow(Schema):
    """A genre, a record label, a year or a decade, with the numbers of its present tracks and
    albums."""

    id: int = Field(description="Of a year, the year; of a decade, its first year.")
    name: str
    track_count: int
    album_count: int


class GroupList(Schema):
    count: int
    revision: int
    results: list[GroupRow]


_LIST = codes({200: GroupList, 304: None}, 422)
_ONE = codes({200: GroupRow}, 404, 422)


@router.get("genres", response=_LIST, summary="List genres")
def list_genres(request: HttpRequest, parameters: Query[GroupParameters]) -> HttpResponse:
    """One page of the genres of present tracks."""
    return _page(request, genres, parameters, _text(parameters.q, "genres"))


@router.get("genres/{genre_id}", response=_ONE, summary="Get a genre")
def get_genre(request: HttpRequest, genre_id: Path[Id]) -> HttpResponse:  # noqa: ARG001
    """One genre. Its tracks are `tracks?genre_id={genre_id}`, its albums
    `albums?genre_id={genre_id}`."""
    return _one(genres, genre_id, "genre")


@router.get("labels", response=_LIST, summary="List record labels")
def list_labels(request: HttpRequest, parameters: Query[GroupParameters]) -> HttpResponse:
    """One page of the record labels of albums with present tracks. A track counts for the labels of
    its album."""
    return _page(request, labels, parameters, _text(parameters.q, "labels"))


@router.get("labels/{label_id}", response=_ONE, summary="Get a record label")
def get_label(request: HttpRequest, label_id: Path[Id]) -> HttpResponse:  # noqa: ARG001
    """One record label. Its tracks are `tracks?label={label_id}`, its albums
    `albums?label={label_id}`."""
    return _one(labels, label_id, "label")


@router.get("years", response=_LIST, summary="List years")
def list_years(request: HttpRequest, parameters: Query[GroupParameters]) -> HttpResponse:
    """One page of the years of present tracks and albums: of the original release, where it is
    known. An album has the earliest year of its tracks."""
    return _page(request, years, parameters, parameters.q)


@router.get("years/{year}", response=_ONE, summary="Get a year")
def get_year(request: HttpRequest, year: Path[Id]) -> HttpResponse:  # noqa: ARG001
    """One year. Its tracks are `tracks?year={year}`, its albums `albums?year={year}`."""
    return _one(years, year, "year")


@router.get("decades", response=_LIST, summary="List decades")
def list_decades(request: HttpRequest, parameters: Query[GroupParameters]) -> HttpResponse:
    """One page of the decades that the years belong to."""
    return _page(request, decades, parameters, parameters.q)


@router.get("decades/{decade}", response=_ONE, summary="Get a decade")
def get_decade(request: HttpRequest, decade: Path[Id]) -> HttpResponse:  # noqa: ARG001
    """One decade, by its first year. Its tracks are `tracks?year=1990-1999`, its albums
    `albums?year=1990-1999`."""
    return _one(decades, decade, "decade")


def _text(typed: str, kind: str) -> str:
    """The words to search names by; of a search without any, what was typed."""
    return parse(typed).text_of(kind) or typed


def _page(
    request: HttpRequest, kind: GroupsOf, wanted: GroupParameters, search: str
) -> HttpResponse:
    def body(state: str) -> dict[str, Any]:
        page = group_page(
            kind,
            state,
            search=search,
            sort=wanted.sort,
            offset=wanted.offset,
            limit=wanted.limit,
        )
        return {"count": page.count, "results": [group._asdict() for group in page.groups]}

    return listed(request, body)


_NONE = {
    "genre": gettext_noop("There is no genre %(id)s with tracks that are present."),
    "label": gettext_noop("There is no label %(id)s with tracks that are present."),
    "year": gettext_noop("There is no year %(id)s with tracks that are present."),
    "decade": gettext_noop("There is no decade %(id)s with tracks that are present."),
}


def _one(kind: GroupsOf, group_id: int, noun: str) -> HttpResponse:
    _, state = library_revision()
    group = find_group(kind, state, group_id)
    if group is None:
        raise not_found(gettext(_NONE[noun]) % {"id": group_id})
    return json_response(group._asdict())
