"""The endpoints for tracks: the list, all ids of a list for a play queue, and one track."""

from typing import Any, Self

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from ninja import Path, Query, Router, Schema
from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from accounts.roles import is_administrator
from api.answers import codes, listed
from api.errors import UNKNOWN_PARAMETER, not_found
from api.letters import LetterList, letters_body
from api.own import OwnFilters, OwnParameters
from api.track_schemas import (
    ROLE_NAMES,
    CreditRow,
    TrackDetail,
    TrackFile,
    TrackFileRow,
    TrackFiles,
    TrackGain,
    TrackIds,
    TrackList,
    TrackRow,
)
from api.values import (
    MAX_PAGE,
    Id,
    MusicParameters,
    Paging,
    Parameters,
    Seed,
    one_of,
)
from asgi.json_responses import json_response
from library.models.catalogue import ArtistRole, Track, TrackArtist
from library.models.paths import path_to_text
from library.queries.lists import RowList
from library.queries.orders import TRACK_ORDERS, named_order
from library.queries.prepared import ids_from
from library.queries.tombstones import find_living, living_ids
from library.queries.track_groups import groups_of_tracks
from library.queries.tracks import TRACK_SORTS, ArtistIds, TrackFilter, track_rows
from listening.own import OWN_SORTS, OwnPart
from listening.searching.query import parse

router = Router(tags=["tracks"])

_TOLD = {"ids", "own", "file", "gain", "groups"}
"""What may be asked of tracks that are named by their ids."""
_ID = "[1-9][0-9]{0,17}"
_IDS = f"^{_ID}(,{_ID}){{0,{MAX_PAGE - 1}}}$"


class TrackFilters(OwnFilters, MusicParameters):
    artist: Id | None = Field(
        None, description="The id of an artist: tracks that name it as artist or album artist."
    )
    album: Id | None = Field(None, description="The id of an album.")
    sort: one_of((*TRACK_SORTS, *OWN_SORTS)) = Field(  # type: ignore[valid-type]
        "artist",
        description="`-` reverses the order. `artist` and `album` keep the order of discs and "
        "tracks inside an album; `random` gives a different order for each `seed`.",
    )
    seed: Seed = 0

    def tracks(self, state: str, own: OwnPart) -> RowList:
        wanted = TrackFilter(
            search=parse(self.q).text_of("tracks"),
            artist_id=self.artist,
            album_id=self.album,
            others=own.filters,
            **self.grouping_filters(),
        )
        order = own.order or named_order(TRACK_ORDERS, self.sort, self.seed)
        return RowList(filter=wanted, order=order, state=state)


class TrackParameters(Paging, OwnParameters, TrackFilters):
    """A page of a filtered list, or the tracks with the given ids."""

    ids: str | None = Field(
        None,
        pattern=_IDS,
        description="Ids with commas between them: the present ones of these tracks, in this "
        "order. Cannot be combined with other parameters than `own`, `file`, `gain` and `groups`.",
    )
    file: bool = Field(default=False, description="Whether each row tells what its file is.")
    gain: bool = Field(default=False, description="Whether each row tells its ReplayGain.")
    groups: bool = Field(
        default=False, description="Whether each row tells its artists, genres and so on by id."
    )

    @model_validator(mode="after")
    def _refuse_mixture(self) -> Self:
        if self.ids is not None and self.model_fields_set - _TOLD:
            message = "ids can be combined with own, file, gain and groups only."
            raise PydanticCustomError(UNKNOWN_PARAMETER, "{message}", {"message": message})
        return self


class NamedTracks(Parameters):
    ids: str = Field(pattern=_IDS, description="Ids with commas between them.")


_COLUMN_OF = {
    "album": "album_title",
    "album_disambiguation": "album__disambiguation",
    "artist_ids": ArtistIds(F("pk")),
}
_CREDITS = {
    "album_artist_ids": ArtistRole.ALBUM_ARTIST,
    "composer_ids": ArtistRole.COMPOSER,
}
_ROLE_PLACES = {role: place for place, role in enumerate(ROLE_NAMES)}
_ROW_FIELDS = tuple(TrackRow.model_fields)
_DETAIL_FIELDS = tuple(
    name for name in TrackDetail.model_fields if name not in {*_CREDITS, "credits"}
)


def _columns(fields: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(_COLUMN_OF.get(name, name) for name in fields)


_FILE_FIELDS = tuple(TrackFileRow.model_fields)
_ROW_COLUMNS = _columns(_ROW_FIELDS)


@router.get("tracks", response=codes({200: TrackList, 304: None}, 422), summary="List tracks")
def list_tracks(request: HttpRequest, parameters: Query[TrackParameters]) -> HttpResponse:
    """One page of the present tracks that fit all of the filters."""

    own = parameters.own_part(request, "track", parameters.sort, parse(parameters.q))
    shows_paths = parameters.file and is_administrator(request.user)

    def body(state: str) -> dict[str, Any]:
        if parameters.ids is not None:
            rows = _named_rows([int(each) for each in parameters.ids.split(",")])
            count = len(rows)
        else:
            page = parameters.tracks(state, own).page(parameters.offset, parameters.limit)
            count, rows = page.count, _rows(page.ids)
        if parameters.file:
            rows = _with_files(rows, shows_paths=shows_paths)
        if parameters.gain:
            gains = _columns_of(rows, TrackGain)
            rows = [{**row, "gain": gains.get(row["id"])} for row in rows]
        if parameters.groups:
            groups = groups_of_tracks([row["id"] for row in rows])
            rows = [{**row, "groups": groups[row["id"]]} for row in rows]
        return {"count": count, "results": parameters.with_own(request, "track", rows)}

    return listed(request, body, f"{own.state} paths" if shows_paths else own.state)


@router.get("tracks/ids", response=codes({200: TrackIds, 304: None}, 422), summary="List ids")
def list_track_ids(request: HttpRequest, parameters: Query[TrackFilters]) -> HttpResponse:
    """The ids of all tracks that fit the filters, in order, to fill a play queue."""

    own = parameters.own_part(request, "track", parameters.sort, parse(parameters.q))

    def body(state: str) -> dict[str, Any]:
        ids = parameters.tracks(state, own).ids()
        return {"count": len(ids), "ids": ids}

    return listed(request, body, own.state)


@router.get("tracks/files", response=codes({200: TrackFiles}, 422), summary="List sizes of files")
def list_track_files(request: HttpRequest, parameters: Query[NamedTracks]) -> HttpResponse:  # noqa: ARG001
    """How large the files of the present ones of these tracks are, and since when, for clients that
    keep files."""
    ids = [int(each) for each in parameters.ids.split(",")]
    rows = track_rows(ids, _FILE_FIELDS, only_present=True)
    return json_response({"results": [dict(zip(_FILE_FIELDS, row, strict=True)) for row in rows]})


@router.get("tracks/letters", response=codes({200: LetterList, 304: None}, 422), summary="Letters")
def list_track_letters(request: HttpRequest, parameters: Query[TrackFilters]) -> HttpResponse:
    """At which place of the list of tracks each first letter begins."""
    own = parameters.own_part(request, "track", parameters.sort, parse(parameters.q))
    return listed(request, lambda state: letters_body(parameters.tracks(state, own)), own.state)


@router.get(
    "tracks/{track_id}", response=codes({200: TrackDetail}, 404, 422), summary="Get a track"
)
def get_track(request: HttpRequest, track_id: Path[Id]) -> HttpResponse:
    """One track. If its file is gone, `missing_since` is set."""
    tracks = Track.objects.values_list(*_columns(_DETAIL_FIELDS))
    row = find_living(Track, track_id, lambda pk: tracks.filter(pk=pk).first())
    if row is None:
        raise not_found(gettext("There is no track %(id)s.") % {"id": track_id})
    track = _row(_DETAIL_FIELDS, row)
    shows_path = is_administrator(request.user)
    for name in ("root", "path"):
        track[name] = path_to_text(track[name]) if shows_path else ""
    return json_response({**track, **_credits(track["id"])})


def _named_rows(ids: list[int]) -> list[dict[str, Any]]:
    """The present ones of these tracks, in this order; for an id that is gone, the track that it
    was joined with."""
    found = {row["id"]: row for row in _rows(ids, only_present=True)}
    if gone := set(ids) - found.keys():
        living = living_ids(Track, gone)
        new = set(living.values()) - found.keys()
        found |= {row["id"]: row for row in _rows([*new], only_present=True)} if new else {}
        found |= {old: found[pk] for old, pk in living.items() if pk in found}
    return [found[pk] for pk in ids if pk in found]


def _rows(ids: list[int], *, only_present: bool = False) -> list[dict[str, Any]]:
    rows = track_rows(ids, _ROW_COLUMNS, only_present=only_present)
    return [_row(_ROW_FIELDS, row) for row in rows]


def _with_files(rows: list[dict[str, Any]], *, shows_paths: bool) -> list[dict[str, Any]]:
    files = _columns_of(rows, TrackFile)
    for each in files.values():
        each["path"] = path_to_text(each["path"]) if shows_paths else ""
    return [{**row, "file": files.get(row["id"])} for row in rows]


def _columns_of(rows: list[dict[str, Any]], schema: type[Schema]) -> dict[int, dict[str, Any]]:
    """By the ids of these tracks: the columns that the schema names."""
    names = tuple(schema.model_fields)
    found = track_rows([row["id"] for row in rows], ("pk", *names))
    return {pk: dict(zip(names, columns, strict=True)) for pk, *columns in found}


def _row(fields: tuple[str, ...], columns: tuple[Any, ...]) -> dict[str, Any]:
    row = dict(zip(fields, columns, strict=True))
    row["album_disambiguation"] = row["album_disambiguation"] or ""  # None without an album
    row["artist_ids"] = ids_from(row["artist_ids"])
    return row


def rows_of_present(ids: list[int]) -> list[dict[str, Any]]:
    """The present ones of these tracks as `TrackRow`, in this order."""
    return _rows(ids, only_present=True)


def rows_of_all(ids: list[int]) -> list[dict[str, Any]]:
    """These tracks as `TrackRow`, in this order, also those whose files are gone."""
    return _rows(ids)


def _credits(track_id: int) -> dict[str, Any]:
    credited = TrackArtist.objects.filter(track=track_id).order_by("role", "position")
    rows = list(credited.values_list("role", "artist_id", "artist__name", "instrument"))
    ids = {
        field: [artist for role, artist, *_ in rows if role == wanted]
        for field, wanted in _CREDITS.items()
    }
    in_order = sorted(rows, key=lambda row: _ROLE_PLACES[row[0]])
    names = tuple(CreditRow.model_fields)
    credits_ = [
        dict(zip(names, (ROLE_NAMES[role], *others), strict=True)) for role, *others in in_order
    ]
    return {**ids, "credits": credits_}
