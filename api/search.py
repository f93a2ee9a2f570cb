"""The endpoint that searches everything at once."""

from collections.abc import Callable, Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from api.albums import ArtistsWanted, ShownAlbum
from api.answers import answer_of_state, codes
from api.artists import ArtistRow, ComposerRow
from api.groupings import GroupRow
from api.playlists import PlaylistRow
from api.sessions import user_of
from api.track_schemas import TrackRow
from api.tracks import rows_of_present
from api.values import Parameters, Search, one_of
from asgi.json_responses import json_response
from library.queries.artists import artist_rows, composer_rows
from library.queries.groupings import GroupsOf, find_group, genres, labels
from library.queries.search import SearchResult
from listening.playlists.rows import playlist_rows
from listening.searching.everything import KINDS, search, state_of_search
from listening.searching.query import Note, NoteCode, parse

router = Router(tags=["search"])

DEFAULT_OF_KIND, MAX_OF_KIND = 10, 50
_SINGULAR = {kind: kind.removesuffix("s") for kind in KINDS}

Rows = list[dict[str, Any]]


class SearchParameters(ArtistsWanted):
    q: Search = ""
    limit: int = Field(
        DEFAULT_OF_KIND,
        ge=1,
        le=MAX_OF_KIND,
        description="The largest number of results of each kind.",
    )


class BestMatch(Schema):
    """The result whose name fits best. It is the first one of its kind."""

    kind: one_of(tuple(_SINGULAR.values()))  # type: ignore[valid-type]
    id: int


class SearchNote(Schema):
    """Something in a search that was not taken for an operator."""

    code: one_of(tuple(NoteCode)) = Field(  # type: ignore[valid-type]
        description="`unknown_operator`: there is none of this name; `bad_value`: its value is not "
        "understood; both were searched as text. `unfinished`: an operator at the end that has no "
        "value yet. `only_excluded`: nothing but words to leave out, which were searched as text."
    )
    text: str = Field(description="As it was typed.")
    operator: str = Field(description="Its name without the colon; empty if there is none.")


class _Results(Schema):
    count: int = Field(description="How many fit.")
    count_is_exact: bool = Field(
        description="If false, there are more than `count`: nobody waits until all are counted."
    )


class ArtistResults(_Results):
    results: list[ArtistRow]


class AlbumResults(_Results):
    results: list[ShownAlbum]


class TrackResults(_Results):
    results: list[TrackRow]


class ComposerResults(_Results):
    results: list[ComposerRow]


class GroupResults(_Results):
    results: list[GroupRow]


class PlaylistResults(_Results):
    results: list[PlaylistRow]


class SearchAnswer(Schema):
    q: str
    corrected_q: str | None = Field(
        description="What was searched because nothing fits `q`; null if it was `q`."
    )
    notes: list[SearchNote] = Field(description="What was not understood.")
    revision: int = Field(description="The library's revision: rises with each change.")
    best: BestMatch | None = Field(
        description="null if nothing fits, or only other texts of the results than their names."
    )
    artists: ArtistResults
    albums: AlbumResults
    tracks: TrackResults
    composers: ComposerResults
    genres: GroupResults
    labels: GroupResults
    playlists: PlaylistResults


@router.get(
    "search", response=codes({200: SearchAnswer, 304: None}, 422), summary="Search everything"
)
def search_everything(request: HttpRequest, parameters: Query[SearchParameters]) -> HttpResponse:
    """The best artists, albums, tracks, composers, genres, record labels and playlists.

    Of each kind, those come first whose whole name fits, then those whose name begins with `q`,
    then those with a word that does, then the others. Without words in `q` nothing is found.
    Playlists are found by their names and descriptions. Operators and phrases narrow all kinds that
    they mean anything to; the other kinds are empty.
    """
    user_id = user_of(request).pk

    def body(revision: int, state: str) -> dict[str, Any]:
        found, notes = search(user_id, parameters.q, state, parameters.limit)
        head = {"q": parameters.q, "corrected_q": found.corrected, "notes": _notes(notes)}
        return {
            **head,
            "revision": revision,
            "best": _best(found),
            **_kinds(user_id, found, state, parameters),
        }

    return answer_of_state(request, body, state_of_search(user_id, parameters.q))


class SearchRules(Schema):
    q: str
    rules: dict[str, Any] | None = Field(
        description="For a smart playlist; see `POST playlists`. null if `q` asks for nothing."
    )
    notes: list[SearchNote] = Field(description="What of `q` the rules have as text, or not.")


class RulesParameters(Parameters):
    q: Search = ""


@router.get(
    "search/rules", response=codes({200: SearchRules}, 422), summary="Make rules of a search"
)
def make_rules(request: HttpRequest, parameters: Query[RulesParameters]) -> HttpResponse:  # noqa: ARG001
    """The rules of a smart playlist that holds the tracks that fit `q`, now and later."""
    query = parse(parameters.q)
    rules = query.rules()
    body = {"q": parameters.q, "rules": rules and rules.as_json(), "notes": _notes(query.notes)}
    return json_response(body)


def _notes(notes: Iterable[Note]) -> list[dict[str, str]]:
    return [
        {"code": note.code.value, "text": note.text, "operator": note.operator} for note in notes
    ]


def _best(found: SearchResult) -> dict[str, Any] | None:
    if found.best is None:
        return None
    kind, pk = found.best
    return {"kind": _SINGULAR[kind], "id": pk}


def _kinds(
    user_id: int, found: SearchResult, state: str, parameters: SearchParameters
) -> dict[str, Any]:
    rows_of: dict[str, Callable[[list[int]], Rows]] = {
        "artists": artist_rows,
        "albums": parameters.album_rows,
        "tracks": rows_of_present,
        "composers": composer_rows,
        "genres": lambda ids: _group_rows(genres, state, ids),
        "labels": lambda ids: _group_rows(labels, state, ids),
        "playlists": lambda ids: playlist_rows(user_id, ids, state),
    }
    return {
        kind: {
            "count": of_kind.count,
            "count_is_exact": of_kind.is_counted,
            "results": rows_of[kind]([*of_kind.ids]) if of_kind.ids else [],
        }
        for kind, of_kind in found.kinds.items()
    }


def _group_rows(kind: GroupsOf, state: str, ids: Iterable[int]) -> Rows:
    groups = (find_group(kind, state, pk) for pk in ids)
    return [group._asdict() for group in groups if group]
